// Every clause of the reconciliation rule.
import { describe, expect, it } from 'vitest';
import { CellTable, fateOf, type Report, type ReporterSide, reconcile, type Security } from './reconcile';

const cells = new CellTable();
const report = (
  side: ReporterSide,
  code: string,
  flags: string,
  perSecond: number,
  security: Security = side === 'source' ? 'unknown' : 'mutual',
  grpc: string | null = null,
): Report => ({
  side,
  security,
  cell: cells.cellOf(code, grpc, flags),
  perSecond,
});
const told = (reports: readonly Report[]): Record<string, number> =>
  Object.fromEntries(
    reconcile(reports).responses.map((r) => [
      `${r.code} ${r.flags}${r.grpcStatus === null ? '' : ` ${r.grpcStatus}`}`,
      r.requestsPerSecond,
    ]),
  );

describe('reconcile', () => {
  it.each<[string, readonly Report[], Record<string, number>]>([
    [
      'the callee is believed where both report the same',
      [report('source', '200', '-', 11), report('destination', '200', '-', 10)],
      { '200 -': 10 },
    ],
    ['the caller alone is believed', [report('source', '200', '-', 3), report('source', '404', '-', 1)], { '200 -': 3, '404 -': 1 }],
    [
      'the waypoint is believed before the callee',
      [report('waypoint', '200', '-', 5), report('destination', '200', '-', 4), report('source', '200', '-', 6)],
      { '200 -': 5 },
    ],
    [
      'requests turned away at the caller are added',
      [report('source', '200', '-', 10), report('source', '503', 'UH', 2), report('destination', '200', '-', 10)],
      { '200 -': 10, '503 UH': 2 },
    ],
    [
      'retries that ended in a refused connection are added',
      [report('source', '503', 'UF,URX', 1), report('destination', '200', '-', 9)],
      { '200 -': 9, '503 UF,URX': 1 },
    ],
    [
      'an error that the callee answered is counted once, though its flags stay behind',
      [report('source', '503', '-', 2), report('destination', '503', 'UC', 2)],
      { '503 UC': 2 },
    ],
    [
      'a failed attempt that was retried counts at the callee',
      [report('source', '200', '-', 10), report('destination', '200', '-', 10), report('destination', '503', '-', 3)],
      { '200 -': 10, '503 -': 3 },
    ],
    [
      'a cell of the caller alone that was answered is a late scrape',
      [report('source', '404', '-', 0.1), report('destination', '200', '-', 9)],
      { '200 -': 9 },
    ],
    [
      'a caller’s timeout takes the place of the callee’s "no response"',
      [report('source', '504', 'UT', 2), report('destination', '0', 'DC', 2), report('destination', '200', '-', 8)],
      { '200 -': 8, '504 UT': 2 },
    ],
    [
      'a caller’s timeout takes the place of the success that it never saw',
      [report('source', '504', 'UT', 2), report('destination', '200', '-', 6), report('destination', '302', '-', 4)],
      { '200 -': 4.8, '302 -': 3.2, '504 UT': 2 },
    ],
    [
      'a timeout that the callee hardly saw is added for the rest',
      [report('source', '504', 'UT', 5), report('destination', '200', '-', 1)],
      { '504 UT': 5 },
    ],
    [
      'a timeout takes nothing from other errors',
      [report('source', '504', 'UT', 2), report('destination', '500', '-', 3)],
      { '500 -': 3, '504 UT': 2 },
    ],
    [
      'the same flagged cell on both sides counts once',
      [report('source', '503', 'UO', 2), report('destination', '503', 'UO', 2)],
      { '503 UO': 2 },
    ],
    [
      'an abort by fault injection is added',
      [report('source', '500', 'FI', 1), report('destination', '200', '-', 1)],
      { '200 -': 1, '500 FI': 1 },
    ],
    ['a delay by fault injection is not', [report('source', '200', 'DI', 1), report('destination', '200', '-', 1)], { '200 -': 1 }],
    ['a refused handshake, seen by the caller alone', [report('source', '503', 'UF,URX', 4)], { '503 UF,URX': 4 }],
    [
      'gRPC statuses are cells of their own',
      [report('destination', '200', '-', 3, 'mutual', '0'), report('destination', '200', '-', 1, 'mutual', '14')],
      { '200 - 0': 3, '200 - 14': 1 },
    ],
    [
      'security splits add up to one cell',
      [report('destination', '200', '-', 3, 'mutual'), report('destination', '200', '-', 1, 'plaintext')],
      { '200 -': 4 },
    ],
  ])('%s', (_, reports, expected) => {
    for (const order of [reports, [...reports].reverse()]) {
      const own = told(order);
      expect(Object.keys(own).sort()).toEqual(Object.keys(expected).sort());
      for (const [cell, rate] of Object.entries(expected)) expect(own[cell]).toBeCloseTo(rate, 9);
      const { perSecond, mtls } = reconcile(order);
      const total = Object.values(expected).reduce((sum, rate) => sum + rate, 0);
      expect(perSecond).toBeCloseTo(total, 9);
      expect(mtls.mutual + mtls.plaintext + mtls.unknown).toBeCloseTo(total, 9);
    }
  });

  it('knows the security of what the callee saw only', () => {
    const truth = reconcile([
      report('source', '503', 'UH', 2),
      report('destination', '200', '-', 3, 'mutual'),
      report('destination', '200', '-', 1, 'plaintext'),
    ]);
    expect(truth.mtls).toEqual({ mutual: 3, plaintext: 1, unknown: 2 });
    expect(truth.primary).toBe('destination');
  });

  it('orders responses the same way whatever the order of the reports', () => {
    const reports = ['500', '200', '404', '301'].map((code) => report('destination', code, '-', 1));
    expect(reconcile(reports).responses).toEqual(reconcile([...reports].reverse()).responses);
  });

  it('reads the fate of a request from its flags', () => {
    expect(['-', '', 'URX', 'DI', 'UH', 'UO,URX', 'UT', 'UT,DI', 'DC', 'SOMETHING_NEW'].map(fateOf)).toEqual([
      'answered',
      'answered',
      'answered',
      'answered',
      'neverReached',
      'neverReached',
      'answerLost',
      'answerLost',
      'answerLost',
      'answered',
    ]);
  });
});
