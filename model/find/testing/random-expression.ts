// Seeded random expressions and graphs for the property tests of this folder. In: a seed. Out: Expression, Graph.
import { sampleEdge, sampleNode, sampleTraffic } from '../../../components/graph/sample-graph';
import type { Badge, GraphEdge, GraphNode, NodeKind } from '../../graph';
import type { HealthStatus } from '../../health';
import { conjunction, disjunction, type Expression, NUMBER_OPERATORS, type Side, TEXT_OPERATORS } from '../expression';
import { OPERANDS } from '../operands';

export type Random = () => number;

/** Small deterministic random numbers (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const VALUES = [
  'a',
  'v1',
  'two words',
  '',
  'AND',
  'or',
  'a"b',
  "it's",
  'back\\slash',
  '(x)',
  'a=b',
  'spiffe://cluster.local/ns/a/sa/b',
  '!x',
  'a&&b',
  'ü',
];
const NUMBERS = [0, 1, 2.5, 1000, -3, 1e-7, 1e21, null];

function randomCondition(random: Random): Expression {
  const side = random() < 0.2 ? pick<Side>(random, ['source', 'target']) : 'self';
  if (random() < 0.1)
    return random() < 0.5
      ? { kind: 'label', side, key: 'team', operator: null, value: '' }
      : { kind: 'label', side, key: 'app.kubernetes.io/name', operator: pick(random, TEXT_OPERATORS), value: pick(random, VALUES) };
  const operand = pick(random, side === 'self' ? OPERANDS : OPERANDS.filter(({ on }) => on !== 'edge'));
  switch (operand.takes) {
    case 'nothing':
      return { kind: 'flag', side, operand: operand.name };
    case 'text':
      return operand.values === null
        ? { kind: 'text', side, operand: operand.name, operator: pick(random, TEXT_OPERATORS), value: pick(random, VALUES) }
        : { kind: 'text', side, operand: operand.name, operator: pick(random, ['=', '!='] as const), value: pick(random, operand.values) };
    case 'number': {
      const value = operand.range === undefined ? pick(random, NUMBERS) : pick(random, [1, 50, 100]);
      return {
        kind: 'number',
        side,
        operand: operand.name,
        operator: pick(random, value === null ? (['=', '!='] as const) : NUMBER_OPERATORS),
        value,
      };
    }
    default:
      return operand satisfies never;
  }
}

export function randomExpression(random: Random, depth = 4): Expression {
  const roll = random();
  if (depth === 0 || roll < 0.35) return randomCondition(random);
  if (roll < 0.5) return { kind: 'not', part: randomExpression(random, depth - 1) };
  const parts = Array.from({ length: 2 + Math.floor(random() * 2) }, () => randomExpression(random, depth - 1));
  return roll < 0.75 ? conjunction(parts) : disjunction(parts);
}

const KINDS: readonly NodeKind[] = ['app', 'workload', 'service', 'serviceEntry', 'unknown', 'hidden'];
const STATUSES: readonly HealthStatus[] = ['healthy', 'na', 'degraded', 'failure', 'notReady'];
const BADGES: readonly Badge[] = ['noSidecar', 'idle', 'virtualService', 'circuitBreaker', 'dead', 'waypoint'];

export function randomGraph(random: Random, count: number, edgeCount: number): { nodes: GraphNode[]; boxes: []; edges: GraphEdge[] } {
  const nodes = Array.from({ length: count }, (_, i) =>
    sampleNode(`n${i}`, {
      kind: pick(random, KINDS),
      namespace: pick(random, ['a', 'b', 'two words']),
      app: pick(random, ['a', 'AND', null]),
      version: pick(random, ['v1', null]),
      health: { status: pick(random, STATUSES), reasons: [] },
      badges: BADGES.filter(() => random() < 0.2),
      outside: random() < 0.2,
      root: random() < 0.2,
      inbound: sampleTraffic({ http: pick(random, [0, 2.5, 1000]), grpc: pick(random, [0, 1]), tcpBytes: pick(random, [0, 1e21]) }),
    }),
  );
  const edges = Array.from({ length: edgeCount }, () =>
    sampleEdge(`n${Math.floor(random() * count)}`, `n${Math.floor(random() * count)}`, {
      protocol: pick(random, ['http', 'grpc', 'tcp'] as const),
      requestsPerSecond: pick(random, [0, 2.5, 1000]),
      errorsPerSecond: pick(random, [0, 1]),
      health: pick(random, STATUSES),
      mtlsShare: pick(random, [null, 0, 1]),
      latency:
        random() < 0.5 ? null : { averageMs: pick(random, [1, 1000]), p50Ms: 1, p95Ms: pick(random, [null, 2.5, 2000]), p99Ms: null },
    }),
  );
  return { nodes, boxes: [], edges: [...new Map(edges.map((edge) => [edge.id, edge])).values()] };
}
