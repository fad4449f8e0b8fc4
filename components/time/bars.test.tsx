// @vitest-environment jsdom
// The bars below the graph: what they ask for, what they say, what they do by keys and as time goes on.
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { ComparisonDocument } from '../../model/comparison';
import type { RateHistoryDocument, ReplayDocument } from '../../model/replay';
import { DEFAULT_VIEW } from '../../model/wire';
import { ChartMarkersProvider } from '../charts/markers';
import { SAMPLE_FRESHNESS, sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';
import { CompareBar } from './compare-bar';
import type { Drawing } from './compare-drawing';
import { ReplayBar } from './replay-bar';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  window.localStorage.clear();
});

const GONE = sampleEdge('web', 'old');
const SLOW = sampleEdge('web', 'api');
const NO_COUNTS = { added: 0, removed: 0, worse: 0, better: 0, changed: 0, noise: 0 };
const COMPARISON: ComparisonDocument = {
  view: DEFAULT_VIEW,
  baseline: { kind: 'ago', seconds: 3600 },
  windowSeconds: 60,
  before: { atMs: 1_699_996_400_000, requestsPerSecond: 1, errorsPerSecond: 0, tcpBytesPerSecond: 0 },
  after: { atMs: 1_700_000_000_000, requestsPerSecond: 1, errorsPerSecond: 0, tcpBytesPerSecond: 0 },
  edges: [
    {
      id: SLOW.id,
      source: SLOW.source,
      target: SLOW.target,
      protocol: 'http',
      kind: 'changed',
      tone: 'worse',
      weight: 4.2,
      measures: [{ measure: 'errors', before: 0.01, after: 0.2, change: 0.19, relative: 19, weight: 4.2 }],
    },
    {
      id: GONE.id,
      source: GONE.source,
      target: GONE.target,
      protocol: 'http',
      kind: 'removed',
      tone: 'removed',
      weight: 3,
      measures: [{ measure: 'rate', before: 10, after: 0, change: -10, relative: -1, weight: 3 }],
    },
  ],
  nodes: [],
  edgeCounts: { ...NO_COUNTS, worse: 1, removed: 1, noise: 7 },
  nodeCounts: NO_COUNTS,
  tests: { count: 30, deviations: 3.1 },
  ghosts: { nodes: [sampleNode('old')], boxes: [], edges: [GONE] },
  freshness: SAMPLE_FRESHNESS,
};
const DOCUMENT = sampleDocument({ nodes: [sampleNode('api'), sampleNode('web')], edges: [SLOW] });

/** Answers by path, and keeps what was asked. */
function answering(answers: Readonly<Record<string, unknown>>): { readonly fetch: typeof fetch; readonly asked: string[] } {
  const asked: string[] = [];
  const answer: typeof fetch = (input) => {
    const path = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    asked.push(path);
    const [, body] = Object.entries(answers).find(([start]) => path.includes(start)) ?? [];
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
  };
  return { fetch: answer, asked };
}

it('compares: draws ghosts and marks, counts by kind, lists what changed and leads to it', async () => {
  const { fetch, asked } = answering({ '/api/graph/compare': COMPARISON });
  const drawings: (Drawing | null)[] = [];
  const selected: string[] = [];
  const onBaseline = vi.fn();
  const view = render(
    <CompareBar
      view={DEFAULT_VIEW}
      document={DOCUMENT}
      baseline={{ kind: 'ago', seconds: 3600 }}
      selection={null}
      refreshSeconds={0}
      onBaseline={onBaseline}
      onClose={() => undefined}
      onSelect={(id) => selected.push(id)}
      onDrawing={(drawing) => drawings.push(drawing)}
      fetch={fetch}
    />,
  );
  await screen.findByRole('group', { name: 'Kinds of changes' });
  expect(asked).toEqual(['/api/graph/compare?with=1h']);
  const drawn = drawings.at(-1);
  expect(drawn?.document.edges.map(({ id }) => id)).toContain(GONE.id);
  expect([drawn?.marks.get(SLOW.id), drawn?.marks.get(GONE.id)?.tone]).toEqual([{ tone: 'worse', text: 'Errors +19 pp' }, 'removed']);

  fireEvent.click(screen.getByRole('button', { name: /Table of changes/ }));
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/Worse.*web.*api.*4\.2× noise/),
    expect.stringMatching(/Removed.*web.*old/),
  ]);
  const [first] = rows;
  if (first === undefined) throw new Error('no row');
  fireEvent.keyDown(first, { key: 'Enter' });
  expect(selected).toEqual([SLOW.id]);

  // Without the worse ones neither the table nor the graph shows them.
  fireEvent.click(screen.getByRole('button', { name: /Worse/, pressed: true }));
  expect(screen.getAllByRole('row')).toHaveLength(2);
  expect(drawings.at(-1)?.marks.get(SLOW.id)?.tone).not.toBe('worse');

  fireEvent.change(screen.getByRole('combobox', { name: 'Compare with' }), { target: { value: '7d' } });
  expect(onBaseline).toHaveBeenCalledWith('7d');
  view.unmount();
  expect(drawings.at(-1)).toBeNull();
});

it('says why there is no comparison, and what to do', async () => {
  const problem = {
    title: 'Prometheus cannot be reached',
    detail: 'connection refused',
    next: 'Check that it runs.',
    code: 'metricsUnreachable',
  };
  const fetch: typeof globalThis.fetch = () =>
    Promise.resolve(new Response(JSON.stringify(problem), { status: 502, headers: { 'content-type': 'application/problem+json' } }));
  render(
    <CompareBar
      view={DEFAULT_VIEW}
      document={DOCUMENT}
      baseline={{ kind: 'ago', seconds: 3600 }}
      selection={null}
      refreshSeconds={0}
      onBaseline={() => undefined}
      onClose={() => undefined}
      onSelect={() => undefined}
      onDrawing={() => undefined}
      fetch={fetch}
    />,
  );
  expect(await screen.findByText(/connection refused/)).toBeTruthy();
});

const FROM = 1_700_000_000;
const RANGE = { fromSeconds: FROM, toSeconds: FROM + 1800 };
const RATES: RateHistoryDocument = {
  fromMs: FROM * 1000,
  toMs: (FROM + 1800) * 1000,
  stepSeconds: 20,
  requests: [
    [FROM, 120],
    [FROM + 900, 240],
  ],
  errors: [
    [FROM, 0],
    [FROM + 900, 24],
  ],
  promql: [],
};
const FRAMES: ReplayDocument = {
  fromMs: FROM * 1000,
  toMs: (FROM + 1800) * 1000,
  stepSeconds: 10,
  frames: 181,
  warnings: [],
  cost: { queries: 10, bytes: 1, wallMs: 1 },
};

function renderReplay(atSeconds: number, fetch: typeof globalThis.fetch, onAt: (seconds: number) => void, waiting = false) {
  const bar = (at: number, wait: boolean) => (
    <ChartMarkersProvider
      value={[{ id: 'c', atMs: (FROM + 900) * 1000, what: 'weights of reviews', who: 'ada', hosts: [], href: '/changes?entry=c' }]}
    >
      <ReplayBar
        view={{ ...DEFAULT_VIEW, atSeconds: at }}
        range={RANGE}
        waiting={wait}
        onAt={onAt}
        onRange={() => undefined}
        onLive={() => undefined}
        fetch={fetch}
      />
    </ChartMarkersProvider>
  );
  const view = render(bar(atSeconds, waiting));
  return (at: number, wait = false) => view.rerender(bar(at, wait));
}

it('replays: the strip is a slider that says what it shows; frames are read when somebody moves', async () => {
  const { fetch, asked } = answering({ '/api/graph/rates': RATES, '/api/graph/replay': FRAMES });
  const onAt = vi.fn();
  renderReplay(FROM + 950, fetch, onAt);
  const slider = screen.getByRole('slider', { name: 'Instant of the replay' });
  await waitFor(() => expect(slider.getAttribute('aria-valuetext')).toMatch(/240.rps, 24.rps of them errors/));
  expect(asked.every((path) => path.startsWith('/api/graph/rates?'))).toBe(true);
  expect(screen.getByRole('link', { name: /ada: weights of reviews/ }).getAttribute('href')).toBe('/changes?entry=c');

  fireEvent.click(screen.getByRole('button', { name: 'Next frame' }));
  expect(onAt).toHaveBeenLastCalledWith(FROM + 960);
  await waitFor(() =>
    expect(asked.some((path) => path.includes(`/api/graph/replay?start=${FROM}&end=${FROM + 1800}&step=10s`))).toBe(true),
  );
  fireEvent.keyDown(slider, { key: 'PageDown' });
  await waitFor(() => expect(onAt).toHaveBeenLastCalledWith(FROM + 850));
});

it('plays a frame after the other, waits for each, and stops at the end', async () => {
  const { fetch } = answering({ '/api/graph/rates': RATES, '/api/graph/replay': FRAMES });
  const onAt = vi.fn();
  window.localStorage.setItem('heddle.replaySpeed', 'fast');
  const show = renderReplay(FROM + 1780, fetch, onAt);
  vi.useFakeTimers();
  fireEvent.click(screen.getByRole('button', { name: 'Play' }));
  // The frames are read first.
  await act(() => vi.advanceTimersByTimeAsync(10));
  await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(onAt).toHaveBeenLastCalledWith(FROM + 1790);
  show(FROM + 1790, true);
  await act(() => vi.advanceTimersByTimeAsync(5000));
  expect(onAt).toHaveBeenCalledTimes(1);
  show(FROM + 1790, false);
  await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(onAt).toHaveBeenLastCalledWith(FROM + 1800);
  show(FROM + 1800);
  await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(onAt).toHaveBeenCalledTimes(2);
  expect(screen.getByRole('button', { name: 'Play' })).toBeTruthy();
});
