// Workloads in ambient mode for which a policy asks for what only a waypoint can see, while no waypoint stands before them.

import { authorizationPoliciesFor } from '../../istio/authorization';
import { isHttpOnly } from '../../istio/authorization-match';
import { groupBy } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { proxyOf } from '../../istio/proxies';
import type { AuthorizationPolicyView } from '../../istio/read/authorization-policy';
import { allServices, isBehind } from '../../istio/services';
import { waypointBefore } from '../../istio/waypoints';
import type { EntityRule } from '../entity-rule';
import { type WorkloadPods, workloadPods } from '../workload-pods';

export const policyWithoutWaypoint: EntityRule = {
  name: 'policy-without-waypoint',
  codes: ['KIA1317'],
  reads: ['Pod', 'Namespace', 'Service', 'ServiceEntry', 'AuthorizationPolicy', 'K8sGateway', 'GatewayClass'],
  *check(index) {
    for (const each of workloadPods(index)) {
      yield null;
      const pod = each.pods.find((one) => proxyOf(one) === 'ztunnel');
      const policy = pod === undefined ? undefined : authorizationPoliciesFor(index, pod).find(asksForHttp);
      if (policy === undefined || hasWaypoint(index, each)) continue;
      const { namespace, name } = policy.object;
      yield {
        code: 'KIA1317',
        entity: each.entity,
        message: `AuthorizationPolicy ${namespace}/${name} asks for what only a waypoint can see, and none stands before its services`,
        consequence:
          policy.action === 'ALLOW'
            ? 'such rules allow nothing here: what no other rule allows is refused'
            : 'such rules are enforced without what ztunnel cannot see, or not at all',
      };
    }
  },
};

const asksForHttp = ({ rules }: AuthorizationPolicyView): boolean =>
  rules.some(({ from, to, when }) => [...from.flat(), ...to.flat(), ...when].some(({ key }) => isHttpOnly(key)));

const servicesByNamespace = tableOf((index) => groupBy(allServices(index), ({ namespace }) => namespace));

const hasWaypoint = (index: MeshIndex, { entity, pods }: WorkloadPods): boolean =>
  (servicesByNamespace(index).get(entity.namespace) ?? []).some(
    (service) => pods.some((pod) => isBehind(service, { labels: pod.labels, ips: [pod.ip] })) && waypointBefore(index, service) !== null,
  );
