// Branded identifiers of the graph, each with its one constructor. An id is stable across refreshes, users and processes:
// it is built from names only, so that a position, a permalink or a delta can refer to it for ever.

declare const brand: unique symbol;
type Branded<T extends string> = string & { readonly [brand]: T };

/** Identity of a graph node or box. */
export type NodeId = Branded<'node'>;
/** Identity of a graph edge: source, target, protocol. */
export type EdgeId = Branded<'edge'>;
/** Identity of a workload in the inventory and in telemetry: cluster, namespace, name. */
export type WorkloadKey = Branded<'workload'>;
/** Identity of a service: cluster, namespace, name. */
export type ServiceKey = Branded<'service'>;

// Names of Kubernetes objects hold no '/', '|' or '>', but label values of foreign metrics may hold anything.
const part = (text: string): string => (/[%/|>]/.test(text) ? text.replace(/[%/|>]/g, (c) => `%${c.charCodeAt(0).toString(16)}`) : text);

/** Node id from its kind ("workload", "app", "box-namespace", ...) and its names, e.g. `workload/Kubernetes/bookinfo/reviews-v1`. */
export const nodeId = (kind: string, ...names: readonly string[]): NodeId => [kind, ...names.map(part)].join('/') as NodeId;

/** Edge id, e.g. `workload/…>service/…|http`. */
export const edgeId = (source: NodeId, target: NodeId, protocol: string): EdgeId => `${source}>${target}|${protocol}` as EdgeId;

/** Key of a workload, e.g. `Kubernetes/bookinfo/reviews-v1`. */
export const workloadKey = (cluster: string, namespace: string, workload: string): WorkloadKey =>
  `${part(cluster)}/${part(namespace)}/${part(workload)}` as WorkloadKey;

/** Key of a service, e.g. `Kubernetes/bookinfo/reviews`. */
export const serviceKey = (cluster: string, namespace: string, service: string): ServiceKey =>
  `${part(cluster)}/${part(namespace)}/${part(service)}` as ServiceKey;
