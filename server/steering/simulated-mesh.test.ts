// What is predicted is what happens: rehearsals against the simulated mesh, which then does what was planned.
// In: the default world, a change of weights. Out: predicted and real rates by version, within three per cent.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EdgeEffect, Rehearsal } from '../../model/change';
import type { Edit } from '../../model/edit';
import type { TrafficSnapshot } from '../../model/traffic';
import { TestMesh } from '../../sim/traffic/test-mesh';
import { InventoryReader } from '../../sim/world/inventory';
import { snapshotOf } from '../graph/testing/mesh-fixture';
import { rehearse } from './rehearse';

const REVIEWS = 'reviews.bookinfo.svc.cluster.local';
const LABELS = [
  'source_workload_namespace',
  'source_workload',
  'destination_workload_namespace',
  'destination_workload',
  'destination_service',
  'destination_service_namespace',
  'destination_service_name',
  'response_code',
];

let mesh: TestMesh;
beforeEach(() => {
  mesh = new TestMesh();
  mesh.advance(30);
});
afterEach(() => {
  mesh.close();
});

/** The requests of the next seconds as the servers report them. */
function watch(seconds: number): TrafficSnapshot {
  const counts = mesh.requests(seconds, LABELS, { reporter: 'destination', request_protocol: 'http' });
  const edges = new Map<string, { readonly labels: readonly string[]; readonly codes: Record<string, number> }>();
  for (const [key, count] of counts) {
    const labels = key.split(' ');
    const edge = edges.get(labels.slice(0, 5).join(' ')) ?? { labels, codes: {} };
    edges.set(labels.slice(0, 5).join(' '), edge);
    edge.codes[labels[7] ?? ''] = count / seconds;
  }
  return snapshotOf(
    [...edges.values()].map(({ labels: [fromSpace, from, toSpace, to, host = '', serviceSpace, service], codes }) => ({
      from: `${fromSpace}/${from}`,
      to: `${toSpace}/${to}`,
      service: `${serviceSpace}/${service}`,
      host,
      codes,
    })),
  );
}

const rateOf = (snapshot: TrafficSnapshot, workload: string): number =>
  snapshot.observations
    .filter(({ service, destination }) => service.host === REVIEWS && destination.workload === workload)
    .reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);

const destination = (subset: string, weight: number) => ({ host: REVIEWS, subset, port: null, weight });
const weights = (...destinations: ReturnType<typeof destination>[]): Edit => ({
  type: 'weights',
  rule: { object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' }, list: 'http', index: 0, host: REVIEWS },
  destinations,
});

/** Rehearses on the mesh as it is, then does what the plan says. */
function rehearseAndApply(snapshot: TrafficSnapshot, edits: readonly Edit[]): Rehearsal {
  const { inventory } = new InventoryReader(mesh.store).read();
  const rehearsal = rehearse({ inventory, snapshot, windowSeconds: 60, nowMs: 0, edits, cases: [], tell: (explanation) => explanation });
  for (const { ref, after } of rehearsal.plan.steps) if (after !== null) mesh.configure(ref.kind, ref.namespace, ref.name, after.spec);
  return rehearsal;
}

describe('reviews from all to v1 to 80/20', () => {
  beforeEach(() => {
    mesh.configure('VirtualService', 'bookinfo', 'reviews', {
      hosts: ['reviews'],
      http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }],
    });
    mesh.advance(30);
  });

  it('moves who was said to move, by as much as was said', () => {
    const now = watch(120);
    const rehearsal = rehearseAndApply(now, [weights(destination('v1', 80), destination('v2', 20))]);
    expect(rehearsal.problems).toEqual([]);
    expect(rehearsal.plan.steps.map(({ ref }) => `${ref.kind}/${ref.name}`)).toEqual(['VirtualService/reviews']);
    const moving = rehearsal.effects.filter(({ kind }) => kind === 'moves');
    expect(moving.map(({ source }) => source.workload)).toEqual(['productpage-v1']);
    expect(rehearsal.effects.filter(({ kind }) => kind !== 'moves' && kind !== 'kept')).toEqual([]);
    const predicted = Object.fromEntries(
      rehearsal.forecast.map(({ subset, predictedPerSecond }) => [subset ?? '', predictedPerSecond ?? -1]),
    );
    mesh.advance(30);
    const then = watch(600);
    const total = ['v1', 'v2', 'v3'].reduce((sum, version) => sum + rateOf(then, `reviews-${version}`), 0);
    const expected = (predicted['v1'] ?? 0) + (predicted['v2'] ?? 0);
    for (const version of ['v1', 'v2'])
      expect(Math.abs(rateOf(then, `reviews-${version}`) / total - (predicted[version] ?? 0) / expected)).toBeLessThan(0.03);
    expect(rateOf(then, 'reviews-v3')).toBe(0);
  });

  it('and back again is the same moved the other way', () => {
    const there = rehearseAndApply(watch(120), [weights(destination('v1', 80), destination('v2', 20))]);
    mesh.advance(30);
    const back = rehearseAndApply(watch(600), [weights(destination('v1', 100), destination('v2', 0))]);
    // The load of the simulated day goes up and down: shares are what can be compared.
    const movedShare = ({ effects }: Rehearsal): number => {
      const sum = (read: (effect: EdgeEffect) => number): number => effects.reduce((total, effect) => total + read(effect), 0);
      return sum(({ movedPerSecond }) => movedPerSecond) / sum(({ requestsPerSecond }) => requestsPerSecond);
    };
    expect(movedShare(there)).toBeCloseTo(0.2, 6);
    expect(Math.abs(movedShare(back) - 0.2)).toBeLessThan(0.03);
  });

  it('says that a rule on a header cannot be told', () => {
    const match = [{ headers: [{ name: 'end-user', condition: { type: 'exact', value: 'jason' } }] }] as const;
    const { inventory } = new InventoryReader(mesh.store).read();
    const rules = {
      object: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
      list: 'http',
      index: 0,
      host: REVIEWS,
    } as const;
    const edit: Edit = {
      type: 'addRule',
      rule: rules,
      name: null,
      matches: match,
      action: { type: 'route', destinations: [destination('v2', 100)] },
    };
    const { effects, problems } = rehearse({
      inventory,
      snapshot: watch(60),
      windowSeconds: 60,
      nowMs: 0,
      edits: [edit],
      cases: [],
      tell: (explanation) => explanation,
    });
    expect(problems).toEqual([]);
    expect(effects.map(({ kind, source }) => [kind, source.workload])).toEqual([['unknown', 'productpage-v1']]);
  });
});
