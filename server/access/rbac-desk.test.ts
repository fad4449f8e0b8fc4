// Access by RBAC: complete before it is told, asked once, kept a minute, never more than was allowed.
import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import type { Caller } from '../ports';
import { FakeClock, settle } from '../testing/fake-clock';
import { Gate } from './gate';
import { RbacDesk } from './rbac-desk';
import { Reviews } from './reviews';
import { callerOf, ScriptedReviews, tokenOf, VIEW_RULE } from './testing/scripted-reviews';

const EDIT_RULE = { verbs: ['*'], apiGroups: ['networking.istio.io'], resources: ['*'] };
const FOREVER = new AbortController().signal;

let clock: FakeClock;
let port: ScriptedReviews;
let namespaces: readonly string[] | null;
let desk: RbacDesk;
let reviews: Reviews;
const alice = callerOf('alice', tokenOf('a'));
const ask = (caller: Caller = alice) => desk.accessOf(caller, FOREVER);
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );

beforeEach(() => {
  clock = new FakeClock();
  port = new ScriptedReviews();
  namespaces = ['ops', 'pay', 'shop'];
  port.local = new Map([['shop', [VIEW_RULE]]]);
  reviews = new Reviews(port, clock);
  desk = new RbacDesk({ reviews, gate: new Gate(8), fetchNamespaces: () => Promise.resolve(namespaces), clock, kind: 'token' });
});

describe('what is seen', () => {
  it('is each namespace where services, pods or virtual services may be read: one request each, and two', async () => {
    const rule = (verbs: string[], group: string, resource: string, more: object = {}): object => ({
      verbs,
      apiGroups: [group],
      resources: [resource],
      ...more,
    });
    namespaces = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    port.local = new Map([
      ['a', [rule(['get'], '', 'services')]],
      ['b', [rule(['list'], '', 'pods')]],
      ['c', [rule(['*'], 'networking.istio.io', 'virtualservices')]],
      ['d', [rule(['watch', 'create', 'delete'], '', 'pods')]],
      ['e', [rule(['get'], '', 'services', { resourceNames: ['one'] })]],
      ['f', [rule(['get'], '', 'configmaps')]],
    ]);
    const access = await ask();
    expect(access.sight).toEqual(['a', 'b', 'c']);
    expect(access.isAdmin).toBe(false);
    expect(port.count()).toBe(namespaces.length + 2);
    expect(access.allows({ verb: 'patch', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'c' })).toBe(true);
    expect(access.allows({ verb: 'patch', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'a' })).toBe(false);
    expect(access.allows({ verb: 'patch', group: 'networking.istio.io', resource: 'virtualservices', namespace: null })).toBe(false);
    expect(access.allows({ verb: 'patch', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'nosuch' })).toBe(false);
  });

  it('is everything for whoever may list services everywhere: two requests, however many namespaces', async () => {
    namespaces = Array.from({ length: 2000 }, (_, i) => `n${i}`);
    port.everywhere = [VIEW_RULE];
    expect(await ask()).toMatchObject({ sight: null, isAdmin: false });
    expect(port.count()).toBe(2);
    port.everywhere = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
    expect(await ask(callerOf('root', tokenOf('r')))).toMatchObject({ sight: null, isAdmin: true });
  });

  it('of 2,000 namespaces takes one request each, a bounded number at a time', async () => {
    namespaces = Array.from({ length: 2000 }, (_, i) => `n${i}`);
    port.local = new Map(namespaces.slice(0, 30).map((n) => [n, [VIEW_RULE]]));
    const access = await ask();
    expect(access.sight).toHaveLength(30);
    expect(port.count()).toBe(2002);
    expect(port.mostInFlight).toBeLessThanOrEqual(8);
    expect(new Set(access.byNamespace.values()).size).toBe(2);
  });

  it('of incomplete lists is only what an access review confirms, in two requests a namespace', async () => {
    port.incomplete = true;
    port.local = new Map([
      ['shop', [VIEW_RULE]],
      ['pay', [VIEW_RULE]],
    ]);
    // The list claims pay, which is denied; it does not know ops, which is granted.
    port.decided = new Set(['shop', 'ops']);
    expect((await ask()).sight).toEqual(['ops', 'shop']);
    expect(port.count()).toBe(2 + 2 * 3);
  });

  it('is not everything by an incomplete list of rules that hold everywhere', async () => {
    port.incomplete = true;
    port.everywhere = [VIEW_RULE];
    port.decided = new Set(['pay']);
    // Listing services everywhere is denied by the review itself.
    const { postReview } = port;
    port.postReview = async (path, body, credential) => {
      const answer = await postReview.call(port, path, body, credential);
      const everywhere = JSON.stringify(body).includes('"resourceAttributes"') && !JSON.stringify(body).includes('"namespace"');
      return everywhere ? { status: 201, body: { status: { allowed: false } } } : answer;
    };
    expect((await ask()).sight).toEqual(['pay']);
  });

  it('is nothing while the namespaces are not known', async () => {
    namespaces = null;
    expect(await codeOf(ask())).toBe('starting');
  });

  it('is never asked in the name of the console', async () => {
    for (const credential of [{ kind: 'console' }, { kind: 'impersonate', user: 'x', groups: [] }] as const)
      expect(await codeOf(ask(callerOf('x', credential)))).toBe('forbidden');
    expect(port.count()).toBe(0);
  });
});

describe('rules of one namespace for who sees everything', () => {
  it('are asked when they are needed', async () => {
    port.everywhere = [VIEW_RULE];
    port.local = new Map([['shop', [EDIT_RULE]]]);
    const deed = { verb: 'patch', group: 'networking.istio.io', resource: 'sidecars', namespace: 'shop' } as const;
    expect((await ask()).allows(deed)).toBe(false);
    expect((await desk.accessIn(alice, 'shop', FOREVER)).allows(deed)).toBe(true);
    expect((await desk.accessIn(alice, 'pay', FOREVER)).allows({ ...deed, namespace: 'pay' })).toBe(false);
    expect(port.count()).toBe(4);
  });
});

describe('what was found', () => {
  it('is shared by all who ask at once, and by tokens of the same login, and by nobody else', async () => {
    port.hold();
    const all = [ask(), ask(), ask(callerOf('alice', tokenOf('renewed')))];
    await settle();
    port.release();
    const [a, b, c] = await Promise.all(all);
    expect(b).toBe(a);
    expect(c).toBe(a);
    expect(port.count()).toBe(5);
    await ask(callerOf('bob', tokenOf('b')));
    await ask(callerOf('alice', tokenOf('a'), ['new-group']));
    expect(port.count()).toBe(15);
  });

  it('is kept a minute, and read again before that for who is active', async () => {
    const first = await ask();
    await clock.advance(44_000);
    expect(await ask()).toBe(first);
    expect(port.count()).toBe(5);
    await clock.advance(2000);
    port.local = new Map();
    expect(await ask()).toBe(first);
    await settle();
    expect(port.count()).toBe(10);
    expect((await ask()).sight).toEqual([]);
    await clock.advance(61_000);
    port.local = new Map([['pay', [VIEW_RULE]]]);
    expect((await ask()).sight).toEqual(['pay']);
  });

  it('stays while the API server is away, for every one of its namespaces, and does not make anybody wait twice', async () => {
    const first = await ask();
    port.away = true;
    await clock.advance(61_000);
    expect(await ask()).toBe(first);
    const count = port.count();
    expect(await ask()).toBe(first);
    expect(port.count()).toBe(count);
    await clock.advance(5000);
    port.hold();
    const waiting = ask();
    await clock.advance(3000);
    expect(await waiting).toBe(first);
    port.release();
    await settle();
    port.away = false;
    port.local = new Map();
    await clock.advance(6000);
    expect((await ask()).sight).toEqual([]);
  });

  it('is not half an answer: one namespace that fails is no answer at all', async () => {
    const { postReview } = port;
    port.postReview = (path, body, credential) =>
      JSON.stringify(body).includes('"pay"') ? Promise.resolve({ status: 503, body: null }) : postReview.call(port, path, body, credential);
    expect(await codeOf(ask())).toBe('clusterUnreachable');
    expect(desk.size).toBe(0);
  });

  it('does not outlive a refusal', async () => {
    await ask();
    for (const [status, code] of [
      [401, 'clusterUnauthorized'],
      [403, 'forbidden'],
    ] as const) {
      await clock.advance(61_000);
      port.refusals = { status, left: 1 };
      expect(await codeOf(ask())).toBe(code);
      expect(desk.size).toBe(0);
      port.away = true;
      expect(await codeOf(ask())).toBe('clusterUnreachable');
      port.away = false;
      await ask();
    }
  });

  it('is forgotten at logout, also when it comes after that', async () => {
    await ask();
    desk.forget('sub-bob');
    expect(desk.size).toBe(1);
    desk.forget('sub-alice');
    expect(desk.size).toBe(0);
    port.hold();
    const late = ask();
    await settle();
    desk.forget('sub-alice');
    port.release();
    await late;
    expect(desk.size).toBe(0);
  });

  it('is not asked again because one of those who wait has left', async () => {
    port.hold();
    const leaving = new AbortController();
    const [stays, leaves] = [ask(), desk.accessOf(alice, leaving.signal)];
    leaving.abort(new Error('gone'));
    await expect(leaves).rejects.toThrow('gone');
    port.release();
    expect((await stays).sight).toEqual(['shop']);
    expect(port.count()).toBe(5);
  });
});

describe('an API server that throttles', () => {
  it('is asked again after a pause', async () => {
    port.refusals = { status: 429, left: 2 };
    const asked = ask();
    await clock.advance(250);
    expect((await asked).sight).toEqual(['shop']);
    expect(reviews.stats).toEqual({ sent: 7, failed: 0 });
  });
  it('is not asked for ever', async () => {
    port.refusals = { status: 429, left: 1000 };
    const asked = codeOf(ask());
    await clock.advance(10_000);
    expect(await asked).toBe('clusterUnreachable');
    expect(port.count()).toBe(8);
  });
});

it('a server that will not review a namespace that cannot be gets asked about each', async () => {
  const { postReview } = port;
  port.everywhere = [];
  port.postReview = (path, body, credential) =>
    JSON.stringify(body).includes('"-"') ? Promise.resolve({ status: 422, body: null }) : postReview.call(port, path, body, credential);
  expect((await ask()).sight).toEqual(['shop']);
});
