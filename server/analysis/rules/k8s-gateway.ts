// Gateways and ReferenceGrants of the Gateway API: classes that nobody serves, listeners that stand twice in one Gateway or on one address,
// grants for nobody.
import type { ConfigObject } from '../../../model/inventory';
import { Fields } from '../../istio/read/fields';
import { readK8sGateway, readReferenceGrant } from '../../istio/read/gateway-api';
import type { Report, Rule, Subject } from '../rule';

export const k8sGateway: Rule = {
  name: 'k8s-gateway',
  codes: ['KIA1501', 'KIA1502', 'KIA1503', 'KIA1504', 'KIA1601'],
  on: ['K8sGateway', 'ReferenceGrant'],
  reads: ['K8sGateway', 'GatewayClass', 'Namespace'],
  *check(subject) {
    const { index, kind, object } = subject;
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
    yield* checkAddresses(subject);
  },
};

/** Addresses that a Gateway asks for, as `type value`. */
const addressesOf = (object: ConfigObject): readonly string[] =>
  Fields.ofSpec(object)
    .objects('addresses')
    .flatMap((address) => {
      const value = address.text('value');
      return value === null || value === '' ? [] : [`${address.text('type') ?? 'IPAddress'} ${value}`];
    });

/** Each Gateway has proxies of its own, unless several name one address: an IP is only one's, a Service brings both to the same pods. */
function* checkAddresses({ index, object }: Subject): Generator<Report> {
  const own = addressesOf(object);
  if (own.length === 0) return;
  for (const other of index.objects('K8sGateway')) {
    if (other.namespace === object.namespace && other.name === object.name) continue;
    const at = own.findIndex((address) => addressesOf(other).includes(address));
    const shared = own[at];
    if (shared === undefined) continue;
    const name = `Gateway ${other.namespace}/${other.name}`;
    if (!shared.startsWith('Hostname ')) {
      yield {
        code: 'KIA1502',
        path: `spec.addresses[${at}]`,
        message: `${name} asks for ${shared.split(' ')[1] ?? ''}, too`,
        consequence: 'only one of them can get the address',
      };
      continue;
    }
    // Names of services are short: those of another namespace mean other pods.
    if (other.namespace !== object.namespace) continue;
    const theirs = readK8sGateway(other).listeners;
    for (const { port, protocol, hostname, pointer } of readK8sGateway(object).listeners)
      if (theirs.some((each) => each.port === port && each.protocol === protocol && each.hostname === hostname))
        yield {
          code: 'KIA1501',
          path: pointer.path,
          message: `${name} has the same listener on the same pods: port ${port}, ${protocol}, hostname ${hostname}`,
          consequence: 'routes of both are joined; of settings that exclude each other, those of the older Gateway hold',
        };
  }
}
