// Pods that a selector finds in the whole mesh, and the distinct proxies among them. In: MeshIndex, labels. Out: PodInfo[].

import type { Inventory, PodInfo } from '../../model/inventory';
import { kindTable } from '../istio/kind-table';
import { isEmpty, type Labels, labelsKey, selects } from '../istio/labels';
import { groupBy, memoByObject, remember } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import { readGateway } from '../istio/read/gateway';

type Pods = Inventory['pods'];
// Tied to the pods, which a planned change of configuration leaves alone.
const byLabel = memoByObject<Pods, Map<string, ReadonlyMap<string | undefined, readonly PodInfo[]>>>(() => new Map());
const bySelector = memoByObject<Pods, Map<string, readonly PodInfo[]>>(() => new Map());

/** Pods of every namespace that carry all labels of a selector; all pods where it is empty. */
export function podsAnywhere(index: MeshIndex, selector: Labels): readonly PodInfo[] {
  return remember(bySelector(index.inventory.pods), labelsKey(selector), () => {
    const [first] = Object.keys(selector);
    if (first === undefined) return [...index.inventory.pods.values()];
    const byValue = remember(byLabel(index.inventory.pods), first, () =>
      groupBy(index.inventory.pods.values(), (pod) => pod.labels[first]),
    );
    return (byValue.get(selector[first]) ?? []).filter((pod) => selects(selector, pod.labels));
  });
}

/** One pod of each set of pods that look alike (same namespace and labels). */
export const distinctPods = (pods: readonly PodInfo[]): readonly PodInfo[] => [
  ...new Map(pods.map((pod) => [`${pod.namespace}|${labelsKey(pod.labels)}`, pod])).values(),
];

const distinctBySelector = memoByObject<Pods, Map<string, readonly PodInfo[]>>(() => new Map());

/** Distinct gateway proxies that an Istio Gateway selects. */
export const proxiesSelected = (index: MeshIndex, selector: Labels): readonly PodInfo[] =>
  remember(distinctBySelector(index.inventory.pods), labelsKey(selector), () => distinctPods(podsAnywhere(index, selector)));

const gatewaysByName = kindTable(
  'Gateway',
  (index) => new Map(index.objects('Gateway').map((object) => [`${object.namespace}/${object.name}`, object])),
);

/** The Istio Gateway of a name `ns/name`, null if there is none. */
export const gatewayNamed = (index: MeshIndex, name: string) => gatewaysByName(index).get(name) ?? null;

/** Distinct proxies of a gateway that a VirtualService names; null where the gateway or its pods are not known. */
export function proxiesOfGateway(index: MeshIndex, name: string): readonly PodInfo[] | null {
  const object = gatewayNamed(index, name);
  if (object === null) return null;
  const { selector } = readGateway(object);
  if (isEmpty(selector)) return null;
  const proxies = proxiesSelected(index, selector);
  return proxies.length === 0 ? null : proxies;
}
