// Where a login may lead to: pages of this console, whatever somebody writes into the link.
import { afterEach, describe, expect, it } from 'vitest';
import { localPath } from './local-path';
import { createRig, ORIGIN, type Rig } from './testing/rig';

let rig: Rig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

const open = async (): Promise<Rig> => {
  rig = await createRig();
  return rig;
};

describe('a way back (`to`)', () => {
  const EVIL = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2f%2fevil.example',
    '/%2Fevil.example',
    '%2f%2fevil.example',
    '/%5cevil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/\n/evil.example',
    '/graph\r\nSet-Cookie: a=b',
    ' /graph',
    '/./\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/../\\evil',
    'graph',
    '?x',
    '',
    '/api/auth/logout',
    '/login?to=/x',
    '/API/graph',
    `/${'x'.repeat(5_000)}`,
    '/\u0000',
    '/\u2028',
  ];
  it('leads nowhere but to a page of this console', () => {
    expect(EVIL.filter((to) => localPath(to, '') !== null)).toEqual([]);
    expect(localPath('/graph?namespaces=a%2Cb&x=//y#z', '')).toBe('/graph?namespaces=a%2Cb&x=//y#z');
    expect(localPath('/', '')).toBe('/');
    expect(localPath('/console/graph', '/console')).toBe('/graph');
    expect(localPath('/consoles', '/console')).toBe('/consoles');
    expect(localPath('/console//evil.example', '/console')).toBeNull();
    expect(localPath('/console/%2f%2fevil', '/console')).toBeNull();
  });
  it('stays on this origin after a whole login, whatever was asked', async () => {
    const { login, newBrowser } = await open();
    for (const to of EVIL) {
      const { location } = await login(to, newBrowser());
      expect(location).toBe('/');
      expect(new URL(location ?? '', ORIGIN).origin).toBe(ORIGIN);
    }
  });
  it('is cut to its page where it is too long for the cookie', async () => {
    const { login } = await open();
    const noise = Array.from({ length: 300 }, (_, i) => ((i + 1) * 2654435761).toString(36)).join('');
    expect((await login(`/graph?x=${noise}`)).location).toBe('/graph');
  });
});
