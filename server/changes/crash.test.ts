// A console that is killed at any of its calls: another one finishes what it left, and nothing stays half. All calls of one run are counted
// first, then each of them is the last, before and after it took effect. In memory and on a clock that a test moves, so that all of it is quick.
import { describe, expect, it } from 'vitest';
import type { ApplyRequest, ChangeRecord, ConfirmPolicy, Manifest } from '../../model/change';
import { type ConfigRef, type Edit, refText } from '../../model/edit';
import { inventoryOf } from '../graph/testing/mesh-fixture';
import { overlayFresh } from '../steering/overlay-fresh';
import { rehearse } from '../steering/rehearse';
import { FakeClock, settle } from '../testing/fake-clock';
import type { ChangeContext } from './context';
import { type ChangeDesk, createChangeDesk } from './create-change-desk';
import { MemoryCluster, type Strike } from './testing/memory-cluster';
import { seatOf } from './testing/sim-rig';

const SIGNAL = new AbortController().signal;
const NEVER = new Promise<never>(() => undefined);
const alice = seatOf('alice');
const HOST = 'reviews.shop.svc.cluster.local';
const VS: ConfigRef = { kind: 'VirtualService', namespace: 'shop', name: 'reviews' };
const DR: ConfigRef = { kind: 'DestinationRule', namespace: 'shop', name: 'reviews' };
const OLD: ConfigRef = { kind: 'VirtualService', namespace: 'shop', name: 'old' };

const manifest = ({ kind, namespace, name }: ConfigRef, spec: Manifest['spec']): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace, labels: { team: 'a' } },
  spec,
});
const OBJECTS: readonly (readonly [ConfigRef, Manifest])[] = [
  [VS, manifest(VS, { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }], extra: { kept: 1 } }] })],
  [DR, manifest(DR, { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] })],
  [OLD, manifest(OLD, { hosts: ['old.example.com'], http: [{ route: [{ destination: { host: 'reviews' } }] }] })],
];

/** Creates, updates and deletes: a new subset, new weights, a route that goes, an entry that comes. */
const EDITS: readonly Edit[] = [
  { type: 'subsets', host: HOST, namespace: 'shop', subsets: [{ name: 'v2', labels: { version: 'v2' } }] },
  {
    type: 'weights',
    rule: { object: VS, list: 'http', index: 0, host: HOST },
    destinations: [
      { host: HOST, subset: 'v1', port: null, weight: 70 },
      { host: HOST, subset: 'v2', port: null, weight: 30 },
    ],
  },
  { type: 'delete', ref: OLD },
  {
    type: 'yaml',
    ref: null,
    resourceVersion: null,
    yaml: JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'out', namespace: 'shop' },
      spec: { hosts: ['api.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DNS' },
    }),
  },
];

const statusOf = (memory: MemoryCluster): string =>
  JSON.stringify([...memory.objects.values()].map((one) => [refText(one.ref), one.manifest]).sort());

class Rig {
  readonly clock = new FakeClock();
  readonly memory = new MemoryCluster(() => this.clock.now());
  readonly #before = inventoryOf({
    workloads: {
      'shop/reviews-v1': { podLabels: { app: 'reviews', version: 'v1' } },
      'shop/reviews-v2': { podLabels: { app: 'reviews', version: 'v2' } },
    },
    services: { 'shop/reviews': { selector: { app: 'reviews' } } },
  });
  #made = 0;

  constructor() {
    for (const [ref, one] of OBJECTS) this.memory.put(ref, one);
  }

  desk(strike: Strike = () => undefined): ChangeDesk {
    const serial = ++this.#made;
    let ids = 0;
    const { memory, clock } = this;
    const context: ChangeContext = {
      writer: memory.writer(strike),
      journal: memory.journal(strike),
      leases: memory.leaseStore(strike),
      cases: memory.caseStore(),
      engine: {
        rehearse: (edits, fresh, cases) => {
          const config = new Map<ConfigRef['kind'], { kind: ConfigRef['kind'] }[]>();
          for (const { ref, object } of memory.objects.values()) config.set(ref.kind, [...(config.get(ref.kind) ?? []), object as never]);
          const inventory = overlayFresh({ ...this.#before, config: config as never }, fresh);
          return Promise.resolve(
            rehearse({ inventory, snapshot: null, windowSeconds: 60, nowMs: 0, edits, cases, tell: (explanation) => explanation }),
          );
        },
        measureTraffic: () => Promise.resolve(null),
        awaitEndpoints: () => Promise.resolve(9),
        fetchConfigFindings: () => Promise.resolve([]),
      },
      rights: { may: () => Promise.resolve(true) },
      settings: { enabled: true, keep: 50, sampleMs: 15_000 },
      clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      random: () => `${serial}x${++ids}`,
    };
    return createChangeDesk(context);
  }

  records(): readonly ChangeRecord[] {
    return [...this.memory.entries.values()].map(({ record }) => record);
  }

  /** Runs something while time passes. */
  async during<T>(work: Promise<T>, maxMs = 600_000): Promise<T | null> {
    const results: (T | null)[] = [];
    work.then(
      (value) => results.push(value),
      () => results.push(null),
    );
    for (let ms = 0; ms < maxMs; ms += 500) {
      await settle();
      const [result] = results;
      if (result !== undefined) return result;
      await this.clock.advance(500);
    }
    return null;
  }

  async apply(desk: ChangeDesk, confirm: ConfirmPolicy): Promise<ChangeRecord | null> {
    const shown = await this.during(desk.preview(EDITS, alice, SIGNAL));
    if (shown === null || 'kind' in shown) throw new Error(JSON.stringify(shown));
    const request: ApplyRequest = { edits: EDITS, digest: shown.plan.digest, reason: '', confirm, override: null };
    const result = await this.during(desk.apply(request, alice, SIGNAL), 60_000);
    if (result !== null && 'kind' in result) throw new Error(JSON.stringify(result));
    return result;
  }
}

/** Stops for ever at the n-th call: nothing is heard of the console any more. */
function strikeAt(n: number): { readonly strike: Strike; readonly calls: string[] } {
  const calls: string[] = [];
  let dead = false;
  return {
    calls,
    strike: (call, phase) => {
      if (dead) return NEVER;
      calls.push(`${call} ${phase}`);
      if (calls.length - 1 !== n) return undefined;
      dead = true;
      return NEVER;
    },
  };
}

async function countCalls(confirm: ConfirmPolicy): Promise<readonly string[]> {
  const rig = new Rig();
  const { strike, calls } = strikeAt(-1);
  const desk = rig.desk(strike);
  await rig.during(desk.preview(EDITS, alice, SIGNAL));
  calls.length = 0;
  const record = await rig.apply(desk, confirm);
  expect(record?.state).toBe(confirm.revertAfterSeconds === null ? 'kept' : 'waiting');
  // As far as the end of a reversal, where there is one.
  if (confirm.revertAfterSeconds !== null) await rig.clock.advance(90_000);
  return [...calls];
}

describe.each<readonly [string, ConfirmPolicy]>([
  ['kept at once', { revertAfterSeconds: null, guard: null }],
  ['waiting for a confirmation', { revertAfterSeconds: 30, guard: null }],
])('a change %s', (_name, confirm) => {
  it('is whole or gone after the console was killed at any of its calls, and another one was started', async () => {
    const calls = await countCalls(confirm);
    expect(calls.filter((call) => call.startsWith('write')).length).toBeGreaterThanOrEqual(8);
    const ends = new Set<string>();
    for (let n = 0; n < calls.length; n++) {
      const rig = new Rig();
      const before = statusOf(rig.memory);
      const { strike } = strikeAt(n);
      await rig.apply(rig.desk(strike), confirm).catch(() => null);
      const second = rig.desk();
      second.start();
      await rig.clock.advance(150_000);
      const [record] = rig.records();
      const where = `${n}: ${calls[n] ?? ''}`;
      const after = statusOf(rig.memory);
      if (record === undefined) expect(after, where).toBe(before);
      else if (record.state === 'reverted') expect(after, where).toBe(before);
      else {
        expect(record.state, where).toBe('kept');
        expect(confirm.revertAfterSeconds, where).toBeNull();
        expect(rig.memory.objects.has(refText(OLD)), where).toBe(false);
        expect(rig.memory.objects.has('ServiceEntry/shop/out'), where).toBe(true);
      }
      ends.add(record?.state ?? 'never begun');
      expect(rig.memory.leases.size, where).toBe(0);
      await second.close();
    }
    expect([...ends].sort()).toEqual(
      confirm.revertAfterSeconds === null ? ['kept', 'never begun', 'reverted'] : ['never begun', 'reverted'],
    );
  }, 120_000);
});

describe('a change whose consoles die one after the other', () => {
  it('is whole or gone in the end', async () => {
    const waiting: ConfirmPolicy = { revertAfterSeconds: 30, guard: null };
    const length = (await countCalls(waiting)).length;
    const random = seeded(7);
    for (let round = 0; round < 40; round++) {
      const rig = new Rig();
      const before = statusOf(rig.memory);
      const deaths = [Math.floor(random() * length), Math.floor(random() * 30), Math.floor(random() * 30)];
      const [first = 0, ...others] = deaths;
      await rig.apply(rig.desk(strikeAt(first).strike), waiting).catch(() => null);
      for (const n of others) {
        rig.desk(strikeAt(n).strike).start();
        await rig.clock.advance(60_000);
      }
      const last = rig.desk();
      last.start();
      await rig.clock.advance(150_000);
      expect(statusOf(rig.memory), deaths.join()).toBe(before);
      expect(rig.records().map(({ state, remains }) => [state, remains])).toEqual(rig.records().map(() => ['reverted', []]));
      await last.close();
    }
  }, 120_000);
});

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
