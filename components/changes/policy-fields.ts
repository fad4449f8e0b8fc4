// The fields of a traffic policy that the form offers, as data, and how they are read and written in Istio's own JSON. Pure.
// In: a part of trafficPolicy. Out: the same with one field changed; what the form does not know stays as it is.
import type { TrafficPolicyEdit } from '../../model/edit';
import type { Json, JsonObject } from '../../model/inventory';

export type PolicyPart = keyof TrafficPolicyEdit;

export type PolicyField = {
  readonly path: readonly string[];
  readonly label: string;
  readonly hint?: string;
} & (
  | { readonly type: 'number'; readonly unit?: string; readonly max?: number }
  /** Also durations: Istio's text, `30s`. */
  | { readonly type: 'text'; readonly placeholder?: string }
  | { readonly type: 'check' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
);

export const POLICY_TITLES: Readonly<Record<PolicyPart, string>> = {
  loadBalancer: 'Load balancing',
  connectionPool: 'Connection pool',
  outlierDetection: 'Outlier detection',
  tls: 'TLS to the service',
};

export const POLICY_FIELDS: Readonly<Record<PolicyPart, readonly PolicyField[]>> = {
  loadBalancer: [
    { path: ['simple'], label: 'Algorithm', type: 'choice', choices: ['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH'] },
    { path: ['consistentHash', 'httpHeaderName'], label: 'Or by hash of header', type: 'text', placeholder: 'x-user' },
    { path: ['consistentHash', 'httpQueryParameterName'], label: 'Or by hash of query parameter', type: 'text' },
    { path: ['consistentHash', 'useSourceIp'], label: 'Or by hash of the caller’s address', type: 'check' },
    { path: ['warmup', 'duration'], label: 'Warm-up', type: 'text', placeholder: '60s' },
  ],
  connectionPool: [
    { path: ['tcp', 'maxConnections'], label: 'Connections at most', type: 'number' },
    { path: ['tcp', 'connectTimeout'], label: 'Connect timeout', type: 'text', placeholder: '10s' },
    { path: ['http', 'http1MaxPendingRequests'], label: 'Waiting requests at most', type: 'number' },
    { path: ['http', 'http2MaxRequests'], label: 'Requests under way at most', type: 'number' },
    { path: ['http', 'maxRequestsPerConnection'], label: 'Requests per connection', type: 'number' },
    { path: ['http', 'maxRetries'], label: 'Retries under way at most', type: 'number' },
    { path: ['http', 'idleTimeout'], label: 'Idle timeout', type: 'text', placeholder: '1h' },
  ],
  outlierDetection: [
    { path: ['consecutive5xxErrors'], label: '5xx in a row until ejected', type: 'number' },
    { path: ['consecutiveGatewayErrors'], label: '502, 503, 504 in a row until ejected', type: 'number' },
    { path: ['interval'], label: 'Looked at every', type: 'text', placeholder: '10s' },
    { path: ['baseEjectionTime'], label: 'Ejected for', type: 'text', placeholder: '30s' },
    { path: ['maxEjectionPercent'], label: 'Ejected at most', type: 'number', unit: '%', max: 100 },
    { path: ['minHealthPercent'], label: 'Only while healthy', type: 'number', unit: '%', max: 100 },
  ],
  tls: [
    {
      path: ['mode'],
      label: 'Mode',
      type: 'choice',
      choices: ['ISTIO_MUTUAL', 'DISABLE', 'SIMPLE', 'MUTUAL'],
      hint: 'Without one, mutual TLS is used where the service has a sidecar.',
    },
    { path: ['sni'], label: 'Server name (SNI)', type: 'text' },
    { path: ['credentialName'], label: 'Secret', type: 'text' },
    { path: ['caCertificates'], label: 'CA file', type: 'text' },
    { path: ['clientCertificate'], label: 'Certificate file', type: 'text' },
    { path: ['privateKey'], label: 'Key file', type: 'text' },
  ],
};

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at the path; undefined: nothing. */
export function readField(part: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = part;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return value;
}

/** Null takes the field out, and objects that become empty by that. */
export function writeField(part: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return part;
  const old = part[name];
  const next = rest.length === 0 ? value : writeField(isObject(old) ? old : {}, rest, value);
  const gone = next === null || (rest.length > 0 && isObject(next) && Object.keys(next).length === 0);
  if (!gone) return { ...part, [name]: next };
  return Object.fromEntries(Object.entries(part).filter(([key]) => key !== name));
}

/** A load balancer is one thing: an algorithm takes the hash out, a hash the algorithm (a oneof of Istio's). */
export function writePolicyField(kind: PolicyPart, part: JsonObject, path: readonly string[], value: Json): JsonObject {
  if (kind === 'loadBalancer' && value !== null && value !== false) {
    const cleared =
      path[0] === 'simple'
        ? writeField(part, ['consistentHash'], null)
        : path[0] === 'consistentHash'
          ? writeField(writeField(part, ['simple'], null), ['consistentHash'], null)
          : part;
    return writeField(cleared, path, value);
  }
  return writeField(part, path, value);
}

/** "LEAST_REQUEST", "connections at most 100, ...": the set fields in a line; null: nothing is set. */
export function wordPolicyPart(kind: PolicyPart, part: JsonObject | null | undefined): string | null {
  if (part === null || part === undefined) return null;
  const said = POLICY_FIELDS[kind].flatMap((field) => {
    const value = readField(part, field.path);
    if (value === undefined || value === null || value === false || typeof value === 'object') return [];
    if (field.type === 'choice') return [String(value)];
    if (field.type === 'check') return [field.label.toLowerCase()];
    return [`${field.label.toLowerCase()} ${String(value)}${field.type === 'number' && field.unit !== undefined ? ` ${field.unit}` : ''}`];
  });
  return said.length === 0 ? 'set' : said.join(', ');
}
