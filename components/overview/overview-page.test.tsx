// @vitest-environment jsdom
// Tests of the overview: cards with links, filters that hide and can be cleared, old data kept beside a failure, first failure shown.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NamespaceSummary, NamespacesDocument } from '../../model/wire';
import type { JsonState } from '../ui/use-json';
import { OverviewPage } from './overview-page';

const address = vi.hoisted(() => ({ query: '' }));
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(address.query) }));

beforeEach(() => {
  address.query = '';
  window.localStorage.clear();
});
afterEach(cleanup);

const counts = { failure: 0, degraded: 0, notReady: 0, healthy: 2, na: 0 };
const summary = (name: string, change: Partial<NamespaceSummary> = {}): NamespaceSummary => ({
  name,
  cluster: 'Kubernetes',
  mode: 'sidecar',
  revision: null,
  labels: {},
  health: 'healthy',
  apps: counts,
  workloads: counts,
  services: counts,
  inbound: { requestsPerSecond: 4, errorShare: 0.25, tcpBytesPerSecond: 0 },
  outbound: { requestsPerSecond: 0, errorShare: null, tcpBytesPerSecond: 0 },
  mtlsShare: 1,
  recent: [],
  ...change,
});
const source = { state: 'live', atMs: 1, cause: null, next: null } as const;
const data: NamespacesDocument = {
  atMs: 1,
  windowSeconds: 60,
  shortestWindowSeconds: 60,
  namespaces: [summary('shop'), summary('bookinfo', { health: 'failure' })],
  freshness: { metrics: source, cluster: source },
};
const problem = { title: 'The console cannot be reached', detail: 'd', next: 'n', status: null, code: null };
const show = (state: Partial<JsonState<NamespacesDocument>>, names: readonly string[] = []) => {
  const reload = vi.fn();
  const onShowAll = vi.fn();
  const onOpenGraph = vi.fn();
  render(
    <OverviewPage
      state={{ data, problem: null, loading: false, receivedAtMs: 1, reload, ...state }}
      names={names}
      graphHref={(name) => `/graph?namespaces=${name}`}
      onOpenGraph={onOpenGraph}
      onShowAll={onShowAll}
    />,
  );
  return { reload, onShowAll, onOpenGraph };
};

describe('OverviewPage', () => {
  it('shows the worst first, each a link to its graph, health in words', () => {
    show({});
    const cards = screen.getAllByRole('link');
    expect(cards.map((card) => card.getAttribute('href'))).toEqual(['/graph?namespaces=bookinfo', '/graph?namespaces=shop']);
    expect(cards[0]?.getAttribute('aria-label')).toContain('Failure');
    expect(screen.getAllByText(/25.% errors/).length).toBe(2);
  });

  it('is a table when asked, whose rows open the graph', () => {
    const { onOpenGraph } = show({});
    fireEvent.click(screen.getByRole('button', { name: 'List' }));
    const rows = within(screen.getByRole('grid', { name: 'Namespaces' })).getAllByRole('row');
    expect(rows).toHaveLength(3);
    fireEvent.click(rows[1] ?? document.body);
    expect(onOpenGraph).toHaveBeenCalledWith('bookinfo');
  });

  it('says when filters hide everything, and clears them', () => {
    address.query = 'name=nothing';
    const { onShowAll } = show({}, ['shop']);
    expect(screen.getByText('No namespace passes the filters')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
    expect(onShowAll).toHaveBeenCalledTimes(1);
  });

  it('keeps the old cards beside a failure, and shows a first failure in full', () => {
    show({ problem });
    expect(screen.getAllByRole('link')).toHaveLength(2);
    cleanup();
    const { reload } = show({ data: null, problem });
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(reload).toHaveBeenCalledTimes(1);
    cleanup();
    show({ data: null, loading: true });
    expect(screen.getByRole('status', { name: 'The namespaces are being read' })).toBeTruthy();
  });
});
