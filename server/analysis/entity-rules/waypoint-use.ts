// Waypoints that namespaces, services and workloads ask for (istio.io/use-waypoint): ones that do not exist, and asking without ambient mode.
import type { EntityRef } from '../../../model/entity';
import type { Labels } from '../../istio/labels';
import type { MeshIndex } from '../../istio/mesh-index';
import { waypointGateway } from '../../istio/waypoints';
import type { EntityReport, EntityRule } from '../entity-rule';
import { workloadPods } from '../workload-pods';

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';

export const waypointUse: EntityRule = {
  name: 'waypoint-use',
  codes: ['KIA1312', 'KIA1313'],
  reads: ['Pod', 'Namespace', 'Service', 'K8sGateway', 'GatewayClass'],
  *check(index) {
    for (const { name, labels } of index.inventory.namespaces.values())
      yield* missing(index, { kind: 'namespace', namespace: name, name }, labels);
    for (const { namespace, name, labels } of index.inventory.services.values()) {
      yield null;
      yield* missing(index, { kind: 'service', namespace, name }, labels);
    }
    for (const { entity, pods } of workloadPods(index)) {
      yield null;
      const pod = pods.find(({ labels }) => asked(labels) !== null);
      if (pod === undefined) continue;
      if (pods.some((each) => each.ambient)) {
        yield* missing(index, entity, pod.labels);
        continue;
      }
      yield {
        code: 'KIA1312',
        entity,
        message: `its pods have the label ${USE}=${pod.labels[USE] ?? ''} and are not in ambient mode`,
        consequence: 'the label has no effect: only what ztunnel captures passes a waypoint',
      };
    }
  },
};

const asked = (labels: Labels): string | null => {
  const name = labels[USE];
  return name === undefined || name === '' || name === 'none' ? null : name;
};

function* missing(index: MeshIndex, entity: EntityRef, labels: Labels): Generator<EntityReport> {
  const name = asked(labels);
  if (name === null) return;
  const namespace = labels[USE_NAMESPACE] ?? entity.namespace;
  if (waypointGateway(index, { namespace, name }) !== null) return;
  yield {
    code: 'KIA1313',
    entity,
    message: `it asks for waypoint ${namespace}/${name} (${USE}), which does not exist`,
    consequence: 'requests reach the pods without a waypoint: its routes and policies for HTTP do not act',
  };
}
