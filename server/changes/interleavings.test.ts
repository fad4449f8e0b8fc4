// Two sessions and somebody with kubectl edit the same object at the same time, a thousand times, on a simulated API server: nobody's write is
// lost, whichever comes first, and setting a change back takes nothing of the others along.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApplyRequest } from '../../model/change';
import type { ConfigRef, Edit } from '../../model/edit';
import { START_MS } from '../../sim/kubernetes/fixtures/small-cluster';
import type { KubeObject } from '../../sim/kubernetes/object';
import { overlayFresh } from '../steering/overlay-fresh';
import type { ChangeDesk } from './create-change-desk';
import { planEdits } from './plan/plan-edits';
import { MemoryCluster } from './testing/memory-cluster';
import { SimRig, seatOf } from './testing/sim-rig';
import { swiftClock } from './testing/swift-clock';

const SIGNAL = new AbortController().signal;
const ROUNDS = 1_000;
const HOST = 'reviews.bookinfo.svc.cluster.local';
const PATH = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';

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
const random = seeded(11);
/** Lets the others go first, or not. */
const dawdle = async (): Promise<void> => {
  for (let turns = Math.floor(random() * 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
};

/** Times that a session had to plan anew. */
let again = 0;
let rig: SimRig;
let desks: readonly [ChangeDesk, ChangeDesk];
beforeAll(async () => {
  // Slow enough for leases to outlast a busy machine.
  rig = await SimRig.start(swiftClock(3, START_MS));
  const memory = new MemoryCluster(() => rig.clock.now());
  // Two replicas that share a journal. It is in memory, so that the objects have all the traffic.
  const replica = (): ChangeDesk =>
    rig.console({
      start: false,
      wrap: (context) => ({
        ...context,
        journal: memory.journal(),
        leases: memory.leaseStore(),
        cases: memory.caseStore(),
        rights: { may: () => Promise.resolve(true) },
        // The plan alone: what it would do to traffic is not the question here.
        engine: {
          ...context.engine,
          rehearse: (edits, fresh) => {
            const planned = planEdits(overlayFresh(rig.inventory(), fresh), edits);
            const nothing = { findings: [], effects: [], forecast: [], cases: [], hosts: [], trafficAtMs: null, windowSeconds: 60 };
            return Promise.resolve({ ...planned, ...nothing });
          },
        },
        settings: { enabled: true, keep: 10, sampleMs: 15_000 },
        writer: {
          ...context.writer,
          readObject: async (...args) => {
            await dawdle();
            const found = await context.writer.readObject(...args);
            await dawdle();
            return found;
          },
          update: async (...args) => {
            await dawdle();
            return context.writer.update(...args);
          },
        },
      }),
    }).desk;
  desks = [replica(), replica()];
});
afterAll(() => rig.close());

const timeoutEdit = (object: ConfigRef, index: number, milliseconds: number): readonly Edit[] => [
  { type: 'timeout', rule: { object, list: 'http', index, host: HOST }, milliseconds },
];

/** Previews and applies until it is taken; whether it is set back at once afterwards. */
async function session(desk: ChangeDesk, name: string, edits: readonly Edit[], isSetBack: boolean): Promise<void> {
  const seat = seatOf(name);
  for (let attempt = 0; attempt < 50; attempt++) {
    if (attempt > 0) again++;
    const shown = await desk.preview(edits, seat, SIGNAL);
    if ('kind' in shown) throw new Error(JSON.stringify(shown));
    await dawdle();
    const request: ApplyRequest = {
      edits,
      digest: shown.plan.digest,
      reason: '',
      confirm: { revertAfterSeconds: isSetBack ? 3600 : null, guard: null },
      override: null,
    };
    const result = await desk.apply(request, seat, SIGNAL).catch((error: unknown) => {
      // The rehearsal saw somebody else's write: as good as a conflict.
      if (error instanceof Error && 'code' in error && error.code === 'badRequest') return null;
      throw error;
    });
    if (result === null || 'kind' in result) continue;
    let { state } = result;
    while (state === 'applying' || state === 'reverting') {
      await new Promise((resolve) => setTimeout(resolve, 5));
      ({ state } = await desk.read(result.id, seat, SIGNAL));
    }
    if (state === 'reverted') continue;
    if (!isSetBack) expect(state).toBe('kept');
    else expect(await desk.revert(result.id, '', seat, SIGNAL)).toMatchObject({ state: 'reverted', remains: [] });
    return;
  }
  throw new Error(`${name} never had his turn`);
}

/** As kubectl does: reads, edits, replaces what it read; again on a conflict. */
async function kubectl(name: string, timeout: string, note: string): Promise<void> {
  for (;;) {
    const read = await rig.cluster.send('GET', `${PATH}/${name}`);
    const object = read.body as unknown as KubeObject & { spec: { http: readonly object[] } };
    await dawdle();
    const http = object.spec.http.map((rule, i) => (i === 2 ? { ...rule, timeout } : rule));
    const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, [note]: 'kept' } };
    const reply = await rig.cluster.send('PUT', `${PATH}/${name}?fieldManager=kubectl-edit`, {
      body: { ...object, metadata, spec: { ...object.spec, http } },
    });
    if (reply.code === 200) return;
    expect(reply.code).toBe(409);
  }
}

it('loses nobody’s write', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const name = `r${round}`;
    const ref: ConfigRef = { kind: 'VirtualService', namespace: 'bookinfo', name };
    const rule = {
      route: [{ destination: { host: 'reviews' }, weight: 100 }],
      timeout: '1s',
      headers: { request: { set: { kept: 'yes' } } },
    };
    const spec = { hosts: [`${name}.example.com`], gateways: ['mesh'], http: [rule, rule, rule], exportTo: ['*'] };
    rig.cluster.store.write({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace: 'bookinfo' },
      spec,
    });
    const isSetBack = random() < 0.3;
    await Promise.all([
      session(desks[0], 'alice', timeoutEdit(ref, 0, 2_000 + round), false),
      session(desks[1], 'bob', timeoutEdit(ref, 1, 3_000 + round), isSetBack),
      ...(random() < 0.7 ? [kubectl(name, '4s', 'example.com/one')] : []),
      ...(random() < 0.5 ? [dawdle().then(() => kubectl(name, '4s', 'example.com/two'))] : []),
    ]);
    const stored = rig.stored({ kind: 'VirtualService', namespace: 'bookinfo', name });
    const annotations = stored?.metadata.annotations ?? {};
    const isEdited = Object.keys(annotations).length > 0;
    const http = (stored?.['spec'] as { readonly http: readonly { readonly timeout: string }[] } | undefined)?.http ?? [];
    const inMs = http.map(({ timeout }) =>
      timeout.endsWith('ms') ? Number(timeout.slice(0, -2)) : Math.round(Number(timeout.slice(0, -1)) * 1000),
    );
    expect(inMs, name).toEqual([2_000 + round, isSetBack ? 1_000 : 3_000 + round, isEdited ? 4_000 : 1_000]);
    expect(stored?.['spec'], name).toMatchObject({
      exportTo: ['*'],
      http: [1, 2, 3].map(() => ({ headers: { request: { set: { kept: 'yes' } } } })),
    });
    rig.cluster.store.remove('virtualservices.networking.istio.io', 'bookinfo', name);
  }
  // The rounds were no queue: some had to write again.
  expect(again).toBeGreaterThan(ROUNDS / 10);
}, 180_000);
