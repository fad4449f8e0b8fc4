// @vitest-environment jsdom
// Tests of the panel at depth: callers sort and fly, directions switch, hubs are told, configuration comes with findings, failures with words.
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GraphNode } from '../../model/graph';
import { DEFAULT_VIEW } from '../../model/wire';
import { sampleBox, sampleDocument, sampleEdge, sampleId, sampleNode, sampleTraffic } from '../graph/sample-graph';
import { GraphPanel } from './graph-panel';

const latency = (p95Ms: number) => ({ averageMs: 1, p50Ms: 1, p95Ms, p99Ms: 2 * p95Ms });
const box = sampleBox('shop');
const web = sampleNode('web', { parent: box.id });
const hub: Partial<GraphNode> = { hub: { edges: 40, requestsPerSecond: 80, errorsPerSecond: 8, tcpBytesPerSecond: 0 } };
const api = sampleNode('api', {
  kind: 'service',
  service: 'api',
  parent: box.id,
  inbound: sampleTraffic({ http: 12, httpErrors: 3, grpc: 5 }),
  outbound: sampleTraffic({ tcpBytes: 2048 }),
  hubPeers: [
    {
      id: sampleId('prometheus'),
      label: 'prometheus',
      direction: 'inbound',
      health: 'healthy',
      edges: 1,
      requestsPerSecond: 2,
      errorsPerSecond: 0,
      tcpBytesPerSecond: 0,
    },
  ],
});
const cart = sampleNode('cart');
const prometheus = sampleNode('prometheus', hub);
const document = sampleDocument({
  nodes: [web, api, cart, prometheus],
  boxes: [box],
  edges: [
    sampleEdge('web', 'api', { requestsPerSecond: 12, errorsPerSecond: 0, latency: latency(20) }),
    sampleEdge('cart', 'api', { requestsPerSecond: 5, errorsPerSecond: 3, latency: latency(90) }),
  ],
});

const ROUTING = {
  objects: [
    { ref: { kind: 'VirtualService', namespace: 'shop', name: 'api' }, effective: true, why: '', resourceVersion: '1' },
    { ref: { kind: 'VirtualService', namespace: 'shop', name: 'old' }, effective: false, why: 'api is older', resourceVersion: '1' },
  ],
  findings: [
    {
      code: 'HED1',
      severity: 'info',
      object: { kind: 'VirtualService', namespace: 'shop', name: 'old' },
      path: '',
      message: 'is not used',
    },
    {
      code: 'IST0101',
      severity: 'error',
      object: { kind: 'VirtualService', namespace: 'shop', name: 'api' },
      path: 'spec.http[0]',
      message: 'subset v3 is not defined',
    },
  ],
};
const CONFIG = {
  rows: [
    { ref: { kind: 'Sidecar', namespace: 'shop', name: 'all' }, findings: { error: 0, warning: 2, info: 0 } },
    { ref: { kind: 'Gateway', namespace: 'shop', name: 'in' }, findings: { error: 0, warning: 0, info: 1 } },
  ],
};

const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status }));
function serve(overrides: Readonly<Record<string, () => Promise<Response>>> = {}): void {
  vi.stubGlobal('fetch', (path: string) => {
    const own = Object.entries(overrides).find(([part]) => path.includes(part));
    if (own !== undefined) return own[1]();
    if (path.includes('/routing')) return answer(200, ROUTING);
    if (path.includes('/api/config')) return answer(200, CONFIG);
    if (path.includes('/charts')) return answer(200, { id: '', charts: [] });
    return answer(200, { id: '', atMs: 0, inbound: [], outbound: [], latency: null, principals: null });
  });
}

const onSelect = vi.fn();
const show = (selection: string | null) =>
  render(
    <GraphPanel
      document={document}
      view={DEFAULT_VIEW}
      selection={selection}
      refreshSeconds={0}
      onSelect={onSelect}
      onWantLatency={() => undefined}
      actions={null}
    />,
  );
afterEach(() => {
  cleanup();
  onSelect.mockReset();
  vi.unstubAllGlobals();
});
const namesIn = (table: HTMLElement): readonly string[] =>
  within(table)
    .getAllByRole('rowheader')
    .map((cell) => within(cell).getByRole('button').textContent);

describe('the panel of a node', () => {
  it('lists callers by rate, errors or latency; a name flies to the node, a rate to the edge', async () => {
    serve();
    show(api.id);
    const user = userEvent.setup();
    const table = screen.getByRole('table', { name: 'Callers' });
    expect(namesIn(table)).toEqual(['web', 'cart']);
    await user.click(within(table).getByRole('button', { name: 'Errors' }));
    expect(namesIn(table)).toEqual(['cart', 'web']);
    await user.click(within(table).getByRole('button', { name: /Rate/ }));
    await user.click(within(table).getByRole('button', { name: /P95/ }));
    expect(namesIn(table)).toEqual(['cart', 'web']);
    expect(within(table).getByRole('columnheader', { name: /P95/ }).getAttribute('aria-sort')).toBe('descending');
    await user.click(within(table).getByRole('button', { name: 'web' }));
    await user.click(within(table).getByRole('button', { name: /details of the http edge from cart/ }));
    expect(onSelect.mock.calls).toEqual([[web.id], [sampleEdge('cart', 'api').id]]);
  });

  it('shows one direction of its traffic at a time', async () => {
    serve();
    show(api.id);
    const inbound = screen.getByRole('table', { name: 'Traffic inbound' });
    expect(
      within(inbound)
        .getAllByRole('row')
        .slice(1)
        .map((row) => row.textContent.replaceAll('\u00a0', ' ')),
    ).toEqual(['HTTP12 rps25 %', 'gRPC5 rps0 %']);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Outbound' }));
    expect(screen.getByRole('table', { name: 'Traffic outbound' }).textContent).toContain('2\u00a0KiB/s');
  });

  it('brings the findings of what routes it, errors first, with links to the place', async () => {
    serve();
    show(api.id);
    expect(await screen.findByRole('heading', { name: 'Configuration: 2 findings' })).toBeDefined();
    const found = screen.getAllByText(/IST0101|HED1/).map((one) => one.textContent);
    expect(found).toEqual(['Error: IST0101', 'Remark: HED1']);
    const [place] = screen.getAllByRole('link', { name: 'VirtualService shop/api' });
    expect(place?.getAttribute('href')).toBe('/config/VirtualService/shop/api?at=spec.http%5B0%5D');
    expect(screen.getByText(/has no effect: api is older/)).toBeDefined();
    expect(screen.getByRole('link', { name: /Routing of api/ }).getAttribute('href')).toBe('/services/shop/api?tab=routing');
  });

  it('says why configuration is not there, and nothing where there is no service', async () => {
    const problem = { title: 'Not allowed', detail: 'shop is not yours', next: 'Ask.', code: 'forbidden', status: 403, type: '' };
    serve({ '/routing': () => answer(403, problem) });
    show(api.id);
    expect(await screen.findByText(/shop is not yours/)).toBeDefined();
    cleanup();
    serve({ '/routing': () => answer(404, { ...problem, code: 'notFound', status: 404 }) });
    show(api.id);
    await vi.waitFor(() => expect(screen.queryByRole('heading', { name: 'Configuration' })).toBeNull());
  });

  it('tells edges with folded hubs, and those of a hub', async () => {
    serve();
    show(api.id);
    const table = screen.getByRole('table', { name: 'Traffic with folded hubs' });
    await userEvent.setup().click(within(table).getByRole('button', { name: 'prometheus' }));
    expect(onSelect).toHaveBeenCalledWith(prometheus.id);
    cleanup();
    show(prometheus.id);
    expect(screen.getByText(/40 edges of it are told on the nodes at the other end/)).toBeDefined();
  });
});

describe('the panel of a namespace', () => {
  it('sums both directions and all of it, and names the objects with warnings', async () => {
    serve();
    show(box.id);
    expect(screen.getByRole('table', { name: 'Traffic inbound' }).textContent).toContain('60\u00a0%');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Total' }));
    expect(screen.getByRole('table', { name: 'Traffic total' }).textContent).toContain('17\u00a0rps');
    expect(await screen.findByRole('link', { name: '2 objects of shop' })).toBeDefined();
    expect(screen.getByRole('link', { name: 'Sidecar shop/all' })).toBeDefined();
    expect(screen.queryByRole('link', { name: 'Gateway shop/in' })).toBeNull();
  });
});

describe('the panel of the whole graph', () => {
  it('says what the drawn edges leave out', () => {
    serve();
    const places = { drawn: 10, folded: 5, hubs: 0, leftOut: 2, hidden: 0 };
    const shown = { nodes: 3, ofNodes: 9, edges: 2, ofEdges: 9, requestsPerSecond: places, tcpBytesPerSecond: places };
    render(
      <GraphPanel
        document={{ ...document, totals: { ...document.totals, shown } }}
        view={DEFAULT_VIEW}
        selection={null}
        refreshSeconds={0}
        onSelect={onSelect}
        onWantLatency={() => undefined}
        actions={null}
      />,
    );
    expect(screen.getByText(/Beside what is drawn: 5 rps inside of folded boxes, 2 rps on edges left out\./)).toBeDefined();
  });
});
