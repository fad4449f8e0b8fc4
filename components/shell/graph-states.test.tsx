// @vitest-environment jsdom
// Tests of what stands in the graph's place, and of the age that the masthead is told: reading, empty, never connected, failed, past.
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_VIEW, type GraphDocument, type SourceState, type ViewSpec } from '../../model/wire';
import type { GraphState } from '../live/graph-store';
import { findProblem } from './find-problem';
import { GraphInstead } from './graph-states';
import { listOptions, wordChoice } from './namespace-select';
import { buildPageHref } from './navigation';
import { buildPageStatus } from './use-graph-page';

afterEach(cleanup);

const live: SourceState = { state: 'live', atMs: 1_000, cause: null, next: null };
const never: SourceState = { state: 'waiting', atMs: null, cause: 'connect ECONNREFUSED', next: 'Check metrics.url.' };
const documentOf = (metrics: SourceState): GraphDocument => ({
  view: DEFAULT_VIEW,
  atMs: 1_000,
  revision: 1,
  nodes: [],
  boxes: [],
  edges: [],
  totals: {
    services: 0,
    workloads: 0,
    apps: 0,
    edges: 0,
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    tcpBytesPerSecond: 0,
    mtlsShare: null,
    health: { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 },
  },
  notes: [],
  freshness: { metrics, cluster: live },
  folded: false,
});
const state = (change: Partial<GraphState>): GraphState => ({
  status: 'live',
  document: null,
  freshness: null,
  lastEventAtMs: null,
  problem: null,
  ...change,
});
const problem = { title: 'Prometheus refused the query', detail: 'bad_data', next: 'Look at the log.' };

describe('GraphInstead', () => {
  const show = (given: GraphState, view: ViewSpec = DEFAULT_VIEW) => {
    const onView = vi.fn();
    const onRetry = vi.fn();
    render(<GraphInstead state={given} view={view} onView={onView} onRetry={onRetry} />);
    return { onView, onRetry };
  };

  it('reads', () => {
    show(state({ status: 'connecting' }));
    expect(screen.getByRole('status').textContent).toContain('Reading the graph');
  });

  it('offers what helps against an empty window, and nothing that does not', () => {
    const { onView } = show(state({ document: documentOf(live), freshness: { metrics: live, cluster: live } }), {
      ...DEFAULT_VIEW,
      namespaces: ['shop'],
    });
    fireEvent.click(screen.getByRole('button', { name: 'Last 10 minutes' }));
    fireEvent.click(screen.getByRole('button', { name: 'Show idle nodes' }));
    fireEvent.click(screen.getByRole('button', { name: 'All namespaces' }));
    expect(onView.mock.calls).toEqual([[{ windowSeconds: 600 }], [{ idle: true }], [{ namespaces: [] }]]);
    cleanup();
    show(state({ document: documentOf(live) }), { ...DEFAULT_VIEW, idle: true, windowSeconds: 2_592_000 });
    expect(screen.queryAllByRole('button')).toEqual([]);
  });

  it('says why there never were metrics, and lets try again', () => {
    const { onRetry } = show(state({ document: documentOf(never) }));
    expect(screen.getByRole('alert').textContent).toContain('connect ECONNREFUSED');
    expect(screen.getByRole('alert').textContent).toContain('Check metrics.url.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it('repeats the words of the server', () => {
    show(state({ status: 'error', problem }));
    expect(screen.getByRole('heading', { name: /Prometheus refused the query/ })).toBeTruthy();
  });
});

describe('page status', () => {
  it('is an error only where nothing can be shown', () => {
    expect(buildPageStatus(state({ status: 'error', problem }), DEFAULT_VIEW)).toMatchObject({ kind: 'error', problem });
    expect(buildPageStatus(state({ document: documentOf(never) }), DEFAULT_VIEW).kind).toBe('error');
    expect(findProblem(state({ document: documentOf(live) }))).toBeNull();
    expect(buildPageStatus(state({ document: documentOf(live), freshness: { metrics: live, cluster: live } }), DEFAULT_VIEW)).toMatchObject(
      { kind: 'live', atMs: 1_000 },
    );
  });

  it('tells the past from a pause', () => {
    const shown = { status: 'paused', document: documentOf(live) } as const;
    expect(buildPageStatus(state(shown), DEFAULT_VIEW).kind).toBe('paused');
    expect(buildPageStatus(state(shown), { ...DEFAULT_VIEW, atSeconds: 1_700_000_000 }).kind).toBe('past');
  });
});

describe('namespace choice', () => {
  it('keeps what is chosen but gone, filters, sorts', () => {
    const all = [
      { name: 'shop', health: 'healthy' },
      { name: 'bookinfo', health: 'failure' },
    ] as const;
    expect(listOptions(all, ['gone', 'shop'], '')).toEqual([
      { name: 'bookinfo', health: 'failure' },
      { name: 'gone', health: null },
      { name: 'shop', health: 'healthy' },
    ]);
    expect(listOptions(all, [], ' SHO ').map((one) => one.name)).toEqual(['shop']);
    expect([[], ['a'], ['a', 'b', 'c']].map(wordChoice)).toEqual(['All namespaces', 'a', 'a and 2 more']);
  });

  it('goes along to another page', () => {
    expect(buildPageHref('/overview', DEFAULT_VIEW)).toBe('/overview');
    expect(buildPageHref('/graph', { namespaces: ['a', 'b'], windowSeconds: 300 })).toBe('/graph?namespaces=a%2Cb&duration=5m');
  });
});
