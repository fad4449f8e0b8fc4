// @vitest-environment jsdom
// The metrics of a page: what is drawn, what is said in a line, what is missing or failed, what the address keeps, who may explore a query.
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useSyncExternalStore } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeDocument } from '../../model/account';
import type { MetricChart, MetricsDocument } from '../../model/entity-metrics';
import type { SessionState } from '../live/session-store';
import { MetricsTab } from './metrics-tab';
import { encodeMetricsChoice, readMetricsChoice } from './use-metrics-address';

vi.mock('next/navigation', () => ({
  useSearchParams: () =>
    new URLSearchParams(
      useSyncExternalStore(
        (changed) => {
          window.addEventListener('address', changed);
          return () => window.removeEventListener('address', changed);
        },
        () => window.location.search,
      ),
    ),
}));

const replace = window.history.replaceState.bind(window.history);
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = (): void => undefined;
      unobserve = (): void => undefined;
      disconnect = (): void => undefined;
    },
  );
  replace(null, '', '/workloads/shop/web?tab=metrics');
  vi.spyOn(window.history, 'replaceState').mockImplementation((data, unused, url) => {
    replace(data, unused, url);
    window.dispatchEvent(new Event('address'));
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const ENTITY = { kind: 'workload', namespace: 'shop', name: 'web' } as const;
const line = (name: string, value: number) => ({
  ...({ target: 'rate', kind: 'group', name, labels: { name } } as const),
  points: [
    [1_700_000_000, value],
    [1_700_000_015, value],
  ] as const,
});
const chart = (id: MetricChart['id'], title: string, more: Partial<MetricChart>): MetricChart => ({
  ...{ id, title, family: 'requests', unit: 'reqps', about: null, series: [], restGroups: 0, unsplit: [], missing: [], problem: null },
  queries: [{ target: 'rate', promql: `sum(${id})` }],
  fix: 'Look for an override.',
  ...more,
});
const PROBLEM = {
  type: '',
  title: 'Prometheus did not answer in time',
  status: 504,
  code: 'metricsTimeout',
  detail: 'no answer',
  next: 'Try later.',
} as const;
const documentOf = (value: number): MetricsDocument => ({
  entity: ENTITY,
  direction: 'inbound',
  ...{ fromSeconds: 1_700_000_000, toSeconds: 1_700_000_015, stepSeconds: 15, rateSeconds: 60 },
  charts: [
    chart('requests', 'Request volume', { series: [line('v1', value), line('v2', 1)], restGroups: 3, unsplit: ['mtls'] }),
    chart('duration', 'Request duration', { problem: PROBLEM }),
    chart('messagesSent', 'gRPC messages sent', { family: 'messages', missing: ['istio_response_messages_total'] }),
    chart('tcpOpened', 'TCP connections opened', { family: 'tcp' }),
    chart('tcpSent', 'TCP sent', { family: 'tcp', series: [line('sent', 5)] }),
  ],
  notes: ['A note.'],
  grafana: { href: 'https://grafana.example.com/d/x', variables: { workload: ['web'] } },
});

const ME: MeDocument = {
  strategy: 'anonymous',
  user: null,
  endsAtMs: null,
  idleEndsAtMs: null,
  csrfToken: null,
  sees: 'all',
  isAdmin: true,
};
const session = (sees: MeDocument['sees']): SessionState => ({ status: 'open', me: { ...ME, sees }, refused: false, problem: null });

function show(sees: MeDocument['sees'] = 'all', answer?: (url: URL) => Response) {
  const asked: URL[] = [];
  const ask = (input: RequestInfo | URL): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input, 'http://console.example.com');
    asked.push(url);
    if (url.pathname === '/api/changes') return Promise.resolve(Response.json({ changes: [], next: null }));
    // What was before is half of it.
    return Promise.resolve(answer?.(url) ?? Response.json(documentOf(url.searchParams.has('at') ? 5 : 10)));
  };
  render(<MetricsTab entity={ENTITY} session={session(sees)} refreshSeconds={0} refreshCount={0} fetch={ask} />);
  return asked;
}

describe('the metrics of a page', () => {
  it('draws what has values, says in a line what has none, and names what is missing', async () => {
    const asked = show();
    const volume = await screen.findByRole('region', { name: 'Inbound: Request volume' });
    expect(within(volume).getByRole('img').getAttribute('aria-label')).toContain('v1: now');
    expect(within(volume).getByText('2 of 5 groups drawn each')).toBeTruthy();
    expect(within(volume).getByText(/Not told apart by mutual TLS/)).toBeTruthy();
    const inbound = screen.getByRole('region', { name: 'Inbound' });
    expect(within(inbound).getByText('No gRPC messages in this range.')).toBeTruthy();
    expect(within(inbound).getByText('Nothing in this range: TCP connections opened.')).toBeTruthy();
    expect(within(inbound).getByText(/no series of istio_response_messages_total\. Look for an override/)).toBeTruthy();
    // One chart that failed takes nothing from the others.
    expect(within(screen.getByRole('region', { name: 'Inbound: Request duration' })).getByText('Try later.')).toBeTruthy();
    expect(within(inbound).getByRole('link', { name: 'Open in Grafana' }).getAttribute('href')).toContain('var-workload=web');
    expect(await screen.findByRole('region', { name: 'Outbound: Request volume' })).toBeTruthy();
    expect(asked.filter(({ pathname }) => pathname === '/api/metrics/workloads/shop/web').map(({ search }) => search)).toEqual([
      '',
      '?direction=outbound',
    ]);
  });

  it('keeps direction, groupings and comparison in the address, beside the tab', async () => {
    const user = userEvent.setup();
    const asked = show();
    await screen.findByRole('region', { name: 'Inbound: Request volume' });
    await user.click(screen.getByRole('button', { name: 'Inbound' }));
    await user.click(screen.getByRole('button', { name: /^Group by/ }));
    await user.click(screen.getByRole('checkbox', { name: 'Peer workload' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Compare' }), 'With the day before');
    expect(window.location.search).toBe('?tab=metrics&by=peerWorkload&direction=inbound&compare=86400');
    expect(screen.queryByRole('region', { name: 'Outbound' })).toBeNull();
    const volume = screen.getByRole('region', { name: 'Inbound: Request volume' });
    const said = await within(volume).findByText(/Means, compared with 1 day before/);
    expect(said.textContent.replaceAll('\u00a0', ' ')).toContain('v1: 10 rps, 5 rps before: 100 % more.');
    expect(asked.at(-1)?.searchParams.get('by')).toBe('peerWorkload');
  });

  it('leads to the explorer only who may ask PromQL', async () => {
    const user = userEvent.setup();
    for (const [sees, links] of [
      ['all', 1],
      ['some', 0],
    ] as const) {
      show(sees);
      const volume = await screen.findByRole('region', { name: 'Inbound: Request volume' });
      await user.click(within(volume).getByRole('button', { name: 'Show PromQL' }));
      expect(within(volume).getByText('sum(requests)')).toBeTruthy();
      expect(within(volume).queryAllByRole('link', { name: 'Explore this query' })).toHaveLength(links);
      cleanup();
    }
  });

  it('says what could not be read, on what, and what to do', async () => {
    replace(null, '', '/workloads/shop/web?tab=metrics&direction=inbound&by=nothing');
    show('all', () => Response.json(PROBLEM, { status: 504, headers: { 'content-type': 'application/problem+json' } }));
    expect(await screen.findByRole('heading', { name: /Prometheus did not answer in time/ })).toBeTruthy();
    expect(screen.getByText(/"nothing", which is not known/)).toBeTruthy();
  });
});

it('an address is read as it was written', () => {
  const text =
    'reporter=source&by=version%2Ccode&statistics=p95&top=10&range=3h&at=1700000000&direction=outbound&compare=period&chart=outbound%2Fduration';
  const { choice, problem } = readMetricsChoice(text);
  expect(problem).toBeNull();
  expect(encodeMetricsChoice(choice).toString()).toBe(text);
  expect(encodeMetricsChoice(readMetricsChoice('tab=metrics').choice).toString()).toBe('');
});
