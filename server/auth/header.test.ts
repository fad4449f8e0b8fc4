// Tokens of proxies: AWS load balancers with their own form of JWT, bearer tokens by JWKS, assertions by a PEM key; honest ones and others.
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../log';
import { FakeClock } from '../testing/fake-clock';
import type { HeaderSettings } from './auth-settings';
import { createLoginDesk } from './create-login-desk';
import type { LoginDesk } from './desk';
import { TestBrowser } from './testing/browser';
import { BASE_SETTINGS, ORIGIN } from './testing/rig';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123:loadbalancer/app/mesh/50dc6c495c0c9188';
const KID = '6e8d0d5e-1f0a-4a3b-9f3e-0123456789ab';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clock = new FakeClock(1_800_000_000_000);
const nowSeconds = clock.now() / 1000;
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

let server: Server;
let base = '';
const asked: string[] = [];
beforeAll(async () => {
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'r1', use: 'sig' }] });
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/jwks') response.end(jwks);
    else if (request.url === `/keys/${KID}`) response.end(pem(ec.publicKey));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
const desks: LoginDesk[] = [];
const lines: string[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

function deskOf(header: HeaderSettings): LoginDesk {
  const desk = createLoginDesk({
    settings: { ...BASE_SETTINGS, strategy: 'header', header },
    clock,
    log: createLogger({ level: 'debug', format: 'json', now: () => clock.now(), write: (line) => lines.push(line) }),
    reviews: { postReview: () => Promise.reject(new Error('not asked')) },
  });
  desks.push(desk);
  return desk;
}
const whoIs = async (desk: LoginDesk, name: string, value: string): Promise<string> => {
  const identified = await desk.identify(
    new TestBrowser(clock, ORIGIN).request('/api/graph', { headers: value === '' ? {} : { [name]: value } }),
  );
  return identified.kind === 'caller' ? identified.caller.user.name : identified.failure.detail;
};

describe('a load balancer', () => {
  /** With "=" padding, as load balancers write. */
  const part = (x: unknown): string => {
    const text = Buffer.from(JSON.stringify(x)).toString('base64url');
    return text + '='.repeat((4 - (text.length % 4)) % 4);
  };
  const head = { typ: 'JWT', kid: KID, alg: 'ES256', iss: 'https://idp.example', client: 'c', signer: ARN, exp: nowSeconds + 120 };
  const body = { sub: 'u-7', email: 'carol@example.com', groups: 'dev,ops', exp: nowSeconds + 120, iss: 'https://idp.example' };
  const token = (h: object = head, b: object = body, key: KeyObject = ec.privateKey): string => {
    const text = `${part(h)}.${part(b)}`;
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
    return `${text}.${signature}`;
  };
  const settings = (): HeaderSettings => ({
    name: 'x-amzn-oidc-data',
    keys: { kind: 'alb', url: `${base}/keys` },
    issuer: 'https://idp.example',
    audience: ARN,
  });

  it('is believed when its key signed, padding and all; the key is fetched once', async () => {
    const desk = deskOf(settings());
    asked.length = 0;
    const all = await Promise.all(Array.from({ length: 5 }, () => whoIs(desk, 'x-amzn-oidc-data', token())));
    expect(new Set(all)).toEqual(new Set(['carol@example.com']));
    expect(asked).toEqual([`/keys/${KID}`]);
    const found = await desk.identify(new TestBrowser(clock, ORIGIN).request('/', { headers: { 'x-amzn-oidc-data': token() } }));
    expect(found).toMatchObject({
      kind: 'caller',
      session: null,
      setCookies: [],
      caller: { user: { subject: 'u-7', groups: ['dev', 'ops'] } },
    });
  });

  it('is not believed otherwise', async () => {
    const desk = deskOf(settings());
    asked.length = 0;
    const hmac = (() => {
      const text = `${part({ ...head, alg: 'HS256' })}.${part(body)}`;
      return `${text}.${createHmac('sha256', pem(ec.publicKey)).update(text).digest('base64url')}`;
    })();
    const [h = '', b = '', s = ''] = token().split('.');
    const bad: readonly (readonly [string, string, RegExp])[] = [
      ['absent', '', /set no header/],
      ['another balancer', token({ ...head, signer: ARN.replace('123', '666') }), /was made by/],
      ['no signer', token({ ...head, signer: undefined }), /made by nobody/],
      ['another key', token(head, body, strange.privateKey), /not signed/],
      ['HS256 with the public key', hmac, /not signed/],
      ['alg none', `${part({ ...head, alg: 'none' })}.${part(body)}.`, /not a signed JWT/],
      ['alg none with a signature', `${part({ ...head, alg: 'none' })}.${b}.${s}`, /not signed/],
      ['an exchanged body', `${h}.${part({ ...body, email: 'root@example.com' })}.${s}`, /not signed/],
      ['expired header', token({ ...head, exp: nowSeconds - 60 }), /expired/],
      ['expired claims', token(head, { ...body, exp: nowSeconds - 60 }), /expired/],
      ['never ending', token({ ...head, exp: undefined }, { ...body, exp: undefined }), /expired/],
      ['exp as text', token({ ...head, exp: '9999999999' }), /expired/],
      ['another issuer', token({ ...head, iss: 'https://evil' }, { ...body, iss: 'https://evil' }), /another issuer/],
      ['a key elsewhere', token({ ...head, kid: '../../evil/aaaa' }), /not signed/],
      ['a key at another host', token({ ...head, kid: '@evil.example/aa' }), /not signed/],
      ['an unknown key', token({ ...head, kid: '00000000-0000-0000-0000-000000000000' }), /not signed/],
      ['crit', token({ ...head, crit: ['x'] }), /not signed/],
      ['rubbish', 'a.b', /not a signed JWT/],
      ['rubbish of three', '!!.??.**', /not a signed JWT/],
      ['too long', `${token()}${'A'.repeat(20_000)}`, /not a signed JWT/],
    ];
    for (const [what, value, expected] of bad) expect(await whoIs(desk, 'x-amzn-oidc-data', value), what).toMatch(expected);
    expect(asked.filter((path) => path.includes('evil'))).toEqual([]);
    // Names of keys by the thousand do not become requests by the thousand.
    asked.length = 0;
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        whoIs(desk, 'x-amzn-oidc-data', token({ ...head, kid: `00000000-0000-0000-0000-${String(i).padStart(12, '0')}` })),
      ),
    );
    expect(asked.length).toBeLessThanOrEqual(20);
    expect(lines.some((line) => line.includes(s))).toBe(false);
    expect(lines.length).toBeLessThan(20);
  });

  it('cannot be trusted without its name, since a region shares the address of keys', () => {
    expect(() => deskOf({ ...settings(), audience: null })).toThrow(/auth\.header\.audience/);
  });

  it('is logged out of by its cookies', async () => {
    const desk = deskOf(settings());
    const browser = new TestBrowser(clock, ORIGIN);
    const cookie = 'AWSELBAuthSessionCookie-0=abc; AWSELBAuthSessionCookie-1=def; other=1';
    const request = browser.request('/api/auth/logout', { method: 'POST', headers: { 'x-amzn-oidc-data': token(), cookie } });
    expect((await desk.logout(request)).setCookies.map((line) => line.split('=')[0])).toEqual([
      'AWSELBAuthSessionCookie-0',
      'AWSELBAuthSessionCookie-1',
    ]);
  });
});

describe('a bearer token', () => {
  const claims = { iss: 'https://idp.example', aud: 'heddle', sub: 'u-9', email: 'dave@example.com', exp: nowSeconds + 60 };
  const signed = (payload: Record<string, unknown> = claims, key = rsa.privateKey, header: Record<string, unknown> = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'r1', ...header }).sign(key);
  const settings = (): HeaderSettings => ({
    name: 'authorization',
    keys: { kind: 'jwks', url: `${base}/jwks` },
    issuer: 'https://idp.example',
    audience: 'heddle',
  });

  it('is believed by its JWKS or PEM key, and refused otherwise', async () => {
    for (const header of [settings(), { ...settings(), keys: { kind: 'pem', pem: pem(rsa.publicKey) } } satisfies HeaderSettings]) {
      const desk = deskOf(header);
      const ask = (token: string) => whoIs(desk, 'authorization', token);
      expect(await ask(`Bearer ${await signed()}`)).toBe('dave@example.com');
      expect(await ask(await signed())).toBe('dave@example.com');
      expect(await ask(`Bearer ${await signed({ ...claims, aud: 'other' })}`)).toMatch(/is for other, expected heddle/);
      expect(await ask(`Bearer ${await signed({ ...claims, iss: 'https://evil' })}`)).toMatch(/issued by/);
      expect(await ask(`Bearer ${await signed({ ...claims, exp: nowSeconds - 60 })}`)).toMatch(/expired/);
      expect(await ask(`Bearer ${await signed({ ...claims, exp: undefined })}`)).toMatch(/fails at its claim/);
      expect(await ask(`Bearer ${await signed({ ...claims, nbf: nowSeconds + 600 })}`)).toMatch(/fails at its claim/);
      const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
      expect(await ask(`Bearer ${await signed(claims, other.privateKey)}`)).toMatch(/not signed by a key/);
      const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'r1' }).sign(Buffer.from(pem(rsa.publicKey)));
      expect(await ask(`Bearer ${hmac}`)).toMatch(/not accepted/);
      const [, b = ''] = hmac.split('.');
      expect(await ask(`Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${b}.`)).toMatch(/not accepted|not a signed JWT/);
      expect(await ask('Basic abc')).toMatch(/not a signed JWT/);
      expect(await ask(`Bearer ${'A'.repeat(20_000)}`)).toMatch(/larger than 16 kB/);
    }
    expect(createPublicKey(pem(rsa.publicKey)).asymmetricKeyType).toBe('rsa');
  });

  it('refuses settings that would trust the wrong thing', () => {
    expect(() => deskOf({ ...settings(), audience: null })).toThrow(/audience/);
    const secret = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const text of ['', 'rubbish', secret])
      expect(() => deskOf({ ...settings(), keys: { kind: 'pem', pem: text } })).toThrow(/no public RSA or EC key/);
  });

  it('shows its doctor what came, failures too', async () => {
    const desk = deskOf(settings());
    const browser = new TestBrowser(clock, ORIGIN);
    const good = await desk.diagnose(
      browser.request('/api/auth/doctor', {
        headers: { authorization: `Bearer ${await signed({ ...claims, groups: ['dev'], secretClaim: 'x' })}` },
      }),
    );
    expect(good.claims).toContainEqual({ name: 'secretClaim', value: null });
    expect(good.claims).toContainEqual({ name: 'email', value: 'dave@example.com' });
    expect(good.roles).toEqual([{ role: 'viewer', namespaces: ['bookinfo'], matchedBy: ['dev'] }]);
    const bad = await desk.diagnose(
      browser.request('/api/auth/doctor', { headers: { authorization: `Bearer ${await signed({ ...claims, aud: 'x' })}` } }),
    );
    expect(bad.findings).toMatchObject([{ code: 'audienceMismatch' }]);
  });
});
