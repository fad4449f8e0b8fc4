// Deprecated fields of DestinationRules and Sidecars.
import { Fields } from '../../istio/read/fields';
import type { Report, Rule } from '../rule';

export const deprecated: Rule = {
  name: 'deprecated',
  codes: ['IST0002'],
  on: ['DestinationRule', 'Sidecar'],
  reads: [],
  *check({ kind, object }) {
    const spec = Fields.ofSpec(object);
    if (kind === 'Sidecar') {
      if (spec.object('outboundTrafficPolicy')?.has('egressProxy') === true)
        yield old(
          'spec.outboundTrafficPolicy.egressProxy',
          'outboundTrafficPolicy.egressProxy is deprecated; a ServiceEntry and a route to an egress gateway take its place',
        );
      return;
    }
    for (const policy of [spec, ...spec.objects('subsets')].flatMap((owner) => owner.object('trafficPolicy') ?? []))
      for (const parts of [policy, ...policy.objects('portLevelSettings')]) {
        const outlier = parts.object('outlierDetection');
        if (outlier?.has('consecutiveErrors') === true)
          yield old(
            `${outlier.path}.consecutiveErrors`,
            'outlierDetection.consecutiveErrors is deprecated; consecutive5xxErrors takes its place',
          );
        const balancer = parts.object('loadBalancer');
        if (balancer?.text('simple') === 'LEAST_CONN')
          yield old(`${balancer.path}.simple`, 'load balancer LEAST_CONN is deprecated; LEAST_REQUEST takes its place');
      }
  },
};

const old = (path: string, message: string): Report => ({
  code: 'IST0002',
  path,
  message,
  consequence: 'it works still; a later version of Istio will not read it',
});
