// Tests of login-address: a way back stays on this origin and never leads to the login again.
import { describe, expect, it } from 'vitest';
import { decodeReturn, readReturn, withReturn } from './login-address';

describe('decodeReturn', () => {
  it.each(['/graph', '/graph?namespaces=a,b&select=x%2Fy', '/overview#top', '/loginlog', '/graph?to=//evil'])('keeps %s', (to) =>
    expect(decodeReturn(to)).toBe(to),
  );

  it.each([
    null,
    '',
    'graph',
    '//evil.example',
    '/\\evil.example',
    '/graph\\..',
    '/\t/evil.example',
    '/graph\nx',
    'https://evil.example',
    'javascript:alert(1)',
    '/login',
    '/login?to=/login',
    '/login/',
    '/api/me',
    '/%2f%2fevil.example',
    '/.//evil.example',
    '/a b',
    `/${'a'.repeat(5000)}`,
  ])('goes home instead of to %j', (to) => expect(decodeReturn(to)).toBe('/'));

  it('never leaves the origin, whatever browsers make of what it keeps', () => {
    for (const to of ['/@evil', '/;//evil', '/a//evil.example', '/a/..//evil.example', '/%252fevil.example'])
      expect(new URL(decodeReturn(to), 'https://console.example').origin).toBe('https://console.example');
  });
});

describe('readReturn and withReturn', () => {
  const at = (pathname: string, search = '', hash = '') => ({ pathname, search, hash });
  it('take the base path off, and only the base path', () => {
    expect(readReturn(at('/console/graph', '?a=b', '#c'), '/console')).toBe('/graph?a=b#c');
    expect(readReturn(at('/console'), '/console')).toBe('/');
    expect(readReturn(at('/consoles/graph'), '/console')).toBe('/consoles/graph');
    expect(readReturn(at('/graph', '?a=b'), '')).toBe('/graph?a=b');
    expect(readReturn(at('/'), '')).toBe('/');
    expect(readReturn(at('/a.b/mesh-1/overview'), '/a.b/mesh-1')).toBe('/overview');
    expect(readReturn(at('/x/console/y'), '/console')).toBe('/x/console/y');
  });
  it('say the way back once, whole', () => {
    expect(withReturn('/login', '/graph?a=b&c=d')).toBe('/login?to=%2Fgraph%3Fa%3Db%26c%3Dd');
    expect(withReturn('/login', '/')).toBe('/login');
  });
});
