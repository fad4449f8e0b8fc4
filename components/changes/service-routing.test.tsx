// @vitest-environment jsdom
// Tests of steering on the screen: a draft from a moved weight that survives, view-only, review to apply, conflicts and refusals that lose nothing.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangeRecord, Preview } from '../../model/change';
import type { SessionState } from '../live/session-store';
import { sampleChange, sampleFinding, samplePreview, sampleRouting, sampleRule } from './sample-routing';
import { ServiceRouting } from './service-routing';

vi.mock('next/dynamic', async () => {
  const { createElement, lazy, Suspense } = await import('react');
  return {
    default: (load: () => Promise<ComponentType<object>>) => {
      const Part = lazy(async () => ({ default: await load() }));
      return (props: object) => createElement(Suspense, { fallback: null }, createElement(Part, props));
    },
  };
});

const session: SessionState = {
  status: 'open',
  me: {
    strategy: 'openid',
    user: { name: 'emil', groups: [] },
    endsAtMs: null,
    idleEndsAtMs: null,
    csrfToken: 'token',
    sees: 'some',
    isAdmin: false,
  },
  refused: false,
  problem: null,
};
/** The review is loaded on demand. */
const SLOW = { timeout: 20_000 };
const deed = (allowed: boolean) => ({
  deed: { verb: 'update', group: 'networking.istio.io', resource: 'virtualservices', namespace: 'bookinfo' },
  allowed,
});

class Server {
  routing: unknown = sampleRouting();
  preview: Preview = samplePreview();
  mayWrite = true;
  changes: readonly ChangeRecord[] = [];
  applied: { readonly status: number; readonly body: unknown } = { status: 200, body: sampleChange() };
  readonly sent: { readonly path: string; readonly body: unknown; readonly csrf: string | null }[] = [];

  readonly fetch: typeof fetch = (url, init) => {
    const path = new URL(url instanceof Request ? url.url : url, 'http://console.invalid').pathname;
    const answer = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));
    if (init?.method === 'POST') {
      const text = typeof init.body === 'string' ? init.body : 'null';
      this.sent.push({ path, body: JSON.parse(text) as unknown, csrf: new Headers(init.headers).get('x-heddle-csrf') });
      return path === '/api/changes/preview' ? answer(this.preview) : answer(this.applied.body, this.applied.status);
    }
    if (path === '/api/changes') return answer({ changes: this.changes });
    if (path === '/api/access') return answer({ namespace: 'bookinfo', sees: true, deeds: [deed(this.mayWrite)], request: null });
    return answer(this.routing);
  };
}

const show = (server: Server) =>
  render(
    <ServiceRouting
      session={session}
      entity={{ kind: 'service', namespace: 'bookinfo', name: 'reviews' }}
      refreshSeconds={0}
      refreshCount={0}
      fetch={server.fetch}
    />,
  );
const moveV2 = async (value: number): Promise<void> => {
  fireEvent.change(await screen.findByLabelText('Weight of v2'), { target: { value: String(value) } });
  // The draft is heard of through this browser's storage.
  await screen.findByRole('region', { name: 'Draft' });
};
const review = async (): Promise<HTMLElement> => {
  fireEvent.click(await screen.findByRole('button', { name: 'Review…' }));
  const dialog = await screen.findByRole('dialog', {}, SLOW);
  await within(dialog).findByText('rule 1: v1 100 → 80, v2 0 → 20', {}, SLOW);
  return dialog;
};
const toApply = (dialog: HTMLElement): void => {
  fireEvent.click(within(dialog).getByRole('tab', { name: /Apply/ }));
};

beforeEach(() => {
  window.localStorage.clear();
});
afterEach(cleanup);

describe('the draft', () => {
  it('links the weights, predicts at once, asks for a plan and survives a reload', async () => {
    const server = new Server();
    const { unmount } = show(server);
    await moveV2(20);
    expect(screen.getByLabelText<HTMLInputElement>('Weight of v1').value).toBe('80');
    expect(screen.getByText(/80 % to v1, 20 % to v2/)).toBeTruthy();
    expect(within(screen.getByRole('group', { name: 'Weights of rule 1' })).getByText(/^2\srps$/)).toBeTruthy();
    await waitFor(() => expect(server.sent.map(({ path }) => path)).toEqual(['/api/changes/preview']));
    expect(server.sent[0]).toMatchObject({ csrf: 'token', body: { edits: [{ type: 'weights' }] } });
    unmount();
    show(server);
    expect(await screen.findByRole('button', { name: 'Draft: 1 edit' })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Weight of v2').value).toBe('20');
  });

  it('is discarded only when it is said twice', async () => {
    show(new Server());
    await moveV2(20);
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }));
    fireEvent.click(screen.getByRole('button', { name: 'Discard 1 edit' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Draft' })).toBeNull());
    expect(screen.getByLabelText<HTMLInputElement>('Weight of v2').value).toBe('0');
  });

  it('starts from what Kubernetes does where there is no rule', async () => {
    const server = new Server();
    server.routing = sampleRouting({ objects: [], rules: [] });
    show(server);
    fireEvent.click(await screen.findByRole('button', { name: 'Split by version' }));
    await waitFor(() => expect(server.sent).toHaveLength(1));
    expect(server.sent[0]?.body).toMatchObject({
      edits: [
        { type: 'subsets', subsets: [{ name: 'v3', labels: { version: 'v3' } }] },
        { type: 'weights', rule: { object: null }, destinations: [{ weight: 34 }, { weight: 33 }, { weight: 33 }] },
      ],
    });
  });
});

it('shows everything and offers nothing to whoever may only look', async () => {
  const server = new Server();
  server.mayWrite = false;
  server.routing = sampleRouting({ rules: [sampleRule(0, { timeoutMs: 2000 })] });
  show(server);
  expect(await screen.findByText(/You may look at the routing in bookinfo/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Weight of v2').disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Add a rule' })).toBeNull();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Timeout 2 s' }).disabled).toBe(true);
});

describe('the review', () => {
  it('walks from plan to apply, sends the digest that was shown, and drops the draft', async () => {
    const server = new Server();
    show(server);
    await moveV2(20);
    const dialog = await review();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Next: Findings' }));
    fireEvent.click(within(dialog).getByRole('button', { name: 'Next: Effect' }));
    expect(within(dialog).getByRole('rowheader', { name: /productpage-v1/ })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Next: Apply' }));
    fireEvent.change(within(dialog).getByLabelText(/^Why/), { target: { value: 'canary' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(server.sent.at(-1)).toMatchObject({
      path: '/api/changes',
      body: {
        digest: 'abc',
        reason: 'canary',
        override: null,
        confirm: { revertAfterSeconds: 300, guard: { errorPercentPoints: 5, latencyFactor: 2 } },
      },
    });
    expect(screen.queryByRole('region', { name: 'Draft' })).toBeNull();
  });

  it('does not apply an error that nobody accepted, and takes a fix into the draft', async () => {
    const server = new Server();
    server.preview = samplePreview({ findings: [{ finding: sampleFinding(), origin: 'new' }] });
    show(server);
    await moveV2(20);
    const dialog = await review();
    toApply(dialog);
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(true);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Go there' }));
    fireEvent.click(within(dialog).getByRole('checkbox', { name: /Accept it/ }));
    toApply(dialog);
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(false);
    fireEvent.click(within(dialog).getByRole('tab', { name: /Findings/ }));
    fireEvent.click(within(dialog).getByRole('button', { name: 'Add subset v3 with version: v3' }));
    await waitFor(() =>
      expect(server.sent.at(-1)).toMatchObject({
        path: '/api/changes/preview',
        body: { edits: [{ type: 'weights' }, { type: 'subsets' }] },
      }),
    );
  });

  it('asks for a reason to write what somebody else owns', async () => {
    const server = new Server();
    server.preview = samplePreview({
      ownership: [
        {
          ref: { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
          owner: 'argocd',
          name: 'Argo CD application shop',
          paths: [],
          consequence: 'Argo CD sets it back at its next sync',
          locked: true,
        },
      ],
    });
    show(server);
    await moveV2(20);
    const dialog = await review();
    toApply(dialog);
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Apply' }).disabled).toBe(true);
    fireEvent.click(within(dialog).getByRole('tab', { name: /Plan/ }));
    fireEvent.change(within(dialog).getByLabelText('Edit anyway, because'), { target: { value: 'incident' } });
    toApply(dialog);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(server.sent.at(-1)).toMatchObject({ path: '/api/changes', body: { override: 'incident' } }));
  });

  it('shows what somebody else changed meanwhile, on a plan made anew, with the draft kept', async () => {
    const server = new Server();
    server.applied = {
      status: 409,
      body: { title: 'Somebody else changed it', detail: 'reviews has another version', next: 'Plan again.', code: 'conflict' },
    };
    show(server);
    await moveV2(20);
    const dialog = await review();
    toApply(dialog);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
    expect(await within(dialog).findByText(/Your draft is kept/)).toBeTruthy();
    const [step] = samplePreview().plan.steps;
    if (step?.before == null) throw new Error('no step');
    const theirs = { ...step.before, spec: { ...step.before.spec, exportTo: ['.'] } };
    server.preview = samplePreview({ plan: { steps: [{ ...step, before: theirs }], digest: 'new' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Plan again' }));
    expect(await within(dialog).findByText(/since you looked/)).toBeTruthy();
    server.applied = { status: 200, body: sampleChange() };
    toApply(dialog);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(server.sent.at(-1)).toMatchObject({ body: { digest: 'new' } });
  });

  it('says what to ask for when the server refuses, with the draft kept', async () => {
    const server = new Server();
    server.applied = { status: 403, body: { title: 'Not allowed', detail: 'no', next: 'Ask.', code: 'forbidden' } };
    show(server);
    await moveV2(20);
    const dialog = await review();
    toApply(dialog);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
    expect(await within(dialog).findByText('Not allowed', { exact: false })).toBeTruthy();
    expect(within(dialog).getByRole('link', { name: 'Your account' })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Back to the draft' }));
    expect(await screen.findByRole('button', { name: 'Draft: 1 edit' })).toBeTruthy();
  });
});

describe('a service without rules', () => {
  const bare = (): Server => {
    const server = new Server();
    server.routing = sampleRouting({ objects: [], rules: [] });
    return server;
  };

  it('chooses the API that keeps the first rule', async () => {
    const server = bare();
    show(server);
    fireEvent.click(await screen.findByRole('radio', { name: /HTTPRoute/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Start a route' }));
    await waitFor(() => expect(server.sent).toHaveLength(1));
    expect(server.sent[0]?.body).toMatchObject({
      edits: [{ type: 'weights', rule: { object: null, as: 'HTTPRoute' }, destinations: [{ subset: null, port: 9080 }] }],
    });
    expect(screen.getByText('A new HTTPRoute, made by the draft')).toBeTruthy();
    // The Gateway API injects no faults.
    expect(screen.queryByRole('button', { name: 'Fault' })).toBeNull();
  });

  it('asks which of several ports an HTTPRoute is for', async () => {
    const server = bare();
    const ports = [
      { name: 'tcp-admin', port: 9000, protocol: 'TCP' },
      { name: 'http', port: 9080, protocol: 'HTTP' },
      { name: 'grpc', port: 9090, protocol: 'GRPC' },
    ];
    server.routing = sampleRouting({ objects: [], rules: [], ports });
    show(server);
    fireEvent.click(await screen.findByRole('radio', { name: /HTTPRoute/ }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Port that the route is for' }), { target: { value: '9090' } });
    fireEvent.click(screen.getByRole('button', { name: 'Start a route' }));
    await waitFor(() => expect(server.sent).toHaveLength(1));
    expect(server.sent[0]?.body).toMatchObject({
      edits: [{ rule: { as: 'HTTPRoute', list: 'http', port: 9090 }, destinations: [{ port: 9090 }] }],
    });
  });

  it('says why an HTTPRoute cannot keep rules of a service that speaks no HTTP', async () => {
    const server = bare();
    server.routing = sampleRouting({ objects: [], rules: [], ports: [{ name: 'tcp', port: 9000, protocol: 'TCP' }] });
    show(server);
    expect((await screen.findByRole<HTMLInputElement>('radio', { name: /HTTPRoute/ })).disabled).toBe(true);
    expect(screen.getByText(/the service speaks no HTTP/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'New HTTPRoute as YAML' }).getAttribute('href')).toBe('/config/new?kind=HTTPRoute&in=bookinfo');
  });

  it('shows the rule that takes the rest beside a first rule with conditions', async () => {
    const server = bare();
    show(server);
    fireEvent.click(await screen.findByRole('button', { name: 'Add a rule with conditions' }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Path of block 1: condition' }), { target: { value: 'prefix' } });
    fireEvent.change(screen.getByRole('textbox', { name: 'Path of block 1: value' }), { target: { value: '/beta' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add to the draft' }));
    expect(await screen.findByText('path starts with /beta')).toBeTruthy();
    expect(screen.getByText('every request')).toBeTruthy();
  });
});

it('leads from what the forms cannot hold to its place in the YAML, and says why APIs are not mixed', async () => {
  const server = new Server();
  server.routing = sampleRouting({
    rules: [sampleRule(0, { matches: null, raw: { match: [{ withoutHeaders: { debug: {} } }], route: [] } })],
  });
  show(server);
  const back = '&back=%2Fservices%2Fbookinfo%2Freviews%3Ftab%3Drouting';
  const at = (path: string): string => `/config/VirtualService/bookinfo/reviews?at=${encodeURIComponent(path)}${back}`;
  const link = await screen.findByRole('link', { name: 'match[0].withoutHeaders' });
  expect(link.getAttribute('href')).toBe(at('spec.http[0].match[0].withoutHeaders'));
  expect(screen.getByRole('link', { name: /^Conditions/ }).getAttribute('href')).toBe(at('spec.http[0].match'));
  expect(screen.getByText(/an HTTPRoute beside it is not offered/)).toBeTruthy();
});
