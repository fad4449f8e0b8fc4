// Tests of leave-session: where a logout leads, and only to where a page may lead.
import { describe, expect, it, vi } from 'vitest';
import { decodeLogoutLocation, writeLogout } from './leave-session';

describe('decodeLogoutLocation', () => {
  it.each([
    [{ location: 'https://accounts.example.com/logout?x=y' }, '', 'https://accounts.example.com/logout?x=y'],
    [{ location: '/login' }, '', '/login'],
    [{ location: '/login' }, '/console', '/console/login'],
    [{ location: '/console/login' }, '/console', '/console/login'],
    [{ location: 'javascript:alert(1)' }, '', '/login'],
    [{ location: '//evil.example' }, '', '/login'],
    [{ location: '/\\evil.example' }, '', '/login'],
    [{ location: 3 }, '', '/login'],
    [null, '/console', '/console/login'],
  ])('%j under %j leads to %s', (body, base, expected) => expect(decodeLogoutLocation(body, base)).toBe(expected));
});

describe('writeLogout', () => {
  it('posts with the token of the session', async () => {
    const ask = vi.fn<typeof fetch>(() => Promise.resolve(new Response('{"location":"/login"}')));
    const { signal } = new AbortController();
    expect(await writeLogout({ csrfToken: 'c', signal, fetch: ask })).toBe('/login');
    expect(ask.mock.calls[0]?.[0]).toBe('/api/auth/logout');
    expect(new Headers(ask.mock.calls[0]?.[1]?.headers).get('x-heddle-csrf')).toBe('c');
  });
});
