// The write flow on bad days: the API server refuses, answers late or not at all, rights are lost in the middle, consoles die, guards trip,
// others edit meanwhile. Over HTTP, on a clock that runs fast.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplyRequest, ChangeRecord, ConfirmPolicy, TrafficMeasure } from '../../model/change';
import type { Edit } from '../../model/edit';
import type { FaultAction } from '../../sim/kubernetes/http/faults';
import { ALL_CHANGES } from './change-filter';
import type { ChangeSeat } from './context';
import type { ChangeDesk } from './create-change-desk';
import { DR, HOST, lasting, SimRig, seatOf, tokenSeat, VS } from './testing/sim-rig';

const FOREVER = new AbortController().signal;
const KEEP: ConfirmPolicy = { revertAfterSeconds: null, guard: null };
const WAIT: ConfirmPolicy = { revertAfterSeconds: 60, guard: null };
const ROUTES = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices';
const alice = seatOf('alice');

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
let before: readonly unknown[];
const now = (): readonly unknown[] => [lasting(rig.stored()), lasting(rig.stored(DR))];
beforeEach(async () => {
  rig = await SimRig.start();
  before = now();
});
afterEach(() => rig.close());

async function applied(desk: ChangeDesk, part: Partial<ApplyRequest> = {}, seat: ChangeSeat = alice, edits = weights(80, 20)) {
  const shown = await desk.preview(edits, seat, FOREVER);
  if ('kind' in shown) throw new Error(JSON.stringify(shown));
  const request = { edits, digest: shown.plan.digest, reason: '', confirm: KEEP, override: null, ...part };
  return desk.apply(request, seat, FOREVER);
}
async function ended(desk: ChangeDesk): Promise<ChangeRecord> {
  for (;;) {
    const [record] = await desk.list({ ...ALL_CHANGES, limit: 1 }, alice).then(
      ({ changes }) => changes,
      () => [],
    );
    if (record !== undefined && record.endedAtMs !== null) return record;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
async function waiting(desk: ChangeDesk): Promise<string> {
  for (;;) {
    const [record] = (await desk.list({ ...ALL_CHANGES, limit: 1 }, alice)).changes;
    if (record?.state === 'waiting') return record.id;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Strikes writes that are no rehearsal. */
const strike = (action: FaultAction, part: string, times: number, method = 'PUT'): void =>
  rig.cluster.server.faults.add({
    action,
    times,
    matches: (request) => request.method === method && request.path.includes(part) && request.query.get('dryRun') === null,
  });
const edit = (change: object): Promise<unknown> =>
  rig.cluster.send('PATCH', `${ROUTES}/reviews?fieldManager=kubectl-edit`, { body: change, type: 'application/merge-patch+json' });

describe('the API server', () => {
  it.each<readonly [string, FaultAction]>([
    ['is busy', { kind: 'status', code: 429, retryAfterSeconds: 1 }],
    ['fails', { kind: 'status', code: 500 }],
    ['is being replaced', { kind: 'status', code: 503 }],
    ['cuts the connection', { kind: 'hang-up' }],
    ['breaks off its answer', { kind: 'half-body' }],
    ['answers by a proxy’s page', { kind: 'html', code: 502 }],
  ])('%s for a moment: the change comes through', async (_name, action) => {
    const { desk } = rig.console();
    strike(action, 'virtualservices', 1);
    strike(action, 'destinationrules', 1);
    strike(action, 'configmaps', 1);
    await applied(desk);
    const record = await ended(desk);
    expect(record).toMatchObject({ state: 'kept', remains: [] });
    expect(record.steps.map(({ state }) => state)).toEqual(['written', 'written']);
    expect(rig.stored()?.['spec']).toMatchObject({ http: [{ route: [{ weight: 80 }, { weight: 20 }] }, {}] });
  });

  it('refuses the second write for good: the first is undone, and the cause is told', async () => {
    const { desk } = rig.console();
    strike({ kind: 'status', code: 422 }, 'virtualservices', 1);
    await applied(desk);
    const record = await ended(desk);
    expect(record).toMatchObject({ state: 'reverted', remains: [] });
    expect(record.outcome).toContain('update VirtualService/bookinfo/reviews was refused');
    expect(record.steps.map(({ state }) => state)).toEqual(['undone', 'failed']);
    expect(now()).toEqual(before);
  });

  it('cannot be asked for the rehearsal: the preview says so, and nothing is applied', async () => {
    const { desk } = rig.console();
    const shown = await desk.preview(weights(80, 20), alice, FOREVER);
    if ('kind' in shown) throw new Error('refused');
    rig.cluster.server.faults.add({ action: { kind: 'status', code: 500 }, matches: ({ query }) => query.get('dryRun') === 'All' });
    expect(await desk.preview(weights(80, 20), alice, FOREVER)).toMatchObject({
      dryRun: null,
      dryRunFault: expect.stringContaining('500') as unknown,
    });
    await expect(applied(desk)).rejects.toMatchObject({ code: 'clusterUnreachable' });
    expect(now()).toEqual(before);
  });

  it('does not take the journal: nothing is written', async () => {
    const { desk } = rig.console();
    rig.cluster.server.faults.add({
      action: { kind: 'status', code: 403 },
      matches: ({ method, path }) => method === 'POST' && path.endsWith('configmaps'),
    });
    await expect(applied(desk)).rejects.toMatchObject({ code: 'forbidden', next: expect.stringContaining('changes.namespace') as unknown });
    expect(now()).toEqual(before);
  });
});

describe('rights', () => {
  const BOB = 'rolebindings.rbac.authorization.k8s.io';
  it('that are lost in the middle undo what was written, by whoever may', async () => {
    const bob = tokenSeat('bob', 'bob-token');
    const { desk } = rig.console({
      wrap: (context) => ({
        ...context,
        writer: {
          ...context.writer,
          update: async (ref, ...rest) => {
            const answer = await context.writer.update(ref, ...rest);
            if (ref.kind === 'DestinationRule' && !rest[2].dryRun && rest[1].kind === 'token')
              rig.cluster.store.remove(BOB, 'bookinfo', 'bookinfo-edit');
            return answer;
          },
        },
      }),
    });
    await applied(desk, { confirm: WAIT }, bob);
    const record = await ended(desk);
    // The console itself may: it was found to before the change began.
    expect(record).toMatchObject({ revertBy: 'console', state: 'reverted', remains: [] });
    expect(record.outcome).toContain('was refused');
    expect(now()).toEqual(before);
  });

  it('of the console decide who would set it back', async () => {
    const { desk } = rig.console();
    rig.cluster.store.remove('clusterrolebindings.rbac.authorization.k8s.io', undefined, 'heddle-edit');
    const bob = tokenSeat('bob', 'bob-token');
    expect(await desk.preview(weights(80, 20), bob, FOREVER)).toMatchObject({ revertBy: { identity: 'user', validUntilMs: null } });
    await applied(desk, { confirm: { revertAfterSeconds: 30, guard: null } }, bob);
    expect(await ended(desk)).toMatchObject({ state: 'reverted', revertBy: 'user' });
    expect(now()).toEqual(before);
    // In its own name it could do nothing, and says so.
    expect(await desk.preview(weights(80, 20), alice, FOREVER)).toMatchObject({
      revertBy: { identity: null, why: expect.stringContaining('may not') as unknown },
    });
  });

  it('of a login that a restart lost: the change is handed to whoever may', async () => {
    rig.cluster.store.remove('clusterrolebindings.rbac.authorization.k8s.io', undefined, 'heddle-edit');
    const bob = tokenSeat('bob', 'bob-token');
    const first = rig.console();
    await applied(first.desk, { confirm: { revertAfterSeconds: 30, guard: null } }, bob);
    await waiting(first.desk);
    await first.close();
    const second = rig.console();
    const record = await ended(second.desk);
    expect(record).toMatchObject({ state: 'incomplete' });
    expect(record.remains.map(({ ref }) => ref.kind).sort()).toEqual(['DestinationRule', 'VirtualService']);
    expect(await second.desk.revert(record.id, 'by hand', bob, FOREVER)).toMatchObject({ id: record.id });
    for (;;) if ((await ended(second.desk)).state === 'reverted') break;
    expect(now()).toEqual(before);
  });
});

describe('consoles', () => {
  it('that die while a change waits are followed by another, which sets it back in time', async () => {
    const first = rig.console();
    await applied(first.desk, { confirm: { revertAfterSeconds: 30, guard: null } });
    await waiting(first.desk);
    first.kill();
    const second = rig.console();
    expect(await ended(second.desk)).toMatchObject({ state: 'reverted', outcome: 'nobody confirmed it in time' });
    expect(now()).toEqual(before);
    expect(rig.log.join('\n')).toContain('"action":"takeOver"');
  });

  it('hear of a confirmation that another one took', async () => {
    const [first, second] = [rig.console(), rig.console()];
    await applied(first.desk, { confirm: { revertAfterSeconds: 40, guard: null } });
    const id = await waiting(first.desk);
    expect(await second.desk.confirm(id, alice, FOREVER)).toMatchObject({ state: 'kept', confirmedBy: 'alice' });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await first.desk.read(id, alice, FOREVER)).toMatchObject({ state: 'kept' });
    expect(rig.stored()?.['spec']).toMatchObject({ http: [{ route: [{ weight: 80 }, { weight: 20 }] }, {}] });
  });

  it('set back what another one looks after, when somebody asks there', async () => {
    const [first, second] = [rig.console(), rig.console()];
    await applied(first.desk, { confirm: WAIT });
    const id = await waiting(first.desk);
    await second.desk.revert(id, 'elsewhere', alice, FOREVER);
    expect(await ended(second.desk)).toMatchObject({ state: 'reverted', outcome: 'set back by alice: elsewhere' });
    expect(now()).toEqual(before);
  });
});

describe('a guard', () => {
  const measure = (part: Partial<TrafficMeasure>): TrafficMeasure => ({
    atMs: rig.clock.now(),
    requestsPerSecond: 10,
    errorPercent: 0.1,
    p95Ms: 20,
    byDestination: [],
    ...part,
  });
  it.each<readonly [string, Partial<TrafficMeasure>, string]>([
    ['errors', { errorPercent: 12 }, 'the guard tripped: errors 0.1 % → 12 %'],
    ['latency', { p95Ms: 90 }, 'the guard tripped: P95 20 ms → 90 ms'],
  ])('trips on %s, long before the time is over', async (_name, worse, why) => {
    const { desk } = rig.console();
    rig.measure = () => measure({});
    await applied(desk, { confirm: { revertAfterSeconds: 3600, guard: { errorPercentPoints: 5, latencyFactor: 3 } } });
    await waiting(desk);
    rig.measure = () => measure(worse);
    const record = await ended(desk);
    expect(record.state).toBe('reverted');
    expect(record.outcome).toContain(why);
    expect(record.measures.length).toBeGreaterThanOrEqual(2);
    expect(record.before).toMatchObject({ errorPercent: 0.1 });
    expect(now()).toEqual(before);
  });
});

describe('somebody else', () => {
  it('who edits another place meanwhile keeps the edit when the change is set back', async () => {
    const { desk } = rig.console();
    await applied(desk, { confirm: WAIT });
    const id = await waiting(desk);
    await edit({ metadata: { annotations: { theirs: 'kept' } }, spec: { hosts: ['reviews', 'theirs.example.com'] } });
    await desk.revert(id, '', alice, FOREVER);
    expect(await ended(desk)).toMatchObject({ state: 'reverted', remains: [] });
    expect(rig.stored()).toMatchObject({
      metadata: { annotations: { theirs: 'kept', 'example.com/note': 'kept' } },
      spec: { hosts: ['reviews', 'theirs.example.com'], http: [{ route: [{ destination: { subset: 'v1' } }] }, { timeout: '3s' }] },
    });
    expect(JSON.stringify(rig.stored()?.['spec'])).not.toContain('v2');
  });

  it('who edits the same place keeps it, and what remains is told', async () => {
    const { desk } = rig.console();
    await applied(desk, { confirm: WAIT });
    const id = await waiting(desk);
    const stored = rig.stored();
    if (stored === undefined) throw new Error('gone');
    const { http } = stored['spec'] as { readonly http: readonly object[] };
    const theirs = [
      { destination: { host: 'reviews', subset: 'v1' }, weight: 55 },
      { destination: { host: 'reviews', subset: 'v2' }, weight: 45 },
    ];
    await edit({ spec: { http: [{ ...http[0], route: theirs }, http[1]] } });
    await desk.revert(id, '', alice, FOREVER);
    const record = await ended(desk);
    expect(record).toMatchObject({
      state: 'incomplete',
      remains: [{ ref: VS, message: expect.stringContaining('edited by somebody else') as unknown }],
    });
    expect(rig.stored()?.['spec']).toMatchObject({ http: [{ route: theirs }, {}] });
  });

  it('who deletes the object meanwhile is not contradicted', async () => {
    rig.cluster.store.write({ ...(rig.stored() as object), metadata: { name: 'reviews', namespace: 'bookinfo' } } as never);
    const { desk } = rig.console();
    await applied(desk, { confirm: WAIT });
    const id = await waiting(desk);
    rig.cluster.store.remove('virtualservices.networking.istio.io', 'bookinfo', 'reviews');
    await desk.revert(id, '', alice, FOREVER);
    expect(await ended(desk)).toMatchObject({ state: 'incomplete', remains: [{ ref: VS }] });
    expect(rig.stored()).toBeUndefined();
  });

  it('who saved the object since the editor opened it is not overwritten by YAML', async () => {
    const { desk } = rig.console();
    const opened = await desk.readObject(VS, alice, FOREVER);
    const yaml = opened.yaml.replace('timeout: 3s', 'timeout: 4s');
    const mine: readonly Edit[] = [{ type: 'yaml', ref: VS, yaml, resourceVersion: opened.resourceVersion }];
    // A new status is no edit.
    await rig.cluster.send('PATCH', `${ROUTES}/reviews/status`, {
      body: { status: { observedGeneration: 1 } },
      type: 'application/merge-patch+json',
    });
    expect(await desk.preview(mine, alice, FOREVER)).not.toHaveProperty('kind');
    await edit({ spec: { hosts: ['reviews', 'theirs.example.com'] } });
    expect(await desk.preview(mine, alice, FOREVER)).toMatchObject({
      kind: 'conflict',
      conflict: { stale: [{ ref: VS, now: { spec: { hosts: ['reviews', 'theirs.example.com'] } } }] },
    });
  });
});

describe('a new status', () => {
  const post = { body: { status: { observedGeneration: 7 } }, type: 'application/merge-patch+json' } as const;
  it('between the plan and the write is no edit by somebody else', async () => {
    let written = 0;
    const { desk } = rig.console({
      wrap: (context) => ({
        ...context,
        writer: {
          ...context.writer,
          update: async (ref, change, credential, options) => {
            if (!options.dryRun && ref.kind === 'VirtualService' && written++ === 0)
              await rig.cluster.send('PATCH', `${ROUTES}/reviews/status`, post);
            return context.writer.update(ref, change, credential, options);
          },
        },
      }),
    });
    await applied(desk);
    expect(await ended(desk)).toMatchObject({ state: 'kept' });
    expect(rig.stored()).toMatchObject({
      status: { observedGeneration: 7 },
      spec: { http: [{ route: [{ weight: 80 }, { weight: 20 }] }, {}] },
    });
  });

  it('does not keep a change from being set back', async () => {
    const { desk } = rig.console();
    await applied(desk, { confirm: WAIT });
    const id = await waiting(desk);
    await rig.cluster.send('PATCH', `${ROUTES}/reviews/status`, post);
    await desk.revert(id, '', alice, FOREVER);
    expect(await ended(desk)).toMatchObject({ state: 'reverted', remains: [] });
    expect(rig.stored()?.['spec']).toEqual((before[0] as { spec: unknown }).spec);
  });

  it('and somebody’s edit between the plan and the write are two things: the edit stays, and nothing is half', async () => {
    let written = 0;
    const { desk } = rig.console({
      wrap: (context) => ({
        ...context,
        writer: {
          ...context.writer,
          update: async (ref, change, credential, options) => {
            if (!options.dryRun && ref.kind === 'VirtualService' && written++ === 0)
              await edit({ spec: { hosts: ['reviews', 'theirs.example.com'] } });
            return context.writer.update(ref, change, credential, options);
          },
        },
      }),
    });
    await applied(desk);
    const record = await ended(desk);
    expect(record).toMatchObject({ state: 'reverted', remains: [] });
    expect(record.outcome).toContain('changed meanwhile');
    expect(rig.stored()?.['spec']).toMatchObject({
      hosts: ['reviews', 'theirs.example.com'],
      http: [{ route: [{ destination: { subset: 'v1' } }] }, {}],
    });
    expect(lasting(rig.stored(DR))).toEqual(before[1]);
  });
});

describe('a console that changes nothing', () => {
  it('refuses every write, and still shows', async () => {
    const { desk } = rig.console({ wrap: (context) => ({ ...context, settings: { ...context.settings, enabled: false } }) });
    expect(await desk.preview(weights(80, 20), alice, FOREVER)).not.toHaveProperty('kind');
    await expect(applied(desk)).rejects.toMatchObject({ code: 'forbidden', next: expect.stringContaining('changes.enabled') as unknown });
    await expect(desk.confirm('a', alice, FOREVER)).rejects.toMatchObject({ code: 'forbidden' });
    expect(desk.encodeMetrics()).toContain('heddle_changes_total{event="apply",outcome="forbidden"} 1');
  });
});
