// What somebody may try against every route that changes something, or that takes a name: pages of other sites, stolen tokens of other
// sessions, names that climb. The login desk and the handlers are the real ones; behind them stands a recorder that must stay unasked.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { createRig, ORIGIN, type Rig } from '../../server/auth/testing/rig';
import { HttpMetrics } from '../../server/http-metrics';
import type { Access } from '../../server/ports';
import type { Runtime } from '../../server/runtime';
import { findHandlers, type Handler } from './testing/route-handlers';

/** Sent by the provider, without a page and without cookies: the token in it is what counts. */
const NOT_FROM_PAGES = new Set(['POST /api/auth/backchannel-logout']);
/** Nobody is logged in yet: the page alone counts. */
const WITHOUT_SESSION = new Set(['POST /api/auth/login']);

let handlers: ReadonlyMap<string, Handler>;
const calls: string[] = [];

const KEY = Symbol.for('heddle.runtime');
const held = globalThis as typeof globalThis & { [KEY]?: Runtime };
let rig: Rig;

/** Whatever is asked of it is noted with its arguments, and not found. */
const recorder = (part: string): unknown =>
  new Proxy(
    {},
    {
      get:
        (_target, method) =>
        (...args: readonly unknown[]) => {
          calls.push(`${part}.${String(method)} ${JSON.stringify(args.filter((a) => !(a instanceof AbortSignal)))}`);
          return Promise.reject(new Failure('notFound', 'there is nothing here', 'Look elsewhere.'));
        },
    },
  );

const engine = new Proxy(recorder('engine') as Readonly<Record<string, unknown>>, {
  get: (target, method) =>
    method === 'subscribe' ? () => ({ drained: () => undefined, cancel: () => undefined }) : target[String(method)],
});

const ADMIN: Access = { sight: null, isAdmin: true, allows: () => true };
const access = { accessOf: () => Promise.resolve(ADMIN), noteHidden: () => undefined, watchSight: () => () => undefined };

beforeAll(async () => {
  handlers = await findHandlers();
  const user = { username: 'system:serviceaccount:shop:ann', uid: 'u-1', groups: ['mesh-admins'] };
  const reviews = { postReview: () => Promise.resolve({ status: 201, body: { status: { userInfo: user } } }) };
  rig = await createRig({ strategy: 'token' }, {}, reviews);
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const known: Readonly<Record<string, unknown>> = { login: rig.desk, access, engine, log, http: new HttpMetrics() };
  held[KEY] = new Proxy({} as Runtime, { get: (_target, name) => known[String(name)] ?? recorder(String(name)) });
});
afterAll(async () => {
  delete held[KEY];
  await rig.close();
});

/** Logs somebody in by a token; returns what a page of theirs sends. */
async function session(): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const browser = rig.newBrowser();
  browser.takeReply(await rig.desk.loginByToken(browser.request('/api/auth/login', { method: 'POST' }), { token: 'a-token-of-somebody' }));
  const me = await rig.whoAmI(browser);
  if (me.kind !== 'caller' || me.session === null) throw new Error('nobody is logged in');
  return { cookie: browser.header('/'), csrf: me.session.csrfToken };
}

const NAMES: Readonly<Record<string, string>> = { namespace: 'shop', name: 'route', kind: 'VirtualService', id: 'change-1' };
/** Asks a route; `names` stand in its path. */
async function ask(key: string, headers: Readonly<Record<string, string>>, names = NAMES): Promise<Response> {
  const [method = '', path = ''] = key.split(' ');
  const handler = handlers.get(key);
  if (handler === undefined) throw new Error(`there is no ${key}`);
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"token":"a-token-of-somebody"}' };
  const request = new Request(`${ORIGIN}${path.replace(/\[(\w+)\]/g, 'x')}`, {
    method,
    headers: { host: new URL(ORIGIN).host, 'content-type': 'application/json', 'x-heddle-peer': '203.0.113.7', ...headers },
    ...body,
  });
  return handler(request, { params: Promise.resolve(names) });
}

beforeEach(() => {
  calls.length = 0;
});

describe('a page of another site', () => {
  it('changes nothing, whichever route it tries', async () => {
    const changing = [...handlers.keys()].filter((key) => !key.startsWith('GET ') && !NOT_FROM_PAGES.has(key));
    expect(changing.length).toBeGreaterThan(2);
    const mine = await session();
    const { csrf: ofAnother } = await session();
    const own = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' };
    for (const key of changing) {
      const attempts: readonly Readonly<Record<string, string>>[] = [
        {},
        { origin: 'https://evil.example', 'x-heddle-csrf': mine.csrf },
        { origin: 'null', 'x-heddle-csrf': mine.csrf },
        { origin: `${ORIGIN}.evil.example`, 'x-heddle-csrf': mine.csrf },
        { origin: ORIGIN.replace('https:', 'http:'), 'x-heddle-csrf': mine.csrf },
        { 'sec-fetch-site': 'cross-site', 'x-heddle-csrf': mine.csrf },
        { 'sec-fetch-site': 'same-site', 'x-heddle-csrf': mine.csrf },
        { origin: 'https://evil.example', host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-heddle-csrf': mine.csrf },
        ...(WITHOUT_SESSION.has(key) ? [] : [own, { ...own, 'x-heddle-csrf': ofAnother }, { ...own, 'x-heddle-csrf': '' }]),
      ];
      for (const headers of attempts) {
        const { status } = await ask(key, { cookie: mine.cookie, ...headers });
        expect(status, `${key} ${JSON.stringify(headers)}`).toBe(403);
      }
      expect(calls, key).toEqual([]);
    }
    // A page of ours gets through, so it was the guard that held the others.
    for (const key of changing.filter((one) => !one.includes('/auth/')))
      expect((await ask(key, { cookie: mine.cookie, ...own, 'x-heddle-csrf': mine.csrf })).status, key).not.toBe(403);
  });

  it('gets no word of an answer: nothing is said to be for other origins', async () => {
    const { cookie } = await session();
    for (const key of handlers.keys()) {
      const { headers } = await ask(key, { cookie, origin: 'https://evil.example' });
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control-')),
        key,
      ).toEqual([]);
    }
  });
});

describe('nobody', () => {
  it('reaches nothing that a caller reaches, with the token of a page or without', async () => {
    const { csrf } = await session();
    for (const key of [...handlers.keys()].filter((one) => !/ \/(?:api\/(?:auth|health|me|openapi\.json)|metrics)/.test(one))) {
      const headers = { origin: ORIGIN, 'x-heddle-csrf': csrf };
      for (const cookie of ['', '__Host-heddle.0=forged', 'heddle.0=a.b.c'])
        expect((await ask(key, { ...headers, ...(cookie === '' ? {} : { cookie }) })).status, key).toBe(401);
    }
    expect(calls).toEqual([]);
  });
});

describe('a name', () => {
  const HOSTILE = [
    '.',
    '..',
    '../vault',
    '..%2fvault',
    '%2e%2e',
    'shop/../vault',
    'shop\\..\\vault',
    'shop\0',
    'shop\r\nx: y',
    'shop?x=y',
    'shop#x',
    ' shop',
    '',
    '__proto__',
    'x'.repeat(5000),
    '<img src=x onerror=alert(1)>',
    '\u202eshop',
  ];

  it('that climbs, or is none, is refused before anybody is asked of it', async () => {
    const { cookie, csrf } = await session();
    const named = [...handlers.keys()].filter((key) => key.includes('['));
    expect(named.length).toBeGreaterThan(0);
    for (const key of named)
      for (const [, parameter = ''] of key.matchAll(/\[(\w+)\]/g))
        for (const hostile of HOSTILE) {
          const headers = { cookie, origin: ORIGIN, 'x-heddle-csrf': csrf };
          const answer = await ask(key, headers, { ...NAMES, [parameter]: hostile });
          const what = `${key} with ${parameter} ${JSON.stringify(hostile.slice(0, 40))}`;
          expect([400, 404], what).toContain(answer.status);
          expect(answer.headers.get('content-type'), what).toContain('json');
          expect(calls, what).toEqual([]);
        }
  });
});
