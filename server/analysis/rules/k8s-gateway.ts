// Gateways and ReferenceGrants of the Gateway API: classes that nobody serves, listeners that stand twice, grants for nobody.
import { readK8sGateway, readReferenceGrant } from '../../istio/read/gateway-api';
import type { Rule } from '../rule';

export const k8sGateway: Rule = {
  name: 'k8s-gateway',
  codes: ['KIA1503', 'KIA1504', 'KIA1601'],
  on: ['K8sGateway', 'ReferenceGrant'],
  reads: ['GatewayClass', 'Namespace'],
  *check({ index, kind, object }) {
    if (kind === 'ReferenceGrant') {
      const { namespaces } = index.inventory;
      if (namespaces.size === 0) return;
      for (const [i, from] of readReferenceGrant(object).from.entries())
        if (!namespaces.has(from.namespace))
          yield {
            code: 'KIA1601',
            path: `spec.from[${i}].namespace`,
            message: `namespace ${from.namespace} does not exist`,
            consequence: 'the grant lets nobody use anything',
          };
      return;
    }
    const { className, listeners } = readK8sGateway(object);
    const classes = index.objects('GatewayClass');
    // Without any class in sight, nothing can be said of one.
    if (classes.length > 0 && !classes.some(({ name }) => name === className))
      yield {
        code: 'KIA1504',
        path: 'spec.gatewayClassName',
        message: `GatewayClass ${className} does not exist, only ${classes
          .map(({ name }) => name)
          .sort()
          .join(', ')}`,
        consequence: 'no controller takes the Gateway: it gets no proxy and no address',
      };
    const seen = new Map<string, string>();
    const names = new Set<string>();
    for (const { name, port, protocol, hostname, pointer } of listeners) {
      const key = `${port}|${protocol}|${hostname}`;
      const twin = seen.get(key);
      if (twin !== undefined || names.has(name))
        yield {
          code: 'KIA1503',
          path: pointer.path,
          message:
            twin === undefined
              ? `the name ${name} is that of another listener, too`
              : `listener ${name} is the same as ${twin}: port ${port}, ${protocol}, hostname ${hostname}`,
          consequence: 'both listeners are in conflict and take no requests',
        };
      seen.set(key, name);
      names.add(name);
    }
  },
};
