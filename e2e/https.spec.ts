// Story: the console serves HTTPS by itself, and stops in seconds while people are watching.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServerCertificate } from '../sim/kubernetes/certificate';
import { startConsole } from './console';
import { openEventStream } from './event-stream';
import { openGraph } from './graph-screen';
import { expect, test } from './mesh';

test('serves HTTPS with a certificate of files and asks for HTTPS for ever', async ({ browser, mesh }) => {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-tls-'));
  const { cert, key } = makeServerCertificate(Date.now());
  const tls = { certFile: join(directory, 'tls.crt'), keyFile: join(directory, 'tls.key'), ca: cert };
  writeFileSync(tls.certFile, cert);
  writeFileSync(tls.keyFile, key);
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: mesh.kubeconfig, tls });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    const page = await context.newPage();
    await openGraph(page, running.url, { namespaces: 'bookinfo' });
    const headers = (await context.request.get(`${running.url}/graph`)).headers();
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await expect(fetch(running.url.replace('https:', 'http:'))).rejects.toThrow();
  } finally {
    await context.close();
    await running.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('sends the headers that a page needs, one by one, and none that tells what it is made of', async ({ mesh }) => {
  const page = (await fetch(`${mesh.url}/graph`)).headers;
  expect(page.get('x-powered-by')).toBeNull();
  expect(page.get('server')).toBeNull();
  expect(page.get('x-content-type-options')).toBe('nosniff');
  expect(page.get('referrer-policy')).toBe('same-origin');
  expect(page.get('x-frame-options')).toBe('DENY');
  expect(page.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.get('permissions-policy')).toContain('camera=()');
  expect(page.get('strict-transport-security')).toBeNull();
  expect(
    (await fetch(`${mesh.url}/graph`, { headers: { 'x-forwarded-proto': 'https' } })).headers.get('content-security-policy'),
  ).toContain("default-src 'self'");
  for (const path of ['/api/graph?namespaces=bookinfo', '/heddle.svg', '/icon.svg']) {
    const { headers, ok } = await fetch(`${mesh.url}${path}`);
    expect(ok, path).toBe(true);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('x-powered-by'), path).toBeNull();
  }
  const script = /src="([^"]+\.js)"/.exec(await (await fetch(`${mesh.url}/graph`)).text())?.[1] ?? '';
  expect((await fetch(new URL(script, mesh.url))).headers.get('x-content-type-options')).toBe('nosniff');
  // Too much is refused before anything looks at it.
  expect((await fetch(`${mesh.url}/api/graph`, { headers: { cookie: 'a'.repeat(40_000) } })).status).toBe(431);
  expect(
    await fetch(`${mesh.url}/api/graph`, { method: 'POST', body: Buffer.alloc(3 * 1024 * 1024) }).then(
      ({ status }) => status,
      () => 413,
    ),
  ).toBe(413);
});

test('stops within seconds while a stream is open, and the stream knows when to come back', async ({ mesh }) => {
  const running = await startConsole({ prometheus: mesh.prometheus, kubeconfig: mesh.kubeconfig });
  const stream = await openEventStream(`${running.url}/api/graph/stream?namespaces=bookinfo`);
  try {
    await stream.next(['snapshot']);
    expect(stream.retryMs()).toBeGreaterThan(0);
    const ended = stream.next(['never'], 20_000).then(
      () => 'an event',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(await running.terminate()).toBeLessThan(6000);
    // Ended as a stream ends, not cut off.
    expect(await ended).toBe('the stream ended');
  } finally {
    stream.close();
    await running.close();
  }
});
