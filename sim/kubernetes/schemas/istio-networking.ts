// The other kinds of networking.istio.io and extensions.istio.io, as their CRDs validate them.
import { isRecord, listOf, recordOf, textsOf } from '../json';
import {
  allDistinct,
  labelsSelector,
  oneTargetRule,
  policyTargets,
  portNumber,
  serverTls,
  workloadEntry,
  workloadSelector,
} from './istio-shared';
import {
  anyObject,
  atMostOne,
  int32,
  list,
  listByKeys,
  mapOf,
  object,
  oneOfTexts,
  type Schema,
  text,
  textMap,
  texts,
  uint32,
} from './schema';

const gatewayPort: Schema = object(
  { number: uint32, protocol: text(), name: text(), targetPort: uint32 },
  { required: ['number', 'protocol', 'name'] },
);

export const gatewaySpec: Schema = object(
  {
    servers: list(
      object(
        { port: gatewayPort, bind: text(), hosts: list(text(), { minItems: 1 }), tls: serverTls, defaultEndpoint: text(), name: text() },
        { required: ['port', 'hosts'] },
      ),
      { description: 'A list of server specifications.' },
    ),
    selector: {
      ...textMap,
      description: 'One or more labels that indicate a specific set of pods/VMs on which this gateway configuration should be applied.',
    },
  },
  { description: 'Configuration affecting edge load balancer.' },
);

const resolutions = ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'];
const resolutionOf = (spec: unknown): unknown => recordOf(spec)['resolution'] ?? 'NONE';

export const serviceEntrySpec: Schema = object(
  {
    hosts: list(text({ rules: [{ rule: 'self != "*"', message: 'hostname cannot be wildcard', holds: (value) => value !== '*' }] }), {
      minItems: 1,
      maxItems: 256,
      description: 'The hosts associated with the ServiceEntry.',
    }),
    addresses: list(text({ maxLength: 64 }), { maxItems: 256 }),
    ports: listByKeys(
      ['name'],
      object(
        { number: portNumber, protocol: text({ maxLength: 256 }), name: text({ maxLength: 256 }), targetPort: portNumber },
        { required: ['number', 'name'] },
      ),
      {
        maxItems: 256,
        rules: [
          {
            rule: 'self.all(l1, self.exists_one(l2, l1.number == l2.number))',
            message: 'port number cannot be duplicated',
            holds: (value) => allDistinct(value, 'number'),
          },
        ],
      },
    ),
    location: oneOfTexts('MESH_EXTERNAL', 'MESH_INTERNAL'),
    resolution: oneOfTexts(...resolutions),
    endpoints: list(workloadEntry, { maxItems: 4096 }),
    workloadSelector,
    exportTo: texts,
    subjectAltNames: texts,
  },
  {
    required: ['hosts'],
    description: 'Configuration affecting service registry.',
    rules: [
      atMostOne('only one of WorkloadSelector or Endpoints can be set', 'workloadSelector', 'endpoints'),
      {
        rule: '!((has(self.resolution) ? self.resolution : "NONE") in ["DNS", "DNS_ROUND_ROBIN"] && has(self.addresses) && self.addresses.exists(k, k.contains("/")))',
        message: 'CIDR addresses are allowed only for NONE/STATIC resolution types',
        holds: (spec) =>
          ['NONE', 'STATIC'].includes(String(resolutionOf(spec))) ||
          textsOf(recordOf(spec)['addresses']).every((address) => !address.includes('/')),
      },
      {
        rule: '(!has(self.resolution) || self.resolution == "NONE") ? !has(self.endpoints) : true',
        message: 'NONE mode cannot set endpoints',
        holds: (spec) => resolutionOf(spec) !== 'NONE' || recordOf(spec)['endpoints'] === undefined,
      },
      {
        rule: '(has(self.resolution) && self.resolution == "DNS_ROUND_ROBIN") ? (!has(self.endpoints) || self.endpoints.size() <= 1) : true',
        message: 'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
        holds: (spec) => resolutionOf(spec) !== 'DNS_ROUND_ROBIN' || listOf(recordOf(spec)['endpoints']).length < 2,
      },
    ],
  },
);

const sidecarPort: Schema = object({ number: uint32, protocol: text(), name: text(), targetPort: uint32 });
const captureMode = oneOfTexts('DEFAULT', 'IPTABLES', 'NONE');

export const sidecarSpec: Schema = object(
  {
    workloadSelector,
    ingress: list(
      object(
        { port: sidecarPort, bind: text(), captureMode, defaultEndpoint: text(), tls: serverTls, connectionPool: anyObject },
        { required: ['port'] },
      ),
      { minItems: 1 },
    ),
    egress: list(object({ port: sidecarPort, bind: text(), captureMode, hosts: texts }, { required: ['hosts'] })),
    inboundConnectionPool: anyObject,
    outboundTrafficPolicy: object({
      mode: oneOfTexts('REGISTRY_ONLY', 'ALLOW_ANY'),
      egressProxy: object({ host: text(), subset: text(), port: object({ number: uint32 }) }, { required: ['host'] }),
    }),
  },
  { description: 'Configuration affecting network reachability of a sidecar.' },
);

export const workloadEntrySpec: Schema = { ...workloadEntry, description: 'Configuration affecting VMs onboarded into the mesh.' };

const probeHandlers = { httpGet: anyObject, tcpSocket: anyObject, exec: anyObject, grpc: anyObject };

export const workloadGroupSpec: Schema = object(
  {
    metadata: object({ labels: textMap, annotations: textMap }),
    template: object(workloadEntry.properties ?? {}),
    probe: object(
      {
        initialDelaySeconds: int32,
        timeoutSeconds: int32,
        periodSeconds: int32,
        successThreshold: int32,
        failureThreshold: int32,
        ...probeHandlers,
      },
      { exclusive: [Object.keys(probeHandlers)] },
    ),
  },
  { required: ['template'], description: 'Describes a collection of workload instances.' },
);

export const proxyConfigSpec: Schema = object(
  {
    selector: labelsSelector,
    concurrency: { ...int32, minimum: 0 },
    environmentVariables: mapOf(text({ maxLength: 2048 })),
    image: object({ imageType: text() }),
  },
  { description: 'Provides configuration for individual workloads.' },
);

export const envoyFilterSpec: Schema = object(
  {
    workloadSelector,
    targetRefs: policyTargets['targetRefs'] ?? list(anyObject),
    configPatches: list(
      object({
        applyTo: oneOfTexts(
          'INVALID',
          'LISTENER',
          'FILTER_CHAIN',
          'NETWORK_FILTER',
          'HTTP_FILTER',
          'ROUTE_CONFIGURATION',
          'VIRTUAL_HOST',
          'HTTP_ROUTE',
          'CLUSTER',
          'EXTENSION_CONFIG',
          'BOOTSTRAP',
          'LISTENER_FILTER',
        ),
        match: anyObject,
        patch: object(
          {
            operation: oneOfTexts('INVALID', 'MERGE', 'ADD', 'REMOVE', 'INSERT_BEFORE', 'INSERT_AFTER', 'INSERT_FIRST', 'REPLACE'),
            filterClass: oneOfTexts('UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS'),
            value: anyObject,
          },
          {},
        ),
      }),
    ),
    priority: int32,
  },
  {
    description: 'Customizing Envoy configuration generated by Istio.',
    rules: [atMostOne('only one of targetRefs or workloadSelector can be set', 'workloadSelector', 'targetRefs')],
  },
);

const isWasmUrl = (value: unknown): boolean => {
  if (typeof value !== 'string') return false;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1];
  return scheme === undefined || ['http', 'https', 'oci', 'file'].includes(scheme.toLowerCase());
};

export const wasmPluginSpec: Schema = object(
  {
    ...policyTargets,
    url: text({
      minLength: 1,
      rules: [
        {
          rule: 'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "oci", "file"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "oci", "file"])',
          message: 'url must have schema one of [http, https, file, oci]',
          holds: isWasmUrl,
        },
      ],
    }),
    sha256: text({ pattern: '(^$|^[a-f0-9]{64}$)' }),
    imagePullPolicy: oneOfTexts('UNSPECIFIED_POLICY', 'IfNotPresent', 'Always'),
    imagePullSecret: text({ minLength: 1, maxLength: 253 }),
    verificationKey: text(),
    pluginConfig: anyObject,
    pluginName: text({ minLength: 1, maxLength: 256 }),
    phase: oneOfTexts('UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS'),
    priority: int32,
    failStrategy: oneOfTexts('FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD'),
    vmConfig: object({
      env: listByKeys(
        ['name'],
        object(
          { name: text({ minLength: 1, maxLength: 256 }), value: text({ maxLength: 2048 }), valueFrom: oneOfTexts('INLINE', 'HOST') },
          {
            required: ['name'],
            rules: [
              {
                rule: '(has(self.valueFrom) ? self.valueFrom : "") != "HOST" || !has(self.value)',
                message: 'value may only be set when valueFrom is INLINE',
                holds: (value) => isRecord(value) && (value['valueFrom'] !== 'HOST' || value['value'] === undefined),
              },
            ],
          },
        ),
        { maxItems: 256 },
      ),
    }),
    match: list(
      object({
        mode: oneOfTexts('UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER'),
        ports: listByKeys(['number'], object({ number: { type: 'integer', minimum: 1, maximum: 65_535 } }, { required: ['number'] })),
      }),
    ),
    type: oneOfTexts('UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK'),
  },
  {
    required: ['url'],
    rules: [oneTargetRule],
    description: 'Extend the functionality provided by the Istio proxy through WebAssembly filters.',
  },
);

export const trafficExtensionSpec: Schema = { ...anyObject, description: 'Extend the traffic handling of Istio proxies.' };
