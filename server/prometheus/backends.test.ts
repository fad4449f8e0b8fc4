// What other backends are sent and say, by a server that records it: Thanos, Mimir, Amazon's and Google's, as their documentation has it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import type { MetricsSource } from '../ports';
import { TelemetryCollector } from '../telemetry/collect';
import { fetchElementCharts } from '../telemetry/element';
import { createPrometheusClient } from './client';
import { PROMETHEUS_DEFAULTS, type PrometheusOptions } from './options';
import { signRequest } from './sigv4';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly form: URLSearchParams;
}
type Answer = { readonly status: number; readonly body: string };

const NOW_MS = 1_700_000_000_000;
const signal = new AbortController().signal;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const vector = (more = ''): Answer => ({ status: 200, body: `{"status":"success","data":{"resultType":"vector","result":[]}${more}}` });
/** What a compatible backend answers that holds nothing. */
function answerEmpty({ path, query, form }: Seen): Answer {
  if (path.includes('/label/')) return { status: 200, body: '{"status":"success","data":[]}' };
  if (path.endsWith('/query_range') || (query.get('query') ?? form.get('query') ?? '').includes('[')) {
    const type = path.endsWith('/query_range') || /\]$/.test(query.get('query') ?? '') ? 'matrix' : 'vector';
    return { status: 200, body: `{"status":"success","data":{"resultType":"${type}","result":[]}}` };
  }
  return vector();
}

async function serve(script: (seen: Seen) => Answer): Promise<{ readonly url: string; readonly host: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      const own = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        form: new URLSearchParams(body),
      };
      seen.push(own);
      const { status, body: text } = script(own);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  open.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return { url: `http://127.0.0.1:${address.port}`, host: `127.0.0.1:${address.port}`, seen };
}
const clock = { now: () => NOW_MS, after: () => () => undefined };
function connect(url: string, more: Partial<PrometheusOptions>): MetricsSource {
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url, clock, ...more });
  open.push(() => source.close());
  return source;
}
function collect(source: MetricsSource) {
  const collector = new TelemetryCollector({
    source,
    clock,
    homeCluster: 'c',
    deadlineMs: 5000,
    slowDeadlineMs: 5000,
    onLate: () => undefined,
  });
  open.push(() => collector.close());
  return collector.collect({ windowSeconds: 60, atMs: NOW_MS, namespaces: null, overlays: ['latency', 'quantiles'], live: false }, signal);
}
const queryOf = ({ query, form }: Seen): string => query.get('query') ?? form.get('query') ?? '';

describe('Thanos', () => {
  it('is told to deduplicate raw data, and a lost store makes the graph incomplete, not empty', async () => {
    const { url, seen } = await serve((own) =>
      own.path.endsWith('/query') && own.method === 'POST' ? vector(',"warnings":["store a is away"]') : answerEmpty(own),
    );
    const snapshot = await collect(connect(url, { backend: 'thanos' }));
    expect(snapshot.warnings).toContain('store a is away');
    for (const { form } of seen.filter(({ method }) => method === 'POST'))
      expect(Object.fromEntries(form)).toMatchObject({ dedup: 'true', partial_response: 'true', max_source_resolution: '0s' });
  });

  it('takes what the configuration says instead', async () => {
    const { url, seen } = await serve(answerEmpty);
    await collect(connect(url, { backend: 'thanos', parameters: { partial_response: 'false', 'storeMatch[]': '{a="b"}' } }));
    expect(Object.fromEntries(seen.at(-1)?.form ?? [])).toMatchObject({
      partial_response: 'false',
      dedup: 'true',
      'storeMatch[]': '{a="b"}',
    });
  });
});

describe('Mimir and Cortex', () => {
  it('get the tenant with each request, probes too, below their prefix', async () => {
    const { url, seen } = await serve(answerEmpty);
    const source = connect(`${url}/prometheus`, { backend: 'mimir', headers: { 'X-Scope-OrgID': 'mesh|edge' } });
    await collect(source);
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.every(({ headers, path }) => headers['x-scope-orgid'] === 'mesh|edge' && path.startsWith('/prometheus/api/v1/'))).toBe(
      true,
    );
  });

  it('are asked in parts when they refuse the chunks of a query', async () => {
    const error = 'the query exceeded the maximum number of chunks (limit: 2000 chunks) (err-mimir-max-chunks-per-query)';
    const { url, seen } = await serve((own) => {
      if (own.path.includes('/label/')) return { status: 200, body: '{"status":"success","data":["a","b","c","d"]}' };
      const whole = queryOf(own).includes('istio_requests_total') && !queryOf(own).includes('destination_workload_namespace=~');
      return own.method === 'POST' && whole && !queryOf(own).includes('!~')
        ? { status: 422, body: JSON.stringify({ status: 'error', errorType: 'execution', error }) }
        : answerEmpty(own);
    });
    const snapshot = await collect(connect(url, { backend: 'mimir' }));
    expect(snapshot.warnings).toEqual([]);
    expect(seen.some((own) => queryOf(own).includes('destination_workload_namespace=~'))).toBe(true);
  });
});

describe('Amazon Managed Prometheus', () => {
  const KEYS = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: null };
  const path = '/workspaces/ws-1/api/v1';

  it('gets signed requests: the same signature follows from what arrived', async () => {
    const { url, host, seen } = await serve(answerEmpty);
    await collect(
      connect(`${url}/workspaces/ws-1`, { backend: 'amp', auth: { kind: 'sigv4', region: 'eu-central-1', service: 'aps', keys: KEYS } }),
    );
    expect(seen.length).toBeGreaterThan(4);
    for (const own of seen) {
      expect(own.path.startsWith(path)).toBe(true);
      const headers: Record<string, string> = own.method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
      const request = { method: own.method, host, path: own.path, query: own.query.toString(), headers, body: own.body };
      const signed = signRequest(request, { region: 'eu-central-1', service: 'aps' }, KEYS, NOW_MS);
      expect(own.headers).toMatchObject(signed);
    }
  });

  it('gets those of the role of the pod, asked for once and again when they are refused', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'heddle-aws-'));
    open.push(() => Promise.resolve(rmSync(dir, { recursive: true })));
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, 'a.jwt\n');
    let given = 0;
    const sts = await serve(({ form }) => {
      given++;
      expect(Object.fromEntries(form)).toEqual({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: 'arn:aws:iam::1:role/heddle',
        RoleSessionName: 'heddle',
        WebIdentityToken: 'a.jwt',
      });
      const keys = `<AccessKeyId>AK${given}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t${given}</SessionToken>`;
      const expiration = new Date(NOW_MS + 3_600_000).toISOString();
      return { status: 200, body: `<R><Credentials>${keys}<Expiration>${expiration}</Expiration></Credentials></R>` };
    });
    const { url, seen } = await serve((own) =>
      own.headers['x-amz-security-token'] === 't1' && seen.length > 8 ? { status: 403, body: '{"message":"expired"}' } : answerEmpty(own),
    );
    const keys = { roleArn: 'arn:aws:iam::1:role/heddle', tokenFile, endpoint: `${sts.url}/` };
    const source = connect(url, { backend: 'amp', auth: { kind: 'sigv4', region: 'eu-central-1', service: 'aps', keys } });
    await collect(source);
    await collect(source);
    expect(given).toBe(2);
    expect(seen.at(-1)?.headers['x-amz-security-token']).toBe('t2');
    expect(seen.at(-1)?.headers.authorization).toContain('Credential=AK2/');
  });

  it('says what is wrong when there are no keys', async () => {
    const { url } = await serve(answerEmpty);
    const keys = { roleArn: 'arn', tokenFile: '/nowhere/token', endpoint: `${url}/` };
    const source = connect(url, { auth: { kind: 'sigv4', region: 'r', service: 'aps', keys } });
    await expect(collect(source)).rejects.toMatchObject({ code: 'metricsUnauthorized' });
  });
});

describe('Google Managed Prometheus', () => {
  it('gets the token of the metadata server, asked for once', async () => {
    const metadata = await serve(({ headers }) => {
      expect(headers['metadata-flavor']).toBe('Google');
      return { status: 200, body: '{"access_token":"ya29","expires_in":3599,"token_type":"Bearer"}' };
    });
    const { url, seen } = await serve(answerEmpty);
    await collect(
      connect(`${url}/v1/projects/p/location/global/prometheus`, { backend: 'gmp', auth: { kind: 'google', metadata: metadata.url } }),
    );
    expect(metadata.seen).toHaveLength(1);
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.every(({ headers }) => headers.authorization === 'Bearer ya29')).toBe(true);
    expect(seen.every(({ path }) => path.startsWith('/v1/projects/p/location/global/prometheus/api/v1/'))).toBe(true);
  });

  it('is asked for metrics by their exact names, in windows that are no shorter than the step', async () => {
    const { url, seen } = await serve(answerEmpty);
    const source = connect(url, { backend: 'gmp' });
    await collect(source);
    const end = { kind: 'workload', cluster: null, namespace: 'shop', workload: 'web' } as const;
    const selector = { source: null, destination: end, service: null, protocol: null };
    for (const rangeSeconds of [1800, 86_400, 604_800])
      await fetchElementCharts(
        source,
        { traffic: [{ direction: 'inbound', selector }], endMs: NOW_MS, rangeSeconds, scrapeIntervalSeconds: 60, deadlineMs: 5000 },
        signal,
      );
    const queries = seen.map((own) => ({ promql: queryOf(own), step: Number(own.form.get('step') ?? 0) }));
    expect(queries.filter(({ promql, step }) => step > 0 && promql.includes('rate(')).length).toBeGreaterThan(10);
    for (const { promql, step } of queries) {
      expect(promql).not.toMatch(/__name__\s*=~/);
      for (const [, window] of promql.matchAll(/rate\([^[]*\[(\d+)s\]/g)) expect(Number(window)).toBeGreaterThanOrEqual(step);
    }
    for (const { query } of seen) for (const match of query.getAll('match[]')) expect(match).not.toContain('=~');
  });
});

describe('every backend', () => {
  it('is asked nothing below /status that it must answer', async () => {
    for (const backend of ['prometheus', 'thanos', 'mimir', 'victoriametrics', 'amp', 'gmp'] as const) {
      const { url } = await serve((own) =>
        own.path.includes('/status/') || own.path.includes('/label/') ? { status: 404, body: 'not found' } : answerEmpty(own),
      );
      const source = connect(url, { backend });
      const { notes, version } = await source.fetchCapabilities({ signal, deadlineMs: 5000 });
      expect(version).toBeNull();
      expect(notes[0]).toContain('does not list its metrics');
      expect(notes).toHaveLength(['victoriametrics', 'amp', 'gmp'].includes(backend) ? 2 : 1);
      expect((await collect(source)).observations).toEqual([]);
    }
  });

  it('may refuse what it is too busy for, which is no reason to ask in parts', async () => {
    const error =
      "couldn't start executing the request in 10.000 seconds, since -search.maxConcurrentRequests=8 concurrent requests are executed";
    const { url, seen } = await serve((own) =>
      own.method === 'POST' ? { status: 503, body: JSON.stringify({ status: 'error', errorType: '503', error }) } : answerEmpty(own),
    );
    await expect(collect(connect(url, { backend: 'victoriametrics' }))).rejects.toBeInstanceOf(Failure);
    expect(seen.some((own) => queryOf(own).includes('destination_workload_namespace=~'))).toBe(false);
    expect(seen.filter(({ method }) => method === 'POST').every(({ form }) => form.get('nocache') === '1')).toBe(true);
  });
});
