// Reads the trafficPolicy of a DestinationRule or of one of its subsets. In: Fields. Out: TrafficPolicyView.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import { type Fields, pointerTo } from './fields';

export interface ClientTls {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly sni: string | null;
  /** Secret of the client's certificate. */
  readonly credentialName: string | null;
  /** Path of the roots that the server is held against; null = the system's (SIMPLE, MUTUAL). */
  readonly caCertificates: string | null;
  readonly clientCertificate: string | null;
  readonly subjectAltNames: readonly string[];
  readonly insecureSkipVerify: boolean;
  readonly pointer: ConfigPointer;
}

/** Limits; null = not configured (Envoy's default, practically none). */
export interface ConnectionPool {
  readonly maxConnections: number | null;
  readonly connectTimeoutMs: number | null;
  readonly http1MaxPendingRequests: number | null;
  readonly http2MaxRequests: number | null;
  readonly maxRequestsPerConnection: number | null;
  readonly maxRetries: number | null;
  readonly idleTimeoutMs: number | null;
  readonly maxConcurrentStreams: number | null;
  /** UPGRADE, DO_NOT_UPGRADE; null = the mesh's default. */
  readonly h2UpgradePolicy: string | null;
  readonly pointer: ConfigPointer;
}

export interface OutlierDetection {
  /** 0 = off. */
  readonly consecutive5xxErrors: number;
  readonly consecutiveGatewayErrors: number | null;
  /** Failures to connect, counted apart where `splitExternalLocalOriginErrors` says so. */
  readonly consecutiveLocalOriginFailures: number | null;
  readonly splitExternalLocalOriginErrors: boolean;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent: number;
  readonly pointer: ConfigPointer;
}

export interface LoadBalancer {
  readonly algorithm: 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'RANDOM' | 'PASSTHROUGH' | 'CONSISTENT_HASH';
  /** `header x-user`, `cookie session`, `source IP`, `query parameter q`; null unless CONSISTENT_HASH. */
  readonly hashOn: string | null;
  /** Of CONSISTENT_HASH: `ringHash` (1024 points) unless `maglev` (65537) is written; null for other algorithms. */
  readonly hashTable: { readonly type: 'ringHash' | 'maglev'; readonly size: number } | null;
  /** Time in which new endpoints get their full share; null = at once. */
  readonly warmupMs: number | null;
  readonly locality: LocalitySetting | null;
  readonly pointer: ConfigPointer;
}

/** How localities are preferred. */
export interface LocalitySetting {
  /** Null = as the mesh has it. */
  readonly enabled: boolean | null;
  /** Share of each locality (percent) by the client's. */
  readonly distribute: readonly { readonly from: string; readonly to: Readonly<Record<string, number>> }[];
  readonly failover: readonly { readonly from: string; readonly to: string }[];
  readonly failoverPriority: readonly string[];
}

/** The parts that a DestinationRule may set; null parts are not configured: Istio's defaults hold. */
export interface PolicyParts {
  readonly tls: ClientTls | null;
  readonly connectionPool: ConnectionPool | null;
  readonly outlierDetection: OutlierDetection | null;
  readonly loadBalancer: LoadBalancer | null;
}

export interface TrafficPolicyView extends PolicyParts {
  readonly ports: ReadonlyMap<number, PolicyParts>;
}

export function readTrafficPolicy(object: ConfigObject, policy: Fields): TrafficPolicyView {
  const ports = new Map<number, PolicyParts>();
  for (const entry of policy.objects('portLevelSettings')) {
    const port = entry.object('port')?.number('number') ?? null;
    if (port !== null && !ports.has(port)) ports.set(port, readParts(object, entry));
  }
  return { ...readParts(object, policy), ports };
}

function readParts(object: ConfigObject, policy: Fields): PolicyParts {
  return {
    tls: readTls(object, policy.object('tls')),
    connectionPool: readPool(object, policy.object('connectionPool')),
    outlierDetection: readOutlier(object, policy.object('outlierDetection')),
    loadBalancer: readLoadBalancer(object, policy.object('loadBalancer')),
  };
}

function readTls(object: ConfigObject, tls: Fields | null): ClientTls | null {
  if (tls === null) return null;
  const mode = tls.text('mode');
  return {
    // The first value of the enum is the default of an absent mode.
    mode: mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL' ? mode : 'DISABLE',
    sni: tls.text('sni') || null,
    credentialName: tls.text('credentialName') || null,
    caCertificates: tls.text('caCertificates') || null,
    clientCertificate: tls.text('clientCertificate') || null,
    subjectAltNames: tls.texts('subjectAltNames'),
    insecureSkipVerify: tls.flag('insecureSkipVerify') ?? false,
    pointer: pointerTo(object, tls.path),
  };
}

function readPool(object: ConfigObject, pool: Fields | null): ConnectionPool | null {
  if (pool === null) return null;
  const tcp = pool.object('tcp');
  const http = pool.object('http');
  const h2 = http?.text('h2UpgradePolicy') ?? null;
  return {
    maxConnections: tcp?.number('maxConnections') ?? null,
    connectTimeoutMs: tcp?.durationMs('connectTimeout') ?? null,
    http1MaxPendingRequests: http?.number('http1MaxPendingRequests') ?? null,
    http2MaxRequests: http?.number('http2MaxRequests') ?? null,
    maxRequestsPerConnection: http?.number('maxRequestsPerConnection') ?? null,
    maxRetries: http?.number('maxRetries') ?? null,
    idleTimeoutMs: http?.durationMs('idleTimeout') ?? tcp?.durationMs('idleTimeout') ?? null,
    maxConcurrentStreams: http?.number('maxConcurrentStreams') ?? null,
    h2UpgradePolicy: h2 === null || h2 === 'DEFAULT' ? null : h2,
    pointer: pointerTo(object, pool.path),
  };
}

function readOutlier(object: ConfigObject, outlier: Fields | null): OutlierDetection | null {
  if (outlier === null) return null;
  return {
    consecutive5xxErrors: outlier.number('consecutive5xxErrors') ?? outlier.number('consecutiveErrors') ?? 5,
    consecutiveGatewayErrors: outlier.number('consecutiveGatewayErrors'),
    consecutiveLocalOriginFailures: outlier.number('consecutiveLocalOriginFailures'),
    splitExternalLocalOriginErrors: outlier.flag('splitExternalLocalOriginErrors') ?? false,
    intervalMs: outlier.durationMs('interval') ?? 10_000,
    baseEjectionTimeMs: outlier.durationMs('baseEjectionTime') ?? 30_000,
    maxEjectionPercent: outlier.number('maxEjectionPercent') ?? 10,
    minHealthPercent: outlier.number('minHealthPercent') ?? 0,
    pointer: pointerTo(object, outlier.path),
  };
}

function readLoadBalancer(object: ConfigObject, balancer: Fields | null): LoadBalancer | null {
  if (balancer === null) return null;
  const shared = {
    warmupMs: balancer.object('warmup')?.durationMs('duration') ?? balancer.durationMs('warmupDurationSecs'),
    locality: readLocality(balancer.object('localityLbSetting')),
    pointer: pointerTo(object, balancer.path),
  };
  const hash = balancer.object('consistentHash');
  if (hash !== null) return { algorithm: 'CONSISTENT_HASH', hashOn: readHashKey(hash), hashTable: readHashTable(hash), ...shared };
  const simple = balancer.text('simple');
  // UNSPECIFIED, absent and the old LEAST_CONN mean LEAST_REQUEST.
  const algorithm = simple === 'ROUND_ROBIN' || simple === 'RANDOM' || simple === 'PASSTHROUGH' ? simple : 'LEAST_REQUEST';
  return { algorithm, hashOn: null, hashTable: null, ...shared };
}

function readHashTable(hash: Fields): LoadBalancer['hashTable'] {
  const maglev = hash.object('maglev');
  if (maglev !== null) return { type: 'maglev', size: maglev.number('tableSize') ?? 65_537 };
  return { type: 'ringHash', size: hash.object('ringHash')?.number('minimumRingSize') ?? hash.number('minimumRingSize') ?? 1024 };
}

function readLocality(locality: Fields | null): LocalitySetting | null {
  if (locality === null) return null;
  return {
    enabled: locality.flag('enabled'),
    distribute: locality.objects('distribute').map((entry) => {
      const to = entry.object('to');
      return {
        from: entry.text('from') ?? '',
        to: Object.fromEntries(Object.keys(to?.value ?? {}).map((name) => [name, to?.number(name) ?? 0])),
      };
    }),
    failover: locality.objects('failover').map((entry) => ({ from: entry.text('from') ?? '', to: entry.text('to') ?? '' })),
    failoverPriority: locality.texts('failoverPriority'),
  };
}

function readHashKey(hash: Fields): string | null {
  const header = hash.text('httpHeaderName');
  if (header !== null) return `header ${header}`;
  const cookie = hash.object('httpCookie');
  if (cookie !== null) return `cookie ${cookie.text('name') ?? ''}`;
  const parameter = hash.text('httpQueryParameterName');
  if (parameter !== null) return `query parameter ${parameter}`;
  return hash.flag('useSourceIp') === true ? 'source IP' : null;
}
