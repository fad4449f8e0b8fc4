// @vitest-environment jsdom
// The states of the logs of something: no pods, not allowed, not there, live with lines, an access log in words.
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogPodsDocument } from '../../model/log';
import type { SessionState } from '../live/session-store';
import { LogsTab } from './logs-tab';

vi.mock('next/navigation', () => ({ useSearchParams: () => new URLSearchParams() }));

const SESSION: SessionState = {
  status: 'open',
  refused: false,
  problem: null,
  me: {
    strategy: 'header',
    user: { name: 'ann@example.com', groups: [] },
    endsAtMs: null,
    idleEndsAtMs: null,
    csrfToken: null,
    sees: 'some',
    isAdmin: false,
  },
};
const PODS: LogPodsDocument = {
  namespace: 'shop',
  left: 0,
  allowed: true,
  pods: [
    {
      ...{ name: 'web-0', workload: 'web', version: 'v1', phase: 'Running', ready: true, restarts: 0 },
      containers: [
        { name: 'app', role: 'app', restarted: false },
        { name: 'istio-proxy', role: 'proxy', restarted: false },
      ],
    },
  ],
};
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string, detail: string): Response =>
  json({ type: `/problems/${code}`, title: 'Refused', status, code, detail, next: 'Ask.' }, status);
const event = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
const ACCESS =
  '[2026-11-28T05:00:01.000Z] "GET /reviews/0 HTTP/1.1" 503 UH no_healthy_upstream - "-" 0 19 0 - "-" "curl" "1f0d" "reviews:9080" "-" outbound|9080|v2|reviews.shop.svc.cluster.local - 10.96.1.1:9080 10.1.0.5:44402 - default';

function show(pods: Response, stream?: Response): readonly string[] {
  const asked: string[] = [];
  const answer = (url: RequestInfo | URL): Promise<Response> => {
    const path = String(url instanceof Request ? url.url : url);
    asked.push(path);
    if (path.includes('/stream')) return Promise.resolve(stream ?? problem(403, 'forbidden', 'you may not get pods/log in namespace shop'));
    return Promise.resolve(pods.clone());
  };
  render(
    <LogsTab
      entity={{ kind: 'workload', namespace: 'shop', name: 'web' }}
      session={SESSION}
      refreshSeconds={10}
      refreshCount={0}
      fetch={answer}
    />,
  );
  return asked;
}
afterEach(cleanup);

describe('logs', () => {
  it('of nothing say that nothing runs', async () => {
    show(json({ ...PODS, pods: [] }));
    expect(await screen.findByText('No pods')).toBeDefined();
  });

  it.each([
    ['by roles', () => show(json({ ...PODS, allowed: false }))],
    ['by the API server', () => show(json({ ...PODS, allowed: null }))],
  ])('that may not be read %s name the right, and the Role that has it', async (_by, open) => {
    open();
    const said = await screen.findByText('You may not read logs here', { exact: false });
    expect(said).toBeDefined();
    const role = screen.getByText(/kind: RoleBinding/).textContent;
    expect(role).toContain('resources: [pods/log]');
    expect(role).toContain('namespace: shop');
    expect(role).toContain('name: "ann@example.com"');
  });

  it('of what is not there say so', async () => {
    show(problem(404, 'notFound', 'there is no workload web in namespace shop'));
    expect(await screen.findByText(/there is no workload web/i)).toBeDefined();
  });

  it('are followed, and a request is told in words', async () => {
    const rows = [
      [0, '2026-11-28T05:00:00.000000000Z', 'ERROR it broke'],
      [0, '2026-11-28T05:00:00.500000000Z', null, 12],
      [1, '2026-11-28T05:00:01.000000000Z', ACCESS],
    ];
    const text =
      event('sources', { sources: [] }) +
      event('lines', { rows }) +
      event('state', { report: { source: 0, state: 'waiting', detail: 'CrashLoopBackOff' } });
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) });
    const asked = show(json(PODS), new Response(body));
    const line = await screen.findByText(/GET \/reviews\/0/);
    expect(asked.some((path) => path.includes('source=web-0%2Fapp&source=web-0%2Fistio-proxy'))).toBe(true);
    expect(screen.getByText('ERROR')).toBeDefined();
    expect(screen.getByText(/12 lines were skipped here/)).toBeDefined();
    expect(screen.getByText('503 UH').title).toBe('Service unavailable; No healthy upstream');
    expect(screen.getByText(/has not started yet/)).toBeDefined();
    expect(screen.getByText('Live')).toBeDefined();
    fireEvent.click(line);
    const details = await screen.findByRole('region', { name: 'The chosen line' });
    expect(within(details).getByText(/UH: No healthy upstream/)).toBeDefined();
    expect(within(details).getByText(/subset v2 of its DestinationRule/)).toBeDefined();
    fireEvent.keyDown(details, { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'The chosen line' })).toBeNull();
  });
});
