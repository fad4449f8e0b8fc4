// An API server that trusts an OpenID provider: whose id tokens it takes, as whom, and which it refuses.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BearerSigner, startBearerSigner } from '../../openid/bearer';
import { type LoopbackServer, startLoopbackServer } from '../../openid/loopback-server';
import { START_MS, startTestCluster, type TestCluster } from '../fixtures/small-cluster';
import { valueAt } from '../json';
import { type OidcOptions, OidcTokens } from './oidc-tokens';

let signer: BearerSigner;
let issuer: LoopbackServer;
let cluster: TestCluster;
let discovery: { status: number; body: unknown };
const CLAIMS = { sub: 'u-1', email: 'bob', name: 'Bob', groups: ['developers', 'testers'] };

beforeAll(async () => {
  issuer = await startLoopbackServer((request, response) => {
    const found = request.url === '/.well-known/openid-configuration';
    response.writeHead(found ? discovery.status : 404, { 'content-type': 'application/json' }).end(JSON.stringify(discovery.body));
  }, 0);
  signer = await startBearerSigner({ issuer: issuer.url, audience: 'heddle', clock: () => START_MS });
  discovery = { status: 200, body: { issuer: issuer.url, jwks_uri: signer.keysUrl } };
  cluster = await startTestCluster({ oidc: { issuer: issuer.url, clientId: 'heddle', usernameClaim: 'email', groupsClaim: 'groups' } });
});
afterAll(async () => {
  await cluster.server.close();
  await signer.close();
  await issuer.close();
});

const pods = (token: string) => cluster.send('GET', '/api/v1/namespaces/bookinfo/pods', { token });

describe('an API server with a trusted provider', () => {
  it('takes its tokens, and RBAC decides for their user', async () => {
    expect((await pods(await signer.sign(CLAIMS))).code).toBe(200);
    expect((await pods(await signer.sign({ ...CLAIMS, email: 'carol' }))).code).toBe(403);
    expect((await pods('bob-token')).code).toBe(200);
  });

  it('keeps taking them after an exchange of the signing key', async () => {
    const old = await signer.sign(CLAIMS);
    await signer.rotateKey({ keepOld: false });
    expect((await pods(await signer.sign(CLAIMS))).code).toBe(200);
    expect((await pods(old)).code).toBe(401);
  });

  it('answers for them in a TokenReview, with the reason of a refusal', async () => {
    const review = async (token: string): Promise<unknown> => {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
      const reply = await cluster.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body });
      return valueAt(reply.body, 'status');
    };
    expect(await review(await signer.sign(CLAIMS))).toEqual({
      authenticated: true,
      user: { username: 'bob', groups: ['developers', 'testers', 'system:authenticated'] },
    });
    expect(await review(await signer.sign(CLAIMS, { lifetimeSeconds: -1 }))).toMatchObject({
      authenticated: false,
      error: expect.stringContaining('"exp"'),
    });
  });

  it.each([
    ['for another client', { audience: 'other' }],
    ['of another issuer', { issuer: 'https://evil.example.com' }],
    ['that has expired', { lifetimeSeconds: -1 }],
  ])('refuses a token %s', async (_what, options) => {
    const reply = await pods(await signer.sign(CLAIMS, options));
    expect(reply.code).toBe(401);
    expect(reply.body).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
  });

  it('refuses a changed token and what is no token', async () => {
    const [header = '', , signature = ''] = (await signer.sign(CLAIMS)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...CLAIMS, iss: issuer.url, aud: 'heddle', exp: 9_999_999_999 })).toString('base64url');
    expect((await pods(`${header}.${forged}.${signature}`)).code).toBe(401);
    expect((await pods('a.b.c')).code).toBe(401);
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect((await pods(`${unsigned}.${forged}.`)).code).toBe(401);
  });
});

describe('OidcTokens', () => {
  const userOf = async (options: Partial<OidcOptions>, claims: Readonly<Record<string, unknown>> = CLAIMS): Promise<unknown> =>
    new OidcTokens({ issuer: issuer.url, clientId: 'heddle', ...options }, () => START_MS).review(await signer.sign(claims));

  it('names users and groups as the flags say', async () => {
    const groups = ['system:authenticated'];
    expect(await userOf({})).toEqual({ user: { username: `${issuer.url}#u-1`, groups } });
    expect(await userOf({ usernamePrefix: '-' })).toEqual({ user: { username: 'u-1', groups } });
    expect(await userOf({ usernameClaim: 'email', usernamePrefix: 'oidc:', groupsClaim: 'groups', groupsPrefix: 'oidc:' })).toEqual({
      user: { username: 'oidc:bob', groups: ['oidc:developers', 'oidc:testers', 'system:authenticated'] },
    });
    expect(await userOf({ usernamePrefix: '-', groupsClaim: 'groups' }, { ...CLAIMS, groups: 'one two' })).toEqual({
      user: { username: 'u-1', groups: ['one two', 'system:authenticated'] },
    });
    expect(await userOf({ usernamePrefix: '-', groupsClaim: 'groups' }, { sub: 'u-2', groups: [7, { x: 1 }] })).toEqual({
      user: { username: 'u-2', groups },
    });
  });

  it('refuses a missing name and an address that is not verified', async () => {
    expect(await userOf({ usernameClaim: 'upn' })).toEqual({ refusal: 'oidc: parse username claims "upn": claim not present' });
    expect(await userOf({ usernameClaim: 'email' }, { ...CLAIMS, email_verified: false })).toEqual({ refusal: 'oidc: email not verified' });
  });

  it('says what is wrong with the provider, and tries again for the next token', async () => {
    const tokens = new OidcTokens({ issuer: issuer.url, clientId: 'heddle', usernamePrefix: '-' }, () => START_MS);
    const right = discovery;
    discovery = { status: 500, body: {} };
    expect(await tokens.review(await signer.sign(CLAIMS))).toEqual({
      refusal: `oidc: verify token: ${issuer.url}/.well-known/openid-configuration answered 500 without a jwks_uri`,
    });
    discovery = right;
    expect(await tokens.review(await signer.sign(CLAIMS))).toMatchObject({ user: { username: 'u-1' } });
    expect(await tokens.review('not.a.token')).toBeUndefined();
  });
});
