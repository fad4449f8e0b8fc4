// @vitest-environment jsdom
// Tests of the lists: filters and columns in the address, words for what is not healthy, partial sources, the keyboard, the empty states.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntityKind } from '../../model/entity';
import type { ListDocument, ListRow } from '../../model/list';
import type { SourceState } from '../../model/wire';
import type { JsonState } from '../ui/use-json';
import { ListPage } from './list-page';

const address = vi.hoisted(() => ({ query: '' }));
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(address.query) }));

beforeEach(() => {
  address.query = '';
  window.history.replaceState(null, '', '/workloads');
  window.localStorage.clear();
});
afterEach(cleanup);

const row = (name: string, more: Partial<ListRow> = {}): ListRow => ({
  cluster: 'one',
  namespace: 'shop',
  name,
  kind: 'Deployment',
  health: 'healthy',
  reason: null,
  reasonOf: null,
  inbound: [4, 1, 0, 0, 0],
  outbound: [0, 0, 0, 0, 2048],
  p95Ms: null,
  mtlsShare: 1,
  mode: 'sidecar',
  injection: 'istio-injection=enabled',
  unmeshedPods: 0,
  labels: { app: name },
  pods: { ready: 1, desired: 1 },
  versions: ['v1'],
  proxies: ['1.27.0'],
  refs: { count: 0, first: [] },
  findings: [0, 0, 0],
  known: true,
  ...more,
});
const ROWS = [
  row('cart'),
  row('till', {
    health: 'failure',
    reason: { kind: 'pods', workload: 'till', available: 0, desired: 2, status: 'failure' },
    pods: { ready: 0, desired: 2 },
    unmeshedPods: 1,
    findings: [1, 2, 0],
    refs: { count: 7, first: ['VirtualService/shop/till'] },
  }),
  row('gone', { namespace: 'pay', known: false, mode: null, pods: null }),
];
const LIVE: SourceState = { state: 'live', atMs: 1, cause: null, next: null };
const list = (more: Partial<ListDocument> = {}): ListDocument => ({
  kind: 'workload',
  atMs: 1,
  windowSeconds: 60,
  quantilesAtMs: null,
  rows: ROWS,
  freshness: { metrics: LIVE, cluster: LIVE },
  ...more,
});

function show(
  change: Partial<JsonState<ListDocument>> = {},
  more: { kind?: EntityKind; namespaces?: readonly string[]; absent?: readonly string[]; collects?: boolean } = {},
) {
  const state = { data: list(), problem: null, loading: false, receivedAtMs: 1, reload: vi.fn(), ...change };
  const told = { onOpen: vi.fn(), onAllNamespaces: vi.fn(), onCollectP95: vi.fn() };
  render(
    <ListPage
      kind={more.kind ?? 'workload'}
      state={state}
      namespaces={more.namespaces ?? []}
      absent={more.absent ?? []}
      windowQuery="duration=5m"
      collectsP95={more.collects ?? false}
      {...told}
    />,
  );
  return { state, ...told };
}
const names = (): readonly (string | null)[] =>
  screen.queryAllByRole('link', { name: /^(cart|till|gone)$/ }).map((link) => link.textContent);
const heads = (): readonly (string | null)[] => screen.getAllByRole('columnheader').map((head) => head.textContent.replace(/[▲▼]/g, ''));
const problem = { title: 'Not allowed', detail: 'You may not.', next: 'Ask.', status: 403, code: 'forbidden' as const };

describe('ListPage', () => {
  it('shows the worst first, why, and where each leads', () => {
    const { onOpen } = show();
    expect(names()[0]).toBe('till');
    const till = screen.getByRole('row', { name: /till/ });
    expect(within(till).getByText('till: 0 of 2 pods available.')).toBeTruthy();
    expect(within(till).getByText('Sidecar, 1 pod without')).toBeTruthy();
    expect(within(till).getByText('0/2')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'till' }).getAttribute('href')).toBe('/workloads/shop/till?duration=5m');
    expect(screen.getByText('3 workloads, 1 not healthy')).toBeTruthy();
    expect(screen.getByText('metrics only')).toBeTruthy();
    fireEvent.keyDown(till, { key: 'Enter' });
    expect(onOpen).toHaveBeenCalledWith('/workloads/shop/till?duration=5m');
  });

  it('reads filters, order and columns from the address', () => {
    address.query = 'text=app%3Dcart&order=name&columns=name,pods';
    show();
    expect(names()).toEqual(['cart']);
    expect(screen.getByText('1 of 3 workloads')).toBeTruthy();
    expect(heads()).toEqual(['Name', 'Pods']);
  });

  it('writes what is chosen into the address', () => {
    show();
    fireEvent.change(screen.getByRole('combobox', { name: 'Health' }), { target: { value: 'unhealthy' } });
    fireEvent.click(screen.getByRole('button', { name: 'Requests in' }));
    expect(window.location.search).toBe('?health=unhealthy&order=inbound.desc');
  });

  it('keeps the columns that were chosen', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: /Choose columns|Columns/ }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Reason' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Labels' }));
    expect(heads()).not.toContain('Reason');
    expect(heads()).toContain('Labels');
    expect(window.localStorage.getItem('heddle.columns.workload')).toContain('labels');
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Name' }).disabled).toBe(true);
    fireEvent.click(screen.getByRole('button', { name: 'Standard columns' }));
    expect(heads()).toContain('Reason');
  });

  it('says that the filters hide everything, and takes them away with the namespaces', () => {
    address.query = 'text=nothing';
    const { onAllNamespaces } = show({}, { namespaces: ['shop'] });
    expect(screen.getByRole('heading', { name: 'No workload passes the filters' })).toBeTruthy();
    window.history.replaceState(null, '', '/workloads?text=nothing&mode=none');
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
    expect(window.location.search).toBe('');
    expect(onAllNamespaces).toHaveBeenCalled();
    cleanup();
    show({ data: list({ rows: [] }) }, { namespaces: ['shpo'], absent: ['shpo'] });
    expect(screen.getByText(/There is no namespace shpo, or you may not see it\./)).toBeTruthy();
  });

  it('says when there is nothing, when it is being read, and when it may not be read', () => {
    show({ data: list({ rows: [] }) });
    expect(screen.getByRole('heading', { name: 'No workloads yet' })).toBeTruthy();
    cleanup();
    show({ data: null, loading: true });
    expect(screen.getByRole('status', { name: 'The workloads are being read' })).toBeTruthy();
    cleanup();
    show({ data: null, problem });
    expect(screen.getByText('Not allowed')).toBeTruthy();
    cleanup();
    show({ problem });
    expect(names()).toHaveLength(3);
    expect(screen.getByText(/Not allowed/)).toBeTruthy();
  });

  it('says what is missing while one of the sources is away', () => {
    const away: SourceState = { state: 'waiting', atMs: null, cause: 'Prometheus cannot be reached.', next: 'Wait.' };
    show({ data: list({ atMs: null, freshness: { metrics: away, cluster: LIVE } }) });
    expect(screen.getByText(/^No metrics: rates, errors and mTLS are not known/)).toBeTruthy();
    cleanup();
    show({ data: list({ freshness: { metrics: LIVE, cluster: { ...away, cause: 'The API server is away.' } } }) });
    expect(screen.getByText(/^The Kubernetes API says nothing: the list holds what the metrics know/)).toBeTruthy();
  });

  it('asks before it has quantiles collected', () => {
    const { onCollectP95 } = show();
    fireEvent.click(screen.getByRole('button', { name: 'Collect P95' }));
    expect(onCollectP95).toHaveBeenCalledWith(true);
    cleanup();
    const stopped = show({ data: list({ quantilesAtMs: 1 }) }, { collects: true });
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(stopped.onCollectP95).toHaveBeenCalledWith(false);
  });

  it('does not show the rows of another list', () => {
    show({ data: list({ kind: 'service' }) });
    expect(names()).toEqual([]);
  });
});
