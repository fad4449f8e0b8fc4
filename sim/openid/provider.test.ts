// The provider as a client and a browser see it: openid-client 6 over real HTTP.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../kubernetes/certificate';
import { Browser } from './fixtures/browser';
import { CLIENT_ID, CONSOLE_URL, type RelyingParty, startRelyingParty } from './fixtures/relying-party';
import { DEMO_IDENTITIES } from './identities';
import { buildKnobs } from './knobs';
import { startOpenIdProvider } from './provider';

let party: RelyingParty;
const problems: string[] = [];
beforeAll(async () => {
  party = await startRelyingParty({ onProblem: (problem) => problems.push(problem.message) });
});
afterEach(async () => {
  Object.assign(party.provider.knobs, buildKnobs());
  party.answerLogoutWith(200);
  for (const { username } of DEMO_IDENTITIES) await party.provider.revokeSessions(username);
  party.logoutTokens.length = 0;
  expect(problems.splice(0)).toEqual([]);
});
afterAll(() => party.close());

const refresh = (token: string | undefined) => client.refreshTokenGrant(party.config, token ?? '');
/** The error that a provider's answer carries. */
const errorOf = async (pending: Promise<unknown>): Promise<string> => {
  try {
    await pending;
  } catch (error) {
    if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError)
      return `${error.error}: ${error.error_description ?? ''}`;
    throw error;
  }
  return 'no error';
};

describe('logging in', () => {
  it('gives the claims of the one who was chosen, in the id token and at userinfo', async () => {
    const { tokens, claims } = await party.logIn('admin');
    expect(claims).toMatchObject({
      iss: party.provider.issuer,
      aud: CLIENT_ID,
      name: 'Ada Marsh',
      preferred_username: 'admin',
      email: 'admin@example.com',
      email_verified: true,
      groups: ['mesh-admins'],
    });
    const told = await client.fetchUserInfo(party.config, tokens.access_token, String(claims['sub']));
    expect(told).toMatchObject({ groups: ['mesh-admins'], email: 'admin@example.com' });
    expect((await party.logIn('nobody')).claims['groups']).toEqual([]);
  });

  it('knows the browser again, unless it shall ask', async () => {
    const { browser } = await party.logIn('editor');
    expect((await party.logIn('viewer', { browser })).claims['preferred_username']).toBe('editor');
    const asked = await party.logIn('viewer', { browser, parameters: { prompt: 'login' } });
    expect(asked.claims['preferred_username']).toBe('viewer');
  });

  it('takes scopes that other providers need, and prompt=consent, without another page', async () => {
    const login = await party.logIn('admin', { scope: 'openid profile email groups offline_access', parameters: { prompt: 'consent' } });
    expect(login.claims['groups']).toEqual(['mesh-admins']);
    expect(login.tokens.scope).toContain('offline_access');
  });

  it('demands PKCE and a registered address', async () => {
    const redirect_uri = `${CONSOLE_URL}/api/auth/callback`;
    const browser = new Browser(party.provider.issuer);
    const bare = await browser.visit(client.buildAuthorizationUrl(party.config, { redirect_uri, scope: 'openid' }));
    expect(bare.leavesTo?.searchParams.get('error')).toBe('invalid_request');
    const wrong = await browser.visit(
      client.buildAuthorizationUrl(party.config, { redirect_uri: 'https://evil.example.com', scope: 'openid' }),
    );
    expect(wrong.leavesTo).toBeNull();
    expect(wrong.status).toBe(400);
    expect(wrong.html).toContain('invalid_redirect_uri');
  });

  it('goes back with access_denied when it is cancelled, and says so when the page is too old', async () => {
    const browser = new Browser(party.provider.issuer);
    const page = await browser.visit(
      client.buildAuthorizationUrl(party.config, {
        redirect_uri: `${CONSOLE_URL}/api/auth/callback`,
        scope: 'openid',
        state: 's',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
        login_hint: 'viewer@example.com',
      }),
    );
    expect(page.html).toContain('<h1>Log in to Heddle</h1>');
    expect(page.html).toMatch(/value="viewer" autofocus/);
    expect(page.html.match(/autofocus/g)).toHaveLength(1);
    expect((await browser.submit(page.url, { user: 'mallory' })).status).toBe(400);
    expect((await browser.submit(page.url, { user: 'x'.repeat(5000) })).status).toBe(400);
    const back = (await browser.submit(page.url, { cancel: 'yes' })).leavesTo;
    expect(back?.searchParams.get('error')).toBe('access_denied');
    expect(back?.searchParams.get('state')).toBe('s');
    expect((await new Browser(party.provider.issuer).visit(page.url)).status).toBe(400);
  });

  it('refuses everybody when it shall, also those who are logged in', async () => {
    const { browser } = await party.logIn('admin');
    party.provider.knobs.refusal = { error: 'access_denied', description: 'the tenant is closed & <locked>' };
    expect(await errorOf(party.logIn('admin'))).toBe('access_denied: the tenant is closed & <locked>');
    party.provider.knobs.refusal = { error: 'temporarily_unavailable', description: 'come back later' };
    expect(await errorOf(party.logIn('admin', { browser }))).toBe('temporarily_unavailable: come back later');
  });
});

describe('claims of groups', () => {
  it('come in the shapes of different providers', async () => {
    const { knobs } = party.provider;
    knobs.moreGroups = 2;
    knobs.groupsShape = 'spaces';
    expect((await party.logIn('editor')).claims['groups']).toMatch(/^bookinfo-editors team-\S{24} team-\S{24}$/);
    knobs.groupsShape = 'commas';
    expect((await party.logIn('editor')).claims['groups']).toMatch(/^bookinfo-editors,team-\S{24},team-\S{24}$/);
    knobs.groupsShape = 'nested';
    knobs.moreGroups = 0;
    const { claims } = await party.logIn('editor');
    expect(claims).toMatchObject({ realm_access: { roles: ['bookinfo-editors'] } });
    expect(claims).not.toHaveProperty('groups');
  });

  it('can be missing in the id token and there at userinfo, or wait for a scope', async () => {
    const { knobs } = party.provider;
    knobs.groupsIn = 'userinfo';
    const { claims, tokens } = await party.logIn('viewer');
    expect(claims).not.toHaveProperty('groups');
    expect(await client.fetchUserInfo(party.config, tokens.access_token, String(claims['sub']))).toMatchObject({
      groups: ['mesh-viewers'],
    });
    knobs.groupsIn = 'everywhere';
    knobs.groupsNeedScope = true;
    expect((await party.logIn('viewer')).claims).not.toHaveProperty('groups');
    expect((await party.logIn('viewer', { scope: 'openid groups' })).claims['groups']).toEqual(['mesh-viewers']);
  });

  it('can be 300, all different, in a token of more than 12 kB', async () => {
    party.provider.knobs.moreGroups = 300;
    const { tokens, claims } = await party.logIn('admin');
    const groups = claims['groups'];
    expect(Array.isArray(groups) ? new Set(groups).size : 0).toBe(301);
    expect(tokens.id_token?.length).toBeGreaterThan(12_000);
    expect(tokens.id_token?.length).toBeLessThan(16_000);
  });
});

describe('refreshing', () => {
  it('rotates: a used refresh token ends the whole login', async () => {
    const { tokens } = await party.logIn('admin');
    const second = await refresh(tokens.refresh_token);
    expect(second.refresh_token).not.toBe(tokens.refresh_token);
    expect(second.claims()?.['groups']).toEqual(['mesh-admins']);
    expect(await errorOf(refresh(tokens.refresh_token))).toMatch(/^invalid_grant/);
    expect(await errorOf(refresh(second.refresh_token))).toMatch(/^invalid_grant/);
  });

  it('survives a new signing key', async () => {
    const { browser, tokens } = await party.logIn('admin');
    const before = decodeProtectedHeader(tokens.id_token ?? '').kid;
    const kid = await party.provider.rotateSigningKey();
    const second = await refresh(tokens.refresh_token);
    expect(decodeProtectedHeader(second.id_token ?? '').kid).toBe(kid);
    expect(before).not.toBe(kid);
    const keys = createRemoteJWKSet(new URL(`${party.provider.issuer}/jwks`));
    for (const token of [tokens.id_token, second.id_token]) await jwtVerify(token ?? '', keys, { audience: CLIENT_ID });
    // The session in the browser is still there.
    expect((await party.logIn('viewer', { browser })).claims['preferred_username']).toBe('admin');
    const last = await party.provider.rotateSigningKey({ keepOld: false });
    const published: { keys: { kid: string }[] } = await (await fetch(`${party.provider.issuer}/jwks`)).json();
    expect(published.keys.map((key) => key.kid)).toEqual([last]);
    await expect(jwtVerify(second.id_token ?? '', createLocalJWKSet(published))).rejects.toThrow('no applicable key');
  });
});

describe('logging out', () => {
  const endSession = (token: string | undefined) =>
    client.buildEndSessionUrl(party.config, {
      post_logout_redirect_uri: `${CONSOLE_URL}/login`,
      state: 'bye',
      ...(token === undefined ? {} : { id_token_hint: token }),
    });

  it('asks nothing, returns to the client, tells it by back channel, and forgets the browser', async () => {
    const { browser, tokens, claims } = await party.logIn('editor');
    const page = await browser.visit(endSession(tokens.id_token));
    expect(page.html).toContain('.click();</script>');
    expect(page.html).not.toContain('Stay logged in');
    const left = await browser.logOut(endSession(tokens.id_token));
    expect(left?.href).toBe(`${CONSOLE_URL}/login?state=bye`);
    expect(party.logoutTokens).toHaveLength(1);
    const keys = createRemoteJWKSet(new URL(`${party.provider.issuer}/jwks`));
    const { payload, protectedHeader } = await jwtVerify(party.logoutTokens[0] ?? '', keys, {
      issuer: party.provider.issuer,
      audience: CLIENT_ID,
    });
    expect(protectedHeader.typ).toBe('logout+jwt');
    expect(payload).toMatchObject({
      sub: claims['sub'],
      sid: claims['sid'],
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
    expect(await errorOf(refresh(tokens.refresh_token))).toMatch(/^invalid_grant/);
    expect((await party.logIn('viewer', { browser })).claims['preferred_username']).toBe('viewer');
  });

  it('works with client_id instead of a token, also when nobody is logged in, and asks when nothing says who wants it', async () => {
    const { browser } = await party.logIn('editor');
    expect((await browser.visit(`${party.provider.issuer}/session/end`)).html).toContain('Stay logged in');
    expect((await browser.logOut(endSession(undefined)))?.href).toBe(`${CONSOLE_URL}/login?state=bye`);
    expect((await browser.logOut(endSession(undefined)))?.href).toBe(`${CONSOLE_URL}/login?state=bye`);
  });

  it('can be an act of the administrator', async () => {
    const first = await party.logIn('viewer');
    const second = await party.logIn('viewer');
    const other = await party.logIn('admin');
    expect(await party.provider.revokeSessions('viewer')).toEqual({ sessions: 2, notified: [CLIENT_ID, CLIENT_ID], failed: [] });
    const told = party.logoutTokens.map((token) => decodeJwt(token)['sid']);
    expect(new Set(told)).toEqual(new Set([first.claims['sid'], second.claims['sid']]));
    expect(await errorOf(refresh(first.tokens.refresh_token))).toMatch(/^invalid_grant/);
    expect((await refresh(other.tokens.refresh_token)).access_token).not.toBe('');
    expect((await party.logIn('editor', { browser: first.browser })).claims['preferred_username']).toBe('editor');
    await expect(party.provider.revokeSessions('mallory')).rejects.toThrow('no user is called mallory');
  });

  it('reports a client that does not take its logout token', async () => {
    const { browser, tokens } = await party.logIn('nobody');
    party.answerLogoutWith(400);
    const answer = await party.provider.revokeSessions('nobody');
    expect(answer).toMatchObject({ notified: [], failed: [{ clientId: CLIENT_ID }] });
    expect(answer.failed[0]?.reason).toContain('got: 400');
    const again = await party.logIn('nobody', { browser });
    expect(again.tokens.id_token).not.toBe(tokens.id_token);
    await browser.logOut(endSession(again.tokens.id_token));
    expect(problems.splice(0).join()).toMatch(/client heddle did not take the logout token: .*got: 400/);
  });
});

describe('the clock', () => {
  const OPTIONS = { clock: () => nowMs, lifetimes: { idTokenSeconds: 60, refreshTokenSeconds: 600, sessionSeconds: 900 } };
  const START_MS = Date.parse('2026-03-01T12:00:00Z');
  let nowMs = START_MS;
  let own: RelyingParty;
  beforeAll(async () => {
    own = await startRelyingParty(OPTIONS);
  });
  afterAll(() => own.close());
  afterEach(() => {
    own.provider.knobs.clockSkewSeconds = 0;
  });
  // openid-client judges by the system's clock unless it is told otherwise.
  const follow = (seconds = 0): void => own.setClockSkew(Math.round((nowMs - Date.now()) / 1000) + seconds);

  it('is in the tokens and decides over lifetimes', async () => {
    follow();
    const { browser, tokens, claims } = await own.logIn('admin');
    expect(Number(claims['iat'])).toBeCloseTo(START_MS / 1000, -1);
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60);
    nowMs += 500_000;
    follow();
    const second = await client.refreshTokenGrant(own.config, tokens.refresh_token ?? '');
    expect(second.claims()?.exp).toBeCloseTo(nowMs / 1000 + 60, -1);
    nowMs += 700_000;
    follow();
    expect(await errorOf(client.refreshTokenGrant(own.config, second.refresh_token ?? ''))).toMatch(/^invalid_grant/);
    // The session at the provider has ended, too: somebody else can be chosen.
    expect((await own.logIn('viewer', { browser })).claims['preferred_username']).toBe('viewer');
  });

  it('can go wrong, in id tokens and logout tokens', async () => {
    own.provider.knobs.clockSkewSeconds = 3600;
    follow();
    await expect(own.logIn('editor')).resolves.toMatchObject({ claims: { preferred_username: 'editor' } });
    own.provider.knobs.clockSkewSeconds = -3600;
    follow();
    await expect(own.logIn('editor')).rejects.toMatchObject({ code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' });
    follow(-3600);
    const { claims } = await own.logIn('editor');
    expect(Number(claims['iat'])).toBeCloseTo(nowMs / 1000 - 3600, -1);
    own.logoutTokens.length = 0;
    await own.provider.revokeSessions('editor');
    for (const token of own.logoutTokens) {
      const keys = createRemoteJWKSet(new URL(`${own.provider.issuer}/jwks`));
      const { payload } = await jwtVerify(token, keys, { currentDate: new Date(nowMs - 3_600_000), typ: 'logout+jwt' });
      expect(payload.iat).toBeCloseTo(nowMs / 1000 - 3600, -1);
    }
    expect(own.logoutTokens.length).toBeGreaterThan(0);
  });
});

describe('starting', () => {
  it('says nothing of its own about Node 20, and passes on what others say', async () => {
    // In a process of its own: the library complains only when it is loaded for the first time.
    const file = path.join(import.meta.dirname, 'load-oidc-provider.ts');
    const script = `const loading = require(${JSON.stringify(file)}).importOidcProvider();
      console.warn('meanwhile');
      loading.then((library) => console.warn('loaded', typeof library.default, typeof library.interactionPolicy.base));`;
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script]);
    expect(stderr).toBe('meanwhile\nloaded function function\n');
  });

  it('speaks HTTPS with a given certificate, and refuses a taken port', async () => {
    const own = await startOpenIdProvider({ port: 0, clients: [], tls: makeServerCertificate(Date.now()) });
    expect(own.issuer).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    await expect(startOpenIdProvider({ port: Number(new URL(own.issuer).port), clients: [] })).rejects.toThrow('EADDRINUSE');
    await own.close();
  });
});
