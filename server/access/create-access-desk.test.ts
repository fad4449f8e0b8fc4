// The desk as the console uses it: streams that end when their reader's rights do, administrators, metrics.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../model/account';
import type { Logger } from '../log';
import type { Caller } from '../ports';
import { FakeClock, settle } from '../testing/fake-clock';
import type { AccessSettings } from './access-settings';
import { type ConsoleAccess, createAccessDesk } from './create-access-desk';
import { callerOf, ScriptedReviews, tokenOf, VIEW_RULE } from './testing/scripted-reviews';

const FOREVER = new AbortController().signal;
const alice = callerOf('alice', tokenOf('very-secret'));
let clock: FakeClock;
let port: ScriptedReviews;
let lines: string[];

const deskOf = (settings: Partial<AccessSettings>): ConsoleAccess => {
  const note: Logger['info'] = (event, fields) => lines.push(JSON.stringify({ event, ...fields }));
  return createAccessDesk({
    settings: { strategy: 'openid', mode: 'userToken', anonymousRole: 'viewer', roles: [], ...settings },
    reviews: port,
    fetchNamespaces: () => Promise.resolve(['pay', 'shop']),
    clock,
    log: { debug: note, info: note, warn: note, error: note },
  });
};
const watch = async (desk: ConsoleAccess, caller: Caller): Promise<{ readonly ends: () => number; readonly stop: () => void }> => {
  let ended = 0;
  const stop = desk.watchSight(caller, await desk.accessOf(caller, FOREVER), () => {
    ended++;
  });
  return { ends: () => ended, stop };
};

beforeEach(() => {
  clock = new FakeClock();
  port = new ScriptedReviews();
  port.local = new Map([['shop', [VIEW_RULE]]]);
  lines = [];
});

describe('an open stream', () => {
  it('ends within two minutes when its reader no longer sees the same, once', async () => {
    const { ends } = await watch(deskOf({}), alice);
    await clock.advance(121_000);
    expect(ends()).toBe(0);
    port.local = new Map();
    await clock.advance(120_000);
    expect(ends()).toBe(1);
    await clock.advance(3_600_000);
    expect(ends()).toBe(1);
  });
  it('ends when the API server refuses its reader, and not while it is away', async () => {
    const { ends } = await watch(deskOf({}), alice);
    port.away = true;
    await clock.advance(300_000);
    expect(ends()).toBe(0);
    port.away = false;
    port.refusals = { status: 401, left: 1000 };
    await clock.advance(61_000);
    expect(ends()).toBe(1);
  });
  it('ends after ten minutes, for groups and tokens come with requests only; and leaves nothing behind when it is closed', async () => {
    const desk = deskOf({ mode: 'roles', roles: [{ role: 'viewer', groups: [], users: ['alice'], namespaces: ['shop'] }] });
    const { ends } = await watch(desk, alice);
    await clock.advance(599_000);
    expect(ends()).toBe(0);
    await clock.advance(1000);
    expect(ends()).toBe(1);
    const other = await watch(desk, alice);
    other.stop();
    await settle();
    expect(clock.pending).toBe(0);
    await clock.advance(3_600_000);
    expect(other.ends()).toBe(0);
  });
  it('lasts where nobody logs in', async () => {
    const everybody: Caller = {
      ...callerOf('anonymous', { kind: 'console' }),
      user: { strategy: 'anonymous', subject: 'anonymous', name: 'anonymous', groups: [] },
    };
    const { ends } = await watch(deskOf({ strategy: 'anonymous' }), everybody);
    await clock.advance(3_600_000);
    expect([ends(), clock.pending, port.count()]).toEqual([0, 0, 0]);
  });
});

it.each<[Role, boolean]>([
  ['viewer', false],
  ['editor', false],
  ['admin', true],
])('%s is an administrator of the mesh: %s', async (role, admitted) => {
  const desk = deskOf({ mode: 'roles', roles: [{ role, groups: [], users: ['alice'], namespaces: ['*'] }] });
  const access = await desk.accessOf(alice, FOREVER);
  if (admitted) desk.requireAdmin(alice, access);
  else expect(() => desk.requireAdmin(alice, access)).toThrow(/administrators/);
  expect(desk.encodeMetrics().includes('heddle_access_denials_total{action="admin"} 1')).toBe(!admitted);
});

it('notes who names what he does not see: of each user and namespace a line a minute, never a token', async () => {
  const desk = deskOf({});
  const access = await desk.accessOf(alice, FOREVER);
  desk.noteHidden(alice, access, ['shop']);
  expect(lines).toEqual([]);
  for (let i = 0; i < 5; i++) desk.noteHidden(alice, access, ['shop', 'pay', 'x'.repeat(10)]);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    event: 'access',
    action: 'graph',
    outcome: 'denied',
    user: 'alice',
    subject: 'sub-alice',
    address: '203.0.113.9',
    namespaces: ['pay', 'x'.repeat(10)],
  });
  await clock.advance(61_000);
  desk.noteHidden(
    alice,
    access,
    Array.from({ length: 500 }, (_, i) => `n${i}`),
  );
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ more: 480 });
  const text = desk.encodeMetrics();
  expect(text).toContain('heddle_access_denials_total{action="graph"} 6\n');
  expect(text).toContain('heddle_access_reviews_total 4\n');
  expect(lines.join() + text).not.toContain('very-secret');
  for (const line of text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[\d.e+-]+)$/);
});
