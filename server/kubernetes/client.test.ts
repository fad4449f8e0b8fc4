// What the client puts on the wire, whatever names it is given: a path stays the path that was meant, a header stays one header.
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import { type ApiClient, createApiClient } from './client';
import { pathOf } from './served-kinds';

const OPTIONS = { signal: new AbortController().signal, deadlineMs: 5000 };
const CONSOLE = { kind: 'console' } as const;
const SERVED = {
  kind: 'VirtualService',
  objectKind: 'VirtualService',
  group: 'networking.istio.io',
  plural: 'virtualservices',
  apiVersion: 'networking.istio.io/v1',
} as const;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headersDistinct'];
}

/** A client of an API server that says yes to everything and notes what it was asked. */
async function open(): Promise<{ readonly client: ApiClient; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headersDistinct });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connection = {
    server: `http://127.0.0.1:${port}`,
    origin: 'test',
    confidential: true,
    readCredentials: () => Promise.resolve({ authorization: null, headers: {}, tls: {} }),
  };
  const client = createApiClient(connection, new FakeClock());
  closers.push(async () => {
    await client.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  });
  return { client, seen };
}

describe('a path', () => {
  it('is never another one than was meant: names that a URL would fold are refused before anything is sent', async () => {
    const { client, seen } = await open();
    // "." would make the path that of the whole collection: its DELETE removes every object of the namespace.
    for (const name of ['.', '..'])
      for (const ref of [
        { namespace: 'shop', name },
        { namespace: name, name: 'route' },
      ])
        for (const method of ['GET', 'PUT', 'DELETE'] as const)
          await expect(client.send({ method, path: pathOf(SERVED, ref) }, CONSOLE, OPTIONS)).rejects.toMatchObject({ code: 'badRequest' });
    for (const path of [
      '/api/v1/%2e%2e/x',
      '/api/v1/%2E/x',
      '/api/v1/.%2e/x',
      '/api\\v1',
      '/api/v1/..?limit=1',
      '//evil.example/x',
      '/a\tb',
    ])
      for (const ask of [
        () => client.send({ method: 'GET', path }, CONSOLE, OPTIONS),
        () => client.fetchJson(path, OPTIONS),
        () => client.openWatch(path, OPTIONS),
      ])
        await expect(ask(), path).rejects.toMatchObject({ code: 'badRequest' });
    expect(seen).toEqual([]);
  });

  it('holds every other name as it is', async () => {
    const { client, seen } = await open();
    const names = ['route', 'a.b', '..a', 'a/../b', 'a?b=c', 'a#b', 'a%2fb', 'a b', 'ü', 'a\r\nb', '...'];
    for (const name of names) await client.send({ method: 'GET', path: pathOf(SERVED, { namespace: 'shop', name }) }, CONSOLE, OPTIONS);
    const base = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/';
    expect(seen.map(({ url }) => decodeURIComponent(url.slice(base.length)))).toEqual(names);
    expect(seen.every(({ url }) => url.startsWith(base) && !url.slice(base.length).includes('/'))).toBe(true);
  });
});

describe('somebody’s name', () => {
  const impersonate = (user: string, groups: readonly string[]) => ({ kind: 'impersonate', user, groups }) as const;

  it('goes as it is, as UTF-8, like kubectl sends it', async () => {
    const { client, seen } = await open();
    await client.postReview('/x', {}, impersonate('jürgen@例え.jp', ['équipe', 'dev']), OPTIONS);
    const utf8 = (texts: readonly string[] | undefined): readonly string[] =>
      (texts ?? []).map((text) => Buffer.from(text, 'latin1').toString('utf8'));
    expect(utf8(seen[0]?.headers['impersonate-user'])).toEqual(['jürgen@例え.jp']);
    expect(utf8(seen[0]?.headers['impersonate-group'])).toEqual(['équipe', 'dev']);
  });

  it('cannot bring a header of its own', async () => {
    const { client, seen } = await open();
    for (const name of ['a\r\nImpersonate-Group: system:masters', 'a\nb', 'a\0b', 'a\u007fb']) {
      await expect(client.postReview('/x', {}, impersonate(name, []), OPTIONS), name).rejects.toMatchObject({ code: 'forbidden' });
      await expect(client.postReview('/x', {}, impersonate('ann', [name]), OPTIONS), name).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(seen).toEqual([]);
  });

  it('is never one of Kubernetes’ own', async () => {
    const { client, seen } = await open();
    await expect(client.postReview('/x', {}, impersonate('system:admin', []), OPTIONS)).rejects.toMatchObject({ code: 'forbidden' });
    await client.postReview('/x', {}, impersonate('ann', ['system:masters', 'dev']), OPTIONS);
    expect(seen[0]?.headers['impersonate-group']).toEqual(['dev']);
  });
});
