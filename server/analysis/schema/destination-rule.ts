// The form of a DestinationRule's spec.
import { any, count, duration, filled, flag, list, mapOf, object, oneOf, percent, port, text, textMap, texts, whole } from './shape';

const hashSize = object({ minimumRingSize: count, tableSize: count });

const parts = {
  connectionPool: object({
    tcp: object({ maxConnections: whole, connectTimeout: duration, idleTimeout: text, maxConnectionDuration: duration, tcpKeepalive: any }),
    http: object({
      http1MaxPendingRequests: whole,
      http2MaxRequests: whole,
      maxRequestsPerConnection: whole,
      maxRetries: whole,
      idleTimeout: duration,
      h2UpgradePolicy: oneOf('DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'),
      useClientProtocol: flag,
      maxConcurrentStreams: whole,
    }),
  }),
  loadBalancer: object(
    {
      simple: oneOf('UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'),
      consistentHash: object(
        {
          httpHeaderName: text,
          httpCookie: object({ name: filled, path: text, ttl: text, attributes: any }, { required: ['name'] }),
          useSourceIp: flag,
          httpQueryParameterName: text,
          minimumRingSize: count,
          ringHash: hashSize,
          maglev: hashSize,
        },
        {
          exclusive: [
            ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
            ['ringHash', 'maglev'],
          ],
        },
      ),
      localityLbSetting: object({
        distribute: list(object({ from: text, to: mapOf({ type: 'number', whole: true, min: 0, max: 100 }) })),
        failover: list(object({ from: text, to: text })),
        failoverPriority: texts,
        enabled: flag,
      }),
      warmupDurationSecs: duration,
      warmup: any,
    },
    { exclusive: [['simple', 'consistentHash']] },
  ),
  outlierDetection: object({
    consecutiveErrors: whole,
    splitExternalLocalOriginErrors: flag,
    consecutiveLocalOriginFailures: count,
    consecutiveGatewayErrors: count,
    consecutive5xxErrors: count,
    interval: duration,
    baseEjectionTime: duration,
    maxEjectionPercent: percent,
    minHealthPercent: percent,
  }),
  tls: object({
    mode: oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
    clientCertificate: text,
    privateKey: text,
    caCertificates: text,
    caCrl: text,
    credentialName: text,
    subjectAltNames: texts,
    sni: text,
    insecureSkipVerify: flag,
  }),
};

const trafficPolicy = object({
  ...parts,
  portLevelSettings: list(object({ port: object({ number: port }), ...parts })),
  tunnel: any,
  proxyProtocol: any,
  retryBudget: any,
});

export const destinationRuleShape = object(
  {
    host: filled,
    trafficPolicy,
    subsets: list(object({ name: filled, labels: textMap, trafficPolicy }, { required: ['name'] })),
    exportTo: texts,
    workloadSelector: object({ matchLabels: textMap }),
  },
  { required: ['host'] },
);
