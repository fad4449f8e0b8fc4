// Logging in by an OpenID provider, from the first click to the logout, with two replicas and several tabs.
import { afterEach, describe, expect, it } from 'vitest';
import type { AuthSettings, OpenidSettings } from './auth-settings';
import { createRig, ORIGIN, type Rig } from './testing/rig';

let rig: Rig;
const open = async (change: Partial<AuthSettings> = {}, openid: Partial<OpenidSettings> = {}): Promise<Rig> => {
  rig = await createRig(change, openid);
  return rig;
};
afterEach(() => rig.close());

const callerOf = (identified: Awaited<ReturnType<Rig['whoAmI']>>) => {
  if (identified.kind !== 'caller') throw new Error(`not let in: ${identified.failure.message}`);
  return identified;
};

describe('a login', () => {
  it('leaves with code, PKCE, state and nonce, and comes back to the page it began at', async () => {
    await open({}, { parameters: { prompt: 'consent', redirect_uri: 'https://evil.example', state: 'mine' }, scopes: ['email', 'groups'] });
    const begun = rig.browser.takeReply(await rig.desk.begin(rig.browser.request('/api/auth/login?to=/graph%3Fx%3Dy')));
    expect(begun.status).toBe(302);
    const asked = new URL(begun.location ?? '').searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'heddle',
      response_type: 'code',
      redirect_uri: `${ORIGIN}/api/auth/callback`,
      scope: 'openid email groups',
      code_challenge_method: 'S256',
      prompt: 'consent',
    });
    expect(asked.get('state')).not.toBe('mine');
    expect(asked.getAll('redirect_uri')).toHaveLength(1);
    const back = new URL(rig.provider.approve(begun.location ?? ''));
    const done = rig.browser.takeReply(await rig.desk.finish(rig.browser.request(back.pathname + back.search)));
    expect(done).toMatchObject({ status: 302, location: '/graph?x=y' });
    const { caller, session } = callerOf(await rig.whoAmI());
    expect(caller.user).toEqual({ strategy: 'openid', subject: 'u-1', name: 'alice@example.com', groups: ['mesh-admins', 'dev'] });
    expect(caller.credential).toEqual({ kind: 'console' });
    expect(caller.address).toBe('203.0.113.7');
    expect((session?.endsAtMs ?? 0) - rig.clock.now()).toBe(12 * 3_600_000);
    // Only the session is left: the attempt's cookie is gone.
    expect([...rig.browser.cookies.keys()]).toEqual(['__Host-heddle.0']);
  });

  it('is read by every replica', async () => {
    await open();
    await rig.login();
    expect(callerOf(await rig.whoAmI(rig.browser, rig.replica())).caller.user.name).toBe('alice@example.com');
  });

  it('goes on in several tabs at once, in any order', async () => {
    await open();
    const begin = async (to: string) => {
      await rig.clock.advance(1_000);
      return rig.browser.takeReply(await rig.desk.begin(rig.browser.request(`/api/auth/login?to=${to}`)));
    };
    const tabs = [await begin('/a'), await begin('/b'), await begin('/c')];
    for (const [i, to] of [
      [2, '/c'],
      [0, '/a'],
      [1, '/b'],
    ] as const) {
      const back = new URL(rig.provider.approve(tabs[i]?.location ?? ''));
      expect(rig.browser.takeReply(await rig.desk.finish(rig.browser.request(back.pathname + back.search))).location).toBe(to);
    }
    // A fourth takes the oldest's place, whose tab then finds somebody logged in and shows no error.
    const more = [await begin('/d'), await begin('/e'), await begin('/f'), await begin('/g')];
    const lost = new URL(rig.provider.approve(more[0]?.location ?? ''));
    expect((await rig.desk.finish(rig.browser.request(lost.pathname + lost.search))).location).toBe('/');
  });

  it('returns to the public address that it began at, and moves there from any other', async () => {
    await open({ publicUrls: ['https://mesh.example.com/console', 'https://mesh.other.example/console'], basePath: '/console' });
    const at = (host: string, query = '') =>
      rig.desk.begin(rig.newBrowser(`https://${host}`).request(`/console/api/auth/login?to=/graph${query}`));
    const redirectUri = (location: string | null) => new URL(location ?? '').searchParams.get('redirect_uri');
    expect(redirectUri((await at('mesh.other.example')).location)).toBe('https://mesh.other.example/console/api/auth/callback');
    expect((await at('10.0.0.7:8080')).location).toBe('https://mesh.example.com/console/api/auth/login?hop=1&to=%2Fgraph');
    // A proxy that rewrites Host would send it round for ever: the second time it goes on.
    expect(redirectUri((await at('10.0.0.7:8080', '&hop=1')).location)).toBe('https://mesh.example.com/console/api/auth/callback');
  });

  it('asks userinfo for claims that the ID token lacks, and the endpoints that are given instead of discovery', async () => {
    await open({ groupsClaim: 'https://example.com/roles.list' });
    rig.provider.knobs.claims = { sub: 'u-1' };
    rig.provider.knobs.userinfo = { sub: 'u-1', email: 'a@example.com', 'https://example.com/roles': { list: 'x, y z' } };
    await rig.login();
    expect(callerOf(await rig.whoAmI()).caller.user).toMatchObject({ name: 'a@example.com', groups: ['x', 'y z'] });
    const { issuer } = rig.provider;
    await rig.close();
    await open();
    const given = await createRig(
      {},
      {
        endpoints: {
          authorization: `${issuer}/authorize`,
          token: `${issuer}/t`,
          jwks: `${issuer}/j`,
          userinfo: undefined,
          endSession: undefined,
        },
      },
    );
    const begun = await given.desk.begin(given.browser.request('/api/auth/login'));
    expect(begun.location).toContain(`${issuer}/authorize?`);
    expect(given.provider.asked.size).toBe(0);
    await given.close();
  });

  it('lets in allowed domains only, by verified addresses', async () => {
    await open({}, { allowedDomains: ['example.com'] });
    expect((await rig.login()).location).toBe('/graph');
    for (const claims of [
      { sub: 'u', email: 'eve@evil.com' },
      { sub: 'u', email: 'eve@example.com.evil.com' },
      { sub: 'u', email: 'eve@example.com', email_verified: false },
      { sub: 'u', email: 'evil.com@example.com@evil.com' },
      { sub: 'u' },
    ]) {
      rig.provider.knobs.claims = claims;
      expect((await rig.login('/', rig.newBrowser())).location).toBe('/login?failed=domainNotAllowed');
    }
  });
});

describe('a session', () => {
  it('slides by requests, at most one cookie a minute, ends idle and ends in any case', async () => {
    await open({ sessionIdleMs: 600_000, sessionMaxMs: 3_600_000 });
    rig.provider.knobs.accessTokenSeconds = 86_400;
    await rig.login();
    await rig.clock.advance(59_000);
    expect(callerOf(await rig.whoAmI()).setCookies).toEqual([]);
    await rig.clock.advance(2_000);
    expect(callerOf(await rig.whoAmI()).setCookies).toHaveLength(1);
    expect(callerOf(await rig.whoAmI()).setCookies).toEqual([]);
    for (let i = 0; i < 5; i++) {
      await rig.clock.advance(590_000);
      callerOf(await rig.whoAmI());
    }
    await rig.clock.advance(590_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    await rig.login();
    await rig.clock.advance(601_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
  });

  it('is renewed once however many requests ask, before the token ends, with the new refresh token', async () => {
    await open();
    await rig.login();
    await rig.clock.advance(275_000);
    const answers = await Promise.all(Array.from({ length: 8 }, () => rig.desk.identify(rig.browser.request('/api/graph'))));
    expect(answers.every(({ kind }) => kind === 'caller')).toBe(true);
    expect(rig.provider.asked.get('/token')).toBe(2);
    for (const { setCookies } of answers) rig.browser.take(setCookies);
    // An answer that got lost: the old cookie comes again, and is given the newest form instead of a spent token.
    for (let i = 0; i < 3; i++) {
      await rig.clock.advance(275_000);
      callerOf(await rig.whoAmI());
    }
    expect(rig.provider.asked.get('/token')).toBe(5);
  });

  it('takes new groups from a renewal and ends when the provider takes the login back', async () => {
    await open();
    await rig.login();
    rig.provider.knobs.claims = { ...rig.provider.knobs.claims, groups: ['dev'] };
    await rig.clock.advance(301_000);
    expect(callerOf(await rig.whoAmI()).caller.user.groups).toEqual(['dev']);
    rig.provider.forget();
    await rig.clock.advance(301_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    const before = rig.provider.asked.get('/token');
    await rig.whoAmI();
    expect(rig.provider.asked.get('/token')).toBe(before);
  });

  it('refuses a renewal that is of somebody else', async () => {
    await open();
    await rig.login();
    rig.provider.knobs.claims = { ...rig.provider.knobs.claims, sub: 'u-2' };
    await rig.clock.advance(301_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
  });

  it('outlives a provider that is away where the console acts by itself, not where the user’s token is needed', async () => {
    await open();
    await rig.login();
    rig.provider.knobs.isDown = true;
    // Longer than a session may idle: requests keep it alive all the while.
    for (let i = 0; i < 4; i++) {
      await rig.clock.advance(3_000_000);
      callerOf(await rig.whoAmI());
    }
    rig.provider.knobs.isDown = false;
    await rig.clock.advance(16_000);
    callerOf(await rig.whoAmI());
    expect(rig.provider.asked.get('/token')).toBe(2);
    await rig.close();
    await open({ accessMode: 'userToken' });
    await rig.login();
    const { credential } = callerOf(await rig.whoAmI()).caller;
    expect(credential.kind).toBe('token');
    rig.provider.knobs.isDown = true;
    await rig.clock.advance(301_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    rig.provider.knobs.isDown = false;
    await rig.clock.advance(16_000);
    callerOf(await rig.whoAmI());
  });

  it('is renewed on demand, when the API server refused the token', async () => {
    await open({ accessMode: 'userToken', userToken: 'access' });
    await rig.login();
    const first = callerOf(await rig.whoAmI()).caller.credential;
    const renewed = await rig.desk.identify(rig.browser.request('/api/graph'), { fresh: true });
    const second = callerOf(renewed).caller.credential;
    if (first.kind !== 'token' || second.kind !== 'token') throw new Error('no token');
    expect(first.token.reveal()).toMatch(/^access-/);
    expect(second.token.reveal()).not.toBe(first.token.reveal());
  });

  it('without a refresh token ends with the user’s token, and lasts where it is not needed', async () => {
    await open({ accessMode: 'userToken' });
    rig.provider.knobs.givesRefreshToken = false;
    await rig.login();
    expect((callerOf(await rig.whoAmI()).session?.endsAtMs ?? 0) - rig.clock.now()).toBeLessThanOrEqual(300_000);
    await rig.clock.advance(301_000);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    await rig.close();
    await open();
    rig.provider.knobs.givesRefreshToken = false;
    await rig.login();
    await rig.clock.advance(3_600_000);
    callerOf(await rig.whoAmI());
  });

  it('never impersonates what only Kubernetes names', async () => {
    await open({ accessMode: 'impersonation' });
    rig.provider.knobs.claims = { sub: 'u', email: 'a@example.com', groups: ['system:masters', 'dev'] };
    await rig.login();
    expect(callerOf(await rig.whoAmI()).caller.credential).toEqual({ kind: 'impersonate', user: 'a@example.com', groups: ['dev'] });
    rig.provider.knobs.claims = { sub: 'u', email: 'system:admin' };
    await rig.login();
    expect(await rig.whoAmI()).toMatchObject({ kind: 'unauthenticated', failure: { code: 'forbidden' } });
  });
});

describe('a logout', () => {
  it('ends the session here and at the provider, streams too, and tells who left', async () => {
    await open();
    await rig.login();
    const me = callerOf(await rig.whoAmI());
    const told: string[] = [];
    rig.desk.watchLogouts((subject) => told.push(subject));
    let ended = 0;
    rig.desk.watchEnd(me, () => (ended += 1));
    const stolen = rig.browser.header('/api/graph');
    const csrf = { 'x-heddle-csrf': me.session?.csrfToken ?? '' };
    const reply = rig.browser.takeReply(await rig.desk.logout(rig.browser.request('/api/auth/logout', { method: 'POST', headers: csrf })));
    const body = reply.body as { location: string };
    const location = new URL(body.location);
    expect(location.origin + location.pathname).toBe(`${rig.provider.issuer}/end`);
    expect(location.searchParams.get('post_logout_redirect_uri')).toBe(`${ORIGIN}/login`);
    expect(location.searchParams.get('id_token_hint')).not.toBeNull();
    expect([...rig.browser.cookies.keys()]).toEqual([]);
    expect([told, ended]).toEqual([['u-1'], 1]);
    // A copy of the cookie counts no more.
    const again = await rig.desk.identify(rig.browser.request('/api/graph', { headers: { cookie: stolen } }));
    expect(again.kind).toBe('unauthenticated');
    await rig.desk.close();
    expect(rig.provider.revoked).toEqual([rig.provider.secrets.find((s) => s.startsWith('refresh-'))]);
  });

  it.each([
    [['client_secret_basic'], 1],
    [['client_secret_post'], 1],
    [undefined, 1],
    [['private_key_jwt'], 0],
  ] as const)('revokes at an endpoint that takes %j (RFC 8414: a list of its own)', async (methods, revoked) => {
    await open();
    rig.provider.knobs.revocationMethods = methods;
    await rig.login();
    const headers = { 'x-heddle-csrf': callerOf(await rig.whoAmI()).session?.csrfToken ?? '' };
    await rig.desk.logout(rig.browser.request('/api/auth/logout', { method: 'POST', headers }));
    await rig.desk.close();
    expect(rig.provider.revoked).toHaveLength(revoked);
  });

  it('of the provider ends its sessions, each token once, and nothing else passes for one', async () => {
    await open();
    await rig.login();
    const now = Math.floor(rig.clock.now() / 1000);
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const good = {
      iss: rig.provider.issuer,
      aud: 'heddle',
      iat: now,
      exp: now + 120,
      jti: 'j-1',
      events: event,
      sid: 'provider-session-1',
      sub: 'u-1',
    };
    const send = async (token: string) =>
      (
        await rig.desk.logoutByProvider(
          rig.browser.request('/api/auth/backchannel-logout', { method: 'POST' }),
          new URLSearchParams({ logout_token: token }),
        )
      ).status;
    for (const bad of [
      { ...good, iss: 'https://evil.example' },
      { ...good, aud: 'other' },
      { ...good, nonce: 'n' },
      { ...good, events: { 'http://other': {} } },
      { ...good, events: undefined },
      { ...good, iat: now - 4_000, exp: now - 3_000 },
      { ...good, sid: undefined, sub: undefined },
      { ...good, jti: undefined },
    ])
      expect(await send(await rig.provider.sign(bad))).toBe(400);
    expect(await send(await rig.provider.sign(good, { typ: 'at+jwt' }))).toBe(400);
    expect(await send(`${(await rig.provider.sign(good)).slice(0, -6)}AAAAAA`)).toBe(400);
    expect(await send('rubbish')).toBe(400);
    callerOf(await rig.whoAmI());
    const token = await rig.provider.sign(good, { typ: 'logout+jwt' });
    expect(await send(token)).toBe(200);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    expect(await send(token)).toBe(400);
    // Whoever logs in again is in.
    rig.provider.knobs.claims = { ...rig.provider.knobs.claims, sid: 'provider-session-2' };
    await rig.clock.advance(1_000);
    await rig.login();
    callerOf(await rig.whoAmI());
    // By subject alone: every session of the subject.
    expect(await send(await rig.provider.sign({ ...good, jti: 'j-2', sid: undefined }))).toBe(200);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
  });
});
