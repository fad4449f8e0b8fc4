// Gateway API as istiod does it: a Deployment and Service `<gateway>-<class>` for each Gateway of class `istio`, status on Gateways and routes.
// In: ClusterPass. Out: writes to the store. Source: istio.md 3.2 (automated deployment), Gateway API status conditions.
import { isRecord, listOf, recordOf, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import type { ClusterPass } from './cluster-pass';
import { buildDeployment, buildService, buildServiceAccount, type Stamp, timeText } from './objects';

const GATEWAYS = 'gateways.gateway.networking.k8s.io';
const ROUTES = ['httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes'].map((r) => `${r}.gateway.networking.k8s.io`);
const CLASS = 'istio';
const CONTROLLER = 'istio.io/gateway-controller';

const isOurs = (gateway: KubeObject): boolean => valueAt(gateway, 'spec', 'gatewayClassName') === CLASS;

function condition(
  pass: ClusterPass,
  object: KubeObject,
  known: unknown,
  type: string,
  status: boolean,
  reason: string,
  message: string,
): Readonly<Record<string, unknown>> {
  const before = listOf(known)
    .filter(isRecord)
    .find((c) => c['type'] === type);
  const text = status ? 'True' : 'False';
  return {
    type,
    status: text,
    reason,
    message,
    observedGeneration: object.metadata.generation ?? 1,
    lastTransitionTime:
      before?.['status'] === text
        ? before['lastTransitionTime']
        : pass.mode === 'settled'
          ? (object.metadata.creationTimestamp ?? timeText(pass.nowMs))
          : timeText(pass.nowMs),
  };
}

function writeDeployment(pass: ClusterPass, gateway: KubeObject, namespace: string): void {
  const name = `${gateway.metadata.name}-${CLASS}`;
  const stamp: Stamp = {
    seed: pass.seed,
    createdAtMs: pass.mode === 'settled' ? Date.parse(gateway.metadata.creationTimestamp ?? '') + 1000 : pass.nowMs,
  };
  const managed = {
    'gateway.istio.io/managed': 'istio.io-gateway-controller',
    'gateway.networking.k8s.io/gateway-name': gateway.metadata.name,
    'gateway.networking.k8s.io/gateway-class-name': CLASS,
  };
  const owned = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      ownerReferences: [{ apiVersion: gateway.apiVersion, kind: 'Gateway', name: gateway.metadata.name, uid: gateway.metadata.uid ?? '' }],
    },
  });
  const selector = { 'gateway.networking.k8s.io/gateway-name': gateway.metadata.name };
  const missing = (resource: string): boolean => !pass.list(resource, namespace).some((o) => o.metadata.name === name);
  if (missing('serviceaccounts')) pass.write('serviceaccounts', owned(buildServiceAccount(stamp, namespace, name, managed)));
  if (missing('deployments.apps'))
    pass.write(
      'deployments.apps',
      owned(
        buildDeployment(stamp, {
          namespace,
          name,
          labels: selector,
          ownLabels: managed,
          podLabels: {
            ...managed,
            'sidecar.istio.io/inject': 'true',
            'service.istio.io/canonical-name': name,
            'service.istio.io/canonical-revision': 'latest',
          },
          podAnnotations: { 'inject.istio.io/templates': 'gateway' },
          replicas: 1,
          container: 'istio-proxy',
          image: 'auto',
          ports: [{ name: 'http-envoy-prom', containerPort: 15090 }],
          serviceAccount: name,
        }),
      ),
    );
  const listeners = listOf(valueAt(gateway, 'spec', 'listeners')).map(recordOf);
  const numbers = [...new Set(listeners.map((l) => l['port']).filter((p): p is number => typeof p === 'number'))];
  const service = buildService(stamp, {
    namespace,
    name,
    labels: managed,
    selector,
    type: 'LoadBalancer',
    ports: [{ name: 'status-port', port: 15021 }, ...numbers.map((port) => ({ name: `port-${port}`, port, appProtocol: 'http' }))],
  });
  const known = pass.list('services', namespace).find((o) => o.metadata.name === name);
  pass.write('services', owned(known ? { ...known, spec: service['spec'] } : service));
}

// A route is attached to a gateway that one of its parentRefs names.
const parentsOf = (route: KubeObject): readonly Readonly<Record<string, unknown>>[] =>
  listOf(valueAt(route, 'spec', 'parentRefs'))
    .map(recordOf)
    .filter((p) => (textOf(p['kind']) ?? 'Gateway') === 'Gateway');

const refersTo = (route: KubeObject, parent: Readonly<Record<string, unknown>>, gateway: KubeObject): boolean =>
  parent['name'] === gateway.metadata.name && (textOf(parent['namespace']) ?? route.metadata.namespace) === gateway.metadata.namespace;

function writeGatewayStatus(pass: ClusterPass, gateway: KubeObject, namespace: string): void {
  const host = `${gateway.metadata.name}-${CLASS}.${namespace}.svc.cluster.local`;
  const attached = ROUTES.flatMap((resource) => pass.list(resource, namespace)).filter((route) =>
    parentsOf(route).some((parent) => refersTo(route, parent, gateway)),
  );
  const known = valueAt(gateway, 'status', 'conditions');
  const before = listOf(valueAt(gateway, 'status', 'listeners')).map(recordOf);
  pass.write(GATEWAYS, {
    ...gateway,
    status: {
      addresses: [{ type: 'Hostname', value: host }],
      conditions: [
        condition(pass, gateway, known, 'Accepted', true, 'Accepted', 'Resource accepted'),
        condition(pass, gateway, known, 'Programmed', true, 'Programmed', `Resource programmed, assigned to service(s) ${host}:80`),
      ],
      listeners: listOf(valueAt(gateway, 'spec', 'listeners'))
        .map(recordOf)
        .map((listener) => {
          const own = before.find((b) => b['name'] === listener['name'])?.['conditions'];
          return {
            name: textOf(listener['name']) ?? '',
            attachedRoutes: attached.filter((route) =>
              parentsOf(route).some(
                (p) => refersTo(route, p, gateway) && (p['sectionName'] === undefined || p['sectionName'] === listener['name']),
              ),
            ).length,
            supportedKinds: ['HTTPRoute', 'GRPCRoute'].map((kind) => ({ group: 'gateway.networking.k8s.io', kind })),
            conditions: [
              condition(pass, gateway, own, 'Accepted', true, 'Accepted', 'No errors found'),
              condition(pass, gateway, own, 'Conflicted', false, 'NoConflicts', 'No errors found'),
              condition(pass, gateway, own, 'Programmed', true, 'Programmed', 'No errors found'),
              condition(pass, gateway, own, 'ResolvedRefs', true, 'ResolvedRefs', 'No errors found'),
            ],
          };
        }),
    },
  });
}

function writeRouteStatus(pass: ClusterPass, resource: string, route: KubeObject): void {
  const gateways = pass.list(GATEWAYS, route.metadata.namespace ?? '').filter(isOurs);
  const before = listOf(valueAt(route, 'status', 'parents')).map(recordOf);
  const backends = listOf(valueAt(route, 'spec', 'rules')).flatMap((rule) => listOf(recordOf(rule)['backendRefs']).map(recordOf));
  const missing = backends.find(
    (b) =>
      (textOf(b['kind']) ?? 'Service') === 'Service' &&
      pass.store.read('services', textOf(b['namespace']) ?? route.metadata.namespace, textOf(b['name']) ?? '') === undefined,
  );
  const parents = parentsOf(route).flatMap((parent, i) => {
    if (!gateways.some((g) => refersTo(route, parent, g))) return [];
    const known = before[i]?.['conditions'];
    return [
      {
        controllerName: CONTROLLER,
        parentRef: parent,
        conditions: [
          condition(pass, route, known, 'Accepted', true, 'Accepted', 'Route was valid'),
          condition(
            pass,
            route,
            known,
            'ResolvedRefs',
            missing === undefined,
            missing === undefined ? 'ResolvedRefs' : 'BackendNotFound',
            missing === undefined ? 'All references resolved' : `backend(${textOf(missing['name']) ?? ''}) not found`,
          ),
        ],
      },
    ];
  });
  if (parents.length > 0) pass.write(resource, { ...route, status: { ...recordOf(route['status']), parents } });
}

/** Deploys the gateways of a namespace, removes those whose Gateway is gone, and says so in the status of gateways and routes. */
export function reconcileGateways(pass: ClusterPass, namespace: string): void {
  const gateways = pass.list(GATEWAYS, namespace).filter(isOurs);
  const uids = new Set(gateways.map((g) => g.metadata.uid));
  for (const resource of ['deployments.apps', 'services', 'serviceaccounts'])
    for (const object of [...pass.list(resource, namespace)]) {
      const owner = object.metadata.ownerReferences?.find((o) => o.kind === 'Gateway');
      if (owner && !uids.has(owner.uid)) pass.remove(resource, object);
    }
  for (const gateway of gateways) {
    writeDeployment(pass, gateway, namespace);
    writeGatewayStatus(pass, gateway, namespace);
  }
  for (const resource of ROUTES) for (const route of [...pass.list(resource, namespace)]) writeRouteStatus(pass, resource, route);
}
