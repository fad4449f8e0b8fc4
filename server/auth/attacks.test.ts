// What an attacker would try against logging in, each with the answer that it gets. Every token that was given out is looked for in the log.
import { deflateRawSync } from 'node:zlib';
import { CompactEncrypt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../secret';
import type { AuthSettings, OpenidSettings } from './auth-settings';
import { CHUNK_BYTES } from './cookie';
import type { Reply } from './desk';
import { createSealer, MAX_OPENED_BYTES } from './seal';
import { createRig, KEY, ORIGIN, type Rig } from './testing/rig';

let rig: Rig;
const open = async (change: Partial<AuthSettings> = {}, openid: Partial<OpenidSettings> = {}): Promise<Rig> => {
  rig = await createRig(change, openid);
  return rig;
};
afterEach(async () => {
  const log = rig.lines.join('\n');
  const cookies = [...rig.browser.cookies.values()].map(({ value }) => value);
  expect(rig.provider.secrets.filter((secret) => log.includes(secret))).toEqual([]);
  expect(cookies.filter((value) => value.length > 20 && log.includes(value))).toEqual([]);
  await rig.close();
});

const failedWith = (reply: Reply): string | null => new URLSearchParams((reply.location ?? '').split('?')[1] ?? '').get('failed');
const diagnose = async (): Promise<string> => JSON.stringify(await rig.desk.diagnose(rig.browser.request('/api/auth/doctor')));

describe('a forged ID token', () => {
  it.each([
    ['otherKey', {}, 'signatureInvalid'],
    ['none', {}, 'signatureInvalid'],
    ['HS256WithPublicKey', {}, 'signatureInvalid'],
    ['HS256WithSecret', {}, 'signatureInvalid'],
    ['RS256', { aud: 'another-client' }, 'audienceMismatch'],
    ['RS256', { iss: 'https://evil.example' }, 'issuerMismatch'],
    ['RS256', { nonce: 'of another login' }, 'nonceMismatch'],
    ['RS256', { nonce: undefined }, 'nonceMismatch'],
    ['RS256', { exp: 1_000_000 }, 'clockSkew'],
    ['RS256', { nbf: 9_999_999_999 }, 'clockSkew'],
    ['RS256', { aud: ['heddle', 'x'], azp: 'x' }, 'audienceMismatch'],
  ] as const)('%s %j is refused', async (signing, idTokenOverrides, code) => {
    await open();
    rig.provider.knobs.signing = signing;
    rig.provider.knobs.idTokenOverrides = idTokenOverrides;
    const reply = await rig.login();
    expect(failedWith(reply)).toBe(code);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    const shown = await diagnose();
    expect(shown).toContain(code);
    expect(rig.provider.secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    expect([...rig.browser.cookies.keys()]).toEqual(['__Secure-heddle-doctor']);
  });
});

describe('an answer of the login page', () => {
  const callback = (search: string) => rig.desk.finish(rig.browser.request(`/api/auth/callback${search}`));
  const begin = async (): Promise<string> =>
    rig.browser.takeReply(await rig.desk.begin(rig.browser.request('/api/auth/login'))).location ?? '';

  it('counts once: state and code are spent', async () => {
    await open();
    const back = new URL(rig.provider.approve(await begin()));
    const copy = rig.browser.header('/');
    rig.browser.takeReply(await callback(back.search));
    const again = rig.browser.request(`/api/auth/callback${back.search}`, { headers: { cookie: copy } });
    expect(failedWith(await rig.desk.finish(again))).toBe('cookieLost');
    // A replica that never saw it: the provider knows that the code was used.
    expect(failedWith(await rig.replica().finish(again))).toBe('codeRefused');
  });

  it('of another browser, another login or nobody is refused', async () => {
    await open();
    const back = new URL(rig.provider.approve(await begin()));
    expect(failedWith(await rig.desk.finish(rig.newBrowser().request(`/api/auth/callback${back.search}`)))).toBe('cookieLost');
    expect(failedWith(await callback(back.search.replace(/state=[^&]+/, 'state=AAAA')))).toBe('cookieLost');
    expect(failedWith(await callback('?code=x'))).toBe('cookieLost');
    // Cut in: the victim's state with the attacker's code.
    const mine = new URL(rig.provider.approve((await rig.desk.begin(rig.newBrowser().request('/api/auth/login'))).location ?? ''));
    const mixed = back.search.replace(/code=[^&]+/, `code=${mine.searchParams.get('code') ?? ''}`);
    expect(failedWith(await callback(mixed))).toBe('codeRefused');
  });

  it('of another issuer is a mix-up (RFC 9207), and so is one that names none though the provider does', async () => {
    await open();
    for (const iss of ['https://evil.example', null]) {
      rig.provider.knobs.answerIssuer = iss;
      const back = new URL(rig.provider.approve(await begin()));
      expect(failedWith(await callback(back.search))).toBe('issuerMismatch');
    }
    expect(rig.provider.asked.get('/token') ?? 0).toBe(0);
  });

  it('is too old after ten minutes', async () => {
    await open();
    const back = new URL(rig.provider.approve(await begin()));
    const cookie = rig.browser.header('/');
    await rig.clock.advance(601_000);
    expect(failedWith(await rig.desk.finish(rig.browser.request(`/api/auth/callback${back.search}`, { headers: { cookie } })))).toBe(
      'cookieLost',
    );
  });

  it('that refuses is told in the provider’s words, as short text, and only to whoever asked', async () => {
    await open();
    const words = `<script>alert(1)</script>\r\nSet-Cookie: x=y\u202e${'long '.repeat(500)}`;
    const back = new URL(rig.provider.deny(await begin(), 'access_denied', words));
    const reply = rig.browser.takeReply(await callback(back.search));
    expect(reply.location).toBe('/login?failed=providerRefused');
    const document = await rig.desk.diagnose(rig.browser.request('/api/auth/doctor'));
    expect(document.findings[0]).toMatchObject({ code: 'providerRefused', severity: 'error' });
    expect(document.findings[0]?.text).toContain('access_denied: <script>alert(1)</script>');
    expect(document.findings[0]?.text).not.toMatch(/[\r\n\u202e]/);
    expect(document.findings[0]?.text.length).toBeLessThan(500);
    expect(document.roles).toEqual([]);
    const unasked = rig.browser.takeReply(await callback('?error=access_denied&error_description=Call+555-EVIL&state=x'));
    expect(failedWith(unasked)).toBe('cookieLost');
    expect(await diagnose()).not.toContain('EVIL');
    expect(rig.lines.join('')).not.toContain('555-EVIL');
  });
});

describe('a session cookie', () => {
  const large = async (): Promise<void> => {
    await open();
    rig.provider.knobs.claims = {
      sub: 'u-1',
      email: 'a@example.com',
      groups: Array.from(
        { length: 90 },
        (_, i) => `group-${i}-${((i + 7) * 2654435761).toString(36)}-${((i + 3) * 40503987654321).toString(36)}`,
      ),
    };
    await rig.login();
  };
  const cookieOf = (change: (chunks: string[]) => readonly string[]): string =>
    change([...rig.browser.cookies.values()].map(({ value }) => value))
      .map((value, i) => `__Host-heddle.${i}=${value}`)
      .join('; ');
  const isIn = async (cookie: string): Promise<boolean> =>
    (await rig.desk.identify(rig.browser.request('/api/graph', { headers: { cookie } }))).kind === 'caller';

  it('is whole or nothing: changed, cut, reordered, doubled or mixed pieces do not open', async () => {
    await large();
    expect(rig.browser.cookies.size).toBeGreaterThanOrEqual(1);
    expect(await isIn(cookieOf((c) => c))).toBe(true);
    const [first = ''] = cookieOf((c) => c).split('; ');
    for (let at = 20; at < first.length; at += 97) {
      const letter = first[at] === 'A' ? 'B' : 'A';
      expect(await isIn(cookieOf(([a = '', ...rest]) => [`${a.slice(0, at - 16)}${letter}${a.slice(at - 15)}`, ...rest]))).toBe(false);
    }
    expect(await isIn(cookieOf(([a = '']) => [a.slice(0, -4)]))).toBe(false);
    expect(await isIn(cookieOf(([a = '', b = 'x']) => [b, a]))).toBe(false);
    expect(await isIn(cookieOf(([a = '']) => [a, a]))).toBe(false);
    expect(await isIn('__Host-heddle.0=; __Host-heddle.1=x')).toBe(false);
    expect(await isIn(`__Host-heddle.0=${'A'.repeat(CHUNK_BYTES)}; __Host-heddle.1=${'A'.repeat(CHUNK_BYTES)}`)).toBe(false);
  });

  it('opens by any key of the list, is sealed by the first, and by no other key', async () => {
    await open();
    await rig.login();
    const other = new Secret('o'.repeat(32));
    expect((await rig.whoAmI(rig.browser, rig.replica({ sessionKeys: [other] }))).kind).toBe('unauthenticated');
    // The cookie of a newer key is left alone by a replica that does not know it yet.
    expect(rig.browser.cookies.size).toBe(1);
    const rotating = rig.replica({ sessionKeys: [other, new Secret(KEY)] });
    await rig.clock.advance(61_000);
    expect((await rig.whoAmI(rig.browser, rotating)).kind).toBe('caller');
    expect((await rig.whoAmI(rig.browser, rig.replica({ sessionKeys: [other] }))).kind).toBe('caller');
  });

  it('of another purpose, provider or strategy is none', async () => {
    await open();
    await rig.desk.begin(rig.browser.request('/api/auth/login'));
    const begun = rig.browser.takeReply(await rig.desk.begin(rig.browser.request('/api/auth/login')));
    const login = [...rig.browser.cookies.values()][0]?.value ?? '';
    expect(begun.setCookies).toHaveLength(1);
    expect(await isIn(`__Host-heddle.0=${login}`)).toBe(false);
    await rig.login();
    expect((await rig.whoAmI(rig.browser, rig.replica({ usernameClaim: 'sub' }))).kind).toBe('unauthenticated');
    expect((await rig.whoAmI(rig.browser, rig.replica({ strategy: 'token' }))).kind).toBe('unauthenticated');
    expect((await rig.whoAmI()).kind).toBe('caller');
  });

  it('cannot be a bomb, an unsealed or a differently sealed value', async () => {
    await open();
    const sealer = createSealer([new Secret(KEY)]);
    expect(await sealer.open('session', await sealer.seal('session', Buffer.alloc(MAX_OPENED_BYTES, 65)))).not.toBeNull();
    // 100 MB of zeros in 100 kB, by somebody who has the key.
    expect(await sealer.open('session', await sealer.seal('session', Buffer.alloc(8 * 1024 * 1024)))).toBeNull();
    const unknown = await new CompactEncrypt(deflateRawSync('{}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: 'x' })
      .encrypt(Buffer.alloc(32));
    expect(await sealer.open('session', unknown)).toBeNull();
    const wrapped = await new CompactEncrypt(Buffer.from('x'))
      .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 1000 })
      .encrypt(Buffer.from('x'));
    expect(await sealer.open('session', wrapped)).toBeNull();
    for (const text of ['', '....', 'a.b.c.d.e', `eyJhbGciOiJub25lIn0..${'A'.repeat(40)}`, 'x'.repeat(50_000)])
      expect(await sealer.open('session', text)).toBeNull();
  });

  it('begins anew at each login: the one before is over', async () => {
    await open();
    await rig.login();
    const before = rig.browser.header('/');
    await rig.login();
    expect(await isIn(before)).toBe(false);
    expect((await rig.whoAmI()).kind).toBe('caller');
  });
});

describe('headers that anybody may send', () => {
  it('do not choose the redirect URI, the address or the scheme', async () => {
    await open({ publicUrls: [ORIGIN, 'https://two.example.com'], trustedProxies: ['10.0.0.0/8'] });
    const begin = async (headers: Record<string, string>): Promise<string | null> => {
      const { location } = await rig.desk.begin(rig.browser.request('/api/auth/login?hop=1', { headers }));
      return new URL(location ?? '').searchParams.get('redirect_uri');
    };
    const usual = `${ORIGIN}/api/auth/callback`;
    expect(await begin({ host: 'evil.example' })).toBe(usual);
    expect(await begin({ 'x-forwarded-host': 'two.example.com' })).toBe(usual);
    expect(await begin({ 'x-forwarded-host': 'two.example.com', 'x-heddle-peer': '10.1.2.3' })).toBe(
      'https://two.example.com/api/auth/callback',
    );
    expect(await begin({ 'x-forwarded-host': 'evil.example', 'x-heddle-peer': '10.1.2.3' })).toBe(usual);
    await rig.login();
    const seen = async (headers: Record<string, string>): Promise<string> => {
      const found = await rig.desk.identify(rig.browser.request('/api/graph', { headers }));
      return found.kind === 'caller' ? found.caller.address : 'nobody';
    };
    expect(await seen({ 'x-forwarded-for': '1.2.3.4' })).toBe('203.0.113.7');
    expect(await seen({ 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.9.9.9', 'x-heddle-peer': '10.1.2.3' })).toBe('1.2.3.4');
    expect(await seen({ 'x-forwarded-for': 'junk, 10.9.9.9', 'x-heddle-peer': '::ffff:10.1.2.3' })).toBe('10.9.9.9');
    // An http answer of a proxy does not make the cookies of an https address insecure.
    const cookies = (await rig.desk.begin(rig.browser.request('/api/auth/login', { headers: { 'x-forwarded-proto': 'http' } }))).setCookies;
    expect(cookies.every((line) => line.startsWith('__Host-') && line.includes('; Secure'))).toBe(true);
  });

  it('cannot split an answer', async () => {
    await open();
    const reply = await rig.desk.begin(
      rig.browser.request(`/api/auth/login?hop=1&to=${encodeURIComponent('/x\r\nx: y')}`, { headers: { host: 'a"b c' } }),
    );
    for (const line of [reply.location ?? '', ...reply.setCookies]) expect(line).not.toMatch(/[\r\n]/);
    for (const line of rig.lines) expect(line).not.toContain('\n');
  });
});

describe('a change', () => {
  it('needs a page of ours and the session’s token', async () => {
    await open({ publicUrls: [ORIGIN, 'http://localhost:9000'] });
    await rig.login();
    const me = await rig.whoAmI();
    if (me.kind !== 'caller' || me.session === null) throw new Error('no session');
    const token = me.session.csrfToken;
    const send = (headers: Record<string, string>): boolean => {
      const request = rig.browser.request('/api/x', { method: 'POST', headers });
      for (const [name, value] of Object.entries(headers)) if (value === '') request.headers.delete(name);
      try {
        rig.desk.guard(request, me);
        return true;
      } catch {
        return false;
      }
    };
    const csrf = { 'x-heddle-csrf': token };
    expect(send(csrf)).toBe(true);
    expect(send({ ...csrf, origin: 'http://localhost:9000' })).toBe(true);
    expect(send({ ...csrf, origin: '', 'sec-fetch-site': 'same-origin' })).toBe(true);
    for (const headers of [
      {},
      { 'x-heddle-csrf': `${token}x` },
      { 'x-heddle-csrf': token.slice(1) },
      { ...csrf, origin: 'https://evil.example' },
      { ...csrf, origin: 'https://mesh.example.com.evil.example' },
      { ...csrf, origin: 'http://mesh.example.com' },
      { ...csrf, origin: 'null' },
      { ...csrf, origin: '' },
      { ...csrf, origin: '', 'sec-fetch-site': 'same-site' },
      // Rebinding: the page and the request agree on a name that is not ours.
      { ...csrf, origin: 'http://evil.example:8080', host: 'evil.example:8080' },
    ])
      expect(send(headers), JSON.stringify(headers)).toBe(false);
    // A port-forward: names of this machine cannot be rebound.
    expect(send({ ...csrf, origin: 'http://localhost:20001', host: 'localhost:20001' })).toBe(true);
    expect(send({ ...csrf, origin: 'http://localhost:3000', host: 'localhost:20001' })).toBe(false);
    await expect(rig.desk.logout(rig.browser.request('/api/auth/logout', { method: 'POST' }))).rejects.toMatchObject({ code: 'forbidden' });
    expect((await rig.whoAmI()).kind).toBe('caller');
    expect(rig.desk.encodeMetrics()).toContain('heddle_auth_events_total{event="request",outcome="wrongCsrfToken"}');
  });

  it('of the token of one session does not go with another', async () => {
    await open();
    const csrfOf = async () => {
      await rig.login();
      const me = await rig.whoAmI();
      return me.kind === 'caller' ? (me.session?.csrfToken ?? '') : '';
    };
    expect(await csrfOf()).not.toBe(await csrfOf());
  });
});

describe('many logins', () => {
  it('are slowed down by address, in a log that does not flood', async () => {
    await open();
    const browser = rig.newBrowser();
    const tries = await Promise.allSettled(
      Array.from({ length: 90 }, () => rig.desk.finish(browser.request('/api/auth/callback?state=x'))),
    );
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(30);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'tooManyRequests' } });
    expect(rig.lines.filter((line) => line.includes('tooManyAttempts'))).toHaveLength(1);
    expect(rig.desk.encodeMetrics()).toContain('heddle_auth_events_total{event="login",outcome="tooManyAttempts"} 30');
    await rig.login('/', rig.newBrowser()).catch((error: unknown) => expect(error).toMatchObject({ code: 'tooManyRequests' }));
    await rig.clock.advance(5_000);
    await rig.login();
    expect((await rig.whoAmI()).kind).toBe('caller');
  });
});

describe('a provider', () => {
  it('that is away, refuses the client or speaks of another issuer is told apart', async () => {
    await open();
    rig.provider.knobs.isDown = true;
    expect(failedWith(await rig.desk.begin(rig.browser.request('/api/auth/login?to=/graph')))).toBe('providerUnreachable');
    rig.provider.knobs.isDown = false;
    await rig.clock.advance(3_001);
    rig.provider.knobs.issuerInDiscovery = 'https://other.example';
    expect(failedWith(await rig.desk.begin(rig.browser.request('/api/auth/login')))).toBe('issuerMismatch');
    rig.provider.knobs.issuerInDiscovery = null;
    await rig.clock.advance(3_001);
    rig.provider.knobs.tokenError = { error: 'invalid_grant', error_description: 'redirect_uri mismatch' };
    expect(failedWith(await rig.login('/', rig.newBrowser()))).toBe('redirectUriMismatch');
    rig.provider.knobs.tokenError = { error: 'invalid_client', error_description: 'expired secret' };
    expect(failedWith(await rig.login('/', rig.newBrowser()))).toBe('clientRefused');
    rig.provider.knobs.tokenError = null;
    expect((await rig.login()).location).toBe('/graph');
    const said = rig.lines.filter((line) => line.includes('"action":"login"'));
    expect(said.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual([
      'providerUnreachable',
      'issuerMismatch',
      'redirectUriMismatch',
      'clientRefused',
      'ok',
    ]);
  });
});
