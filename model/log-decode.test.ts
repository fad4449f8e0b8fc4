// Levels and fields of what programs and proxies write.
import { describe, expect, it } from 'vitest';
import { ACCESS_FIELDS, readAccessText, readCluster } from './access-log';
import { decodeLine } from './log-decode';

// Verbatim shapes of Istio's documentation ("Envoy Access Logs").
const HTTP =
  '[2026-11-28T05:00:00.123Z] "GET /status/418?a=b c HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/7.73.0 "quoted"" "84961386-6d84-929d-98bd-c5aee93b5c88" "httpbin:8000" "10.44.1.27:80" outbound|8000||httpbin.foo.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default';
const NO_ENDPOINT =
  '[2026-11-28T05:00:00.123Z] "GET /reviews/0 HTTP/1.1" 503 UH no_healthy_upstream - "-" 0 19 0 - "-" "python-requests/2.31" "1f0d" "reviews:9080" "-" outbound|9080|v2|reviews.bookinfo.svc.cluster.local - 10.96.1.1:9080 10.1.0.5:44402 - default';
const TCP =
  '[2026-11-28T05:00:00.123Z] "- - -" 0 - - - "-" 1580 245 13 - "-" "-" "-" "-" "10.1.0.9:6379" inbound|6379|| 127.0.0.6:44403 10.1.0.9:6379 10.1.0.5:44402 outbound_.6379_._.redis.boutique.svc.cluster.local -';
const NO_ROUTE =
  '[2026-11-28T05:00:00.123Z] "GET /none HTTP/1.1" 404 NR route_not_found - "-" 0 0 0 - "-" "curl" "1f0d" "reviews:9080" "-" - - 10.96.1.1:9080 10.1.0.5:44402 - -';

describe('an access log of Envoy', () => {
  it('is read field by field, quotes and spaces in values included', () => {
    expect(readAccessText(HTTP)).toMatchObject({
      start_time: '2026-11-28T05:00:00.123Z',
      method: 'GET',
      path: '/status/418?a=b c',
      protocol: 'HTTP/1.1',
      response_code: '418',
      duration: '4',
      user_agent: 'curl/7.73.0 "quoted"',
      authority: 'httpbin:8000',
      upstream_cluster: 'outbound|8000||httpbin.foo.svc.cluster.local',
      route_name: 'default',
    });
  });

  it.each([
    [HTTP, 'warn'],
    [NO_ENDPOINT, 'error'],
    [TCP, 'info'],
    [NO_ROUTE, 'error'],
    [HTTP.replace(' 418 - ', ' 0 DC '), 'warn'],
    [HTTP.replace(' 418 - ', ' 200 - '), 'info'],
    [HTTP.replace(' 418 - ', ' 200 DI '), 'info'],
    [TCP.replace(' 0 - ', ' 0 UF,URX '), 'error'],
  ])('%s has the level of its status and flags', (line, level) => {
    const decoded = decodeLine(line);
    expect(decoded.kind).toBe('access');
    expect(decoded.level).toBe(level);
    expect([...decoded.fields.keys()]).toEqual(ACCESS_FIELDS.map(([name]) => name));
  });

  it('is the same as JSON', () => {
    const json = JSON.stringify({
      response_code: 503,
      response_flags: 'UF,URX',
      method: 'GET',
      path: '/',
      protocol: 'HTTP/1.1',
      duration: 12,
      upstream_host: null,
    });
    expect(decodeLine(json)).toMatchObject({
      kind: 'access',
      level: 'error',
      access: { response_code: '503', duration: '12', upstream_host: '-' },
    });
  });

  it('names its cluster', () => {
    expect(readCluster('outbound|9080|v2|reviews.bookinfo.svc.cluster.local')).toEqual({
      direction: 'outbound',
      port: '9080',
      subset: 'v2',
      host: 'reviews.bookinfo.svc.cluster.local',
    });
    expect(readCluster('PassthroughCluster')).toBeNull();
  });
});

describe('a level', () => {
  it.each([
    ['2026-11-28 05:00:00 ERROR something broke', 'error'],
    ['2026-11-28T05:00:00.000000Z\tinfo\tReadiness succeeded in 912ms', 'info'],
    ['2026-11-28T05:00:00Z\twarn\tads\tslow push', 'warn'],
    ['[Warning] deprecated', 'warn'],
    ['E1128 05:00:00.000000       1 main.go:1] failed', 'error'],
    ['I1128 05:00:00.000000       1 main.go:1] ERROR is a word here', 'info'],
    ['{"severity":"error","message":"request failed"}', 'error'],
    ['{"level":50,"msg":"pino"}', 'error'],
    ['{"level":30,"msg":"pino"}', 'info'],
    ['{"log":{"level":"WARNING"},"message":"ecs"}', 'warn'],
    ['ts=2026 level=warn msg="disk is full" free=0', 'warn'],
    ['there was no error in this sentence', null],
    ['Exception in thread "main" java.lang.NullPointerException', null],
    ['', null],
  ])('%j', (line, expected) => {
    expect(decodeLine(line).level).toBe(expected);
  });
});

describe('fields', () => {
  it('of JSON are flat and in their order', () => {
    const { kind, fields } = decodeLine(
      '{"message":"request complete","http":{"req":{"path":"/cart"}},"took_ms":1.5,"tags":["a",1],"ok":true,"n":null}',
    );
    expect(kind).toBe('json');
    expect([...fields]).toEqual([
      ['message', 'request complete'],
      ['http.req.path', '/cart'],
      ['took_ms', '1.5'],
      ['tags', '["a",1]'],
      ['ok', 'true'],
      ['n', 'null'],
    ]);
  });

  it('of pairs are read with their words in front (ztunnel)', () => {
    const { kind, fields } = decodeLine(
      '2026-11-28T05:00:00Z\tinfo\taccess\tconnection complete src.addr=10.1.0.5:1 src.workload="web \\"1\\"" dst.addr=10.1.0.9:80 bytes_sent=2',
    );
    expect(kind).toBe('pairs');
    expect(fields.get('src.workload')).toBe('web "1"');
    expect(fields.get('bytes_sent')).toBe('2');
    expect(decodeLine('GET /?a=b&c=d').kind).toBe('text');
  });

  it('of hostile lines cost no more than their length', () => {
    const hostile = [
      '{'.repeat(60_000),
      `[2026-11-28T05:00:00Z] "${'" '.repeat(30_000)}`,
      'a="'.repeat(2_700),
      '="\\'.repeat(2_700),
      `\t${'['.repeat(60_000)}`,
    ];
    const started = performance.now();
    for (const line of hostile) expect(decodeLine(line).access).toBeNull();
    expect(performance.now() - started).toBeLessThan(500);
  });
});
