// Where requests come from: proxies believed only from the list, attempts counted by address.
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log';
import { PEER_HEADER } from '../peer';
import { FakeClock } from '../testing/fake-clock';
import { buildProxyList, createAddressBook } from './address-book';
import { createLoginDesk } from './create-login-desk';
import { createRateLimit } from './rate-limit';
import { TestBrowser } from './testing/browser';
import { BASE_SETTINGS } from './testing/rig';

describe('trusted proxies', () => {
  it('are addresses and ranges of both families; anything else is a fault', () => {
    const has = buildProxyList(['10.0.0.0/8', '192.168.1.1', 'fd00::/8', '::ffff:172.16.0.1']);
    expect(['10.255.0.1', '192.168.1.1', 'fd12::1', '172.16.0.1'].every(has)).toBe(true);
    expect(['11.0.0.1', '192.168.1.2', 'fe80::1', 'unknown', '', '10.0.0.1.evil'].some(has)).toBe(false);
    for (const bad of ['10.0.0.0/33', 'example.com', '10.0.0', '::/129', '10.0.0.0/8/8', '/8', '10.0.0.0/x'])
      expect(() => buildProxyList([bad])).toThrow(/server\.trustedProxies/);
  });
  it('tell the browser behind a chain, IPv6 and ports included; strangers tell nothing', () => {
    const book = createAddressBook({ ...BASE_SETTINGS, trustedProxies: ['10.0.0.0/8', 'fd00::/8'] });
    const at = (headers: Record<string, string>): string => book.placeOf({ headers: new Headers(headers) }).address;
    expect(at({})).toBe('unknown');
    expect(at({ 'x-forwarded-for': '1.1.1.1' })).toBe('unknown');
    expect(at({ [PEER_HEADER]: '9.9.9.9', 'x-forwarded-for': '1.1.1.1' })).toBe('9.9.9.9');
    expect(at({ [PEER_HEADER]: '10.0.0.1', 'x-forwarded-for': 'evil, [2001:db8::7]:443, fd00::2' })).toBe('2001:db8::7');
    expect(at({ [PEER_HEADER]: '10.0.0.1', 'x-forwarded-for': '1.2.3.4:5678' })).toBe('1.2.3.4');
    expect(at({ [PEER_HEADER]: '10.0.0.1' })).toBe('10.0.0.1');
  });
});

describe('a rate', () => {
  it('is of one address, of a whole /64 in IPv6, and refills', async () => {
    const clock = new FakeClock();
    const limit = createRateLimit(clock, 2, 1_000);
    expect([limit.take('1.1.1.1'), limit.take('1.1.1.1'), limit.take('1.1.1.1'), limit.take('1.1.1.2')]).toEqual([true, true, false, true]);
    expect([limit.take('2001:db8:0:1::1'), limit.take('2001:db8:0:1:ffff::2'), limit.take('2001:0db8::1:0:0:0:9')]).toEqual([
      true,
      true,
      false,
    ]);
    await clock.advance(1_000);
    expect([limit.take('1.1.1.1'), limit.take('1.1.1.1')]).toEqual([true, false]);
    for (let i = 0; i < 10_001; i++) limit.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    // Memory is bounded: the longest silent is forgotten.
    expect(limit.take('1.1.1.1')).toBe(true);
  });
});

describe('without any login', () => {
  it('everybody is let in, without cookies, and there is nothing to log in to', async () => {
    const clock = new FakeClock();
    const desk = createLoginDesk({
      settings: { ...BASE_SETTINGS, strategy: 'anonymous', publicUrls: [], sessionKeys: [] },
      clock,
      log: createLogger({ level: 'debug', format: 'json', now: () => clock.now(), write: () => undefined }),
      reviews: { postReview: () => Promise.reject(new Error('not asked')) },
    });
    const browser = new TestBrowser(clock, 'http://localhost:8080');
    const identified = await desk.identify(browser.request('/api/graph'));
    expect(identified).toMatchObject({
      kind: 'caller',
      session: null,
      setCookies: [],
      caller: { credential: { kind: 'console' }, sessionId: null },
    });
    expect(desk.describe(identified, { sight: null, isAdmin: false, allows: () => false })).toEqual({
      strategy: 'anonymous',
      user: null,
      endsAtMs: null,
      idleEndsAtMs: null,
      csrfToken: null,
      sees: 'all',
      isAdmin: false,
    });
    await expect(desk.begin(browser.request('/api/auth/login'))).rejects.toMatchObject({ code: 'notFound' });
    await expect(desk.loginByToken(browser.request('/api/auth/login', { method: 'POST' }), {})).rejects.toMatchObject({ code: 'notFound' });
    expect((await desk.diagnose(browser.request('/api/auth/doctor'))).findings).toMatchObject([{ code: 'nobodyLogsIn', severity: 'ok' }]);
    expect((await desk.logout(browser.request('/api/auth/logout', { method: 'POST' }))).body).toEqual({ location: '/' });
    await desk.close();
  });
});
