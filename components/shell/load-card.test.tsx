// @vitest-environment jsdom
// Tests of the load's panel: what it says of a busy backend, of an idle one, of one that does not answer, and of where data comes from.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadDocument } from '../../model/load';
import type { Freshness } from '../../model/wire';
import { LoadCard } from './load-card';
import { isLoadDocument, listRemarks, wordCause, wordOrigin, wordSeconds } from './load-words';

afterEach(cleanup);

const LOAD: LoadDocument = {
  atMs: 1_700_000_000_000,
  perMinute: { queries: 9, failed: 1, seconds: 4.25, bytes: 3_000_000 },
  causes: [
    { cause: { kind: 'live', windowSeconds: 60 }, queries: 8, failed: 1, seconds: 4, bytes: 2_900_000 },
    { cause: { kind: 'charts', windowSeconds: null }, queries: 1, failed: 0, seconds: 0.25, bytes: 100_000 },
  ],
  underWay: 2,
  waiting: 3,
  concurrency: 4,
  windows: [{ windowSeconds: 60, intervalSeconds: 45, wantedSeconds: 15, edges: 12_000, recordedAtMs: null }],
  splits: [{ query: 'source', parts: 8 }],
  version: '3.5.3',
  notes: ['istio_request_bytes_sum is missing: request throughput cannot be shown.'],
};
const answer = (status: number, body: unknown) => () =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }));

describe('LoadCard', () => {
  it('shows who causes what, and what is unusual', async () => {
    render(<LoadCard fetch={answer(200, LOAD)} />);
    const row = (await screen.findByRole('rowheader', { name: /^Live graph, last 1.minute/ })).closest('tr');
    expect(row?.textContent).toContain('8 (1 failed)');
    expect(row?.textContent).toContain('4.0 s');
    expect(screen.getByRole('rowheader', { name: 'All' }).closest('tr')?.textContent).toContain('9');
    expect(screen.getByText(/2 of 4 queries under way/)).toBeTruthy();
    expect(screen.getByText(/every 45 s instead of 15 s/)).toBeTruthy();
    expect(screen.getByText('3 queries wait for a free place.')).toBeTruthy();
    expect(screen.getByText(/asked in 8 parts/)).toBeTruthy();
    expect(screen.getByText(/request throughput cannot be shown/)).toBeTruthy();
  });

  it('says when nothing was asked, and why it cannot say', async () => {
    const idle = {
      ...LOAD,
      causes: [],
      perMinute: { queries: 0, failed: 0, seconds: 0, bytes: 0 },
      windows: [],
      splits: [],
      notes: [],
      waiting: 0,
    };
    render(<LoadCard fetch={answer(200, idle)} />);
    expect(await screen.findByRole('rowheader', { name: 'Nothing was asked' })).toBeTruthy();
    cleanup();
    render(
      <LoadCard fetch={answer(503, { title: 'Heddle is still starting', detail: 'soon', next: 'Wait.', status: 503, code: 'starting' })} />,
    );
    expect(await screen.findByText(/still starting/)).toBeTruthy();
  });
});

describe('words', () => {
  it('tell where the rates come from', () => {
    const freshness = (recordedAtMs?: number): Freshness => ({
      metrics: { state: 'live', atMs: 100_000, cause: null, next: null, ...(recordedAtMs === undefined ? {} : { recordedAtMs }) },
      cluster: { state: 'live', atMs: 100_000, cause: null, next: null },
    });
    expect(wordOrigin(freshness(), 110_000)).toContain('Computed');
    expect(wordOrigin(freshness(98_000), 110_000)).toMatch(/^Read from recording rules, evaluated 12.s ago\.$/);
    expect(wordOrigin(null, 0)).toBeNull();
  });

  it('are short', () => {
    expect(wordCause({ kind: 'replay', windowSeconds: null })).toBe('Replay');
    expect([0.004, 1.26, 123].map(wordSeconds)).toEqual(['0.00 s', '1.3 s', '123 s']);
    expect(listRemarks({ ...LOAD, windows: [], splits: [], notes: [], waiting: 0 })).toEqual([]);
  });

  it('know a load from something else', () => {
    expect(isLoadDocument(JSON.parse(JSON.stringify(LOAD)))).toBe(true);
    for (const body of [null, {}, { ...LOAD, causes: [{}] }, '<html>']) expect(isLoadDocument(body)).toBe(false);
  });
});
