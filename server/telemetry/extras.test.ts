// Extras: their queries, and what is made of the answers: each edge once, by the reporter that is believed.
import { expect, it } from 'vitest';
import type { Asked } from '../../model/wire';
import { EdgeRegistry } from './edge-registry';
import { buildIdleQuery, buildMessagesQuery, buildOperationsQuery, readExtras } from './extras';
import { Inquiry } from './inquiry';
import { edge, type Row, vectorOf } from './testing/answers';

const PLAN = { windowSeconds: 60, namespaces: null, severalClusters: false, stream: null };

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  idle: [
    [edge('a', 'b'), 1],
    [edge('a', 'b', { request_protocol: 'grpc' }), 1],
    [edge('a', 'db', { direction: 'sent', request_protocol: '' }), 1],
  ],
  messages: [
    [edge('a', 'b', { direction: 'sent' }), 10],
    [edge('a', 'b', { direction: 'sent', reporter: 'source' }), 9],
    [edge('a', 'b', { direction: 'received' }), 3],
    [edge('a', 'c', { direction: 'received', reporter: 'source' }), 5],
  ],
  operations: [
    [edge('a', 'b', { request_operation: 'GetCart' }), 4],
    [edge('a', 'b', { request_operation: 'AddItem' }), 1],
    [edge('a', 'b', { request_operation: 'AddItem', reporter: 'source' }), 2],
  ],
};

async function read(
  overlays: readonly Asked[],
  broken = '',
): Promise<{ readonly words: readonly string[]; readonly warnings: readonly string[]; readonly queries: number }> {
  const source = {
    fetchVector: (query: { readonly name: string; readonly labels: readonly string[] }) =>
      query.name === broken ? Promise.reject(new Error('no')) : Promise.resolve(vectorOf(query.labels, ROWS[query.name] ?? [])),
  };
  const clock = { now: () => 0 };
  const inquiry = new Inquiry(source, clock, 0, new AbortController().signal, 'graph' as never);
  const parts = { registry: new EdgeRegistry(), clock, homeCluster: 'K', severalClusters: Promise.resolve(false), deadlineMs: 1000 };
  const extras = await readExtras({ windowSeconds: 60, namespaces: null, overlays }, inquiry, parts);
  const words = extras.map((x) =>
    [x.kind, x.source.workload, x.destination.workload, x.protocol, x.operation, x.perSecond, x.backPerSecond].join(' '),
  );
  return { words, warnings: inquiry.warnings(), queries: inquiry.cost().queries };
}

it('are asked for only where a view wants them', async () => {
  expect((await read(['latency'])).queries).toBe(0);
  expect((await read(['idleEdges', 'operations'])).queries).toBe(2);
});

it('name every edge of which a series exists', async () => {
  expect((await read(['idleEdges'])).words).toEqual(['idle a b http  0 0', 'idle a b grpc  0 0', 'idle a db tcp  0 0']);
});

it('count messages as the callee does, as the caller does where nobody else reports', async () => {
  expect((await read(['messages'])).words).toEqual(['messages a b grpc  10 3', 'messages a c grpc  0 5']);
});

it('count requests by operation, each once', async () => {
  expect((await read(['operations'])).words).toEqual(['operation a b http GetCart 4 0', 'operation a b http AddItem 1 0']);
});

it('that cannot be read are missing with a warning, and take nothing else along', async () => {
  const { words, warnings } = await read(['messages', 'operations'], 'messages');
  expect(words).toHaveLength(2);
  expect(warnings).toEqual(['gRPC messages are missing: an unexpected error']);
});

it('compute no rate for idle edges, and stay within the namespaces', () => {
  const plan = { ...PLAN, namespaces: ['shop'] };
  expect(buildIdleQuery(plan).promql).not.toContain('rate(');
  for (const { promql } of [buildIdleQuery(plan), buildMessagesQuery(plan), buildOperationsQuery(plan)]) {
    const selectors = promql.match(/istio_\w+\{[^}]*\}/g) ?? [];
    expect(selectors.length).toBeGreaterThan(3);
    expect(selectors.every((selector) => selector.includes('shop'))).toBe(true);
  }
});
