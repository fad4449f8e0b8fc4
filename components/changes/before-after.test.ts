// The link from a change to the graph before and after it: which windows, and when there is none yet.
import { expect, it } from 'vitest';
import { compareHref } from './before-after';
import { sampleChange } from './sample-routing';

const APPLIED_MS = 1_700_000_000_000;
const change = sampleChange({ createdAtMs: APPLIED_MS, state: 'kept', endedAtMs: null });
const queryOf = (href: string | null): URLSearchParams => new URLSearchParams(href?.split('?')[1] ?? '');

it.each([
  [30, null],
  [89, null],
  [90, '1m'],
  [200, '2m'],
  [330, '5m'],
  [86_400, '5m'],
])('%d s after it the windows are %s', (seconds, duration) => {
  expect(queryOf(compareHref(change, APPLIED_MS + seconds * 1000)).get('duration')).toBe(duration);
});

it('ends the first window when the change began and the second while it was in force', () => {
  const query = queryOf(compareHref(change, APPLIED_MS + 3_600_000));
  expect([query.get('compare'), query.get('at'), query.get('namespaces')]).toEqual(['1700000000', '1700000330', 'bookinfo']);
  const reverted = { ...change, state: 'reverted' as const, endedAtMs: APPLIED_MS + 100_000 };
  expect(queryOf(compareHref(reverted, APPLIED_MS + 3_600_000)).get('at')).toBe('1700000090');
});
