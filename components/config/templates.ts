// What a new object begins with: a working example for each kind, small and without faults. In: kind, namespace, a service. Out: YAML. Pure.
import type { ConfigKind } from '../../model/inventory';
import { KIND_FACTS, kubernetesKind } from './config-kinds';

/** The service that a new object is for. */
export interface TemplateService {
  readonly name: string;
  readonly port: number;
}

export const TEMPLATE_KINDS = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'K8sGateway',
  'ListenerSet',
  'BackendTLSPolicy',
  'ReferenceGrant',
] as const satisfies readonly ConfigKind[];
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

export const isTemplateKind = (text: string): text is TemplateKind => TEMPLATE_KINDS.some((kind) => kind === text);

/** What most services of a mesh look like. */
export const EXAMPLE_SERVICE: TemplateService = { name: 'my-service', port: 80 };

const SPECS: Readonly<Record<TemplateKind, (service: TemplateService, namespace: string) => string>> = {
  VirtualService: ({ name }) => `  hosts:
    - ${name}
  http:
    - name: default
      route:
        - destination:
            host: ${name}
`,
  DestinationRule: ({ name }) => `  host: ${name}
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
`,
  Gateway: ({ name }, namespace) => `  selector:
    istio: ingressgateway
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
      hosts:
        - ${name}.${namespace}.example.com
`,
  ServiceEntry: () => `  hosts:
    - api.example.com
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: 443
      name: tls
      protocol: TLS
`,
  Sidecar: ({ name }) => `  workloadSelector:
    labels:
      app: ${name}
  egress:
    - hosts:
        - ./*
        - istio-system/*
`,
  PeerAuthentication: ({ name }) => `  selector:
    matchLabels:
      app: ${name}
  mtls:
    mode: PERMISSIVE
`,
  AuthorizationPolicy: ({ name }, namespace) => `  selector:
    matchLabels:
      app: ${name}
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces:
              - ${namespace}
`,
  RequestAuthentication: ({ name }) => `  selector:
    matchLabels:
      app: ${name}
  jwtRules:
    - issuer: https://issuer.example.com
      jwksUri: https://issuer.example.com/.well-known/jwks.json
`,
  Telemetry: ({ name }) => `  selector:
    matchLabels:
      app: ${name}
  accessLogging:
    - providers:
        - name: envoy
`,
  HTTPRoute: ({ name, port }) => `  parentRefs:
    - kind: Service
      group: ""
      name: ${name}
      port: ${port}
  rules:
    - backendRefs:
        - name: ${name}
          port: ${port}
`,
  GRPCRoute: ({ name, port }) => `  parentRefs:
    - kind: Service
      group: ""
      name: ${name}
      port: ${port}
  rules:
    - backendRefs:
        - name: ${name}
          port: ${port}
`,
  TCPRoute: ({ name, port }) => `  parentRefs:
    - kind: Service
      group: ""
      name: ${name}
      port: ${port}
  rules:
    - backendRefs:
        - name: ${name}
          port: ${port}
`,
  TLSRoute: ({ name, port }) => `  parentRefs:
    - kind: Service
      group: ""
      name: ${name}
      port: ${port}
  hostnames:
    - ${name}.example.com
  rules:
    - backendRefs:
        - name: ${name}
          port: ${port}
`,
  K8sGateway: ({ name }, namespace) => `  gatewayClassName: istio
  listeners:
    - name: http
      hostname: ${name}.${namespace}.example.com
      port: 80
      protocol: HTTP
      allowedRoutes:
        namespaces:
          from: Same
`,
  ListenerSet: ({ name }, namespace) => `  parentRef:
    name: my-gateway
  listeners:
    - name: ${name}
      hostname: ${name}.${namespace}.example.com
      port: 80
      protocol: HTTP
      allowedRoutes:
        namespaces:
          from: Same
`,
  BackendTLSPolicy: ({ name }, namespace) => `  targetRefs:
    - group: ""
      kind: Service
      name: ${name}
  validation:
    hostname: ${name}.${namespace}.example.com
    wellKnownCACertificates: System
`,
  ReferenceGrant: () => `  from:
    - group: gateway.networking.k8s.io
      kind: HTTPRoute
      namespace: default
  to:
    - group: ""
      kind: Service
`,
};

const NAMES: Readonly<Partial<Record<TemplateKind, string>>> = {
  Gateway: 'my-gateway',
  K8sGateway: 'my-gateway',
  ServiceEntry: 'api-example-com',
  ReferenceGrant: 'from-default',
};

interface TemplateOptions {
  readonly kind: TemplateKind;
  readonly namespace: string;
  readonly service?: TemplateService | null;
  /** The version that the cluster serves; null: not known. */
  readonly apiVersion?: string | null;
}

export function buildTemplate({ kind, namespace, service, apiVersion }: TemplateOptions): string {
  const known = service ?? EXAMPLE_SERVICE;
  return `apiVersion: ${apiVersion ?? KIND_FACTS[kind].apiVersion}
kind: ${kubernetesKind(kind)}
metadata:
  name: ${NAMES[kind] ?? known.name}
  namespace: ${namespace}
spec:
${SPECS[kind](known, namespace)}`;
}
