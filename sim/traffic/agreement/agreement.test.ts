// What is explained is what happens: 10,000 random calls under random configurations, asked of the evaluators, of the simulated proxies and
// of a naive router, with what must hold whatever any of them says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigKind, ConfigObject, Inventory } from '../../../model/inventory';
import type { RouteDecision } from '../../../model/routing';
import { buildMeshIndex, type MeshIndex } from '../../../server/istio/mesh-index';
import { evaluateRoute } from '../../../server/istio/route';
import { httpCall, type RootLoad } from '../../world/behaviour';
import { InventoryReader, type WorldView } from '../../world/inventory';
import { Random } from '../../world/random';
import type { World } from '../../world/world';
import { buildGroups, type Group } from '../group';
import { buildPlan } from '../planner';
import { TestMesh } from '../test-mesh';
import { addShare, expectFlows, expectMirrored, flowKey, type Shares } from './expected-flows';
import { type NaiveAnswer, routeNaively } from './naive-router';
import { hostOf, type RandomCall, type RandomObject, randomCall, randomConfig } from './random-mesh';

const CONFIGURATIONS = 100;
const CALLS = 100;

let mesh: TestMesh;
let base: WorldView;
beforeAll(() => {
  mesh = new TestMesh();
  mesh.advance(30);
  base = withoutReadiness(new InventoryReader(mesh.store).read());
});
afterAll(() => {
  mesh.close();
});

/** One pod in three of Bookinfo is not ready. */
function withoutReadiness(view: WorldView): WorldView {
  const unready = [...view.pods.values()].filter(({ namespace }) => namespace === 'bookinfo').filter((_, i) => i % 3 === 1);
  const pods = new Map([...view.pods].map(([key, pod]) => [key, unready.includes(pod) ? { ...pod, ready: false } : pod]));
  return { pods, inventory: { ...view.inventory, pods } };
}

const toConfigObject = (object: RandomObject): ConfigObject => ({
  ...object,
  cluster: 'Kubernetes',
  uid: `${object.kind}/${object.name}`,
  resourceVersion: '1',
  labels: {},
  annotations: {},
  apiVersion: object.kind.endsWith('ice') || object.kind === 'DestinationRule' ? 'networking.istio.io/v1' : 'security.istio.io/v1',
  generation: 1,
  status: null,
});

function inventoryWith(objects: readonly RandomObject[]): Inventory {
  const config = new Map<ConfigKind, readonly ConfigObject[]>();
  for (const object of objects) config.set(object.kind, [...(config.get(object.kind) ?? []), toConfigObject(object)]);
  return { ...base.inventory, config };
}

const loadOf = (call: RandomCall, id: string): RootLoad => ({
  id,
  // Shared by the pods of the workload, so that one request is one request.
  from: { kind: 'gateway', namespace: call.caller.namespace, workload: call.caller.workload, port: 0 },
  requestsPerSecond: 1,
  wave: { amplitude: 0, periodSeconds: 60, phase: 0 },
  call: httpCall(hostOf(call.service), 9080, call.path, { method: call.method }),
  headers: call.headers,
});

interface Seen {
  readonly reported: Shares;
  readonly mirrored: Shares;
}

/** What the simulated proxies do with each call, from the flows that the traffic engine would run. */
function simulate(inventory: Inventory, calls: readonly RandomCall[]): readonly Seen[] {
  const loads = calls.map((call, i) => loadOf(call, `load-${i}`));
  const world: World = { ...mesh.world, behaviours: [], externals: [], loads };
  const plan = buildPlan(world, { ...base, inventory }, buildMeshIndex(inventory));
  const seen = calls.map((): Seen => ({ reported: new Map(), mirrored: new Map() }));
  for (const { flow, roots, factors } of plan.flows) {
    const report = flow.source ?? flow.destination;
    if (report === null) continue;
    const key = flowKey(flow.to?.workload ?? null, report.ending.code, report.ending.flags);
    roots.forEach((root, i) => {
      const call = seen[root];
      if (call !== undefined) addShare(flow.source === null && flow.from.meshed ? call.mirrored : call.reported, key, factors[i] ?? 0);
    });
  }
  return seen;
}

function ask(index: MeshIndex, call: RandomCall, caller: Group): RouteDecision {
  return evaluateRoute(index, {
    caller: caller.caller,
    host: hostOf(call.service),
    port: 9080,
    protocol: 'http',
    scheme: 'http',
    method: call.method,
    path: call.path,
    headers: call.headers,
    query: {},
  });
}

const rounded = (shares: Shares): Record<string, number> =>
  Object.fromEntries([...shares].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, share]) => [key, Math.round(share * 1e6) / 1e6]));

const winnerOf = (decision: RouteDecision): NaiveAnswer | null => {
  const index = /^spec\.http\[(\d+)\]$/.exec(decision.rule?.path ?? '')?.[1];
  if (decision.rule !== null && index !== undefined) return { owner: decision.rule.name, rule: Number(index) };
  const owner = decision.tried.at(-1)?.rule.name;
  return decision.outcome === 'noRoute' && owner !== undefined ? { owner, rule: null } : null;
};

/** What must hold of any answer, by the written configuration alone. */
function checkInvariants(objects: readonly RandomObject[], inventory: Inventory, decision: RouteDecision): void {
  const hit = decision.tried.filter((tried) => tried.matched);
  expect(hit.length).toBeLessThanOrEqual(1);
  if (hit.length === 1) expect(decision.tried.at(-1)).toBe(hit[0]);
  if (decision.outcome !== 'route') return;
  expect(decision.destinations.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  for (const { host, subset, share, state, endpoints } of decision.destinations) {
    expect(share).toBeGreaterThan(0);
    const service = [...inventory.services.values()].find((candidate) => candidate.host === host);
    const rule = objects.find((o) => o.kind === 'DestinationRule' && hostOf(o.name) === host);
    const subsets: readonly unknown[] = Array.isArray(rule?.spec['subsets']) ? rule.spec['subsets'] : [];
    const defined = subset === null || JSON.stringify(subsets).includes(`"name":"${subset}"`);
    expect(state === 'missing').toBe(service === undefined || !defined);
    if (service === undefined || !defined) continue;
    const wanted = { ...service.selector, ...(subset === null ? {} : { version: subset }) };
    const pods = [...inventory.pods.values()].filter(
      (pod) =>
        pod.ready && pod.namespace === service.namespace && Object.entries(wanted).every(([name, value]) => pod.labels[name] === value),
    );
    expect([...(endpoints ?? [])].sort()).toEqual(pods.map((pod) => `${pod.namespace}/${pod.name}`).sort());
    expect(state).toBe(pods.length === 0 ? 'empty' : 'ok');
  }
}

describe('the evaluators', () => {
  it('agree with the simulated proxies and with a naive router', () => {
    const random = new Random(20260501);
    const outcomes = new Map<string, number>();
    const rulesWon = new Set<number | null>();
    for (let round = 0; round < CONFIGURATIONS; round++) {
      const objects = randomConfig(random);
      const inventory = inventoryWith(objects);
      // An index of its own, so that nothing that one side computed is reused by the other.
      const index = buildMeshIndex(structuredClone(inventory));
      const groups = buildGroups(base, () => null);
      const calls = Array.from({ length: CALLS }, () => randomCall(random));
      const seen = simulate(inventory, calls);
      calls.forEach((call, i) => {
        const [caller] = groups.byWorkload.get(`${call.caller.namespace}/${call.caller.workload}`) ?? [];
        const found = seen[i];
        if (caller === undefined || found === undefined) throw new Error(`no caller ${call.caller.workload} in the world`);
        const decision = ask(index, call, caller);
        const where = JSON.stringify({ round, call, objects });
        checkInvariants(objects, inventory, decision);
        expect(winnerOf(decision), where).toEqual(caller.meshed ? routeNaively(objects, call) : null);
        const expected = expectFlows(index, call, caller, decision);
        // Without a proxy of its own, nobody reports what a call never reached.
        if (!caller.meshed) for (const key of expected.keys()) if (!/ (?:200|403) -$/.test(key)) expected.delete(key);
        expect(rounded(found.reported), where).toEqual(rounded(expected));
        expect(rounded(found.mirrored), where).toEqual(rounded(expectMirrored(index, call, caller, decision)));
        for (const key of expected.keys()) outcomes.set(key.split(' ').slice(1).join(' '), (outcomes.get(key) ?? 0) + 1);
        rulesWon.add(winnerOf(decision)?.rule ?? null);
      });
    }
    // The questions are worth asking: every way in which a request can end was met.
    expect([...outcomes.keys()].sort()).toEqual(
      ['200 -', '302 -', '403 -', '404 NR', '418 -', '503 -', '503 NC', '503 UC', '503 UF', '503 UH', '555 FI'].sort(),
    );
    expect(rulesWon.size).toBeGreaterThanOrEqual(4);
  }, 120_000);
});
