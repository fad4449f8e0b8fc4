// Workloads that are asked into two data planes at once: a sidecar and ambient mode. Labels of pods, their containers, their namespaces.
import type { PodInfo } from '../../../model/inventory';
import type { EntityReport, EntityRule } from '../entity-rule';
import { type WorkloadPods, workloadPods } from '../workload-pods';

const INJECT = 'sidecar.istio.io/inject';
const MODE = 'istio.io/dataplane-mode';
const PROXY = 'istio-proxy';

export const dataPlaneModes: EntityRule = {
  name: 'data-plane-modes',
  codes: ['KIA1311', 'KIA1314', 'KIA1315', 'KIA1316'],
  reads: ['Pod', 'Namespace'],
  *check(index) {
    for (const each of workloadPods(index)) {
      const namespace = index.inventory.namespaces.get(each.entity.namespace);
      yield findMix(each, namespace?.ambient === true);
    }
  },
};

const asksForSidecar = ({ labels }: PodInfo): boolean => labels[INJECT] === 'true';
const asksForAmbient = ({ labels }: PodInfo): boolean => labels[MODE] === 'ambient';
const hasSidecar = ({ containers }: PodInfo): boolean => containers.length > 1 && containers.includes(PROXY);

/** The plainest of what is wrong with a workload; each would have the others in its wake. */
function findMix({ entity, pods }: WorkloadPods, ambientNamespace: boolean): EntityReport | null {
  const both = pods.find((pod) => asksForSidecar(pod) && asksForAmbient(pod));
  if (both !== undefined)
    return {
      code: 'KIA1311',
      entity,
      message: `pod ${both.name} has the labels ${INJECT}=true and ${MODE}=ambient`,
      consequence: 'Istio injects a sidecar and does not capture the pod into ambient mode; keep the label of the one that is meant',
    };
  const captured = pods.find((pod) => asksForSidecar(pod) && pod.ambient);
  if (captured !== undefined)
    return {
      code: 'KIA1314',
      entity,
      message: `pod ${captured.name} asks for a sidecar (${INJECT}=true) and is captured by ztunnel`,
      consequence: 'its traffic may pass two proxies; start the pod again after taking one of them away',
    };
  const labelled = pods.find((pod) => hasSidecar(pod) && asksForAmbient(pod));
  if (labelled !== undefined)
    return {
      code: 'KIA1315',
      entity,
      message: `pod ${labelled.name} has a sidecar and the label ${MODE}=ambient`,
      consequence: 'the label has no effect: pods with a sidecar are not captured into ambient mode',
    };
  const stranger = ambientNamespace ? pods.find((pod) => hasSidecar(pod) && !pod.ambient && pod.labels[MODE] !== 'none') : undefined;
  if (stranger === undefined) return null;
  return {
    code: 'KIA1316',
    entity,
    message: `pod ${stranger.name} has a sidecar in namespace ${entity.namespace}, which is in ambient mode`,
    consequence: 'its sidecar routes for it and passes no waypoint; policies at waypoints do not see what it sends',
  };
}
