// The write flow against a simulated API server over HTTP: what is previewed is applied, kept or set back, and nothing else is touched.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplyRequest, ChangeRecord, ConfirmPolicy, Preview } from '../../model/change';
import type { Edit } from '../../model/edit';
import { ALL_CHANGES } from './change-filter';
import type { ChangeSeat } from './context';
import type { ChangeDesk } from './create-change-desk';
import { DR, HOST, lasting, SimRig, seatOf, tokenSeat, VS } from './testing/sim-rig';

const FOREVER = new AbortController().signal;
const KEEP: ConfirmPolicy = { revertAfterSeconds: null, guard: null };

const weights = (v1: number, v2: number): readonly Edit[] => [
  {
    type: 'weights',
    rule: { object: VS, list: 'http', index: 0, host: HOST },
    destinations: [
      { host: HOST, subset: 'v1', port: null, weight: v1 },
      { host: HOST, subset: 'v2', port: null, weight: v2 },
    ],
  },
];

let rig: SimRig;
beforeEach(async () => {
  rig = await SimRig.start();
});
afterEach(() => rig.close());

const alice = seatOf('alice');

async function preview(desk: ChangeDesk, edits: readonly Edit[], seat: ChangeSeat = alice): Promise<Preview> {
  const result = await desk.preview(edits, seat, FOREVER);
  if ('kind' in result) throw new Error(JSON.stringify(result));
  return result;
}
async function apply(
  desk: ChangeDesk,
  edits: readonly Edit[],
  part: Partial<ApplyRequest> = {},
  seat: ChangeSeat = alice,
): Promise<ChangeRecord> {
  const { plan } = await preview(desk, edits, seat);
  const result = await desk.apply({ edits, digest: plan.digest, reason: 'why not', confirm: KEEP, override: null, ...part }, seat, FOREVER);
  if ('kind' in result) throw new Error(JSON.stringify(result));
  return result;
}
async function until(desk: ChangeDesk, id: string, done: (record: ChangeRecord) => boolean): Promise<ChangeRecord> {
  for (;;) {
    const record = await desk.read(id, alice, FOREVER);
    if (done(record)) return record;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a change', () => {
  it('is previewed without writing, applied in the order that is safe, and journalled', async () => {
    const { desk } = rig.console();
    const before = rig.cluster.store.revision;
    const shown = await preview(desk, weights(80, 20));
    expect(rig.cluster.store.revision).toBe(before);
    expect(shown.dryRun?.every(({ ok }) => ok)).toBe(true);
    expect(shown.revertBy).toEqual({ identity: 'console', validUntilMs: null });
    expect(shown.plan.steps.map(({ action, ref }) => `${action} ${ref.kind}`)).toEqual(['update DestinationRule', 'update VirtualService']);

    const record = await apply(desk, weights(80, 20));
    expect(record).toMatchObject({ state: 'kept', by: { name: 'alice' }, reason: 'why not', outcome: 'kept at once' });
    expect(record.steps.map(({ state }) => state)).toEqual(['written', 'written']);
    expect(rig.stored()?.['spec']).toMatchObject({
      http: [
        { name: 'main', route: [{ weight: 80 }, { weight: 20 }] },
        { name: 'other', timeout: '3s' },
      ],
    });
    expect(rig.stored()?.metadata).toMatchObject({
      labels: { team: 'books' },
      annotations: { 'example.com/note': 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      finalizers: ['example.com/hold'],
    });
    expect(rig.log.filter((line) => line.includes('write {'))).toHaveLength(2);
    expect((await desk.list({ ...ALL_CHANGES, host: HOST }, alice)).changes).toHaveLength(1);
  });

  it('that waits is set back when nobody confirms it: byte for byte', async () => {
    const { desk } = rig.console();
    const [route, rule] = [lasting(rig.stored()), lasting(rig.stored(DR))];
    const { id, state } = await apply(desk, weights(80, 20), { confirm: { revertAfterSeconds: 30, guard: null } });
    expect(state).toBe('waiting');
    const record = await until(desk, id, ({ endedAtMs }) => endedAtMs !== null);
    expect(record).toMatchObject({ state: 'reverted', outcome: 'nobody confirmed it in time', remains: [] });
    expect(JSON.stringify(lasting(rig.stored()))).toBe(JSON.stringify(route));
    expect(JSON.stringify(lasting(rig.stored(DR)))).toBe(JSON.stringify(rule));
  });

  it('is kept once it is confirmed, and can be undone then', async () => {
    const { desk } = rig.console();
    const route = lasting(rig.stored());
    const { id } = await apply(desk, weights(50, 50), { confirm: { revertAfterSeconds: 60, guard: null } });
    expect(await desk.confirm(id, alice, FOREVER)).toMatchObject({ state: 'kept', confirmedBy: 'alice' });
    await expect(desk.confirm(id, alice, FOREVER)).rejects.toMatchObject({ code: 'conflict' });
    const shown = await desk.previewUndo(id, alice, FOREVER);
    if ('kind' in shown) throw new Error(JSON.stringify(shown));
    const undone = await desk.undo(id, { digest: shown.plan.digest, reason: 'no', confirm: KEEP, override: null }, alice, FOREVER);
    expect(undone).toMatchObject({ state: 'kept', undoes: id });
    expect(lasting(rig.stored())).toEqual(route);
    await until(desk, id, ({ undoneBy }) => undoneBy !== null);
  });

  it('is set back at once when somebody asks', async () => {
    const { desk } = rig.console();
    const route = lasting(rig.stored());
    const { id } = await apply(desk, weights(50, 50), { confirm: { revertAfterSeconds: 3600, guard: null } });
    const record = await desk.revert(id, 'it smells', alice, FOREVER);
    expect(record).toMatchObject({ state: 'reverted', outcome: 'set back by alice: it smells' });
    expect(lasting(rig.stored())).toEqual(route);
  });

  it('is refused where it would not do what was shown', async () => {
    const { desk } = rig.console();
    const edits = weights(80, 20);
    const { plan } = await preview(desk, edits);
    await rig.cluster.send('PATCH', '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews', {
      body: { spec: { hosts: ['reviews', 'reviews.example.com'] } },
      type: 'application/merge-patch+json',
    });
    const result = await desk.apply({ edits, digest: plan.digest, reason: '', confirm: KEEP, override: null }, alice, FOREVER);
    expect(result).toMatchObject({ kind: 'conflict', conflict: { preview: { plan: { steps: expect.anything() as unknown } } } });
    expect((await desk.list(ALL_CHANGES, alice)).changes).toEqual([]);
  });

  it('in the name of somebody by his token is what RBAC lets him do', async () => {
    const { desk } = rig.console();
    expect(await apply(desk, weights(80, 20), {}, tokenSeat('bob', 'bob-token'))).toMatchObject({ state: 'kept', by: { name: 'bob' } });
    expect(JSON.stringify(rig.stored()?.metadata.managedFields)).toContain('"heddle"');
    await expect(desk.preview(weights(70, 30), tokenSeat('carol', 'carol-token'), FOREVER)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(desk.preview(weights(70, 30), tokenSeat('eve', 'forged'), FOREVER)).rejects.toMatchObject({ code: 'clusterUnauthorized' });
  });

  it('is listed for many by one read of the cluster, each cut to what he may see', async () => {
    let reads = 0;
    const { desk } = rig.console({
      start: false,
      wrap: (context) => {
        const { journal } = context;
        const list: typeof journal.list = (signal) => {
          reads++;
          return journal.list(signal);
        };
        return { ...context, journal: { ...journal, list } };
      },
    });
    const { id } = await apply(desk, weights(80, 20), { confirm: { revertAfterSeconds: 3600, guard: null } });
    reads = 0;
    const elsewhere: ChangeSeat = { ...alice, access: { ...alice.access, sight: ['empty'] } };
    const pages = await Promise.all([alice, alice, elsewhere].map((seat) => desk.list(ALL_CHANGES, seat)));
    expect(reads).toBe(1);
    expect(pages.map(({ changes }) => changes.map((change) => change.id))).toEqual([[id], [id], []]);
  });

  it('is forgotten when enough others have ended since', async () => {
    const { desk } = rig.console({ wrap: (context) => ({ ...context, settings: { ...context.settings, keep: 2 } }) });
    const ids: string[] = [];
    for (const share of [10, 20, 30, 40]) ids.push((await apply(desk, weights(100 - share, share))).id);
    const kept = async (): Promise<readonly ChangeRecord[]> => (await desk.list({ ...ALL_CHANGES, namespace: 'bookinfo' }, alice)).changes;
    for (;;) {
      const found = await kept();
      if (found.length > 2) continue;
      expect(found.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
      break;
    }
    expect(await desk.list({ ...ALL_CHANGES, host: 'other.example.com' }, alice)).toEqual({ changes: [], next: null });
    await expect(desk.read(ids[0] ?? '', alice, FOREVER)).rejects.toMatchObject({ code: 'notFound' });
  });
});
