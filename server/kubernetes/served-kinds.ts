// Under which path and version the cluster serves a configuration kind. In: ApiClient. Out: ServedKinds; discovery is asked again after a while.
import type { ConfigRef } from '../../model/edit';
import type { ConfigKind } from '../../model/inventory';
import type { Clock } from '../ports';
import type { ApiClient } from './client';
import { CONFIG_RESOURCES, decodeGroupVersions, decodeServedPlurals } from './resources';

export interface ServedKind {
  readonly kind: ConfigKind;
  /** As the object says it: `Gateway` for both kinds of Gateway. */
  readonly objectKind: string;
  readonly group: string;
  readonly plural: string;
  /** `networking.istio.io/v1`: the first version, in the server's order, that has the kind. */
  readonly apiVersion: string;
}

const KEPT_MS = 300_000;
/** A kind that is missing may be installed any moment. */
const MISSING_KEPT_MS = 5_000;
const DEADLINE_MS = 10_000;

export class ServedKinds {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  #found: { readonly kinds: ReadonlyMap<ConfigKind, ServedKind>; readonly atMs: number } | null = null;
  #underWay: Promise<ReadonlyMap<ConfigKind, ServedKind>> | null = null;

  constructor(client: ApiClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Null where the cluster does not serve it. @throws Failure cluster* */
  async find(kind: ConfigKind): Promise<ServedKind | null> {
    const age = this.#found === null ? Number.POSITIVE_INFINITY : this.#clock.now() - this.#found.atMs;
    const known = this.#found?.kinds.get(kind);
    if (known !== undefined && age < KEPT_MS) return known;
    if (known === undefined && age < MISSING_KEPT_MS) return null;
    this.#underWay ??= this.#discover().finally(() => {
      this.#underWay = null;
    });
    return (await this.#underWay).get(kind) ?? null;
  }

  async #discover(): Promise<ReadonlyMap<ConfigKind, ServedKind>> {
    // Shared by all who ask: that one of them leaves does not end it.
    const options = { signal: new AbortController().signal, deadlineMs: DEADLINE_MS };
    const kinds = new Map<ConfigKind, ServedKind>();
    for (const [group, versions] of decodeGroupVersions(await this.#client.fetchJson('/apis', options)))
      for (const version of versions) {
        const missing = CONFIG_RESOURCES.filter((row) => row.group === group && !kinds.has(row.kind));
        if (missing.length === 0) break;
        const plurals = decodeServedPlurals(await this.#client.fetchJson(`/apis/${group}/${version}`, options));
        for (const { kind, plural } of missing)
          if (plurals.has(plural))
            kinds.set(kind, { kind, objectKind: objectKindOf(kind), group, plural, apiVersion: `${group}/${version}` });
      }
    this.#found = { kinds, atMs: this.#clock.now() };
    return kinds;
  }
}

/** Kubernetes' own word for a kind. */
export const objectKindOf = (kind: ConfigKind): string => (kind === 'K8sGateway' ? 'Gateway' : kind);

// RFC 1123 subdomain, as Kubernetes names these objects. Anything else (`..`) would make another path of it.
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
export const isName = ({ namespace, name }: Pick<ConfigRef, 'namespace' | 'name'>): boolean =>
  NAME.test(name) && (namespace === '' || (NAME.test(namespace) && !namespace.includes('.')));

/** Path of an object, or of its collection without a name. */
export function pathOf(
  served: ServedKind,
  { namespace, name }: Pick<ConfigRef, 'namespace' | 'name'>,
  apiVersion = served.apiVersion,
): string {
  const place = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/apis/${apiVersion}${place}/${served.plural}${name === '' ? '' : `/${encodeURIComponent(name)}`}`;
}
