// What only some views ask for: edges that stand still, gRPC messages. In: snapshots with extras. Nothing of it shows in other views.
import { describe, expect, it } from 'vitest';
import { compileHealthRules } from '../../model/health-rules';
import type { ExtraTraffic } from '../../model/traffic';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory } from './memory';
import { type Projection, projectGraph } from './project';
import { inventoryOf, type ObservationSpec, observation, snapshotOf } from './testing/mesh-fixture';

const SEEN: ObservationSpec = { from: 'n/a', to: 'n/b', service: 'n/b', protocol: 'grpc', codes: { '0': 2 } };
const IDLE: ObservationSpec = { from: 'n/a', to: 'm/c', service: 'm/c' };

const extra = (key: number, spec: ObservationSpec, more: Partial<ExtraTraffic>): ExtraTraffic => {
  const { source, destination, service, protocol } = observation(key, spec);
  return { kind: 'idle', key, source, destination, service, protocol, operation: '', perSecond: 0, backPerSecond: 0, ...more };
};
const project = (extras: readonly ExtraTraffic[], view: Partial<ViewSpec>, visible: ReadonlySet<string> | null = null): Projection => {
  const memory = new GraphMemory(compileHealthRules([]));
  const cluster = inventoryOf({ workloads: { 'n/a': {}, 'n/b': {}, 'm/c': {}, 'm/d': {} } });
  const spec = { ...DEFAULT_VIEW, graphType: 'workload', serviceNodes: false, ...view } as const;
  return projectGraph(memory.read(snapshotOf([SEEN], { extras }), cluster), spec, undefined, visible);
};
const edges = ({ graph }: Projection): readonly string[] =>
  graph.edges.map(
    (e) =>
      `${e.source.split('/').at(-1) ?? ''}>${e.target.split('/').at(-1) ?? ''} ${e.requestsPerSecond}${e.idle === true ? ' idle' : ''}`,
  );

describe('idle edges', () => {
  const extras = [extra(0, SEEN, {}), extra(1, IDLE, {})];
  it('are those that nothing was counted on, where the view asks for them', () => {
    expect(edges(project(extras, {}))).toEqual(['a>b 2']);
    const p = project(extras, { idleEdges: true });
    expect(edges(p)).toEqual(['a>c 0 idle', 'a>b 2']);
    expect(p.graph.edges.map((e) => e.health)).toEqual(['na', 'healthy']);
    expect(p.graph.nodes.find((n) => n.label === 'c')?.badges).not.toContain('idle');
    expect(p.totals.requestsPerSecond).toBe(2);
  });
  it('lead through services like others, and follow namespaces, folds and sights', () => {
    expect(edges(project(extras, { idleEdges: true, serviceNodes: true }))).toHaveLength(4);
    expect(edges(project(extras, { idleEdges: true, namespaces: ['m'] }))).toEqual(['a>c 0 idle']);
    expect(edges(project(extras, { idleEdges: true, level: 'namespaces' }))).toEqual(['n>m 0 idle']);
    const masked = project(extras, { idleEdges: true }, new Set(['n']));
    expect(edges(masked)).toEqual(['a>callees 0 idle', 'a>b 2']);
    expect(JSON.stringify(masked.graph)).not.toContain('m/c');
    expect(edges(project(extras, { idleEdges: true }, new Set(['x'])))).toEqual([]);
  });
});

describe('gRPC messages', () => {
  const extras = [
    extra(0, SEEN, { kind: 'messages', perSecond: 20, backPerSecond: 4 }),
    extra(2, { from: 'n/a', to: 'm/d', protocol: 'grpc' }, { kind: 'messages', perSecond: 0, backPerSecond: 7 }),
  ];
  const messages = (rateGrpc: ViewSpec['rateGrpc'], level: ViewSpec['level'] = 'full'): readonly unknown[] =>
    project(extras, { rateGrpc, level }).graph.edges.map((e) => [
      e.target.split('/').at(-1),
      e.requestMessagesPerSecond,
      e.responseMessagesPerSecond,
    ]);
  it('are told as the view counts them, of streams too that have not ended', () => {
    expect(messages('requests')).toEqual([['b', undefined, undefined]]);
    expect(messages('total')).toEqual([
      ['d', 0, 7],
      ['b', 20, 4],
    ]);
    expect(messages('sent').at(1)).toEqual(['b', 20, undefined]);
    expect(messages('received').at(1)).toEqual(['b', undefined, 4]);
    expect(messages('total', 'namespaces')).toEqual([['m', 0, 7]]);
  });
});

describe('operations', () => {
  const extras = [
    extra(0, SEEN, { kind: 'operation', operation: 'GetCart', perSecond: 1.5 }),
    extra(0, SEEN, { kind: 'operation', operation: 'AddItem', perSecond: 0.25 }),
  ];
  it('stand between caller and callee with their share, and leave the rest on the direct edge', () => {
    const p = project(extras, { operations: true });
    expect(edges(p)).toEqual(['AddItem>b 0.25', 'GetCart>b 1.5', 'a>AddItem 0.25', 'a>GetCart 1.5', 'a>b 0.25']);
    const cart = p.graph.nodes.find((n) => n.operation === 'GetCart');
    expect(cart).toMatchObject({ kind: 'operation', label: 'GetCart', namespace: 'n', health: { status: 'healthy' }, members: 1 });
    expect([cart?.inbound.grpc, cart?.outbound.grpc]).toEqual([1.5, 1.5]);
    expect(p.totals.shown?.requestsPerSecond).toEqual({ drawn: 2, folded: 0, hubs: 0, leftOut: 0, hidden: 0 });
    expect(p.graph.nodes.find((n) => n.label === 'b')?.inbound.grpc).toBe(2);
  });
  it('that are hidden leave their share on the direct edge', () => {
    const hide = (text: string): readonly string[] => edges(project(extras, { operations: true, hide: text }));
    expect(hide('node = operation')).toEqual(['a>b 2']);
    expect(hide('operation = GetCart')).toEqual(['AddItem>b 0.25', 'a>AddItem 0.25', 'a>b 1.75']);
  });
  it('come before the service, not behind it, and take the place of an edge that is all theirs', () => {
    const all = [extra(0, SEEN, { kind: 'operation', operation: 'GetCart', perSecond: 5 })];
    const p = project(all, { operations: true, serviceNodes: true });
    expect(p.graph.edges.map((e) => `${e.source.split('/')[0] ?? ''}>${e.target.split('/')[0] ?? ''} ${e.requestsPerSecond}`)).toEqual([
      'operation>service 2',
      'service>workload 2',
      'workload>operation 2',
    ]);
  });
  it('that the metrics do not name are missed in words; other views do without', () => {
    expect(project([], { operations: true }).notes.map((n) => n.code)).toEqual(['noOperations']);
    expect(edges(project(extras, {}))).toEqual(['a>b 2']);
    expect(project(extras, { operations: true, level: 'namespaces' }).notes.map((n) => n.code)).toContain('noOperations');
  });
});
