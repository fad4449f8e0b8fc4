// Proxies before the console: the header of an ALB, and bearers signed with keys of a key set.
import { createPublicKey, verify } from 'node:crypto';
import { createRemoteJWKSet, importSPKI, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { recordOf } from '../kubernetes/json';
import { startAlbSigner } from './alb';
import { startBearerSigner } from './bearer';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const CLAIMS = { sub: 'u-1', email: 'ada@example.com', name: 'Ada ⚙', groups: ['mesh-admins'] };

const decode = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));

const kidOf = (token: string): string => String(recordOf(decode(token.split('.')[0]))['kid']);

describe('an ALB', () => {
  it('signs the user’s claims as AWS does: padded, with signer and expiry in the header', async () => {
    const alb = await startAlbSigner({ clock: () => NOW_MS, clientId: 'heddle', issuer: 'https://idp.example.com' });
    try {
      // Lengths of the claims such that every amount of padding occurs.
      const tokens = ['', 'x', 'xx'].map((pad) => alb.sign({ ...CLAIMS, pad }));
      for (const token of tokens) {
        const [header, payload, signature] = token.split('.');
        expect([header, payload, signature].map((part) => (part?.length ?? 1) % 4)).toEqual([0, 0, 0]);
        expect(signature).toMatch(/^[\w-]{86}==$/);
        expect(decode(header)).toMatchObject({
          alg: 'ES256',
          client: 'heddle',
          iss: 'https://idp.example.com',
          signer: alb.signer,
          exp: NOW_MS / 1000 + 120,
        });
        expect(decode(payload)).toMatchObject(CLAIMS);
        const pem = await (await fetch(`${alb.keysUrl}/${kidOf(token)}`)).text();
        expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----/);
        const key = { key: createPublicKey(pem), dsaEncoding: 'ieee-p1363' } as const;
        expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
      }
      expect(tokens.some((token) => token.split('.')[1]?.endsWith('=='))).toBe(true);
      // jose takes it as it is, but not without the padding.
      const padded = tokens.find((token) => token.split('.')[1]?.endsWith('==')) ?? '';
      const pem = await (await fetch(`${alb.keysUrl}/${kidOf(padded)}`)).text();
      const key = await importSPKI(pem, 'ES256');
      expect((await jwtVerify(padded, key, { currentDate: new Date(NOW_MS) })).payload).toMatchObject(CLAIMS);
      await expect(jwtVerify(padded.replaceAll('=', ''), key, { currentDate: new Date(NOW_MS) })).rejects.toThrow('signature');
    } finally {
      await alb.close();
    }
  });

  it('keeps old keys published, knows no others, and lets a test lie', async () => {
    const alb = await startAlbSigner({ clock: () => NOW_MS });
    try {
      const first = kidOf(alb.sign(CLAIMS));
      expect(await alb.rotateKey()).toBe(kidOf(alb.sign(CLAIMS)));
      expect(kidOf(alb.sign(CLAIMS))).not.toBe(first);
      expect((await fetch(`${alb.keysUrl}/${first}`)).status).toBe(200);
      expect((await fetch(`${alb.keysUrl}/${'0'.repeat(24)}`)).status).toBe(404);
      const forged = alb.sign(CLAIMS, { header: { signer: 'arn:aws:another', alg: 'none' }, lifetimeSeconds: -1 });
      expect(decode(forged.split('.')[0])).toMatchObject({ signer: 'arn:aws:another', alg: 'none', exp: NOW_MS / 1000 - 1 });
    } finally {
      await alb.close();
    }
  });
});

describe.each(['RS256', 'ES256'] as const)('a proxy that signs with %s', (algorithm) => {
  it('passes tokens on that its key set proves, until the key is gone', async () => {
    const proxy = await startBearerSigner({ algorithm, clock: () => NOW_MS, audience: '/projects/1/apps/heddle' });
    try {
      const keys = createRemoteJWKSet(new URL(proxy.keysUrl), { cooldownDuration: 0 });
      const options = { issuer: proxy.issuer, audience: proxy.audience, currentDate: new Date(NOW_MS) };
      const token = await proxy.sign(CLAIMS);
      expect((await jwtVerify(token, keys, options)).payload).toMatchObject({ ...CLAIMS, exp: NOW_MS / 1000 + 600 });
      await expect(jwtVerify(await proxy.sign(CLAIMS, { audience: ['other'] }), keys, options)).rejects.toThrow('"aud"');
      await expect(jwtVerify(await proxy.sign(CLAIMS, { issuer: 'https://other' }), keys, options)).rejects.toThrow('"iss"');
      await expect(jwtVerify(await proxy.sign(CLAIMS, { lifetimeSeconds: -60 }), keys, options)).rejects.toThrow('"exp"');
      const kid = await proxy.rotateKey({ keepOld: false });
      expect((await jwtVerify(await proxy.sign(CLAIMS), keys, options)).protectedHeader).toMatchObject({ kid, alg: algorithm });
      await expect(jwtVerify(token, keys, options)).rejects.toThrow('no applicable key');
      expect((await fetch(proxy.keysUrl.replace('/jwks.json', '/'))).status).toBe(404);
    } finally {
      await proxy.close();
    }
  });
});
