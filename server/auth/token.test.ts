// Logging in by a pasted token, asked of an API server that is played here: new, old, forbidding, lying.
import { afterEach, describe, expect, it } from 'vitest';
import type { Secret } from '../secret';
import type { AuthSettings } from './auth-settings';
import { credentialOf } from './caller';
import { createRig, type Rig } from './testing/rig';
import { decodePastedToken } from './token';

const claims = (exp: number): string => `eyJhbGciOiJSUzI1NiJ9.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.c2lnbmF0dXJl`;
const USER = { username: 'system:serviceaccount:ops:alice', uid: 'uid-1', groups: ['system:serviceaccounts', 'system:authenticated'] };

let rig: Rig;
let reviews: { readonly path: string; readonly token: string | null; readonly body: unknown }[] = [];
let answers: (path: string, token: Secret | null) => { status: number; body: unknown };
const open = async (change: Partial<AuthSettings> = {}): Promise<void> => {
  reviews = [];
  rig = await createRig(
    { strategy: 'token', ...change },
    {},
    {
      postReview: (path, body, credential) => {
        const token = credential.kind === 'token' ? credential.token : null;
        reviews.push({ path, token: token?.reveal() ?? null, body });
        return Promise.resolve(answers(path, token));
      },
    },
  );
};
afterEach(() => rig.close());
const login = async (token: unknown, headers: Record<string, string> = {}) =>
  rig.browser.takeReply(await rig.desk.loginByToken(rig.browser.request('/api/auth/login', { method: 'POST', headers }), { token }));
const modern = (): void => {
  answers = () => ({ status: 201, body: { status: { userInfo: USER } } });
};

describe('a pasted token', () => {
  it('is who the API server says, in its own name; the session ends with it', async () => {
    await open({ accessMode: 'userToken' });
    modern();
    const token = claims(rig.clock.now() / 1000 + 600);
    expect(await login(`  Bearer ${token}\n`)).toMatchObject({ status: 204 });
    expect(reviews).toEqual([
      {
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        token,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      },
    ]);
    const me = await rig.whoAmI(rig.browser, rig.replica());
    if (me.kind !== 'caller' || me.caller.credential.kind !== 'token') throw new Error('not let in');
    expect(me.caller.user).toEqual({ strategy: 'token', subject: 'uid-1', name: USER.username, groups: USER.groups });
    expect(me.caller.credential.token.reveal()).toBe(token);
    expect((me.session?.endsAtMs ?? 0) - rig.clock.now()).toBe(600_000);
    await rig.clock.advance(600_001);
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
    expect(rig.lines.join('\n')).not.toContain(token);
  });

  it('is not kept where it is not needed, and its name is impersonated by nobody', async () => {
    await open({ accessMode: 'roles' });
    modern();
    await login(claims(rig.clock.now() / 1000 + 600));
    const me = await rig.whoAmI();
    expect(me.kind === 'caller' ? me.caller.credential : null).toEqual({ kind: 'console' });
    const user = { strategy: 'token', subject: 'uid-1', name: USER.username, groups: USER.groups } as const;
    expect(() => credentialOf(user, 'impersonation', null)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('is asked by TokenReview of an older API server, as the console', async () => {
    await open();
    answers = (path) =>
      path.endsWith('selfsubjectreviews')
        ? { status: 404, body: {} }
        : { status: 201, body: { status: { authenticated: true, user: USER } } };
    expect((await login('opaque-token')).status).toBe(204);
    expect(reviews[1]).toMatchObject({
      path: '/apis/authentication.k8s.io/v1/tokenreviews',
      token: null,
      body: { spec: { token: 'opaque-token' } },
    });
  });

  it.each([
    ['refused', { status: 401, body: {} }, 'unauthenticated'],
    ['anonymous', { status: 201, body: { status: { userInfo: { username: 'system:anonymous' } } } }, 'unauthenticated'],
    ['nobody', { status: 201, body: { status: {} } }, 'unauthenticated'],
    ['rubbish', { status: 500, body: 'oops' }, 'clusterMalformed'],
  ])('%s is not let in', async (_what, answer, code) => {
    await open();
    answers = () => answer;
    await expect(login('some-token')).rejects.toMatchObject({ code });
    expect((await rig.whoAmI()).kind).toBe('unauthenticated');
  });

  it('needs a page of ours, a token that can be one, and patience', async () => {
    await open();
    modern();
    await expect(login('some-token', { origin: 'https://evil.example' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(reviews).toEqual([]);
    for (const text of ['', 'short', 'two words here', 'ünïcode-token', 'x'.repeat(9_000), 7, null, { a: 1 }])
      expect(decodePastedToken(text)).toBeNull();
    for (let i = 0; i < 10; i++) await login('some-token');
    await expect(login('some-token')).rejects.toMatchObject({ code: 'tooManyRequests' });
    await rig.clock.advance(6_001);
    await login('some-token');
    await expect(login('expired.'.concat(Buffer.from('{"exp":1}').toString('base64url'), '.x'))).rejects.toMatchObject({
      code: 'tooManyRequests',
    });
    await rig.clock.advance(60_000);
    await expect(login(claims(1))).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
