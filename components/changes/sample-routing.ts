// Documents of steering for the tests of what shows them. In: what differs. Out: ServiceRoutingDocument, Preview, ChangeRecord and their parts.
import type { ChangeRecord, EdgeEffect, PlanStep, Preview } from '../../model/change';
import type { ConfigRef, RuleRef } from '../../model/edit';
import type { Finding } from '../../model/finding';
import type { RoutedDestination, RoutingRule, ServiceRoutingDocument } from '../../model/steering';

export const HOST = 'reviews.bookinfo.svc.cluster.local';
export const ROUTE: ConfigRef = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };

export const sampleRef = (index = 0, object: ConfigRef | null = ROUTE): RuleRef => ({ object, list: 'http', index, host: HOST });

export const sampleDestination = (subset: string, share: number, change: Partial<RoutedDestination> = {}): RoutedDestination => ({
  host: HOST,
  subset,
  port: null,
  weight: Math.round(share * 100),
  share,
  state: 'ok',
  readyEndpoints: 1,
  workloads: [`reviews-${subset}`],
  requestsPerSecond: 10 * share,
  ...change,
});

export const sampleRule = (index: number, change: Partial<RoutingRule> = {}): RoutingRule => ({
  rule: sampleRef(index),
  name: null,
  gateways: ['mesh'],
  words: { when: 'every request', what: '100 % to v1, 0 % to v2', also: [] },
  matches: [],
  action: 'route',
  destinations: [sampleDestination('v1', 1), sampleDestination('v2', 0)],
  fault: null,
  timeoutMs: null,
  retries: null,
  mirror: null,
  rewrite: null,
  headers: null,
  cors: null,
  raw: {},
  unreachable: null,
  liveShare: 1,
  ...change,
});

export const sampleRouting = (change: Partial<ServiceRoutingDocument> = {}): ServiceRoutingDocument => ({
  namespace: 'bookinfo',
  name: 'reviews',
  host: HOST,
  ports: [{ name: 'http', port: 9080, protocol: 'HTTP' }],
  objects: [{ ref: ROUTE, resourceVersion: '7', effective: true, why: 'the only one for the host' }],
  rules: [sampleRule(0)],
  disabledRules: [],
  versions: ['v1', 'v2', 'v3'].map((subset, i) => ({
    subset: i < 2 ? subset : null,
    labels: { version: subset },
    definedBy: i < 2 ? { kind: 'DestinationRule', namespace: 'bookinfo', name: 'reviews' } : null,
    readyEndpoints: 1,
    workloads: [`reviews-${subset}`],
    requestsPerSecond: i === 0 ? 10 : 0,
  })),
  policy: { definedBy: null, whole: {}, bySubset: [] },
  exposedBy: [],
  gateways: [{ ref: { kind: 'Gateway', namespace: 'istio-system', name: 'ingress' }, hostnames: ['*'], ports: [80] }],
  findings: [],
  requestsPerSecond: 10,
  trafficAtMs: 1_000,
  ...change,
});

export const sampleFinding = (change: Partial<Finding> = {}): Finding => ({
  code: 'IST0101',
  aliases: ['KIA1107'],
  severity: 'error',
  object: ROUTE,
  path: 'spec.http[0].route[1].destination.subset',
  message: `subset v3 of ${HOST} is defined by no DestinationRule`,
  consequence: 'requests that this route takes are answered 503 (NC)',
  fix: {
    title: 'Add subset v3 with version: v3',
    edits: [{ type: 'subsets', host: HOST, namespace: 'bookinfo', subsets: [{ name: 'v3', labels: { version: 'v3' } }] }],
  },
  ...change,
});

const manifest = (weights: readonly number[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec: {
    hosts: ['reviews'],
    http: [{ route: weights.map((weight, i) => ({ destination: { host: 'reviews', subset: `v${i + 1}` }, weight })) }],
  },
});

export const sampleStep = (change: Partial<PlanStep> = {}): PlanStep => ({
  action: 'update',
  ref: ROUTE,
  resourceVersion: '7',
  before: manifest([100, 0]),
  after: manifest([80, 20]),
  patch: [
    { op: 'replace', path: '/spec/http/0/route/0/weight', value: 80 },
    { op: 'replace', path: '/spec/http/0/route/1/weight', value: 20 },
  ],
  words: ['rule 1: v1 100 → 80, v2 0 → 20'],
  waitAfter: null,
  ...change,
});

export const sampleEffect = (change: Partial<EdgeEffect> = {}): EdgeEffect => ({
  kind: 'moves',
  source: { cluster: 'Kubernetes', namespace: 'bookinfo', workload: 'productpage-v1' },
  host: HOST,
  protocol: 'http',
  requestsPerSecond: 10,
  before: [{ host: HOST, subset: 'v1', workloads: ['reviews-v1'], requestsPerSecond: 10 }],
  after: [
    { host: HOST, subset: 'v1', workloads: ['reviews-v1'], requestsPerSecond: 8 },
    { host: HOST, subset: 'v2', workloads: ['reviews-v2'], requestsPerSecond: 2 },
  ],
  movedPerSecond: 2,
  failingPerSecond: 0,
  delayed: null,
  why: 'rule 1 sends 20 % to v2',
  rules: { before: null, after: null },
  ...change,
});

export const samplePreview = (change: Partial<Preview> = {}): Preview => ({
  plan: { steps: [sampleStep()], digest: 'abc' },
  findings: [],
  ownership: [],
  effects: [sampleEffect()],
  forecast: [
    { host: HOST, subset: 'v1', workloads: ['reviews-v1'], readyEndpoints: 1, nowPerSecond: 10, predictedPerSecond: 8 },
    { host: HOST, subset: 'v2', workloads: ['reviews-v2'], readyEndpoints: 1, nowPerSecond: 0, predictedPerSecond: 2 },
  ],
  cases: [],
  dryRun: [{ ref: ROUTE, ok: true, problems: [] }],
  dryRunFault: null,
  trafficAtMs: 1_000,
  windowSeconds: 60,
  revertBy: { identity: 'console', validUntilMs: null },
  ...change,
});

export const sampleChange = (change: Partial<ChangeRecord> = {}): ChangeRecord => ({
  id: 'c1',
  state: 'waiting',
  by: { name: 'ada@example.com', subject: 'ada' },
  createdAtMs: 1_000_000,
  reason: 'canary of v2',
  override: null,
  steps: [{ ...sampleStep(), state: 'written', written: { resourceVersion: '8', uid: 'u' } }],
  acceptedFindings: [],
  hosts: [HOST],
  confirm: { revertAfterSeconds: 300, guard: { errorPercentPoints: 5, latencyFactor: 2 } },
  revertBy: 'console',
  deadlineMs: 1_300_000,
  confirmedBy: null,
  endedAtMs: null,
  outcome: null,
  remains: [],
  before: {
    atMs: 1_000_000,
    requestsPerSecond: 10,
    errorPercent: 0.1,
    p95Ms: 40,
    byDestination: [{ host: HOST, workload: 'reviews-v1', requestsPerSecond: 10 }],
  },
  after: null,
  measures: [],
  undoes: null,
  undoneBy: null,
  ...change,
});
