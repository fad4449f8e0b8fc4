// Two replicas that share nothing but their keys: what a logout at one means at the other, and when.
import { afterEach, describe, expect, it } from 'vitest';
import type { Identified, LoginDesk, SessionEnd } from './desk';
import { createRig, type Rig } from './testing/rig';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Of the provider's tokens in these tests. */
const TOKEN_MS = 300_000;
/** A stream ends for a recheck at most this long after its tokens. */
const SPAN_MS = 15_000;

let rig: Rig;
afterEach(() => rig.close());

/** A provider whose token of the logout is sent to one desk; its refresh tokens are dead, as Back-Channel Logout 1.0, 2.7 wants. */
async function logOutByProvider(desk: LoginDesk, jti: string): Promise<number> {
  rig.provider.forget();
  const now = Math.floor(rig.clock.now() / 1000);
  const token = await rig.provider.sign(
    {
      iss: rig.provider.issuer,
      aud: 'heddle',
      iat: now,
      exp: now + 120,
      jti,
      events: { [EVENT]: {} },
      sid: 'provider-session-1',
      sub: 'u-1',
    },
    { typ: 'logout+jwt' },
  );
  const request = rig.browser.request('/api/auth/backchannel-logout', { method: 'POST' });
  return (await desk.logoutByProvider(request, new URLSearchParams({ logout_token: token }))).status;
}

const watch = (desk: LoginDesk, identified: Identified): SessionEnd[] => {
  const ends: SessionEnd[] = [];
  desk.watchEnd(identified, (why) => ends.push(why));
  return ends;
};

describe('a logout by the provider', () => {
  it('ends requests and streams at once at each replica that it reaches, also one that only ever read the session', async () => {
    rig = await createRig();
    await rig.login();
    const other = rig.replica();
    const [here, there] = [watch(rig.desk, await rig.whoAmI()), watch(other, await rig.whoAmI(rig.browser, other))];
    expect(await logOutByProvider(rig.desk, 'j-1')).toBe(200);
    expect([here, there]).toEqual([['ended'], []]);
    expect((await rig.whoAmI(rig.newBrowser())).kind).toBe('unauthenticated');
    expect(await logOutByProvider(other, 'j-1')).toBe(200);
    expect([here, there]).toEqual([['ended'], ['ended']]);
    expect((await rig.whoAmI(rig.browser, other)).kind).toBe('unauthenticated');
  });

  it('that reaches one replica ends requests and streams at the others once the tokens have ended', async () => {
    rig = await createRig();
    await rig.login();
    const other = rig.replica();
    const there = watch(other, await rig.whoAmI(rig.browser, other));
    await logOutByProvider(rig.desk, 'j-1');
    expect((await rig.whoAmI(rig.browser, other)).kind).toBe('caller');
    await rig.clock.advance(TOKEN_MS - 1);
    expect(there).toEqual([]);
    await rig.clock.advance(1);
    expect((await rig.whoAmI(rig.browser, other)).kind).toBe('unauthenticated');
    await rig.clock.advance(SPAN_MS);
    expect(there).toEqual(['recheck']);
  });
});

describe('a logout in the browser', () => {
  it('ends a copy of the cookie at the others once the tokens have ended: the refresh token is revoked', async () => {
    rig = await createRig();
    await rig.login();
    const other = rig.replica();
    const me = await rig.whoAmI();
    if (me.kind !== 'caller' || me.session === null) throw new Error('no session');
    const copy = rig.browser.header('/api/graph');
    const headers = { 'x-heddle-csrf': me.session.csrfToken };
    await rig.desk.logout(rig.browser.request('/api/auth/logout', { method: 'POST', headers }));
    await rig.desk.close();
    expect(rig.provider.revoked).toHaveLength(1);
    const withCopy = async (): Promise<string> =>
      (await other.identify(rig.browser.request('/api/graph', { headers: { cookie: copy } }))).kind;
    expect(await withCopy()).toBe('caller');
    await rig.clock.advance(TOKEN_MS);
    expect(await withCopy()).toBe('unauthenticated');
  });
});

describe('a stream', () => {
  it('goes on while other requests at the same replica renew the login', async () => {
    rig = await createRig();
    await rig.login();
    const ends = watch(rig.desk, await rig.whoAmI());
    for (let i = 0; i < 6; i++) {
      await rig.clock.advance(TOKEN_MS - 10_000);
      expect((await rig.whoAmI()).kind).toBe('caller');
    }
    expect(ends).toEqual([]);
    // Nobody asks any more: the next look has to be a request.
    await rig.clock.advance(TOKEN_MS + SPAN_MS);
    expect(ends).toEqual(['recheck']);
  });

  it('does not end again and again while the provider is away', async () => {
    rig = await createRig();
    await rig.login();
    rig.provider.knobs.isDown = true;
    await rig.clock.advance(TOKEN_MS + 1);
    const ends = watch(rig.desk, await rig.whoAmI());
    await rig.clock.advance(59_000);
    expect(ends).toEqual([]);
    await rig.clock.advance(1_000 + SPAN_MS);
    expect(ends).toEqual(['recheck']);
  });

  it('without a refresh token ends with the session only', async () => {
    rig = await createRig();
    rig.provider.knobs.givesRefreshToken = false;
    await rig.login();
    const ends = watch(rig.desk, await rig.whoAmI());
    await rig.clock.advance(11 * 3_600_000);
    expect(ends).toEqual([]);
    await rig.clock.advance(3_600_000);
    expect(ends).toEqual(['ended']);
  });
});
