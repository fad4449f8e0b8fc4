// The client against a scripted server: every failure a backend, a proxy or a network can produce, and what is sent.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure, type FailureCode } from '../../model/failure';
import type { MetricsSource } from '../ports';
import { createPrometheusClient } from './client';
import { PROMETHEUS_DEFAULTS, type PrometheusOptions } from './options';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}
type Script = (request: Seen, response: ServerResponse) => void;

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(script: Script): Promise<{ url: string; seen: Seen[]; server: Server }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const own = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, form: new URLSearchParams(body) };
      seen.push(own);
      script(own, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  });
  return { url: `http://127.0.0.1:${address.port}`, seen, server };
}
function connect(url: string, more: Partial<PrometheusOptions> = {}): MetricsSource {
  const client = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url, clock: { now: () => 1_700_000_000_000 }, ...more });
  open.push(client);
  return client;
}
const QUERY = { name: 'requests', stream: 's', promql: 'sum by (a) (up)', labels: ['a'] };
const options = (deadlineMs = 10_000, signal = new AbortController().signal) => ({ deadlineMs, signal });
const VECTOR = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"x"},"value":[1,"2"]}]}}';
const send =
  (status: number, body: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }): Script =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
const error = (errorType: string, message: string): string => JSON.stringify({ status: 'error', errorType, error: message });

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const outcome = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(outcome instanceof Failure)) throw new Error(`expected a Failure, got ${String(outcome)}`);
  return outcome;
}

describe('what is sent', () => {
  it('posts a form with time, timeout, scope, parameters, headers and credentials under the prefix', async () => {
    const { url, seen } = await serve(send(200, VECTOR));
    const client = connect(`${url}/select/0/prometheus/`, {
      auth: { kind: 'basic', username: 'u', password: 'p:ü' },
      headers: { 'x-scope-orgid': 'a|b' },
      parameters: { nocache: '1' },
      scope: { mesh: 'm' },
    });
    const vector = await client.fetchVector(QUERY, 1_700_000_000_123, options(2500));
    expect([vector.count, vector.labelsOf(vector.slots[0] ?? -1), vector.values[0], vector.bytes]).toEqual([1, ['x'], 2, VECTOR.length]);
    const [request] = seen;
    expect([request?.method, request?.url]).toEqual(['POST', '/select/0/prometheus/api/v1/query']);
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      query: 'sum by (a) (up{mesh="m"})',
      time: '1700000000.123',
      timeout: '3s',
      nocache: '1',
    });
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('u:p:ü').toString('base64')}`,
      'x-scope-orgid': 'a|b',
      'accept-encoding': 'identity',
    });
    expect(client.stats()).toMatchObject([{ name: 'requests', sent: 1, failed: 0, bytes: VECTOR.length }]);
  });

  it('reads a range, unpacks gzip and keeps warnings', async () => {
    const matrix =
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__proto__":"p"},"values":[[1,"NaN"],[2.5,"+Inf"],[3,"4"]]}]},"warnings":["w"]}';
    const { url, seen } = await serve((request, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(request.url.endsWith('range') ? matrix : VECTOR.replace('}}', '},"warnings":["lost"]}')));
    });
    const client = connect(url, { gzip: true });
    const [series] = await client.fetchRange('up', 1000, 61_000, 15, options());
    expect([series?.points, Object.keys(series?.labels ?? {})]).toEqual([
      [
        [1, Number.NaN],
        [2.5, Number.POSITIVE_INFINITY],
        [3, 4],
      ],
      ['__proto__'],
    ]);
    expect(Object.fromEntries(seen[0]?.form ?? [])).toMatchObject({ start: '1.000', end: '61.000', step: '15' });
    expect(seen[0]?.headers['accept-encoding']).toBe('gzip');
    expect((await client.fetchVector(QUERY, 0, options())).warnings).toEqual(['lost']);
  });

  it('reads a token file again when it changes or is refused', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'heddle-token-'));
    const path = join(dir, 'token');
    writeFileSync(path, 'one\n');
    const { url, seen } = await serve((request, response) => {
      const accepted = request.headers.authorization !== 'Bearer refused';
      if (!accepted) {
        writeFileSync(path, 'renewed');
        utimesSync(path, 5, 5);
      }
      send(accepted ? 200 : 401, accepted ? VECTOR : 'no')(request, response);
    });
    const client = connect(url, { auth: { kind: 'bearerFile', path } });
    await client.fetchVector(QUERY, 0, options());
    writeFileSync(path, 'refused');
    utimesSync(path, 9, 9);
    await client.fetchVector(QUERY, 0, options());
    expect(seen.map((request) => request.headers.authorization)).toEqual(['Bearer one', 'Bearer refused', 'Bearer renewed']);
    rmSync(dir, { recursive: true });
    expect(await failureOf(client.fetchVector(QUERY, 0, options()))).toMatchObject({ code: 'metricsUnauthorized' });
  });

  it('sends again when a kept connection was closed under it', async () => {
    let requests = 0;
    const { url } = await serve((request, response) => {
      requests++;
      if (requests === 2) response.socket?.destroy();
      else send(200, VECTOR)(request, response);
    });
    const client = connect(url);
    await client.fetchVector(QUERY, 0, options());
    expect((await client.fetchVector(QUERY, 0, options())).count).toBe(1);
    expect(requests).toBe(3);
  });

  it('keeps slots from poll to poll, but not for a stream that is under way twice', async () => {
    const { url } = await serve(send(200, VECTOR));
    const client = connect(url);
    const first = await client.fetchVector(QUERY, 0, options());
    const both = await Promise.all([client.fetchVector(QUERY, 1, options()), client.fetchVector(QUERY, 1, options())]);
    const labels = first.labelsOf(first.slots[0] ?? -1);
    expect(both.filter((vector) => vector.labelsOf(vector.slots[0] ?? -1) === labels)).toHaveLength(1);
  });
});

describe('failures', () => {
  const cases: readonly (readonly [string, Script, FailureCode, RegExp])[] = [
    ['400 of Prometheus', send(400, error('bad_data', `parse error ${'x'.repeat(900)}`)), 'metricsRejected', /^parse error x{488}$/],
    ['422 of Prometheus', send(422, error('execution', 'many-to-many matching not allowed')), 'metricsRejected', /many-to-many/],
    [
      'too many samples',
      send(422, error('execution', 'query processing would load too many samples into memory in query execution')),
      'metricsTooLarge',
      /too many samples/,
    ],
    [
      'a limit of Mimir',
      send(422, error('execution', 'the query exceeded the maximum number of chunks (limit: 2000000 chunks)')),
      'metricsTooLarge',
      /chunks/,
    ],
    ['503 timeout', send(503, error('timeout', 'query timed out in expression evaluation')), 'metricsTimeout', /timed out/],
    ['503 unavailable', send(503, error('unavailable', 'Service Unavailable')), 'metricsUnreachable', /Service Unavailable/],
    ['503 of a proxy', send(503, 'upstream connect error', { 'content-type': 'text/plain' }), 'metricsUnreachable', /503/],
    ['504 of a proxy', send(504, '<html>', { 'content-type': 'text/html' }), 'metricsTimeout', /504/],
    ['401', send(401, 'Unauthorized'), 'metricsUnauthorized', /401/],
    ['403 with words', send(403, error('forbidden', 'tenant unknown')), 'metricsUnauthorized', /tenant unknown/],
    ['404 of something else', send(404, '<html><h1>Not here</h1>'), 'metricsMalformed', /404.*Not here/],
    ['413', send(413, ''), 'metricsTooLarge', /413/],
    ['429', send(429, 'slow down'), 'metricsRejected', /429/],
    [
      'a redirect to a login page',
      send(302, '', { location: 'https://login.example/?token=secret' }),
      'metricsMalformed',
      /302 to login\.example\)/,
    ],
    ['HTML with 200', send(200, '<html><body>Sign in</body></html>'), 'metricsMalformed', /not JSON.*Sign in/],
    ['nothing with 200', send(200, ''), 'metricsMalformed', /empty/],
    ['204', send(204, ''), 'metricsMalformed', /204/],
    ['wrong JSON', send(200, '{"hello":"world"}'), 'metricsMalformed', /no result/],
    ['half an answer, ended', send(200, VECTOR.slice(0, 70)), 'metricsMalformed', /breaks off after 0 series/],
    [
      'half an answer, cut',
      (_, response) => {
        response.writeHead(200, { 'content-length': '5000' });
        response.write(VECTOR, () => response.socket?.destroy());
      },
      'metricsMalformed',
      /breaks off after \d+ bytes/,
    ],
    ['broken gzip', send(200, Buffer.from('not gzip at all'), { 'content-encoding': 'gzip' }), 'metricsMalformed', /breaks off/],
    ['half of a gzip', send(200, gzipSync(VECTOR).subarray(0, 40), { 'content-encoding': 'gzip' }), 'metricsMalformed', /breaks off/],
    ['an unwanted compression', send(200, 'x', { 'content-encoding': 'br' }), 'metricsMalformed', /compressed by br/],
    ['a connection that is reset', (_, response) => void response.socket?.destroy(), 'metricsUnreachable', /closed before an answer/],
    ['no HTTP at all', (_, response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'), 'metricsUnreachable', /does not speak HTTP/],
    ['200 with an error inside', send(200, error('execution', 'boom')), 'metricsRejected', /boom/],
  ];
  it.each(cases)('%s', async (_, script, code, words) => {
    const { url } = await serve(script);
    const client = connect(url);
    const failure = await failureOf(client.fetchVector(QUERY, 0, options()));
    expect(failure).toMatchObject({ code });
    expect(failure.detail).toMatch(words);
    expect(failure.next).not.toBe('');
    expect(`${failure.message}${failure.next}`).not.toContain('secret');
    expect(client.stats()[0]).toMatchObject({ sent: 1, failed: 1 });
    // The same script fails a range in the same way.
    expect((await failureOf(client.fetchRange('up', 0, 1000, 1, options()))).code).toBe(code);
  });

  it('nobody there', async () => {
    const { url, server } = await serve(send(200, VECTOR));
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(connect(url).fetchVector(QUERY, 0, options()))).toMatchObject({
      code: 'metricsUnreachable',
      detail: expect.stringContaining('connection refused'),
    });
  });

  it('a deadline, before and inside the answer', async () => {
    const silent = await serve(() => undefined);
    expect(await failureOf(connect(silent.url).fetchVector(QUERY, 0, options(60)))).toMatchObject({
      code: 'metricsTimeout',
      detail: expect.stringContaining('60 ms'),
    });
    const slow = await serve((_, response) => {
      response.writeHead(200);
      response.write(VECTOR.slice(0, 60));
    });
    expect(await failureOf(connect(slow.url).fetchVector(QUERY, 0, options(60)))).toMatchObject({ code: 'metricsTimeout' });
  });

  it('an abort closes the connection to the backend and frees its place in the line', async () => {
    const aborter = new AbortController();
    let closed = false;
    let noteClosed = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      noteClosed = resolve;
    });
    const { url } = await serve((request, response) => {
      if (request.form.get('time') !== '0.000') return send(200, VECTOR)(request, response);
      response.on('close', () => {
        closed = true;
        noteClosed();
      });
      aborter.abort(new Error('the user left'));
    });
    const client = connect(url, { concurrency: 1 });
    const first = failureOf(client.fetchVector(QUERY, 0, options(10_000, aborter.signal)));
    const second = client.fetchVector({ ...QUERY, stream: 't' }, 1000, options());
    expect(await first).toMatchObject({ code: 'metricsTimeout', detail: expect.stringContaining('given up') });
    expect((await second).count).toBe(1);
    await hanging;
    expect(closed).toBe(true);
  });

  it('a caller in line may leave, and a deadline counts there too', async () => {
    const { url } = await serve(() => undefined);
    const client = connect(url, { concurrency: 1 });
    const blocking = failureOf(client.fetchVector(QUERY, 0, options(300)));
    const aborter = new AbortController();
    const waiting = failureOf(client.fetchVector(QUERY, 0, options(10_000, aborter.signal)));
    const late = failureOf(client.fetchVector(QUERY, 0, options(50)));
    aborter.abort();
    expect((await waiting).detail).toMatch(/given up/);
    expect((await late).code).toBe('metricsTimeout');
    expect((await blocking).code).toBe('metricsTimeout');
  });

  it('an answer longer than allowed, also when it was small before it was unpacked', async () => {
    const huge = VECTOR.replace('"x"', `"${'x'.repeat(300_000)}"`);
    const { url } = await serve((request, response) => {
      const packed = request.headers['accept-encoding'] === 'gzip';
      send(200, packed ? gzipSync(huge) : huge, packed ? { 'content-encoding': 'gzip' } : {})(request, response);
    });
    for (const gzip of [false, true])
      expect(await failureOf(connect(url, { gzip, maxResponseBytes: 100_000 }).fetchVector(QUERY, 0, options()))).toMatchObject({
        code: 'metricsTooLarge',
      });
  });

  it('credentials in the address', () => {
    expect(() =>
      createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: 'http://user:secret@127.0.0.1:1', clock: { now: () => 0 } }),
    ).toThrow(/holds credentials/);
  });
});

describe('capabilities', () => {
  const names = (list: readonly string[]): string => JSON.stringify({ status: 'success', data: list });
  const script =
    (metrics: readonly string[] | null): Script =>
    (request, response) => {
      const url = new URL(request.url, 'http://x');
      const query = url.searchParams.get('query') ?? '';
      if (url.pathname.endsWith('/buildinfo')) return send(404, 'nope')(request, response);
      if (url.pathname.endsWith('/__name__/values'))
        return metrics === null ? send(404, '')(request, response) : send(200, names(metrics))(request, response);
      if (url.pathname.endsWith('/source_cluster/values')) return send(200, names(['west', 'unknown']))(request, response);
      if (url.pathname.endsWith('/destination_cluster/values')) return send(200, names(['east', 'west', '']))(request, response);
      const matrix = (result: unknown[]): string => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
      if (query.startsWith('topk'))
        return send(200, matrix(query.includes('up') ? [{ metric: { __name__: 'up', pod: 'a"b' }, values: [[1, '1']] }] : []))(
          request,
          response,
        );
      return send(
        200,
        matrix(
          query === 'up{pod="a\\"b"}[30m]'
            ? [
                {
                  metric: {},
                  values: [
                    [0, '1'],
                    [30.01, '1'],
                    [60, '1'],
                    [90, '1'],
                    [300, '1'],
                  ],
                },
              ]
            : [],
        ),
      )(request, response);
    };

  it('names version, metrics, clusters, interval, and what is missing', async () => {
    const { url, seen } = await serve(script(['istio_requests_total', 'istio_request_duration_milliseconds']));
    const found = await connect(url).fetchCapabilities(options());
    expect(found).toMatchObject({ version: null, scrapeIntervalSeconds: 30, clusters: ['east', 'west'] });
    expect([...found.metrics]).toEqual(['istio_requests_total', 'istio_request_duration_milliseconds']);
    expect(found.notes.join('\n')).toMatch(/_bucket is missing: latency quantiles[\s\S]*native histogram only/);
    expect(found.notes.join('\n')).not.toMatch(/istio_tcp/);
    expect(seen.every((request) => !request.url.includes('__name__%3D~'))).toBe(true);
  });
  it('takes all metrics to exist where they are not listed, and says when there are none', async () => {
    const unlisted = await serve(script(null));
    expect((await connect(unlisted.url).fetchCapabilities(options())).metrics.has('istio_requests_total')).toBe(true);
    const empty = await serve(script([]));
    expect((await connect(empty.url).fetchCapabilities(options())).notes.join()).toMatch(/No metric of Istio/);
  });
  it('fails if the backend is away', async () => {
    const { url } = await serve(send(503, 'away'));
    expect((await failureOf(connect(url).fetchCapabilities(options()))).code).toBe('metricsUnreachable');
  });
});
