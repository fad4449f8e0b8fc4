// Which series an entity's traffic is in. In: entity, direction, what stands behind a service. Out: matchers, alternatives of which no two match
// the same series. Pure; every value is quoted, whoever chose the name.
import type { EntityRef } from '../../model/entity';
import type { MetricDirection } from '../../model/entity-metrics';
import { is, isNoneOf, isOneOf, type Matchers } from '../telemetry/promql';

export interface Scope {
  readonly entity: EntityRef;
  readonly direction: MetricDirection;
  /** Name of the console's cluster where the metrics tell several apart; null: not asked for. */
  readonly cluster: string | null;
  /** Workloads whose pods the service selects: what a service sends is what they send. */
  readonly workloads: readonly string[];
}

/** Null where nothing can be asked for: what a service without workloads sends. */
export function buildSelectors({ entity, direction, cluster, workloads }: Scope): readonly Matchers[] | null {
  const { kind, namespace, name } = entity;
  const side = direction === 'inbound' ? 'destination' : 'source';
  const here = cluster === null ? [] : [is(`${side}_cluster`, cluster)];
  const own = [...here, is(`${side}_workload_namespace`, namespace)];
  switch (kind) {
    case 'workload':
      return [[...own, is(`${side}_workload`, name)]];
    case 'app':
      return [[...own, is(`${side}_canonical_service`, name)]];
    case 'service':
      if (direction === 'outbound') return workloads.length === 0 ? null : [[...own, isOneOf('source_workload', [...workloads].sort())]];
      return [[...here, is('destination_service_name', name), is('destination_service_namespace', namespace)]];
    case 'namespace':
      if (direction === 'outbound') return [own];
      // Requests aimed at its services that reached no workload carry the service's namespace only.
      return [
        own,
        [
          ...here,
          isNoneOf('destination_workload_namespace', [namespace]),
          isOneOf('destination_workload', ['unknown', '']),
          is('destination_service_namespace', namespace),
        ],
      ];
    default:
      return kind satisfies never;
  }
}
