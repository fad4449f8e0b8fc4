// The account of what is asked: a minute that moves on, causes apart, totals that stay.
import { describe, expect, it } from 'vitest';
import { LoadAccount } from './load-account';

const LIVE = { kind: 'live', windowSeconds: 60 } as const;
const use = (seconds: number, bytes = 10, failed = 0) => ({ seconds, bytes, failed });

describe('LoadAccount', () => {
  it('tells the last minute by cause, most time first, and forgets what is older', () => {
    const time = { ms: 1_700_000_000_000 };
    const account = new LoadAccount(() => time.ms);
    account.note(LIVE, use(1));
    account.note({ kind: 'live', windowSeconds: 300 }, use(0.5, 7, 1));
    time.ms += 30_000;
    account.note(LIVE, use(2));
    account.note(undefined, use(9));
    expect(account.lastMinute()).toEqual([
      { cause: { kind: 'other', windowSeconds: null }, queries: 1, failed: 0, seconds: 9, bytes: 10 },
      { cause: LIVE, queries: 2, failed: 0, seconds: 3, bytes: 20 },
      { cause: { kind: 'live', windowSeconds: 300 }, queries: 1, failed: 1, seconds: 0.5, bytes: 7 },
    ]);
    time.ms += 40_000;
    expect(account.lastMinute().map(({ cause, queries }) => [cause.kind, queries])).toEqual([
      ['other', 1],
      ['live', 1],
    ]);
    time.ms += 60_000;
    expect(account.lastMinute()).toEqual([]);
    expect(account.totals().map(({ queries }) => queries)).toEqual([2, 1, 1]);
  });

  it('keeps few causes, whatever windows are asked for', () => {
    const account = new LoadAccount(() => 0);
    for (let i = 0; i < 500; i++) account.note({ kind: 'past', windowSeconds: i }, use(1));
    expect(account.totals().length).toBeLessThanOrEqual(41);
    expect(account.totals().reduce((sum, { queries }) => sum + queries, 0)).toBe(500);
  });
});
