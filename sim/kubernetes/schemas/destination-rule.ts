// DestinationRule (networking.istio.io), as its CRD validates it.
import { percent, portSelector, workloadSelector } from './istio-shared';
import {
  bool,
  duration,
  int32,
  list,
  mapOf,
  object,
  oneOfTexts,
  type Properties,
  type Schema,
  text,
  textMap,
  texts,
  uint32,
} from './schema';

const size: Schema = { type: 'integer', minimum: 0 };

const tcpSettings: Schema = object({
  maxConnections: int32,
  connectTimeout: duration,
  idleTimeout: text(),
  maxConnectionDuration: duration,
  tcpKeepalive: object({ probes: uint32, time: duration, interval: duration }),
});

const httpSettings: Schema = object({
  http1MaxPendingRequests: int32,
  http2MaxRequests: int32,
  maxRequestsPerConnection: int32,
  maxRetries: int32,
  idleTimeout: duration,
  h2UpgradePolicy: oneOfTexts('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
  useClientProtocol: bool,
  maxConcurrentStreams: int32,
});

const localityLbSetting: Schema = object({
  distribute: list(object({ from: text(), to: mapOf(uint32) })),
  failover: list(object({ from: text(), to: text() })),
  failoverPriority: texts,
  enabled: bool,
});

const consistentHash: Schema = object(
  {
    httpHeaderName: text(),
    httpCookie: object({ name: text(), path: text(), ttl: text() }, { required: ['name'] }),
    useSourceIp: bool,
    httpQueryParameterName: text(),
    minimumRingSize: size,
    ringHash: object({ minimumRingSize: size }),
    maglev: object({ tableSize: size }),
  },
  {
    exclusive: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);

const loadBalancer: Schema = object(
  {
    simple: oneOfTexts('UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
    consistentHash,
    localityLbSetting,
    warmupDurationSecs: duration,
    warmup: object(
      { duration, minimumPercent: object({ value: { type: 'number' } }), aggression: object({ value: { type: 'number' } }) },
      { required: ['duration'] },
    ),
  },
  { exclusive: [['simple', 'consistentHash']] },
);

const outlierDetection: Schema = object({
  consecutiveErrors: int32,
  splitExternalLocalOriginErrors: bool,
  consecutiveLocalOriginFailures: uint32,
  consecutiveGatewayErrors: uint32,
  consecutive5xxErrors: uint32,
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: int32,
  minHealthPercent: int32,
});

const clientTls: Schema = object({
  mode: oneOfTexts('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  clientCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  caCrl: text(),
  credentialName: text(),
  subjectAltNames: texts,
  sni: text(),
  insecureSkipVerify: bool,
});

const portPolicy: Properties = {
  connectionPool: object({ tcp: tcpSettings, http: httpSettings }),
  loadBalancer,
  outlierDetection,
  tls: clientTls,
};

const trafficPolicy: Schema = object(
  {
    ...portPolicy,
    portLevelSettings: list(object({ port: portSelector, ...portPolicy }), { maxItems: 4096 }),
    tunnel: object({ protocol: text(), targetHost: text(), targetPort: uint32 }, { required: ['targetHost', 'targetPort'] }),
    proxyProtocol: object({ version: oneOfTexts('V1', 'V2') }),
    retryBudget: object({ percent, minRetryConcurrency: uint32 }),
  },
  { description: 'Traffic policies to apply (load balancing policy, connection pool sizes, outlier detection).' },
);

export const destinationRuleSpec: Schema = object(
  {
    host: text({ description: 'The name of a service from the service registry.' }),
    trafficPolicy,
    subsets: list(object({ name: text(), labels: textMap, trafficPolicy }, { required: ['name'] }), {
      description: 'One or more named sets that represent individual versions of a service.',
    }),
    exportTo: list(text(), { description: 'A list of namespaces to which this destination rule is exported.' }),
    workloadSelector: object({ matchLabels: workloadSelector.properties?.['labels'] ?? textMap }),
  },
  { required: ['host'], description: 'Configuration affecting load balancing, outlier detection, etc.' },
);
