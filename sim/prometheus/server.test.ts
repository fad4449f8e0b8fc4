// The HTTP API over a socket: shapes, errors, forms, compression, limits, and the faults that tests of clients switch on.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPrometheus, startPrometheus } from './server';
import { SeriesStore } from './store';

const NOW_MS = 1_700_000_000_500;

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

describe('startPrometheus', () => {
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    const store = new SeriesStore({ retentionMs: 6 * 3_600_000 });
    for (let i = 0; i < 60; i++) store.append({ __name__: 'many', i: String(i).padStart(2, '0') }, NOW_MS - 1000, i);
    store.append({ __name__: 'special', kind: 'inf' }, NOW_MS - 1000, Number.POSITIVE_INFINITY);
    store.append({ __name__: 'special', kind: 'nan' }, NOW_MS - 1000, Number.NaN);
    store.append({ __name__: 'special', kind: 'tiny' }, NOW_MS - 1000, 1.5e-7);
    store.append({ __name__: 'old', kind: 'gone' }, NOW_MS - 3_600_000, 1);
    store.describe('many', { type: 'gauge', help: 'h', unit: '' });
    store.describe('special', { type: 'counter', help: '', unit: '' });
    prometheus = await startPrometheus({
      store,
      port: 0,
      now: () => NOW_MS,
      targets: () => [
        {
          labels: { job: 'mesh', instance: 'a' },
          job: 'mesh',
          url: 'http://127.0.0.1:9/metrics',
          health: 'up',
          lastError: '',
          lastScrapeMs: NOW_MS,
          lastDurationSeconds: 0.25,
          intervalMs: 5000,
          timeoutMs: 5000,
        },
      ],
    });
  });

  beforeEach(() => {
    prometheus.faults.mode = 'none';
  });

  afterAll(() => prometheus.close());

  async function ask(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
    const response = await fetch(prometheus.url + path, init);
    return { status: response.status, body: await response.json() };
  }

  function askRaw(path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const method = body === '' ? 'GET' : 'POST';
      const sent = request(prometheus.url + path, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('answers instant queries with values as strings', async () => {
    expect(await ask('/api/v1/query?query=sort_desc(special)')).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [
            { metric: { __name__: 'special', kind: 'inf' }, value: [NOW_MS / 1000, '+Inf'] },
            { metric: { __name__: 'special', kind: 'tiny' }, value: [NOW_MS / 1000, '1.5e-07'] },
            { metric: { __name__: 'special', kind: 'nan' }, value: [NOW_MS / 1000, 'NaN'] },
          ],
        },
      },
    });
    expect(await ask('/api/v1/query?query=1%2B1&time=5')).toEqual({
      status: 200,
      body: { status: 'success', data: { resultType: 'scalar', result: [5, '2'] } },
    });
    expect(await ask(`/api/v1/query?query='x'&time=2023-11-14T22:13:20.010Z`)).toMatchObject({
      body: { data: { resultType: 'string', result: [1_700_000_000.01, 'x'] } },
    });
    expect((await askRaw('/api/v1/query?query=vector(-0*1)&time=0.01', {})).body.toString()).toContain('[0.010,"-0"]');
  });

  it('answers range queries by GET and by form', async () => {
    const params = 'query=vector(3)&start=10&end=11.5&step=500ms';
    const expected = {
      status: 200,
      body: {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: {},
              values: [
                [10, '3'],
                [10.5, '3'],
                [11, '3'],
                [11.5, '3'],
              ],
            },
          ],
        },
      },
    };
    expect(await ask(`/api/v1/query_range?${params}`)).toEqual(expected);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask('/api/v1/query_range', { method: 'POST', headers, body: params })).toEqual(expected);
    // A form field wins over the same parameter in the URL.
    const both = await ask('/api/v1/query?query=1&time=1', { method: 'POST', headers, body: 'query=2' });
    expect(both).toMatchObject({ body: { data: { result: [1, '2'] } } });
  });

  it.each([
    ['query?query=sum(', 400, 'bad_data', 'invalid parameter "query": 1:5: parse error: unexpected end of input'],
    ['query', 400, 'bad_data', 'invalid parameter "query": unknown position: parse error: no expression found in input'],
    [
      'query?query=1&time=yesterday',
      400,
      'bad_data',
      `invalid parameter "time": Invalid time value for 'time': cannot parse "yesterday" to a valid timestamp`,
    ],
    ['query?query=1&timeout=soon', 400, 'bad_data', 'invalid parameter "timeout": cannot parse "soon" to a valid duration'],
    ['query?query=special*on()many', 422, 'execution', 'found duplicate series for the match group {} on the right hand-side'],
    ['query?query=special&timeout=0', 503, 'timeout', 'query timed out in expression evaluation'],
    ['query_range?query=1&start=10&end=5&step=1', 400, 'bad_data', 'invalid parameter "end": end timestamp must not be before start time'],
    ['query_range?query=1&start=1&end=5&step=0', 400, 'bad_data', 'invalid parameter "step": zero or negative query resolution'],
    ['query_range?query=1&start=1&end=20000&step=1', 400, 'bad_data', 'exceeded maximum resolution of 11,000 points per timeseries.'],
    ['query_range?query=1&end=20000&step=1', 400, 'bad_data', 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    ['query_range?query=many[5m]&start=1&end=2&step=1', 400, 'bad_data', 'invalid expression type "range vector" for range query'],
    ['series', 400, 'bad_data', 'no match[] parameter provided'],
    ['series?match[]={i=""}', 400, 'bad_data', 'must contain at least one non-empty matcher'],
    ['series?match[]=many&limit=-1', 400, 'bad_data', 'invalid parameter "limit"'],
    ['label/bad-name/values', 400, 'bad_data', 'invalid label name: "bad-name"'],
  ])('refuses %s', async (path, status, errorType, message) => {
    const answer = await ask(`/api/v1/${path}`);
    expect(answer).toMatchObject({ status, body: { status: 'error', errorType } });
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
  });

  it('lists series, labels and label values, filtered and limited', async () => {
    expect(await ask('/api/v1/series?match[]=special{kind!="inf"}&match[]={__name__="special",kind="tiny"}')).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: [
          { __name__: 'special', kind: 'nan' },
          { __name__: 'special', kind: 'tiny' },
        ],
      },
    });
    expect(await ask('/api/v1/series?match[]=many&limit=1')).toEqual({
      status: 200,
      body: { status: 'success', data: [{ __name__: 'many', i: '00' }], warnings: ['results truncated due to limit'] },
    });
    expect(await ask('/api/v1/labels')).toMatchObject({ body: { data: ['__name__', 'i', 'kind'] } });
    expect(await ask('/api/v1/labels?match[]=special')).toMatchObject({ body: { data: ['__name__', 'kind'] } });
    expect(await ask('/api/v1/label/kind/values')).toMatchObject({ body: { data: ['gone', 'inf', 'nan', 'tiny'] } });
    const recent = `start=${NOW_MS / 1000 - 60}&end=${NOW_MS / 1000}`;
    expect(await ask(`/api/v1/label/kind/values?${recent}`)).toMatchObject({ body: { data: ['inf', 'nan', 'tiny'] } });
    expect(await ask('/api/v1/label/kind/values?match[]=many')).toMatchObject({ body: { data: [] } });
    expect(await ask('/api/v1/label/kind/values?limit=1')).toMatchObject({ body: { data: ['gone'] } });
  });

  it('describes metrics, targets and itself', async () => {
    expect(await ask('/api/v1/metadata?metric=many')).toMatchObject({ body: { data: { many: [{ type: 'gauge', help: 'h', unit: '' }] } } });
    expect(await ask('/api/v1/metadata?limit=1')).toEqual({
      status: 200,
      body: { status: 'success', data: { many: [{ type: 'gauge', help: 'h', unit: '' }] } },
    });
    expect(await ask('/api/v1/status/buildinfo')).toMatchObject({ body: { data: { version: '2.42.0' } } });
    expect(await ask('/api/v1/status/runtimeinfo')).toMatchObject({ body: { data: { storageRetention: '6h' } } });
    expect(await ask('/api/v1/rules')).toMatchObject({ body: { data: { groups: [] } } });
    expect(await ask('/api/v1/targets?state=active')).toMatchObject({
      body: {
        data: {
          activeTargets: [
            {
              scrapePool: 'mesh',
              scrapeUrl: 'http://127.0.0.1:9/metrics',
              labels: { job: 'mesh', instance: 'a' },
              discoveredLabels: { __address__: '127.0.0.1:9' },
              health: 'up',
              lastScrape: '2023-11-14T22:13:20.500Z',
              scrapeInterval: '5s',
            },
          ],
          droppedTargets: [],
        },
      },
    });
    expect((await askRaw('/-/ready', {})).status).toBe(200);
    expect((await askRaw('/api/v1/status/config', {})).status).toBe(404);
    expect((await askRaw('/api/v1/targets', {}, 'x=y')).status).toBe(405);
  });

  it('compresses large answers on request only', async () => {
    const plain = await askRaw('/api/v1/query?query=many', {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await askRaw('/api/v1/query?query=many', { 'accept-encoding': 'gzip, deflate' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    expect(zipped.body.length).toBeLessThan(plain.body.length / 4);
  });

  it('refuses forms beyond all measure', async () => {
    const answer = await askRaw(
      '/api/v1/query',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `query=${'1'.repeat(11 * 1024 * 1024)}`,
    ).catch(() => undefined);
    // The server may cut the connection before the whole form is sent.
    if (answer !== undefined) expect(answer.status).toBe(413);
  });

  it('uses the ranges of the version it claims to be', async () => {
    const store = new SeriesStore({ retentionMs: 3_600_000 });
    for (let i = 0; i <= 4; i++) store.append({ __name__: 'x' }, i * 15_000, i);
    const newer = await startPrometheus({ store, port: 0, now: () => 60_000, version: '3.5.3' });
    const response = await fetch(`${newer.url}/api/v1/query?query=count_over_time(x[1m])`);
    expect(await response.json()).toMatchObject({ data: { result: [{ value: [60, '4'] }] } });
    await newer.close();
  });

  it('misbehaves on demand', async () => {
    prometheus.faults.mode = '503';
    expect((await askRaw('/api/v1/query?query=1', {})).status).toBe(503);
    prometheus.faults.mode = 'html';
    const page = await askRaw('/api/v1/query?query=1', {}, 'query=1');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    prometheus.faults.mode = 'half';
    await expect(askRaw('/api/v1/query?query=many', {})).rejects.toThrow();
    prometheus.faults.mode = 'nothing';
    await expect(fetch(`${prometheus.url}/api/v1/query?query=1`, { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    prometheus.faults.mode = 'slow';
    prometheus.faults.slowMs = 1;
    expect((await ask('/api/v1/query?query=1')).status).toBe(200);
  });

  it('closes with requests under way', async () => {
    const store = new SeriesStore({ retentionMs: 3_600_000 });
    const stuck = await startPrometheus({ store, port: 0, now: () => NOW_MS });
    stuck.faults.mode = 'slow';
    stuck.faults.slowMs = 3_600_000;
    const pending = fetch(`${stuck.url}/api/v1/query?query=1`).then(
      () => 'answered',
      () => 'cut',
    );
    await fetch(`${prometheus.url}/-/ready`);
    await stuck.close();
    expect(['answered', 'cut']).toContain(await pending);
  });
});
