// Names that configuration may mention, for completion: hosts with ports and subsets, gateways, accounts, labels of pods, namespaces.
// In: MeshIndex, what the reader may see, namespaces. Out: ConfigNamesDocument, sorted. A namespace that is asked for brings what it sees too.
import type { ConfigNamesDocument } from '../../model/steering';
import { remember } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { resolveHost } from '../istio/names';
import { readDestinationRule } from '../istio/read/destination-rule';
import { readK8sGateway } from '../istio/read/gateway-api';
import { allServices } from '../istio/services';
import type { Veil } from './veil';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sorted = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort(byText);

/** Values of one label that are listed: what has more is no label to select by. */
const MAX_VALUES = 100;

export function listConfigNames(index: MeshIndex, veil: Pick<Veil, 'sees'>, wanted: readonly string[] | null): ConfigNamesDocument {
  const { inventory } = index;
  const sees = (namespace: string): boolean => veil.sees(namespace) && (wanted === null || wanted.includes(namespace));
  const subsets = subsetsByHost(index);
  const hosts = allServices(index)
    .filter(({ namespace }) => sees(namespace))
    .map((service) => ({
      host: service.host,
      namespace: service.namespace,
      name: service.name,
      kind: service.source.kind === 'service' ? ('Service' as const) : ('ServiceEntry' as const),
      ports: service.ports.map(({ port, name, protocol }) => ({ number: port, name, protocol })),
      subsets: sorted((subsets.get(service.host) ?? []).flatMap(({ namespace, name }) => (veil.sees(namespace) ? [name] : []))),
    }))
    .sort((a, b) => byText(a.namespace, b.namespace) || byText(a.host, b.host));
  const pods = [...inventory.pods.values()].filter(({ namespace }) => sees(namespace));
  return {
    namespaces: sorted([...inventory.namespaces.keys()].filter((name) => veil.sees(name))),
    hosts,
    gateways: [
      ...index.objects('Gateway').map(({ namespace, name }) => ({ kind: 'Gateway' as const, namespace, name, listeners: [] })),
      ...index.objects('K8sGateway').map((object) => ({
        kind: 'K8sGateway' as const,
        namespace: object.namespace,
        name: object.name,
        listeners: readK8sGateway(object).listeners.map(({ name }) => name),
      })),
      // Gateways of every namespace: routes attach across namespaces.
    ]
      .filter(({ namespace }) => veil.sees(namespace))
      .sort((a, b) => byText(a.namespace, b.namespace) || byText(a.name, b.name) || byText(a.kind, b.kind)),
    gatewayClasses: sorted(index.objects('GatewayClass').map(({ name }) => name)),
    serviceAccounts: sorted(pods.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`)).map((key) => {
      const [namespace = '', name = ''] = key.split('/');
      return { namespace, name };
    }),
    labels: labelsOf(pods),
  };
}

/** Subsets by the host of their DestinationRule, with the namespace that defines them. */
const subsetsByHost = tableOf((index) => {
  const found = new Map<string, { readonly namespace: string; readonly name: string }[]>();
  for (const object of index.objects('DestinationRule')) {
    const view = readDestinationRule(object);
    const host = resolveHost(view.host, object.namespace, index.domain).toLowerCase();
    const list = remember(found, host, () => []);
    for (const { name } of view.subsets) list.push({ namespace: object.namespace, name });
  }
  return found;
});

function labelsOf(pods: readonly { readonly labels: Readonly<Record<string, string>> }[]): ConfigNamesDocument['labels'] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of pods)
    for (const [name, value] of Object.entries(labels)) {
      const known = values.get(name) ?? new Set<string>();
      values.set(name, known.add(value));
    }
  return [...values]
    .filter(([, found]) => found.size <= MAX_VALUES)
    .map(([name, found]) => ({ name, values: sorted(found) }))
    .sort((a, b) => byText(a.name, b.name));
}
