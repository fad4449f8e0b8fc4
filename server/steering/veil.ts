// What somebody may be told who does not see every namespace: names of what is hidden are taken out of texts, pointers and references.
// In: Inventory, visible namespaces (null = all). Out: Veil. Who sees everything gets everything as it is.
import type { Finding } from '../../model/finding';
import type { Inventory } from '../../model/inventory';
import type { ConfigPointer } from '../../model/routing';

/** Stands for workloads, hosts and callers that may not be named. */
export const HIDDEN = 'hidden';
const HUSHED = 'it concerns what is in namespaces that you may not see';

export interface Veil {
  readonly all: boolean;
  sees(namespace: string): boolean;
  /** Hosts of services of a visible namespace, and hosts that belong to none. */
  seesHost(host: string): boolean;
  /** The text, or nothing but that it cannot be told. */
  text(text: string): string;
  pointer(pointer: ConfigPointer | null): ConfigPointer | null;
  /** The findings of visible objects; words that name what is hidden are left out. */
  findings(findings: readonly Finding[]): readonly Finding[];
}

/** Of those who see everything. */
export const OPEN_VEIL: Veil = {
  all: true,
  sees: () => true,
  seesHost: () => true,
  text: (text) => text,
  pointer: (pointer) => pointer,
  findings: (findings) => findings,
};

/** Every namespace of which the inventory holds something. */
function namespacesOf({ namespaces, services, workloads, pods, config }: Inventory): ReadonlySet<string> {
  const names = new Set(namespaces.keys());
  for (const map of [services, workloads, pods]) for (const { namespace } of map.values()) names.add(namespace);
  for (const objects of config.values()) for (const { namespace } of objects) names.add(namespace);
  return names;
}

/** Namespaces by host of Kubernetes services and ServiceEntries. */
function hostOwners(inventory: Inventory): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  const add = (host: string, namespace: string): void => {
    const known = owners.get(host);
    if (known === undefined) owners.set(host, [namespace]);
    else known.push(namespace);
  };
  for (const { host, namespace } of inventory.services.values()) add(host, namespace);
  for (const { spec, namespace } of inventory.config.get('ServiceEntry') ?? [])
    if (Array.isArray(spec['hosts'])) for (const host of spec['hosts']) if (typeof host === 'string') add(host.toLowerCase(), namespace);
  return owners;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function buildVeil(inventory: Inventory, visible: ReadonlySet<string> | null): Veil {
  if (visible === null) return OPEN_VEIL;
  const owners = lazy(() => hostOwners(inventory));
  const hidden = lazy(() => new Set([...namespacesOf(inventory)].filter((name) => name !== '' && !visible.has(name))));
  const sees = (namespace: string): boolean => visible.has(namespace);
  const names = (text: string): boolean => {
    for (const [word] of text.matchAll(/[a-z0-9](?:[-a-z0-9]*[a-z0-9])?/g)) if (hidden().has(word)) return true;
    return false;
  };
  const seesHost = (host: string): boolean => {
    const owned = owners().get(host.toLowerCase());
    if (owned !== undefined) return owned.some(sees);
    const [, namespace, svc] = host.split('.');
    // A name that nobody has tells nothing of a namespace, unless it is of the form of a service's: name.ns, name.ns.svc, ...
    return (svc !== undefined && svc !== 'svc') || namespace === undefined || !hidden().has(namespace);
  };
  return {
    all: false,
    sees,
    seesHost,
    text: (text) => (names(text) ? HUSHED : text),
    pointer: (pointer) => (pointer === null || sees(pointer.namespace) ? pointer : null),
    findings: (findings) =>
      findings
        .filter(({ object }) => sees(object.namespace))
        .map((finding): Finding => {
          if (!names(finding.message) && !names(finding.consequence) && !names(JSON.stringify(finding.fix))) return finding;
          return { ...finding, message: HUSHED, consequence: '', fix: null };
        }),
  };
}
