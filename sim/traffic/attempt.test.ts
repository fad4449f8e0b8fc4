// Attempts at one request: retries, timeouts, faults, and what each proxy reports of them.
import { describe, expect, it } from 'vitest';
import type { RetrySpec } from '../../model/routing';
import { type Attempt, applyRetries, applyTimeout } from './attempt';
import { constant } from './distribution';
import { UNKNOWN_IDENTITY, UNKNOWN_SERVICE } from './flow';

const attempt = (share: number, code: string, changes: Partial<Attempt> = {}): Attempt => ({
  share,
  to: null,
  served: null,
  peer: UNKNOWN_IDENTITY,
  service: UNKNOWN_SERVICE,
  serverService: UNKNOWN_SERVICE,
  secured: false,
  ending: { code, grpcStatus: null, flags: '-' },
  ok: code === '200',
  upstream: true,
  conditions: Number(code) >= 500 ? ['5xx'] : [],
  latency: constant(10),
  timed: false,
  server: { ending: { code, grpcStatus: null, flags: '-' }, latency: constant(9), timed: false },
  details: 'via_upstream',
  cluster: 'c',
  port: 80,
  requestBytes: 1,
  responseBytes: 1,
  ...changes,
});
const retry = (attempts: number, ...retryOn: string[]): RetrySpec => ({ attempts, perTryTimeoutMs: null, retryOn });
const total = (list: readonly { readonly share: number }[]): number => list.reduce((sum, a) => sum + a.share, 0);

describe('retries', () => {
  it('keep the sum of shares and count what servers see in between', () => {
    const { finals, extra } = applyRetries([attempt(0.6, '200'), attempt(0.4, '503')], retry(2, '5xx'));
    expect(total(finals)).toBeCloseTo(1, 9);
    expect(finals[0]?.share).toBeCloseTo(0.6 * (1 + 0.4 + 0.16), 9);
    expect(finals[1]).toMatchObject({ ending: { flags: 'URX' } });
    expect(finals[1]?.share).toBeCloseTo(0.064, 9);
    expect(extra[0]?.times).toBeCloseTo(0.4 + 0.16, 9);
    // One try of 10 ms and a back-off of 25 ms come before each further try.
    expect(finals[1]?.latency.mean).toBeCloseTo(2 * 35 + 10, 0);
  });

  it('split over the causes by their shares, also for a part of the requests', () => {
    const { extra } = applyRetries([attempt(0.25, '200'), attempt(0.15, '500'), attempt(0.1, '503')], retry(1, '5xx'));
    expect(extra.map((e) => e.times)[0]).toBeCloseTo(0.15, 9);
    expect(extra.map((e) => e.times)[1]).toBeCloseTo(0.1, 9);
  });

  it('happen only for the conditions that are asked for', () => {
    expect(applyRetries([attempt(1, '503')], retry(2, 'connect-failure')).extra).toEqual([]);
    expect(applyRetries([attempt(1, '503')], retry(2, 'retriable-status-codes')).extra).toHaveLength(1);
    expect(applyRetries([attempt(1, '500')], retry(2, '500')).extra).toHaveLength(1);
    expect(applyRetries([attempt(1, '503')], retry(0, '5xx')).extra).toEqual([]);
  });

  it("never happen by the code of a proxy's own reply", () => {
    const unrouted = attempt(1, '503', { upstream: false, conditions: [] });
    expect(applyRetries([unrouted], retry(2, 'retriable-status-codes', '503')).extra).toEqual([]);
  });
});

describe('timeouts', () => {
  it('end the client at the limit and leave the server without an answer to give', () => {
    const late = applyTimeout([attempt(0.5, '200')], 5, () => ({ code: '504', grpcStatus: null, flags: 'UT' }), 'response_timeout', []);
    expect(late).toHaveLength(1);
    expect(late[0]).toMatchObject({ share: 0.5, ok: false, ending: { code: '504' }, server: { ending: { code: '0', flags: 'DC' } } });
    expect(late[0]?.latency.mean).toBe(5);
    expect(applyTimeout([attempt(1, '200')], 50, () => ({ code: '504', grpcStatus: null, flags: 'UT' }), '', [])[0]?.ok).toBe(true);
  });
});
