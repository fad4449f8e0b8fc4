// A large mesh that uses much of Istio, with mistakes: what the analysis of everything meets. In: services. Out: Inventory.
// Beside the VirtualService and DestinationRule of every service: policies, sidecars, entries, gateways with their hosts, routes of the
// Gateway API, rivals for hosts, and every twentieth object broken.
import type { ConfigKind, ConfigObject, Inventory, JsonObject, ServiceInfo } from '../../model/inventory';
import { buildSteeringWorld, objectOf } from '../steering/world';

const GATEWAY_LABELS = { app: 'istio-ingressgateway' } as const;
const ROOT = 'istio-system';
const GATEWAYS = 20;

/** Every how manieth service has an object of a kind beside its rules. */
const EVERY = { policy: 2, entry: 10, public: 10, apiRoute: 10, rival: 25, broken: 20 } as const;

export function buildAnalysisWorld(services: number): Inventory {
  const { inventory } = buildSteeringWorld(services);
  const made = new Map<ConfigKind, ConfigObject[]>([...inventory.config].map(([kind, objects]) => [kind, [...objects]]));
  const add = (kind: ConfigKind, namespace: string, name: string, spec: JsonObject, own: string = kind): void => {
    const list = made.get(kind) ?? [];
    made.set(kind, list);
    list.push({ ...objectOf(own, { namespace, name }, spec), uid: `${kind}/${namespace}/${name}` });
  };
  add('PeerAuthentication', ROOT, 'default', { mtls: { mode: 'STRICT' } });
  for (let i = 0; i < GATEWAYS; i++)
    add('Gateway', ROOT, `public-${i}`, {
      selector: GATEWAY_LABELS,
      servers: [
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: [`*.zone-${i}.example`],
          tls: { mode: 'SIMPLE', credentialName: `zone-${i}` },
        },
      ],
    });
  add('K8sGateway', ROOT, 'shared', sharedGateway(), 'Gateway');
  for (const { name } of inventory.namespaces.values()) {
    add('PeerAuthentication', name, 'default', { mtls: { mode: 'PERMISSIVE' } });
    add('Sidecar', name, 'default', { egress: [{ hosts: ['./*', `${ROOT}/*`, '*/*.shared.example'] }] });
  }
  for (const [i, service] of [...inventory.services.values()].entries()) addOf(service, i, add);
  return {
    ...inventory,
    config: new Map([...made].map(([kind, list]) => [kind, list.map((object, i) => (i % EVERY.broken === 0 ? broken(object) : object))])),
  };
}

const sharedGateway = (): JsonObject => ({
  gatewayClassName: 'istio',
  listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: '*.routes.example', allowedRoutes: { namespaces: { from: 'All' } } }],
});

function addOf(
  { namespace, name, host, selector }: ServiceInfo,
  i: number,
  add: (kind: ConfigKind, namespace: string, name: string, spec: JsonObject) => void,
): void {
  const route = (to: string): JsonObject => ({ route: [{ destination: { host: to } }] });
  if (i % EVERY.policy === 0)
    add('AuthorizationPolicy', namespace, name, {
      selector: { matchLabels: selector },
      rules: [{ from: [{ source: { namespaces: [namespace] } }], to: [{ operation: { methods: ['GET'], hosts: [host] } }] }],
    });
  if (i % EVERY.entry === 0)
    add('ServiceEntry', namespace, name, {
      hosts: [i % 3 === 0 ? `*.${name}.partner.example` : `${name}.shared.example`],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    });
  if (i % EVERY.public === 1)
    add('VirtualService', namespace, `${name}-public`, {
      hosts: [`${name}.zone-${i % GATEWAYS}.example`],
      gateways: [`${ROOT}/public-${i % GATEWAYS}`],
      http: [{ match: [{ uri: { prefix: '/api' } }], ...route(host) }, route(host)],
    });
  if (i % EVERY.apiRoute === 2)
    add('HTTPRoute', namespace, name, {
      parentRefs: [{ name: 'shared', namespace: ROOT }],
      hostnames: [`${name}.routes.example`],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name, port: 80 }] }],
    });
  if (i % EVERY.rival === 3) add('VirtualService', namespace, `${name}-again`, { hosts: [name], http: [route(name)] });
  if (i % EVERY.rival === 4) add('DestinationRule', namespace, `${name}-again`, { host, trafficPolicy: { tls: { mode: 'DISABLE' } } });
}

/** Names in it are misspelt. */
const broken = (object: ConfigObject): ConfigObject => ({
  ...object,
  spec: JSON.parse(JSON.stringify(object.spec).replace(/"(host|subset|name|prefix)":"([^"]+)"/g, '"$1":"$2x"')) as JsonObject,
});
