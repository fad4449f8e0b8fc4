// Tests of freshness-words: every state, clocks that disagree, causes said once.
import { describe, expect, it } from 'vitest';
import type { Freshness, SourceState } from '../../model/wire';
import { listNotices, NO_STATUS, type PageStatus, wordFreshness } from './freshness-words';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const NOW = 1_800_000_000_000;
const live: SourceState = { state: 'live', atMs: NOW - 3_000, cause: null, next: null };
const fresh: Freshness = { metrics: live, cluster: live };
const status = (change: Partial<PageStatus>): PageStatus => ({
  kind: 'live',
  atMs: NOW - 3_000,
  freshness: fresh,
  problem: null,
  ...change,
});

describe('wordFreshness', () => {
  it.each([
    [NO_STATUS, 'waiting', 'connecting…'],
    [status({}), 'live', 'live · 3 s ago'],
    // The server's clock may be ahead of the browser's.
    [status({ atMs: NOW + 5_000 }), 'live', 'live · 0 s ago'],
    [status({ kind: 'stale', atMs: NOW - 120_000 }), 'stale', 'stale · 2 min old'],
    [status({ kind: 'paused', atMs: NOW - 40_000 }), 'paused', 'paused · 40 s ago'],
    [status({ kind: 'paused', atMs: null }), 'paused', 'paused'],
    [status({ kind: 'error', atMs: null }), 'error', 'no data'],
  ] as const)('%#', (given, tone, text) => {
    const words = wordFreshness(given, NOW);
    expect(words.tone).toBe(tone);
    expect(plain(words.text)).toBe(text);
  });

  it('names the instant of the past instead of an age', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
    expect(wordFreshness(status({ kind: 'past', atMs: at }), NOW).text).toBe('at 2026-01-02 03:04:05');
  });
});

describe('listNotices', () => {
  it('is silent while all is well or just starting', () => {
    expect(listNotices(status({}), NOW)).toEqual([]);
    const waiting: SourceState = { state: 'waiting', atMs: null, cause: null, next: null };
    expect(listNotices(status({ freshness: { metrics: waiting, cluster: waiting } }), NOW)).toEqual([]);
  });

  it('says what is old, why and what to do, gravest first', () => {
    const freshness: Freshness = {
      metrics: { state: 'stale', atMs: NOW - 120_000, cause: 'connect ECONNREFUSED', next: 'Check the address.' },
      cluster: { state: 'waiting', atMs: null, cause: 'refused our credentials', next: 'Check the token.' },
    };
    const notices = listNotices(status({ kind: 'stale', freshness }), NOW);
    expect(notices.map((n) => [n.severity, plain(n.title), n.text, n.next])).toEqual([
      ['danger', 'Nothing from the Kubernetes API yet', 'refused our credentials', 'Check the token.'],
      ['warning', 'Data from Prometheus is 2 min old', 'connect ECONNREFUSED', 'Check the address.'],
    ]);
  });

  it('says the same cause once and leaves the problem to a page without data', () => {
    const problem = { title: 'T', detail: 'same', next: 'N' };
    const freshness: Freshness = { metrics: { state: 'stale', atMs: null, cause: 'same', next: null }, cluster: live };
    expect(listNotices(status({ kind: 'stale', problem, freshness }), NOW)).toHaveLength(1);
    expect(listNotices(status({ kind: 'error', problem, freshness: null }), NOW)).toEqual([]);
  });
});
