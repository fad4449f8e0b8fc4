// The words of the find and hide language: every operand with its other names, what it is asked of and what it takes.
// In: a word as typed. Out: Operand, or the words that are close to it. Names and short forms are those of Kiali's expressions; ours are marked.
import type { Badge, NodeKind } from '../graph';

/** `both`: asked of nodes and of edges alike. */
export type OperandTarget = 'node' | 'edge' | 'both';

/** What must be shown or collected for an operand to find anything. */
export type FindNeed =
  | 'rank'
  | 'security'
  | 'responseTime'
  | 'throughput'
  | 'idleNodes'
  | 'idleEdges'
  | 'operationNodes'
  | 'serviceNodes'
  | 'waypoints';

/** Data that a view collects on demand and an operand reads (the overlays of model/wire). */
export type FindOverlay = 'latency' | 'quantiles' | 'requestThroughput';

interface Shared {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly on: OperandTarget;
  readonly about: string;
  readonly need?: FindNeed;
}
export interface TextOperand extends Shared {
  readonly takes: 'text';
  /** The only values that it takes, null = any. */
  readonly values: readonly string[] | null;
}
export interface NumberOperand extends Shared {
  readonly takes: 'number';
  readonly unit: string;
  readonly range?: readonly [number, number];
  /** What the server collects for it, where that is one thing only. */
  readonly overlay?: FindOverlay;
}
export interface FlagOperand extends Shared {
  readonly takes: 'nothing';
  /** True where the bare word is so common in names that alone it is looked for as text; `is <word>` asks. */
  readonly plain?: boolean;
}
export type Operand = TextOperand | NumberOperand | FlagOperand;

const text = (
  name: string,
  on: OperandTarget,
  about: string,
  aliases: readonly string[] = [],
  more: Partial<TextOperand> = {},
): TextOperand => ({
  name,
  aliases,
  on,
  about,
  takes: 'text',
  values: null,
  ...more,
});
const number = (
  name: string,
  on: OperandTarget,
  unit: string,
  about: string,
  aliases: readonly string[] = [],
  more: Partial<NumberOperand> = {},
): NumberOperand => ({
  name,
  aliases,
  on,
  about,
  takes: 'number',
  unit,
  ...more,
});
const flag = (
  name: string,
  on: OperandTarget,
  about: string,
  aliases: readonly string[] = [],
  more: Partial<FlagOperand> = {},
): FlagOperand => ({
  name,
  aliases,
  on,
  about,
  takes: 'nothing',
  ...more,
});

/** Words of `node = …` and the kinds that each means. As in Kiali a ServiceEntry and Istio's two catch-all clusters are services. */
export const NODE_WORDS: Readonly<Record<string, readonly (NodeKind | 'operation')[]>> = {
  app: ['app'],
  operation: ['operation'],
  service: ['service', 'serviceEntry', 'passthrough', 'blackhole'],
  workload: ['workload'],
  unknown: ['unknown'],
  serviceentry: ['serviceEntry'],
  passthrough: ['passthrough'],
  blackhole: ['blackhole'],
  namespace: ['namespace'],
  hidden: ['hidden'],
};
export const NODE_WORD_ALIASES: Readonly<Record<string, string>> = {
  op: 'operation',
  svc: 'service',
  wl: 'workload',
  se: 'serviceentry',
  ns: 'namespace',
};

/** `healthy`: nothing is wrong, or nothing is known to be. */
export const HEALTH_WORDS = ['healthy', 'notready', 'degraded', 'failure', 'na'] as const;

export const OPERANDS: readonly Operand[] = [
  text('app', 'node', 'App of a node'),
  text('cluster', 'node', 'Cluster of a node'),
  number('grpcin', 'node', 'requests/s', 'gRPC requests into a node'),
  number('grpcout', 'node', 'requests/s', 'gRPC requests out of a node'),
  number('httpin', 'node', 'requests/s', 'HTTP requests into a node'),
  number('httpout', 'node', 'requests/s', 'HTTP requests out of a node'),
  text('host', 'node', 'A host by which a node is called'),
  text('name', 'node', 'Operation, app, service, workload or shown name of a node'),
  text('namespace', 'node', 'Namespace of a node', ['ns']),
  text('node', 'node', 'Kind of a node', [], { values: Object.keys(NODE_WORDS) }),
  text('operation', 'node', 'Operation of a node', ['op'], { need: 'operationNodes' }),
  number('rank', 'node', '', 'Importance by the number of edges, 1 is the highest', [], { range: [1, 100], need: 'rank' }),
  text('service', 'node', 'Service of a node', ['svc'], { need: 'serviceNodes' }),
  number('tcpin', 'node', 'bytes/s', 'TCP traffic into a node'),
  number('tcpout', 'node', 'bytes/s', 'TCP traffic out of a node'),
  text('version', 'node', 'Version of a node'),
  text('workload', 'node', 'Workload of a node', ['wl']),
  flag('ambient', 'node', 'In the ambient mesh', [], { plain: true }),
  flag('circuitbreaker', 'node', 'A DestinationRule sets a circuit breaker', ['cb']),
  flag('dead', 'node', 'Has traffic, but no pods'),
  flag('external', 'node', 'Outside of the mesh', [], { plain: true }),
  flag('faultinjection', 'node', 'A route injects faults', ['fi']),
  flag('gateway', 'node', 'Is a gateway', [], { plain: true }),
  flag('inaccessible', 'node', 'Stands for what you may not see'),
  flag('mirroring', 'node', 'A route mirrors traffic', [], { plain: true }),
  flag('outofmesh', 'node', 'Pods without a proxy', ['om']),
  flag('outside', 'node', 'Outside of the chosen namespaces', ['outsider']),
  flag('requestrouting', 'node', 'A route matches requests', ['rr']),
  flag('requesttimeout', 'node', 'A route sets a timeout', ['rto']),
  flag('serviceentry', 'node', 'Declared by a ServiceEntry', ['se']),
  flag('sidecar', 'node', 'No pod lacks a proxy', ['sc']),
  flag('tcptrafficshifting', 'node', 'A route splits TCP connections', ['tcpts']),
  flag('trafficshifting', 'node', 'A route splits requests', ['ts']),
  flag('trafficsource', 'node', 'Nobody calls it', ['root']),
  flag('virtualservice', 'node', 'A VirtualService or HTTPRoute routes it', ['vs']),
  flag('waypoint', 'node', 'Is a waypoint proxy', [], { plain: true, need: 'waypoints' }),
  flag('workloadentry', 'node', 'Declared by a WorkloadEntry', ['we']),
  flag('healthy', 'both', 'Neither degraded nor failing'),
  flag('idle', 'both', 'Without traffic', [], { need: 'idleNodes' }),
  text('health', 'both', 'Health of a node or an edge', [], { values: HEALTH_WORDS }),
  number('avg', 'edge', 'ms', 'Average response time', ['average'], { overlay: 'latency' }),
  text('destprincipal', 'edge', 'Identity of the server, as SPIFFE id', [], { need: 'security' }),
  number('grpc', 'edge', 'requests/s', 'gRPC requests'),
  number('%grpcerr', 'edge', '%', 'Share of gRPC requests that failed', ['%grpcerror']),
  number('%grpctraffic', 'edge', '%', "Share of the source's gRPC requests"),
  number('http', 'edge', 'requests/s', 'HTTP requests'),
  number('%httperr', 'edge', '%', 'Share of HTTP requests that failed', ['%httperror']),
  number('%httptraffic', 'edge', '%', "Share of the source's HTTP requests"),
  number('p50', 'edge', 'ms', 'Median response time', ['median'], { overlay: 'quantiles' }),
  number('p95', 'edge', 'ms', '95th percentile of the response time', [], { overlay: 'quantiles' }),
  number('p99', 'edge', 'ms', '99th percentile of the response time', [], { overlay: 'quantiles' }),
  text('protocol', 'edge', 'Protocol of an edge', [], { values: ['grpc', 'http', 'tcp'] }),
  number('responsetime', 'edge', 'ms', 'Response time: P95 where it is collected, else the average', ['rt'], { need: 'responseTime' }),
  text('sourceprincipal', 'edge', 'Identity of the client, as SPIFFE id', [], { need: 'security' }),
  number('tcp', 'edge', 'bytes/s', 'TCP traffic'),
  number('throughput', 'edge', 'bytes/s', 'Bytes of requests, else of responses', [], { need: 'throughput' }),
  flag('mtls', 'edge', 'Some traffic is over mutual TLS', [], { need: 'security' }),
  flag('traffic', 'edge', 'Has traffic'),
];

/** Badges behind the flags of nodes that are nothing but a badge. */
export const FLAG_BADGES: Readonly<Record<string, Badge>> = {
  ambient: 'ambient',
  circuitbreaker: 'circuitBreaker',
  dead: 'dead',
  external: 'external',
  faultinjection: 'faultInjection',
  gateway: 'gateway',
  mirroring: 'mirroring',
  outofmesh: 'noSidecar',
  requestrouting: 'requestRouting',
  requesttimeout: 'requestTimeout',
  tcptrafficshifting: 'tcpTrafficShifting',
  trafficshifting: 'trafficShifting',
  virtualservice: 'virtualService',
  waypoint: 'waypoint',
  workloadentry: 'workloadEntry',
};

const BY_WORD: ReadonlyMap<string, Operand> = new Map(
  OPERANDS.flatMap((operand) => [operand.name, ...operand.aliases].map((word) => [word, operand] as const)),
);
const WORDS: readonly string[] = [...BY_WORD.keys(), 'label:'];

/** Labels are operands with a key: `label:team`. */
export const LABEL_PREFIX = 'label:';

/** The operand of a word, whatever its case; null where there is none. Not for labels. */
export const operandOf = (word: string): Operand | null => BY_WORD.get(word.toLowerCase()) ?? null;

/** Up to three words of a list that are hardly different from one, the closest first. */
export function closestWords(word: string, words: readonly string[] = WORDS): readonly string[] {
  const typed = word.toLowerCase().slice(0, 40);
  if (typed === '') return [];
  const most = typed.length <= 3 ? 1 : typed.length <= 6 ? 2 : 3;
  return words
    .map((known) => ({ known, far: known.startsWith(typed) && typed.length >= 3 ? 0.5 : editDistance(typed, known) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far || (a.known < b.known ? -1 : 1))
    .slice(0, 3)
    .map(({ known }) => known);
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
