// Sessions as bytes and cookies: exact, small enough for every proxy, and shared by replicas even where they do not fit.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import type { AuthSettings } from './auth-settings';
import { ExpiringSet } from './expiring-set';
import { createSessionMemory } from './session-memory';
import { createRig, type Rig } from './testing/rig';
import { decodeToken, encodeToken } from './token-bytes';

const long = (i: number): string =>
  `cn=${randomBytes(6).toString('hex')}-team-${i}-of-department-${randomBytes(8).toString('hex')},ou=groups,dc=example`;
const guids = (count: number): readonly string[] =>
  Array.from({ length: count }, () =>
    randomBytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );

describe('tokens as bytes', () => {
  it('come back letter for letter, JWT or not', () => {
    const jwt = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"ü"}').toString('base64url')}.${randomBytes(256).toString('base64url')}`;
    for (const token of ['', 'opaque', jwt, `${jwt}=`, 'a.b.c', '..', 'a..b', 'x.y.z.w', `${jwt}.${jwt}`, 'ünïcode.✓.x', 'YQ.YQ.YR']) {
      const bytes = Buffer.concat([Buffer.from('xx'), encodeToken(token), Buffer.from('yy')]);
      expect(decodeToken(bytes, 2)).toEqual({ token, end: bytes.length - 2 });
    }
    expect(encodeToken(jwt).length).toBeLessThan(jwt.length * 0.8);
    for (const bytes of [[], [0], [0, 0, 9], [1, 0, 1, 65], [7, 0, 0], [1, 0, 1, 65, 0, 1]])
      expect(decodeToken(Uint8Array.from(bytes), 0)).toBeNull();
  });
});

describe('what is remembered', () => {
  it('is bounded, ends by itself and keeps the strictest', async () => {
    const clock = new FakeClock();
    const set = new ExpiringSet(clock, 3);
    expect([set.add('a', clock.now() + 10), set.add('a', clock.now() + 10)]).toEqual([true, false]);
    for (const name of ['b', 'c', 'd']) set.add(name, clock.now() + 100);
    expect([set.has('a'), set.has('d'), set.size]).toEqual([false, true, 3]);
    await clock.advance(100);
    expect(set.has('d')).toBe(false);
    const memory = createSessionMemory(clock, 1_000);
    let calls = 0;
    const off = memory.watchEnd({ id: 'i', endsAtMs: clock.now() + 40 * 86_400_000 }, () => (calls += 1));
    await clock.advance(39 * 86_400_000);
    expect(calls).toBe(0);
    await clock.advance(2 * 86_400_000);
    expect(calls).toBe(1);
    off();
    expect(clock.pending).toBe(0);
  });
});

describe('the size of a session', () => {
  let rig: Rig;
  afterEach(() => rig.close());
  const open = async (change: Partial<AuthSettings>): Promise<Rig> => {
    rig = await createRig(change);
    return rig;
  };
  const session = async (desk = rig.desk) => {
    const identified = await rig.whoAmI(rig.browser, desk);
    if (identified.kind !== 'caller') throw new Error(identified.failure.message);
    return identified.caller;
  };

  it('with a 12 kB ID token and 300 long, different groups stays under 8,000 bytes of Cookie header, other logins under way', async () => {
    await open({});
    const groups = [...Array.from({ length: 300 }, (_, i) => long(i)), 'mesh-admins'];
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups, padding: randomBytes(4_000).toString('hex') };
    await rig.login();
    expect(rig.provider.secrets.find((s) => s.startsWith('eyJ'))?.length).toBeGreaterThan(12_000);
    const caller = await session();
    // What decides is kept, what only would be shown is not.
    expect(caller.user.groups).toContain('mesh-admins');
    const { findings, roles } = await rig.desk.diagnose(rig.browser.request('/api/auth/doctor'));
    expect(findings.map(({ code }) => code)).toContain('groupsTrimmed');
    expect(roles.find(({ role }) => role === 'admin')?.matchedBy).toEqual(['mesh-admins']);
    for (let i = 0; i < 4; i++)
      rig.browser.take((await rig.desk.begin(rig.browser.request(`/api/auth/login?to=/graph?x=${'a%20b'.repeat(40)}${i}`))).setCookies);
    rig.browser.takeReply(await rig.desk.finish(rig.newBrowser().request('/api/auth/callback?state=x')));
    rig.browser.header('/api/auth/doctor');
    expect(rig.browser.longest).toBeLessThan(8_000);
    expect(rig.browser.longest).toBeGreaterThan(1_000);
  });

  it('keeps all groups of usual logins: 60 GUIDs, or 40 long names', async () => {
    for (const groups of [guids(60), Array.from({ length: 40 }, (_, i) => long(i))]) {
      await open({});
      rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups };
      await rig.login();
      expect((await session(rig.replica())).user.groups).toEqual(groups);
      await rig.close();
    }
    await open({});
  });

  it('passes a proxy with 4 kB for the headers of an answer, however many groups there are', async () => {
    await open({});
    for (const count of [0, 30, 60, 90, 120, 150, 200, 300]) {
      rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups: [...guids(count), 'mesh-admins'] };
      const browser = rig.newBrowser();
      const { setCookies, location } = await rig.login(`/graph?namespaces=${'a'.repeat(120)}`, browser);
      const bytes = [...setCookies.map((line) => `set-cookie: ${line}`), `location: ${location ?? ''}`].join('\r\n').length;
      // What Node and Next write beside them is under 700 bytes.
      expect(bytes, `${count} groups`).toBeLessThan(4096 - 700);
      const identified = await rig.whoAmI(browser, rig.replica());
      expect(identified.kind === 'caller' ? identified.caller.user.groups : []).toContain('mesh-admins');
    }
  });

  it('keeps a usual ID token for the API server, on every replica', async () => {
    await open({ accessMode: 'userToken' });
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups: guids(60) };
    await rig.login();
    const before = rig.provider.asked.get('/token');
    const { credential } = await session(rig.replica());
    expect(credential.kind === 'token' ? credential.token.reveal() : '').toMatch(/^eyJ/);
    expect(rig.provider.asked.get('/token')).toBe(before);
  });

  it('leaves a token that is too large in memory; another replica renews the login to get its own', async () => {
    await open({ accessMode: 'userToken' });
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups: ['dev'], padding: randomBytes(4_500).toString('base64') };
    await rig.login();
    expect(rig.browser.longest).toBeLessThan(8_000);
    const own = (await session()).credential;
    expect(rig.provider.asked.get('/token')).toBe(1);
    const other = rig.replica();
    const theirs = (await session(other)).credential;
    expect(rig.provider.asked.get('/token')).toBe(2);
    if (own.kind !== 'token' || theirs.kind !== 'token') throw new Error('no token');
    expect(theirs.token.reveal()).toMatch(/^eyJ/);
    // Each has its own from now on: they do not take turns in renewing.
    for (let i = 0; i < 3; i++) {
      await session();
      await session(other);
    }
    expect(rig.provider.asked.get('/token')).toBe(2);
  });

  it('keeps groups for RBAC in memory too where they do not fit', async () => {
    await open({ accessMode: 'impersonation' });
    const groups = Array.from({ length: 300 }, (_, i) => long(i));
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups };
    await rig.login();
    for (const desk of [rig.desk, rig.replica()]) {
      const { credential } = await session(desk);
      expect(credential).toEqual({ kind: 'impersonate', user: 'a@example.com', groups });
    }
  });

  it('says so when nothing helps', async () => {
    await open({ accessMode: 'userToken' });
    rig.provider.knobs.givesRefreshToken = false;
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', padding: randomBytes(6_000).toString('base64') };
    expect((await rig.login()).location).toContain('failed=sessionTooLarge');
    const { findings } = await rig.desk.diagnose(rig.browser.request('/api/auth/doctor'));
    expect(findings[0]?.fix).toContain('offline_access');
  });

  it('clears the pieces that a smaller session leaves', async () => {
    await open({ accessMode: 'impersonation' });
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups: guids(140) };
    await rig.login();
    expect([...rig.browser.cookies.keys()]).toEqual(['__Host-heddle.0', '__Host-heddle.1']);
    rig.provider.knobs.claims = { sub: 'u-1', email: 'a@example.com', groups: ['dev'] };
    await rig.login();
    expect([...rig.browser.cookies.keys()]).toEqual(['__Host-heddle.0']);
    await session(rig.replica());
  });

  it('lives under a base path and over plain http with the names that cookies may have there', async () => {
    await open({ basePath: '/a.b/mesh', publicUrls: ['https://mesh.example.com/a.b/mesh'] });
    const begun = rig.browser.takeReply(await rig.desk.begin(rig.browser.request('/a.b/mesh/api/auth/login')));
    const back = new URL(rig.provider.approve(begun.location ?? ''));
    expect(rig.browser.takeReply(await rig.desk.finish(rig.browser.request(back.pathname + back.search))).location).toBe('/a.b/mesh/');
    expect([...rig.browser.cookies.keys()]).toEqual(['__Host-heddle_a.b_mesh.0']);
    await rig.close();
    await open({ basePath: '/x', publicUrls: [] });
    const plain = rig.newBrowser('http://localhost:8080');
    const left = plain.takeReply(await rig.desk.begin(plain.request('/x/api/auth/login')));
    const answer = new URL(rig.provider.approve(left.location ?? ''));
    expect(answer.origin + answer.pathname).toBe('http://localhost:8080/x/api/auth/callback');
    plain.takeReply(await rig.desk.finish(plain.request(answer.pathname + answer.search)));
    expect([...plain.cookies].map(([name, { path }]) => [name, path])).toEqual([['heddle.0', '/x']]);
    // Reached under a name that nobody configured, a login could not come back: it says so.
    const lost = await rig.desk.begin(rig.newBrowser('https://mesh.corp.example').request('/x/api/auth/login'));
    expect(lost.location).toContain('/x/login?failed=redirectUriMismatch');
  });
});
