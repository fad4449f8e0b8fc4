// @vitest-environment jsdom
// Tests of the list of configuration: filters in the address, counts in words, the keyboard, what is said when there is nothing to show.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConfigListDocument } from '../../model/steering';
import type { JsonState } from '../ui/use-json';
import { ConfigListPage } from './config-list-page';
import { sampleList, sampleRow } from './sample-config';

const address = vi.hoisted(() => ({ query: '' }));
vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams(address.query) }));

beforeEach(() => {
  address.query = '';
  window.history.replaceState(null, '', '/config');
});
afterEach(cleanup);

const rows = [
  sampleRow(),
  sampleRow({
    ref: { kind: 'DestinationRule', namespace: 'shop', name: 'cart' },
    findings: { error: 1, warning: 2, info: 0 },
    owner: 'Argo CD application shop',
    state: { word: 'Invalid', good: false },
  }),
];

function show(change: Partial<JsonState<ConfigListDocument>> = {}, namespaces: readonly string[] = []) {
  const state = { data: sampleList(rows), problem: null, loading: false, receivedAtMs: 1, reload: vi.fn(), ...change };
  const onOpen = vi.fn();
  const onAllNamespaces = vi.fn();
  render(
    <ConfigListPage
      state={state}
      namespaces={namespaces}
      absent={[]}
      known={['bookinfo', 'shop']}
      onOpen={onOpen}
      onAllNamespaces={onAllNamespaces}
    />,
  );
  return { state, onOpen, onAllNamespaces };
}
const names = (): readonly (string | null)[] => screen.queryAllByRole('link', { name: /^(reviews|cart)$/ }).map((link) => link.textContent);
const problem = {
  title: 'Not allowed',
  detail: 'You may not read it.',
  next: 'Ask an administrator.',
  status: 403,
  code: 'forbidden' as const,
};

describe('ConfigListPage', () => {
  it('shows what is wrong first, with counts in words, state and owner', () => {
    show();
    expect(names()).toEqual(['cart', 'reviews']);
    const row = screen.getByRole('row', { name: /cart/ });
    expect(row.textContent).toContain('1 error');
    expect(row.textContent).toContain('2 warnings');
    expect(row.textContent).toContain('Invalid');
    expect(row.textContent).toContain('Argo CD application shop');
    screen.getByText('2 objects, 1 with findings');
  });

  it('tells what is wrong with namespaces, services and workloads, of those that are chosen', () => {
    const entities = ['bookinfo', 'shop'].map((namespace) => ({
      code: 'KIA1313',
      severity: 'error' as const,
      entity: { kind: 'service' as const, namespace, name: 'web' },
      message: 'it asks for a waypoint that does not exist',
      consequence: 'requests reach the pods without it',
    }));
    show({ data: { ...sampleList(rows), entities } }, ['shop']);
    screen.getByText('1 finding on namespaces, services and workloads');
    expect(screen.getByText('Service shop/web').getAttribute('href')).toContain('/services/shop/web');
    expect(screen.queryByText('Service bookinfo/web')).toBeNull();
  });

  it('follows the address and the namespaces of the masthead, together', () => {
    address.query = 'kind=DestinationRule&findings=error&owner=Argo CD application shop&text=CART';
    show({}, ['shop']);
    expect(names()).toEqual(['cart']);
    screen.getByText('1 of 2 objects, 1 with findings');
  });

  it('writes a choice into the address', () => {
    show();
    fireEvent.change(screen.getByRole('combobox', { name: 'Findings' }), { target: { value: 'error' } });
    expect(window.location.search).toBe('?findings=error');
    fireEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(window.location.search).toBe('?findings=error&order=name');
  });

  it('opens a row by Enter', () => {
    const { onOpen } = show();
    fireEvent.keyDown(screen.getByRole('row', { name: /cart/ }), { key: 'Enter' });
    expect(onOpen).toHaveBeenCalledWith('/config/DestinationRule/shop/cart');
  });

  it('says what the filters hide, and clears them', () => {
    address.query = 'text=nothing';
    const { onAllNamespaces } = show({}, ['shop']);
    screen.getByText('No object passes the filters');
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filters' }));
    expect(onAllNamespaces).toHaveBeenCalled();
    expect(window.location.search).toBe('');
  });

  it('says that it reads, why it cannot, and keeps old rows beside a new failure', () => {
    show({ data: null, loading: true });
    screen.getByRole('status', { name: 'The configuration is being read' });
    cleanup();
    const { state } = show({ data: null, problem });
    expect(screen.getByRole('alert').textContent).toContain('You may not read it.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(state.reload).toHaveBeenCalled();
    cleanup();
    show({ problem });
    expect(names()).toHaveLength(2);
    screen.getByText('You may not read it.');
  });

  it('offers each kind that the cluster serves in a namespace, and says why another is not there', () => {
    show({}, ['shop']);
    fireEvent.click(screen.getByRole('button', { name: 'Create an object' }));
    const panel = screen.getByRole('dialog', { name: 'Create an object' });
    expect(
      within(panel)
        .getByRole('link', { name: /^VirtualService/ })
        .getAttribute('href'),
    ).toBe('/config/new?kind=VirtualService&in=shop');
    expect(within(panel).queryByRole('link', { name: /^TCPRoute/ })).toBeNull();
    expect(panel.textContent).toContain('the cluster does not serve tcproutes.gateway.networking.k8s.io');
    screen.getByText('1 kind cannot be shown');
  });

  it('draws only the rows in sight of a long list', () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      sampleRow({ ref: { kind: 'VirtualService', namespace: 'shop', name: `vs-${i}` } }),
    );
    show({ data: sampleList(many) });
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('5001');
    expect(screen.getAllByRole('row').length).toBeLessThan(80);
  });
});
