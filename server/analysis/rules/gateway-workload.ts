// Istio Gateways that no pod serves, and ports that their service does not carry.

import type { PodInfo, ServiceInfo } from '../../../model/inventory';
import { isEmpty, selects } from '../../istio/labels';
import { groupBy } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { readGateway } from '../../istio/read/gateway';
import { podsAnywhere, proxiesSelected } from '../gateway-pods';
import type { Rule } from '../rule';

export const gatewayWorkload: Rule = {
  name: 'gateway-workload',
  codes: ['IST0101', 'IST0162'],
  on: ['Gateway'],
  reads: ['Pod', 'Workload', 'Service'],
  *check({ index, object }) {
    const { selector, servers } = readGateway(object);
    if (isEmpty(selector)) return;
    const words = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
    if (podsAnywhere(index, selector).length === 0) {
      for (const workload of index.inventory.workloads.values()) if (selects(selector, workload.podLabels)) return;
      yield {
        code: 'IST0101',
        alias: 'KIA0302',
        severity: 'warning',
        path: 'spec.selector',
        message: `no pod has ${words.join(', ')}`,
        consequence: 'no proxy opens its ports: connections from outside are refused',
      };
      return;
    }
    const ports = openPorts(index, proxiesSelected(index, selector));
    if (ports === null) return;
    for (const { port, pointer } of servers) {
      if (ports.has(port)) continue;
      yield {
        code: 'IST0162',
        path: `${pointer.path}.port.number`,
        message: `port ${port} is no port of the services before pods with ${words.join(', ')} (${[...ports].sort((a, b) => a - b).join(', ')})`,
        consequence: 'the gateway listens there, but nothing from outside arrives at it',
      };
    }
  },
};

const servicesByNamespace = tableOf((index) => groupBy(index.inventory.services.values(), (service) => service.namespace));

/** Ports and target ports of every service before the pods; null where there is no service or a target is only named. */
function openPorts(index: MeshIndex, pods: readonly PodInfo[]): ReadonlySet<number> | null {
  const services = new Set<ServiceInfo>();
  for (const pod of pods)
    for (const service of servicesByNamespace(index).get(pod.namespace) ?? [])
      if (!isEmpty(service.selector) && selects(service.selector, pod.labels)) services.add(service);
  const ports = [...services].flatMap((service) => service.ports);
  if (ports.length === 0 || ports.some((port) => typeof port.targetPort !== 'number')) return null;
  return new Set(ports.flatMap(({ port, targetPort }) => [port, ...(typeof targetPort === 'number' ? [targetPort] : [])]));
}
