// What holds for any change: nothing planned keeps everything, rates add up, what is moved there is moved back, hidden names stay hidden.
// In: random rules, random traffic (seeded). Out: the laws of effects.
import { describe, expect, it } from 'vitest';
import type { EdgeEffect, Rehearsal } from '../../model/change';
import { type ObservationSpec, snapshotOf } from '../graph/testing/mesh-fixture';
import { buildMeshIndex, type MeshIndex } from '../istio/mesh-index';
import { forecastEffects } from './effects';
import { foresee, rehearse } from './rehearse';
import { changed, documents, inventoryOf, service } from './testing/mesh';
import { buildVeil } from './veil';
import { veilRehearsal } from './veil-rehearsal';

/** Small deterministic random numbers (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const HOST = 'reviews.shop.svc.cluster.local';
const SUBSETS = `kind: DestinationRule
metadata: {namespace: shop, name: reviews}
spec: {host: reviews.shop.svc.cluster.local, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}, {name: v3, labels: {version: v3}}]}`;
const BASE = documents(
  service('shop', 'web'),
  service('vault', 'job'),
  service('shop', 'reviews', ['v1', 'v2', 'v3']),
  'kind: Pod\nmetadata: {namespace: shop, name: old-0, labels: {app: old}}\nspec: {mesh: none}',
  SUBSETS,
);
const CALLERS = ['shop/web-v1', 'vault/job-v1', 'shop/old', 'far/away', 'unknown'];
const MATCHES = [
  '{uri: {prefix: /a}}',
  '{uri: {exact: /a/b}}',
  '{headers: {x: {exact: y}}}',
  '{method: {exact: GET}}',
  '{sourceLabels: {app: web}}',
  '{sourceNamespace: vault}',
  '{port: 80}',
  '{queryParams: {q: {exact: z}}, uri: {prefix: /}}',
];

function randomRules(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] ?? (items[0] as T);
  const action = (): string => {
    const kind = random();
    if (kind < 0.06) return 'directResponse: {status: 503}';
    if (kind < 0.1) return 'redirect: {uri: /x}';
    const routes = pick([['v1'], ['v2'], ['v1', 'v2'], ['v1', 'v2', 'v3'], ['v1', 'v9']]).map(
      (subset) => `{destination: {host: ${HOST}, subset: ${subset}}, weight: ${1 + Math.floor(random() * 99)}}`,
    );
    const fault = random() < 0.15 ? `fault: {abort: {httpStatus: 500, percentage: {value: ${Math.floor(random() * 100)}}}}, ` : '';
    const timeout = random() < 0.1 ? 'timeout: 1s, ' : '';
    return `${fault}${timeout}route: [${routes.join(', ')}]`;
  };
  const rules = Array.from({ length: Math.floor(random() * 4) }, () => `{match: [${pick(MATCHES)}], ${action()}}`);
  return `kind: VirtualService\nmetadata: {namespace: shop, name: reviews}\nspec: {hosts: [${HOST}], http: [${[...rules, ...(random() < 0.85 ? [`{${action()}}`] : [])].join(', ')}]}`;
}

const randomTraffic = (random: () => number): readonly ObservationSpec[] =>
  CALLERS.flatMap((from) =>
    ['v1', 'v2', 'v3', 'unknown'].flatMap((version): readonly ObservationSpec[] => {
      if (random() < 0.4) return [];
      const to = version === 'unknown' ? 'unknown' : `shop/reviews-${version}`;
      return [{ from, to, service: 'shop/reviews', codes: { [version === 'unknown' ? '503 UH' : '200']: random() * 20 } }];
    }),
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const rateBefore = (effect: EdgeEffect): number => sum(effect.before.map(({ requestsPerSecond }) => requestsPerSecond));
const rateAfter = (effect: EdgeEffect): number => sum(effect.after.map(({ requestsPerSecond }) => requestsPerSecond));

const shareOf = (shares: EdgeEffect['before'] | undefined, subset: string): number =>
  shares?.find((share) => share.subset === subset)?.requestsPerSecond ?? 0;

interface Case {
  readonly before: MeshIndex;
  readonly after: MeshIndex;
  readonly traffic: readonly ObservationSpec[];
}
function randomCase(seed: number): Case {
  const random = randomOf(seed);
  const inventory = inventoryOf(BASE);
  const state = (): MeshIndex => buildMeshIndex(random() < 0.15 ? inventory : changed(inventory, randomRules(random)));
  return { before: state(), after: state(), traffic: randomTraffic(random) };
}
const effectsOf = ({ before, after, traffic }: Case): readonly EdgeEffect[] =>
  forecastEffects(before, after, snapshotOf(traffic), new Set([HOST])).effects;

const byWorkloads = (shares: EdgeEffect['before']): Readonly<Record<string, number>> => {
  const rates: Record<string, number> = {};
  for (const { host, workloads, requestsPerSecond } of shares) {
    const key = `${host} ${workloads.join()}`;
    rates[key] = (rates[key] ?? 0) + requestsPerSecond;
  }
  return Object.fromEntries(Object.entries(rates).map(([key, rate]) => [key, Number(rate.toFixed(6))]));
};

describe('over random rules and traffic', () => {
  it('every observed request is in exactly one effect', () => {
    let known = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const mesh = randomCase(seed);
      const effects = effectsOf(mesh);
      const observed = new Map<string, number>();
      for (const { from, codes } of mesh.traffic) observed.set(from, (observed.get(from) ?? 0) + sum(Object.values(codes ?? {})));
      for (const [from, rate] of observed) {
        const name = from.split('/').at(-1);
        const own = effects.filter(({ source }) => source.workload === name);
        expect(sum(own.map((effect) => effect.requestsPerSecond)), `seed ${seed} ${from}`).toBeCloseTo(rate, 6);
        expect(sum(own.map(rateBefore))).toBeCloseTo(rate, 6);
      }
      for (const effect of effects) {
        expect(effect.movedPerSecond).toBeLessThanOrEqual(effect.requestsPerSecond + 1e-9);
        expect(effect.failingPerSecond).toBeLessThanOrEqual(effect.requestsPerSecond + 1e-9);
        expect(effect.why).not.toBe('');
        if (effect.kind === 'unknown') continue;
        known++;
        // What is answered by the proxy itself reaches nobody; everything else is somewhere.
        expect(rateAfter(effect)).toBeLessThanOrEqual(effect.requestsPerSecond + 1e-9);
        // The destinations may get other names (a subset); the workloads keep what they had.
        if (effect.kind === 'kept') expect(byWorkloads(effect.after)).toEqual(byWorkloads(effect.before));
      }
    }
    expect(known).toBeGreaterThan(400);
  });

  it('the same rules keep everything, whoever wrote them anew', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { before, traffic } = randomCase(seed);
      const twin = buildMeshIndex({ ...before.inventory, config: new Map(before.inventory.config) });
      for (const effect of effectsOf({ before, after: twin, traffic }))
        if (effect.source.namespace !== 'far') expect(effect, `seed ${seed}`).toMatchObject({ kind: 'kept', movedPerSecond: 0 });
    }
  });

  it('of weights, what is kept and what is moved is everything, and what is moved there is moved back', () => {
    const inventory = inventoryOf(BASE);
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomOf(seed);
      const rule = (a: number): string =>
        `kind: VirtualService\nmetadata: {namespace: shop, name: reviews}\nspec: {hosts: [${HOST}], http: [{route: [{destination: {host: ${HOST}, subset: v1}, weight: ${a}}, {destination: {host: ${HOST}, subset: v2}, weight: ${100 - a}}]}]}`;
      const [a, b] = [1 + Math.floor(random() * 98), 1 + Math.floor(random() * 98)];
      const [one, other] = [changed(inventory, rule(a)), changed(inventory, rule(b))].map(buildMeshIndex) as [MeshIndex, MeshIndex];
      const rate = 1 + random() * 100;
      const traffic = (share: number): readonly ObservationSpec[] => [
        { from: 'shop/web-v1', to: 'shop/reviews-v1', service: 'shop/reviews', codes: { '200': (rate * share) / 100 } },
        { from: 'shop/web-v1', to: 'shop/reviews-v2', service: 'shop/reviews', codes: { '200': (rate * (100 - share)) / 100 } },
      ];
      const [there] = effectsOf({ before: one, after: other, traffic: traffic(a) });
      const [back] = effectsOf({ before: other, after: one, traffic: traffic(b) });
      const kept = sum(['v1', 'v2'].map((subset) => Math.min(shareOf(there?.before, subset), shareOf(there?.after, subset))));
      expect(kept + (there?.movedPerSecond ?? 0)).toBeCloseTo(rate, 6);
      expect(there?.movedPerSecond).toBeCloseTo((rate * Math.abs(a - b)) / 100, 6);
      expect(back?.movedPerSecond).toBeCloseTo(there?.movedPerSecond ?? -1, 6);
    }
  });

  it('nothing planned is nothing changed', () => {
    const inventory = inventoryOf(BASE);
    const { before, after, plan } = foresee(inventory, []);
    expect([after === before, plan.steps]).toEqual([true, []]);
    const rehearsal = rehearse({
      inventory,
      snapshot: snapshotOf(randomTraffic(randomOf(3))),
      windowSeconds: 60,
      nowMs: 0,
      edits: [],
      cases: [],
      tell: (explanation) => explanation,
    });
    expect(rehearsal).toMatchObject({ effects: [], forecast: [], findings: [], hosts: [], problems: [] });
  });

  it('who sees one namespace is told no name of another, and every rate', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const mesh = randomCase(seed);
      const { effects, forecast } = forecastEffects(mesh.before, mesh.after, snapshotOf(mesh.traffic), new Set([HOST]));
      const whole: Pick<Rehearsal, 'problems' | 'findings' | 'effects' | 'forecast' | 'hosts'> = {
        problems: [],
        findings: [],
        effects,
        forecast,
        hosts: [HOST],
      };
      const told = veilRehearsal(whole, buildVeil(mesh.before.inventory, new Set(['shop'])));
      expect(JSON.stringify(told.effects), `seed ${seed}`).not.toMatch(/vault|job/);
      const total = (list: readonly EdgeEffect[]): number => sum(list.map(({ requestsPerSecond }) => requestsPerSecond));
      expect(total(told.effects)).toBeCloseTo(total(effects), 6);
      expect(told.effects.filter(({ source }) => source.workload === 'hidden').length).toBeLessThanOrEqual(1);
      const nothing = veilRehearsal(whole, buildVeil(mesh.before.inventory, new Set()));
      expect(nothing.effects.every(({ source }) => source.workload === 'unknown')).toBe(true);
      expect(JSON.stringify([nothing.hosts, nothing.forecast])).toBe('[[],[]]');
    }
  });
});
