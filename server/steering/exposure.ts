// Which gateways bring traffic to a host, and which could. In: MeshIndex, host. Out: the lists of a service's routing document.
import type { ConfigRef } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import type { MeshIndex } from '../istio/mesh-index';
import { readGateway } from '../istio/read/gateway';
import { readK8sGateway } from '../istio/read/gateway-api';
import { readVirtualService } from '../istio/read/virtual-service';
import { isIstioGateway } from '../istio/reference-grants';
import { readTexts, refOf } from './raw';
import { API_ROUTES, destinationHostsOf, parentsOf } from './route-objects';

type Exposure = ServiceRoutingDocument['exposedBy'][number];
type Offer = ServiceRoutingDocument['gateways'][number];

const gatewayRef = (kind: 'Gateway' | 'K8sGateway', name: string): ConfigRef => {
  const slash = name.indexOf('/');
  return { kind, namespace: name.slice(0, slash), name: name.slice(slash + 1) };
};

/** Each gateway with the object that routes from it to the host. */
export function listExposures(index: MeshIndex, serviceHost: string): readonly Exposure[] {
  const host = serviceHost.toLowerCase();
  const found: Exposure[] = [];
  for (const object of index.objects('VirtualService')) {
    const { gateways, hosts } = readVirtualService(object);
    const bound = gateways.filter((name) => name !== 'mesh');
    if (bound.length === 0 || !destinationHostsOf(index, object).has(host)) continue;
    for (const name of bound) found.push({ gateway: gatewayRef('Gateway', name), route: refOf(object), hostnames: hosts });
  }
  for (const kind of API_ROUTES)
    for (const object of index.objects(kind)) {
      const { gateways } = parentsOf(index, object);
      if (gateways.length === 0 || !destinationHostsOf(index, object).has(host)) continue;
      const hostnames = readTexts(object.spec['hostnames']);
      for (const name of new Set(gateways)) found.push({ gateway: gatewayRef('K8sGateway', name), route: refOf(object), hostnames });
    }
  return found;
}

const plainHost = (host: string): string => host.slice(host.indexOf('/') + 1);

/** Every gateway of the cluster that Istio serves. */
export const gatewaysOffered = (index: MeshIndex): readonly Offer[] => [
  ...index.objects('Gateway').map((object): Offer => {
    const { servers } = readGateway(object);
    return {
      ref: refOf(object),
      hostnames: [...new Set(servers.flatMap(({ hosts }) => hosts.map(plainHost)))],
      ports: [...new Set(servers.map(({ port }) => port))],
    };
  }),
  ...index.objects('K8sGateway').flatMap((object): readonly Offer[] => {
    const view = readK8sGateway(object);
    if (!isIstioGateway(index, view)) return [];
    return [
      {
        ref: refOf(object),
        hostnames: [...new Set(view.listeners.map(({ hostname }) => hostname))],
        ports: [...new Set(view.listeners.map(({ port }) => port))],
      },
    ];
  }),
];
