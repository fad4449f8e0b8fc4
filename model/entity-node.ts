// Which page a node of a graph has. In: GraphNode. Out: EntityRef or none. Pure.
import type { EntityRef } from './entity';
import type { GraphNode } from './graph';

/** The page of a node; null for what has none. */
export function entityOfNode({ kind, namespace, workload, app, service }: GraphNode): EntityRef | null {
  switch (kind) {
    case 'workload':
      return workload === null ? null : { kind: 'workload', namespace, name: workload };
    case 'app':
      return app === null ? null : { kind: 'app', namespace, name: app };
    case 'service':
      return service === null ? null : { kind: 'service', namespace, name: service };
    case 'namespace':
      return { kind: 'namespace', namespace, name: namespace };
    case 'serviceEntry':
    case 'passthrough':
    case 'blackhole':
    case 'unknown':
    case 'hidden':
    case 'operation':
      return null;
    default:
      return kind satisfies never;
  }
}
