// What expressions match: operands of nodes and edges, both together, what is not known, and the laws that hold for all of them.
import { describe, expect, it } from 'vitest';
import { sampleDocument, sampleEdge, sampleNode, sampleTraffic } from '../../components/graph/sample-graph';
import type { GraphNode } from '../graph';
import { matchGraph } from './evaluate';
import { conjunction, disjunction, type Expression } from './expression';
import { parseExpression } from './parse';
import { type FindFacts, NO_FACTS } from './read-element';
import { randomExpression, randomGraph, randomOf } from './testing/random-expression';

const read = (text: string): Expression => {
  const { expression, error } = parseExpression(text);
  if (expression === null) throw new Error(error.message);
  return expression;
};

/** The first is of rank 1, all others of rank 2. */
const ranked = (nodes: readonly GraphNode[]): readonly GraphNode[] => nodes.map((node, i) => ({ ...node, rank: i === 0 ? 1 : 2 }));

const graph = sampleDocument({
  nodes: ranked([
    sampleNode('gw', { namespace: 'edge', badges: ['gateway'], root: true, outbound: sampleTraffic({ http: 100 }), version: 'v1' }),
    sampleNode('cart', { version: 'v1', inbound: sampleTraffic({ http: 90 }), badges: ['virtualService', 'circuitBreaker'] }),
    sampleNode('cart-v2', { app: 'cart', version: 'v2', health: { status: 'failure', reasons: [] }, badges: ['noSidecar'] }),
    sampleNode('db', {
      namespace: 'data',
      kind: 'service',
      service: 'db',
      workload: null,
      app: null,
      inbound: sampleTraffic({ tcpBytes: 500 }),
    }),
    sampleNode('stripe', {
      kind: 'serviceEntry',
      workload: null,
      app: null,
      service: 'stripe',
      hosts: ['api.stripe.com'],
      badges: ['external'],
    }),
    sampleNode('unknown', { kind: 'unknown', workload: null, app: null, namespace: 'unknown', health: { status: 'na', reasons: [] } }),
  ]),
  edges: [
    sampleEdge('gw', 'cart', {
      requestsPerSecond: 90,
      errorsPerSecond: 9,
      latency: { averageMs: 20, p50Ms: 10, p95Ms: 1500, p99Ms: null },
    }),
    sampleEdge('gw', 'cart-v2', {
      requestsPerSecond: 10,
      health: 'failure',
      errorsPerSecond: 10,
      latency: { averageMs: 20, p50Ms: 10, p95Ms: 30, p99Ms: null },
    }),
    sampleEdge('cart', 'db', { protocol: 'tcp', sentBytesPerSecond: 400, receivedBytesPerSecond: 100, mtlsShare: 0, health: 'na' }),
    sampleEdge('cart', 'stripe', { protocol: 'grpc', mtlsShare: null, requestsPerSecond: 1, requestBytesPerSecond: 10 }),
  ],
});
const facts: FindFacts = {
  labels: (node) => (node.workload === null ? [] : [{ team: node.workload.startsWith('cart') ? 'shop' : 'ops' }]),
  principals: (edge) =>
    edge.mtlsShare === 1 ? { source: ['spiffe://x/ns/edge/sa/gw'], target: ['spiffe://x/ns/shop/sa/cart'] } : { source: [], target: [] },
};
const found = (text: string, known: FindFacts = facts): string[] => {
  const { nodes, edges } = matchGraph(read(text), graph, known);
  const name = (id: string): string => id.split('/').at(-1) ?? '';
  return [
    ...graph.nodes.filter((_, i) => nodes[i] !== 0).map(({ label }) => label),
    ...graph.edges.filter((_, i) => edges[i] !== 0).map(({ source, target }) => `${name(source)}>${name(target)}`),
  ];
};

describe('operands', () => {
  it.each([
    ['app = cart', ['cart', 'cart-v2']],
    ['app = CART AND version = v2', ['cart-v2']],
    ['app != cart', ['gw', 'db', 'stripe', 'unknown']],
    ['version = ""', ['db', 'stripe', 'unknown']],
    ['name = unknown', ['unknown']],
    ['name contains cart AND version != v1', ['cart-v2']],
    ['name !contains cart', ['gw', 'db', 'stripe', 'unknown']],
    ['node = service', ['db', 'stripe']],
    ['node = se', ['stripe']],
    ['node != workload', ['db', 'stripe', 'unknown']],
    ['host endswith stripe.com', ['stripe']],
    ['httpin > 50', ['cart']],
    ['httpout != NaN', ['gw']],
    ['tcpin >= 500', ['db']],
    ['rank <= 1', ['gw']],
    ['outofmesh', ['cart-v2']],
    ['!sidecar', ['cart-v2']],
    ['cb or is gateway', ['gw', 'cart']],
    ['root', ['gw']],
    ['label:team = shop', ['cart', 'cart-v2']],
    ['!label:team', ['db', 'stripe', 'unknown']],
    ['label:team != shop', ['gw', 'db', 'stripe', 'unknown']],
    ['rt > 1000', ['gw>cart']],
    ['rt = NaN', ['cart>db', 'cart>stripe']],
    ['avg < 100 and p95 < 100', ['gw>cart-v2']],
    ['%httperr >= 10', ['gw>cart', 'gw>cart-v2']],
    ['%httptraffic > 50', ['gw>cart']],
    ['%grpctraffic > 0', []],
    ['tcp = 500', ['cart>db']],
    ['http < 50', ['gw>cart-v2']],
    ['protocol = grpc', ['cart>stripe']],
    ['throughput > 5', ['cart>stripe']],
    ['mtls', ['gw>cart', 'gw>cart-v2']],
    ['!mtls', ['cart>db']],
    ['sourceprincipal contains ns/edge', ['gw>cart', 'gw>cart-v2']],
    ['destprincipal = ""', ['cart>db', 'cart>stripe']],
    ['!traffic', []],
    ['!healthy', ['cart-v2', 'gw>cart-v2']],
    ['health = na', ['unknown', 'cart>db']],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));
});

describe('nodes and edges together', () => {
  it.each([
    // An edge with one of its ends.
    ['rt > 1000 AND app = cart', ['gw>cart']],
    ['app = cart AND version = v2 AND http > 0', ['gw>cart-v2']],
    // Not the app of one end and the version of the other.
    ['app = gw AND version = v2 AND http > 0', []],
    ['rt > 1000 OR app = db', ['gw>cart']],
    ['(rt > 1000 OR protocol = tcp) AND ns = data', ['cart>db']],
    ['rt > 1000 OR node = unknown', ['unknown', 'gw>cart']],
    // Each end by name.
    ['source.app = gw AND target.version = v2', ['gw>cart-v2']],
    ['source.ns = edge', ['gw>cart', 'gw>cart-v2']],
    ['!target.outofmesh AND http > 0', ['gw>cart']],
    // What speaks of either takes the side of the rest.
    ['!healthy AND ns = shop', ['cart-v2']],
    ['!healthy AND http > 0', ['gw>cart-v2']],
    ['healthy AND mtls', ['gw>cart']],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));
});

it('lets what nobody knows fulfil nothing', () => {
  for (const text of [
    'label:team',
    '!label:team',
    'rt < 5 and protocol = tcp',
    '!(rt > 5) and protocol = tcp',
    'destprincipal = ""',
    'destprincipal != ""',
  ])
    expect(found(text, NO_FACTS)).toEqual([]);
});

describe('laws', () => {
  const random = randomOf(3);
  const world = randomGraph(random, 40, 120);
  const matches = (expression: Expression): ReturnType<typeof matchGraph> => matchGraph(expression, world, facts);
  const not = (part: Expression): Expression => ({ kind: 'not', part });

  it('De Morgan, double negation, distribution', () => {
    for (let i = 0; i < 400; i++) {
      const [a, b, c] = [randomExpression(random, 2), randomExpression(random, 2), randomExpression(random, 2)];
      expect(matches(not(conjunction([a, b])))).toEqual(matches(disjunction([not(a), not(b)])));
      expect(matches(not(disjunction([a, b])))).toEqual(matches(conjunction([not(a), not(b)])));
      expect(matches(not(not(a)))).toEqual(matches(a));
      expect(matches(conjunction([a, disjunction([b, c])]))).toEqual(matches(disjunction([conjunction([a, b]), conjunction([a, c])])));
      expect(matches(conjunction([a, b]))).toEqual(matches(conjunction([b, a])));
    }
  });

  it('nothing matches a condition and its negation', () => {
    for (let i = 0; i < 300; i++) {
      const a = randomExpression(random, 0);
      const [held, denied] = [matches(a).nodes, matches(not(a)).nodes];
      expect(held.some((mark, n) => mark !== 0 && denied[n] !== 0)).toBe(false);
    }
  });
});
