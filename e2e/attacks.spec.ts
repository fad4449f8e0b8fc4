// Story: somebody speaks to the console's port without a browser, byte by byte, and gets nothing that is not meant for everybody.
import { connect } from 'node:net';
import { expect, test } from './mesh';

const ANSWERS_WITHIN_MS = 10_000;

interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Sends these bytes and reads until the other side closes; `Connection: close` belongs into them. */
function sendRaw(url: string, bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.setTimeout(ANSWERS_WITHIN_MS, () => socket.destroy(new Error(`no answer to ${JSON.stringify(bytes.slice(0, 200))}`)));
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', ...body] = text.split('\r\n\r\n');
      const [first = '', ...lines] = head.split('\r\n');
      const headers = new Map(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      resolve({ status: Number(first.split(' ')[1] ?? 0), headers, text: body.join('\r\n\r\n') });
    });
  });
}
const get = (url: string, target: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> => {
  const all = { Host: new URL(url).host, ...headers, Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return sendRaw(url, `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
};

const PATHS = [
  '/../../../../etc/passwd',
  '/_next/static/../../../../../../etc/passwd',
  '/_next/static/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd',
  '/_next/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/_next/static/..%5c..%5c..%5cpackage.json',
  '/_next/static/..%252f..%252fpackage.json',
  '/_next/static/chunks/%00',
  '/_next/static/../server/app/index.html',
  '/_next/image?url=file:///etc/passwd&w=64&q=75',
  '/_next/image?url=http%3A%2F%2F169.254.169.254%2Flatest%2Fmeta-data&w=64&q=75',
  '/_next/data/../../package.json',
  '/package.json',
  '/heddle.mjs',
  '/engine-worker.mjs',
  '/drawing-worker.mjs',
  '/built.json',
  '/.next/required-server-files.json',
  '/%2enext/BUILD_ID',
  '/.env',
  '/api/../heddle.mjs',
] as const;

test('no path leads to a file that is not served', async ({ mesh }) => {
  for (const path of PATHS) {
    const { status, text } = await get(mesh.url, path);
    expect(status, path).toBeGreaterThanOrEqual(300);
    expect(status, path).toBeLessThan(500);
    expect(text, path).not.toMatch(/root:|"dependencies"|import \{|ami-id/);
  }
});

test('no answer sends a browser to another host, whatever the path and the Host say', async ({ mesh }) => {
  const own = new URL(mesh.url).host;
  const targets = [
    '//evil.example/',
    '//evil.example/graph/',
    '///evil.example/',
    '/\\evil.example/',
    '/%5cevil.example/',
    '/%5c%5cevil.example/',
    '/%2f%2fevil.example/',
    '/%2fevil.example/',
    '/graph//evil.example/',
    '/graph/',
    '/',
    '/http://evil.example/',
    'http://evil.example/graph/',
    '/api/auth/login?to=//evil.example',
  ];
  for (const target of targets) {
    for (const headers of [{}, { Host: 'evil.example' }, { 'X-Forwarded-Host': 'evil.example' }, { Forwarded: 'host=evil.example' }]) {
      const answer = await get(mesh.url, target, headers);
      const location = answer.headers.get('location');
      expect(answer.status, target).toBeLessThan(500);
      if (location === undefined) continue;
      // As a browser resolves it, which takes a backslash for a slash.
      const { host } = new URL(location, `http://${own}/graph`);
      expect(host, `${target} ${JSON.stringify(headers)} -> ${location}`).toBe(own);
    }
  }
});

test('no page and no answer repeats a host that somebody made up', async ({ mesh }) => {
  for (const target of ['/graph', '/login', '/account', '/no-such-page', '/api/me', '/api/openapi.json', '/api/nothing']) {
    const answer = await get(mesh.url, target, { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' });
    expect(answer.text.length, target).toBeGreaterThan(0);
    expect(answer.text, target).not.toContain('evil.example');
    expect([...answer.headers.values()].join('\n'), target).not.toContain('evil.example');
  }
});

test('a request that two servers would read in two ways is read by none', async ({ mesh }) => {
  const head = `POST /api/auth/logout HTTP/1.1\r\nHost: ${new URL(mesh.url).host}\r\n`;
  for (const [name, rest] of [
    ['length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde'],
    ['a coding that is none', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'Content-Length : 0\r\n\r\n'],
    ['a folded line', 'X-A: b\r\n Content-Length: 5\r\n\r\n'],
    ['a bare line feed', 'X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a name with a line break', 'X-A\r: b\r\n\r\n'],
  ] as const) {
    const answer = await sendRaw(mesh.url, head + rest);
    expect(answer.status, name).toBe(400);
    // One answer: what followed was not taken for a request.
    expect(answer.text, name).not.toContain('HTTP/1.1');
  }
});

test('too much of anything is refused, and methods that nobody needs are', async ({ mesh }) => {
  const { host } = new URL(mesh.url);
  expect((await get(mesh.url, '/graph', { 'X-A': 'a'.repeat(40_000) })).status).toBe(431);
  expect((await get(mesh.url, `/graph?x=${'a'.repeat(40_000)}`)).status).toBe(431);
  const large = `POST /api/auth/login HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{`;
  expect((await sendRaw(mesh.url, large)).status).toBe(413);
  for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
    const answer = await sendRaw(mesh.url, `${method} /api/graph HTTP/1.1\r\nHost: ${host}\r\nX-Secret: hush\r\nConnection: close\r\n\r\n`);
    expect(answer.status, method).toBeGreaterThanOrEqual(400);
    expect(answer.text, method).not.toContain('hush');
  }
});

test('headers by which Next speaks to itself do nothing when they come from outside', async ({ mesh }) => {
  for (const headers of [
    { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
    { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    { 'x-middleware-rewrite': '/api/graph' },
    { 'x-nonce': 'evil', 'content-security-policy': "script-src 'nonce-evil'" },
    { 'x-invoke-path': '/api/graph', 'x-matched-path': '/api/graph' },
    { 'x-heddle-peer': '10.0.0.1', 'x-forwarded-for': '10.0.0.1' },
  ]) {
    const answer = await get(mesh.url, '/graph', headers);
    const name = JSON.stringify(headers);
    expect(answer.status, name).toBe(200);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy, name).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic'/);
    expect(policy, name).toContain("frame-ancestors 'none'");
    expect(policy + answer.text, name).not.toContain('nonce-evil');
    expect(answer.headers.get('x-content-type-options'), name).toBe('nosniff');
    expect(answer.headers.get('content-type'), name).toContain('text/html');
  }
});
