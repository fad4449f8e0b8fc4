// JSON Schemas (2020-12, as OpenAPI 3.1 uses) of everything the public API returns. Tests hold real answers against them.
// In: model's constants. Out: SCHEMAS by name.

import { LOGIN_STRATEGIES, ROLES } from '../../model/account';
import { GRAPH_TYPES } from '../../model/graph';
import { QUERY_CAUSES } from '../../model/load';
import { OVERLAYS } from '../../model/wire';
import { CHANGE_SCHEMAS } from './change-schemas';
import { DASHBOARD_SCHEMAS } from './dashboard-schemas';
import { DETAIL_SCHEMAS } from './detail-schemas';
import { ENTITY_METRICS_SCHEMAS } from './entity-metrics-schemas';
import { LIST_SCHEMAS } from './list-schemas';
import { LOG_SCHEMAS } from './log-paths';
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text, withOptional } from './schema-parts';
import { STEERING_SCHEMAS } from './steering-schemas';
import { TIME_SCHEMAS } from './time-schemas';
import { EDGE_OPTIONS, NODE_OPTIONS, PATHS, SEARCH, SHOWN, VIEW_OPTIONS } from './view-schemas';

const HEALTH = oneOf('failure', 'degraded', 'notReady', 'healthy', 'na');
const healthCounts = object({ failure: number, degraded: number, notReady: number, healthy: number, na: number });
const direction = object({
  http: described(number, 'HTTP requests per second'),
  httpErrors: number,
  grpc: described(number, 'gRPC requests per second'),
  grpcErrors: number,
  tcpBytes: described(number, 'bytes per second'),
});
const namespaceTraffic = object({ requestsPerSecond: number, errorShare: orNull(number), tcpBytesPerSecond: number });
const sourceState: Schema = {
  type: 'object',
  required: ['state', 'atMs', 'cause', 'next'],
  properties: {
    state: oneOf('waiting', 'live', 'stale', 'partial'),
    atMs: orNull(number),
    cause: orNull(text),
    next: orNull(text),
    recordedAtMs: described(number, 'when the recording rules were evaluated that it was read from; absent where it was computed'),
  },
  additionalProperties: false,
};

const queryUse = { queries: number, failed: number, seconds: described(number, 'time that queries took'), bytes: number };

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Load: object(
    {
      atMs: number,
      perMinute: object(queryUse),
      causes: list(object({ cause: object({ kind: oneOf(...QUERY_CAUSES), windowSeconds: orNull(number) }), ...queryUse })),
      underWay: number,
      waiting: number,
      concurrency: number,
      windows: list(
        object({ windowSeconds: number, intervalSeconds: number, wantedSeconds: number, edges: number, recordedAtMs: orNull(number) }),
      ),
      splits: list(object({ query: text, parts: number })),
      version: orNull(text),
      notes: list(text),
    },
    'What the console asks of the metrics backend.',
  ),
  Problem: object(
    { type: text, title: text, status: { type: 'integer' }, code: text, detail: text, next: text },
    'What failed, on what, and what to do next (RFC 9457).',
  ),
  Freshness: object({ metrics: sourceState, cluster: sourceState }, 'Age of the data and, when it is not current, why.'),
  View: object({
    graphType: oneOf(...GRAPH_TYPES),
    namespaces: list(text),
    windowSeconds: number,
    atSeconds: orNull(number),
    serviceNodes: flag,
    idle: flag,
    overlays: list(oneOf(...OVERLAYS)),
    hide: text,
    ...VIEW_OPTIONS,
  }),
  Node: withOptional(
    object({
      id: text,
      parent: orNull(text),
      kind: oneOf('workload', 'app', 'service', 'serviceEntry', 'passthrough', 'blackhole', 'unknown', 'namespace', 'hidden', 'operation'),
      label: text,
      cluster: text,
      namespace: text,
      workload: orNull(text),
      app: orNull(text),
      version: orNull(text),
      service: orNull(text),
      workloadKind: orNull(text),
      mode: orNull(oneOf('sidecar', 'ambient', 'gateway', 'waypoint', 'ztunnel', 'controlPlane', 'none')),
      inbound: direction,
      outbound: direction,
      health: object({ status: HEALTH, reasons: list({ type: 'object' }) }),
      badges: list(text),
      outside: flag,
      root: flag,
      pods: orNull(object({ ready: number, desired: number })),
      hosts: list(text),
      explanation: orNull(object({ code: text, what: text, cause: text, fix: text })),
      members: number,
    }),
    NODE_OPTIONS,
  ),
  Box: object({
    id: text,
    parent: orNull(text),
    kind: oneOf('cluster', 'namespace', 'app'),
    label: text,
    cluster: text,
    namespace: text,
    app: orNull(text),
    health: HEALTH,
  }),
  Response: object({ code: text, flags: text, host: text, requestsPerSecond: number }),
  Latency: object({ averageMs: orNull(number), p50Ms: orNull(number), p95Ms: orNull(number), p99Ms: orNull(number) }),
  Edge: withOptional(
    object({
      id: text,
      source: text,
      target: text,
      protocol: oneOf('http', 'grpc', 'tcp'),
      requestsPerSecond: number,
      errorsPerSecond: number,
      sentBytesPerSecond: number,
      receivedBytesPerSecond: number,
      latency: orNull(ref('Latency')),
      requestBytesPerSecond: orNull(number),
      responseBytesPerSecond: orNull(number),
      mtlsShare: orNull({ type: 'number', minimum: 0, maximum: 1 }),
      health: HEALTH,
      reporters: list(oneOf('source', 'destination', 'waypoint', 'ztunnel')),
      marks: list(oneOf('circuitBreaker', 'fault')),
      responses: orNull(list(ref('Response'))),
    }),
    EDGE_OPTIONS,
  ),
  Totals: withOptional(
    object({
      services: number,
      workloads: number,
      apps: number,
      edges: number,
      requestsPerSecond: number,
      errorsPerSecond: number,
      tcpBytesPerSecond: number,
      mtlsShare: orNull(number),
      health: healthCounts,
    }),
    { shown: SHOWN },
  ),
  Graph: withOptional(
    object({
      view: ref('View'),
      atMs: described(number, 'Instant at which the window ends, ms since the epoch.'),
      revision: number,
      nodes: list(ref('Node')),
      boxes: list(ref('Box')),
      edges: list(ref('Edge')),
      totals: ref('Totals'),
      notes: list(object({ code: text, text })),
      freshness: ref('Freshness'),
      folded: flag,
    }),
    { paths: PATHS },
  ),
  Found: object({
    find: text,
    atMs: number,
    nodes: number,
    edges: number,
    hits: list(
      object({
        kind: oneOf('node', 'edge'),
        id: text,
        label: text,
        nodeKind: orNull(text),
        namespace: text,
        health: HEALTH,
        shownAs: orNull(text),
        open: orNull(text),
      }),
    ),
    shown: list(text),
  }),
  Search: SEARCH,
  Element: object({
    id: text,
    atMs: number,
    inbound: list(ref('Response')),
    outbound: list(ref('Response')),
    latency: orNull(ref('Latency')),
    principals: orNull(list(object({ source: text, destination: text, perSecond: number }))),
  }),
  ElementCharts: object({
    id: text,
    charts: list(
      object({
        id: oneOf('rate', 'errors', 'latency', 'throughput', 'bytes'),
        direction: oneOf('inbound', 'outbound', 'edge'),
        title: text,
        unit: oneOf('rps', 'percent', 'ms', 'Bps'),
        series: list(object({ name: text, points: list({ type: 'array', minItems: 2, maxItems: 2 }) })),
        promql: list(text),
      }),
    ),
  }),
  Namespaces: object({
    atMs: orNull(number),
    windowSeconds: number,
    shortestWindowSeconds: number,
    freshness: ref('Freshness'),
    namespaces: list(
      object({
        name: text,
        cluster: text,
        mode: oneOf('sidecar', 'ambient', 'controlPlane', 'none'),
        revision: orNull(text),
        labels: stringMap,
        health: HEALTH,
        apps: healthCounts,
        workloads: healthCounts,
        services: healthCounts,
        inbound: namespaceTraffic,
        outbound: namespaceTraffic,
        mtlsShare: orNull(number),
        recent: list({ type: 'array', minItems: 2, maxItems: 2 }),
      }),
    ),
  }),
  Access: object(
    {
      namespace: text,
      sees: flag,
      deeds: list(
        object({
          deed: object({
            verb: oneOf('get', 'list', 'watch', 'create', 'update', 'patch', 'delete'),
            group: described(text, 'API group; empty for the core group'),
            resource: text,
            namespace: orNull(text),
          }),
          allowed: flag,
        }),
      ),
      request: orNull(object({ kind: oneOf('kubernetes', 'configuration'), yaml: text })),
    },
    'What the caller may do in a namespace; request holds what to ask an administrator for, null when nothing is missing.',
  ),
  Me: object(
    {
      strategy: oneOf(...LOGIN_STRATEGIES),
      user: orNull(object({ name: text, groups: list(text) })),
      endsAtMs: orNull(number),
      idleEndsAtMs: orNull(number),
      csrfToken: described(orNull(text), 'Sent as x-heddle-csrf with every request that is not GET; null without a session.'),
      sees: oneOf('all', 'some', 'none'),
      isAdmin: flag,
    },
    'Who is asking. Times are ms since the epoch.',
  ),
  Doctor: object(
    {
      strategy: oneOf(...LOGIN_STRATEGIES),
      atMs: number,
      claims: list(object({ name: text, value: orNull(text) })),
      username: object({ claim: text, value: orNull(text) }),
      groups: object({ claim: text, values: list(text) }),
      roles: list(object({ role: oneOf(...ROLES), namespaces: list(text), matchedBy: list(text) })),
      redirectUri: object({ used: orNull(text), expected: list(text) }),
      findings: list(object({ severity: oneOf('ok', 'warning', 'error'), code: text, text, fix: orNull(text) })),
    },
    'How a login went, secrets left out.',
  ),
  TokenLogin: object({ token: { type: 'string', minLength: 8, maxLength: 8192 } }, 'A token of the Kubernetes API.'),
  Logout: object({ location: described(text, 'Address or path to go to.') }),
  ProviderLogout: object({ logout_token: text }),
  OAuthError: object({ error: text, error_description: text }),
  Health: object({ status: oneOf('ok', 'starting', 'degraded'), freshness: orNull(ref('Freshness')) }),
  ...LOG_SCHEMAS,
  ...DASHBOARD_SCHEMAS,
  ...ENTITY_METRICS_SCHEMAS,
  ...DETAIL_SCHEMAS,
  ...LIST_SCHEMAS,
  ...TIME_SCHEMAS,
  ...STEERING_SCHEMAS,
  ...CHANGE_SCHEMAS,
};
