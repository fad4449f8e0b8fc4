// The table of custom kinds: Istio's and the Gateway API's; adding one is one row. Versions are served all, stored as the first.
import type { BuiltinSchemas } from '../schemas/builtin';
import { destinationRuleSpec } from '../schemas/destination-rule';
import * as gatewayApi from '../schemas/gateway-api';
import * as routes from '../schemas/gateway-routes';
import * as networking from '../schemas/istio-networking';
import * as security from '../schemas/istio-security';
import { istioStatus } from '../schemas/istio-shared';
import { object, type Schema, text } from '../schemas/schema';
import { virtualServiceSpec } from '../schemas/virtual-service';
import { agePathColumn, pathColumn } from './column';
import type { KindRow } from './kind';

const NETWORKING = ['v1', 'v1beta1', 'v1alpha3'];
const SECURITY = ['v1', 'v1beta1'];

/** The rows of every Istio and Gateway API kind. */
export function meshKinds(schemas: BuiltinSchemas): readonly KindRow[] {
  const whole = (kind: string, spec: Schema, status: Schema | undefined) => (): Schema => ({
    ...object({
      apiVersion: text(),
      kind: text(),
      metadata: schemas.schemaOf('V1ObjectMeta'),
      spec,
      ...(status === undefined ? {} : { status }),
    }),
    required: ['spec'],
    component: `crd.${kind}`,
  });
  const istio = (group: string, versions: readonly string[], kind: string, spec: Schema, more: Partial<KindRow> = {}): KindRow => ({
    group,
    versions,
    kind,
    custom: true,
    subresources: ['status'],
    categories: ['istio-io', group.replaceAll('.', '-')],
    columns: [agePathColumn],
    schema: whole(`${group}.${kind}`, spec, istioStatus),
    ...more,
  });
  const gateway = (
    kind: string,
    versions: readonly string[],
    { spec, status }: { spec: Schema; status?: Schema },
    more: Partial<KindRow> = {},
  ): KindRow => ({
    group: 'gateway.networking.k8s.io',
    versions,
    kind,
    custom: true,
    subresources: status === undefined ? [] : ['status'],
    categories: ['gateway-api'],
    columns: [agePathColumn],
    schema: whole(`gateway.networking.k8s.io.${kind}`, spec, status),
    ...more,
  });
  const hostnames = { columns: [pathColumn('Hostnames', '.spec.hostnames'), agePathColumn] };

  return [
    istio('extensions.istio.io', ['v1alpha1'], 'TrafficExtension', networking.trafficExtensionSpec),
    istio('extensions.istio.io', ['v1alpha1'], 'WasmPlugin', networking.wasmPluginSpec),

    gateway('GatewayClass', ['v1', 'v1beta1'], gatewayApi.gatewayClass, {
      plural: 'gatewayclasses',
      shortNames: ['gc'],
      clusterScoped: true,
      columns: [
        pathColumn('Controller', '.spec.controllerName'),
        pathColumn('Accepted', '.status.conditions[?(@.type=="Accepted")].status'),
        agePathColumn,
        pathColumn('Description', '.spec.description', { wide: true }),
      ],
    }),
    gateway('Gateway', ['v1', 'v1beta1'], gatewayApi.gateway, {
      shortNames: ['gtw'],
      columns: [
        pathColumn('Class', '.spec.gatewayClassName'),
        pathColumn('Address', '.status.addresses[*].value'),
        pathColumn('Programmed', '.status.conditions[?(@.type=="Programmed")].status'),
        agePathColumn,
      ],
    }),
    gateway('BackendTLSPolicy', ['v1', 'v1alpha3'], gatewayApi.backendTlsPolicy, {
      plural: 'backendtlspolicies',
      shortNames: ['btlspolicy'],
    }),
    gateway('ListenerSet', ['v1'], gatewayApi.listenerSet, { shortNames: ['lset'] }),
    gateway('GRPCRoute', ['v1'], routes.grpcRoute, hostnames),
    gateway('HTTPRoute', ['v1', 'v1beta1'], routes.httpRoute, hostnames),
    gateway('ReferenceGrant', ['v1', 'v1beta1'], gatewayApi.referenceGrant, { shortNames: ['refgrant'] }),
    gateway('TCPRoute', ['v1', 'v1alpha2'], routes.tcpRoute),
    gateway('TLSRoute', ['v1', 'v1alpha3', 'v1alpha2'], routes.tlsRoute, hostnames),

    istio('networking.istio.io', NETWORKING, 'DestinationRule', destinationRuleSpec, {
      shortNames: ['dr'],
      columns: [pathColumn('Host', '.spec.host'), agePathColumn],
    }),
    istio('networking.istio.io', ['v1alpha3'], 'EnvoyFilter', networking.envoyFilterSpec),
    istio('networking.istio.io', NETWORKING, 'Gateway', networking.gatewaySpec, { shortNames: ['gw'] }),
    istio('networking.istio.io', ['v1beta1'], 'ProxyConfig', networking.proxyConfigSpec),
    istio('networking.istio.io', NETWORKING, 'ServiceEntry', networking.serviceEntrySpec, {
      plural: 'serviceentries',
      shortNames: ['se'],
      columns: [
        pathColumn('Hosts', '.spec.hosts'),
        pathColumn('Location', '.spec.location'),
        pathColumn('Resolution', '.spec.resolution'),
        agePathColumn,
      ],
    }),
    istio('networking.istio.io', NETWORKING, 'Sidecar', networking.sidecarSpec),
    istio('networking.istio.io', NETWORKING, 'VirtualService', virtualServiceSpec, {
      shortNames: ['vs'],
      columns: [pathColumn('Gateways', '.spec.gateways'), pathColumn('Hosts', '.spec.hosts'), agePathColumn],
    }),
    istio('networking.istio.io', NETWORKING, 'WorkloadEntry', networking.workloadEntrySpec, {
      plural: 'workloadentries',
      shortNames: ['we'],
      columns: [agePathColumn, pathColumn('Address', '.spec.address')],
    }),
    istio('networking.istio.io', NETWORKING, 'WorkloadGroup', networking.workloadGroupSpec, { shortNames: ['wg'] }),
    istio('security.istio.io', SECURITY, 'AuthorizationPolicy', security.authorizationPolicySpec, {
      plural: 'authorizationpolicies',
      shortNames: ['ap'],
      columns: [pathColumn('Action', '.spec.action'), agePathColumn],
    }),
    istio('security.istio.io', SECURITY, 'PeerAuthentication', security.peerAuthenticationSpec, {
      shortNames: ['pa'],
      columns: [pathColumn('Mode', '.spec.mtls.mode'), agePathColumn],
    }),
    istio('security.istio.io', SECURITY, 'RequestAuthentication', security.requestAuthenticationSpec, { shortNames: ['ra'] }),
    istio('telemetry.istio.io', ['v1', 'v1alpha1'], 'Telemetry', security.telemetrySpec, {
      plural: 'telemetries',
      shortNames: ['telemetry'],
    }),
  ];
}
