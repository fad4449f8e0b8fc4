// Tests of the listener: what a request may be, HTTPS with a certificate that is renewed while it runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, request as sendHttp } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../../sim/kubernetes/certificate';
import { FakeClock } from '../testing/fake-clock';
import { openCertificate } from './certificate';
import { createListener, LIMITS, type Limits, listen, type RequestHandler } from './listener';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  handler: RequestHandler,
  limits: Partial<Limits> = {},
  defects: unknown[] = [],
): Promise<{ port: number; server: Server }> {
  const server = createListener({ handler, certificate: null, limits: { ...LIMITS, ...limits }, onDefect: (error) => defects.push(error) });
  const port = await listen(server, 0, '127.0.0.1');
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { port, server };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}
function send(port: number, headers: Record<string, string | string[]>, body?: Buffer | AsyncIterable<Buffer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendHttp(
      { host: '127.0.0.1', port, method: body === undefined ? 'GET' : 'POST', path: '/x', headers, agent: false },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      },
    );
    request.on('error', reject);
    if (body === undefined || Buffer.isBuffer(body)) request.end(body);
    else
      void (async () => {
        for await (const chunk of body) {
          if (request.destroyed) return;
          request.write(chunk);
        }
        request.end();
      })();
  });
}

const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let bytes = 0;
  for await (const chunk of request) bytes += (chunk as Buffer).length;
  response.end(JSON.stringify({ bytes }));
};

describe('limits', () => {
  it('lets a body within the limit through, declared or in pieces', async () => {
    const { port } = await open(echo, { maxBodyBytes: 1000 });
    async function* pieces(): AsyncIterable<Buffer> {
      for (let i = 0; i < 4; i += 1) yield await Promise.resolve(Buffer.alloc(250));
    }
    expect(JSON.parse((await send(port, {}, Buffer.alloc(1000))).body)).toMatchObject({ bytes: 1000 });
    expect(JSON.parse((await send(port, {}, pieces())).body)).toMatchObject({ bytes: 1000 });
  });

  it('refuses a body that says that it is larger, before it is sent', async () => {
    let reached = 0;
    const { port } = await open(
      async (request, response) => {
        reached += 1;
        await echo(request, response);
      },
      { maxBodyBytes: 1000 },
    );
    const refused = await send(port, {}, Buffer.alloc(1001));
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.body)).toMatchObject({ status: 413, title: expect.stringContaining('larger') });
    expect(reached).toBe(0);
  });

  it('stops a body in pieces that grows beyond the limit', async () => {
    let read = 0;
    const { port } = await open(
      async (request) => {
        for await (const chunk of request) read += (chunk as Buffer).length;
      },
      { maxBodyBytes: 1000 },
    );
    async function* endless(): AsyncIterable<Buffer> {
      for (let i = 0; i < 10_000; i += 1) yield await new Promise((resolve) => setImmediate(() => resolve(Buffer.alloc(500))));
    }
    const outcome = await send(port, {}, endless()).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(outcome);
    expect(read).toBeLessThanOrEqual(1000);
  });

  it('takes 20 kB of headers and refuses 40 kB', async () => {
    const { port } = await open(echo);
    expect((await send(port, { cookie: 'a'.repeat(20_000) })).status).toBe(200);
    expect((await send(port, { cookie: 'a'.repeat(40_000) })).status).toBe(431);
  });

  it('does not wait for ever for the rest of a request', async () => {
    const { port, server } = await open(echo, { headersTimeoutMs: 1, requestTimeoutMs: 1 });
    expect(server.headersTimeout).toBe(1);
    expect(server.requestTimeout).toBe(1);
    expect(LIMITS.headersTimeoutMs).toBeLessThanOrEqual(LIMITS.requestTimeoutMs);
    const socket: Socket = connect(port, '127.0.0.1');
    closers.push(() => void socket.destroy());
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
    // Node looks for slow requests every 30 s by itself; what is asserted here is what it is told.
    await new Promise((resolve) => socket.once('connect', resolve));
  });

  it('answers 500 and says why in the log when a handler fails', async () => {
    const defects: unknown[] = [];
    const { port } = await open(() => Promise.reject(new Error('broken')), {}, defects);
    expect((await send(port, {})).status).toBe(500);
    expect(defects).toEqual([new Error('broken')]);
  });
});

describe('listen', () => {
  it('says in words that a port is taken', async () => {
    const { port } = await open(echo);
    const second = createListener({ handler: echo, certificate: null, limits: LIMITS, onDefect: () => undefined });
    await expect(listen(second, port, '127.0.0.1')).rejects.toThrow(/is in use.*server\.port/);
  });
});

describe('HTTPS', () => {
  const fingerprintAt = (port: number, ca: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' }, () => {
        const certificate: PeerCertificate = socket.getPeerCertificate();
        socket.destroy();
        resolve(certificate.fingerprint256);
      });
      socket.once('error', reject);
    });

  it('serves the certificate, takes a renewed one, and keeps the old one when the new pair does not fit', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'heddle-tls-'));
    closers.push(() => rmSync(directory, { recursive: true, force: true }));
    const [certFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
    const save = (cert: string, key: string): void => {
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
    };
    const [first, second] = [makeServerCertificate(Date.now()), makeServerCertificate(Date.now())];
    save(first.cert, first.key);
    const clock = new FakeClock();
    const problems: string[] = [];
    const certificate = openCertificate({ certFile, keyFile, clock, onProblem: (text) => problems.push(text) });
    const server = createListener({ handler: echo, certificate, limits: LIMITS, onDefect: () => undefined });
    const port = await listen(server, 0, '127.0.0.1');
    closers.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));

    const before = await fingerprintAt(port, first.cert);
    await expect(fingerprintAt(port, second.cert)).rejects.toThrow();
    save(second.cert, first.key);
    await clock.advance(20_000);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/server\.tlsCertFile/);
    expect(await fingerprintAt(port, first.cert)).toBe(before);
    save(second.cert, second.key);
    await clock.advance(20_000);
    expect(await fingerprintAt(port, second.cert)).not.toBe(before);
    expect(problems).toHaveLength(1);
  });

  it('does not start with files that are no certificate', () => {
    const clock = new FakeClock();
    expect(() => openCertificate({ certFile: '/dev/null', keyFile: '/dev/null', clock, onProblem: () => undefined }).read()).toThrow(
      /server\.tlsCertFile/,
    );
  });
});
