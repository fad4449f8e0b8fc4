// Pieces of text that several explanations share: lists of names, commands, YAML. In: names. Out: text safe to paste.
import type { Inventory, NamespaceInfo } from '../../../model/inventory';
import { isAddress } from '../addresses';
import type { Peer } from './evidence';

const MAX_NAMES = 4;

/** `a`, `a and b`, `a, b, c, d and 3 more`. */
export function listNames(names: readonly string[], max: number = MAX_NAMES): string {
  if (names.length > max) return `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
  const last = names.at(-1) ?? 'nobody';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** `productpage-v1 (bookinfo)`. */
export const listPeers = (peers: readonly Peer[]): string =>
  listNames(peers.map((p) => `${p.workload.workload} (${p.workload.namespace})`));

/** Names that may stand in a command or in YAML as they are; label values of foreign metrics may hold anything. */
export const isSafeName = (name: string): boolean => /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,251}[A-Za-z0-9])?$/.test(name);

/** The label by which namespaces of this mesh are injected as a rule: a revision where most have one, else the classic label. */
export function injectionLabel(inventory: Inventory): string {
  const counts = new Map<string, number>();
  for (const { injection } of inventory.namespaces.values()) {
    const label = injectionLabelOf(injection);
    if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return most?.[0] ?? 'istio-injection=enabled';
}

function injectionLabelOf(injection: NamespaceInfo['injection']): string | null {
  if (injection?.mode === 'enabled') return 'istio-injection=enabled';
  return injection?.mode === 'revision' && injection.revision !== null && isSafeName(injection.revision)
    ? `istio.io/rev=${injection.revision}`
    : null;
}

/** Commands that put a namespace into the mesh. */
export const enrolNamespace = (namespace: string, inventory: Inventory): string =>
  `kubectl label namespace ${namespace} ${injectionLabel(inventory)} --overwrite\nkubectl rollout restart deployment -n ${namespace}`;

/** A ServiceEntry for a host that was seen, in the namespace of its caller. */
export function serviceEntryYaml(host: string, namespace: string, protocol: 'http' | 'tls'): string {
  const [name = '', port] = host.split(':');
  const number = port !== undefined && /^\d{1,5}$/.test(port) ? port : protocol === 'http' ? '80' : '443';
  return [
    'apiVersion: networking.istio.io/v1',
    'kind: ServiceEntry',
    'metadata:',
    `  name: ${objectName(name)}`,
    `  namespace: ${namespace}`,
    'spec:',
    '  hosts:',
    `  - ${name}`,
    '  location: MESH_EXTERNAL',
    '  resolution: DNS',
    '  ports:',
    `  - number: ${number}`,
    `    name: ${protocol === 'http' ? 'http' : 'tls'}`,
    `    protocol: ${protocol === 'http' ? 'HTTP' : 'TLS'}`,
  ].join('\n');
}

const objectName = (host: string): string =>
  host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63) || 'external';

/** True for a host name outside the cluster that a ServiceEntry may declare; addresses and cluster names are not. */
export const isExternalName = (host: string, domain: string): boolean => {
  const name = host.replace(/:\d{1,5}$/, '');
  return isSafeName(name) && name.includes('.') && !isAddress(name) && !name.endsWith(`.svc.${domain}`) && !name.endsWith('.svc');
};
