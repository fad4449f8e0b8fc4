// @vitest-environment jsdom
// Tests of the banner of changes that wait: only the reader's own, confirm from anywhere, gone when nothing waits, and failures said beside.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MeDocument } from '../../model/account';
import type { ChangeRecord } from '../../model/change';
import { sampleChange } from '../changes/sample-routing';
import { SessionProvider } from './session-context';
import { WaitingBanner } from './waiting-banner';

vi.mock('next/dynamic', async () => {
  const { createElement, lazy, Suspense } = await import('react');
  return {
    default: (load: () => Promise<ComponentType<object>>) => {
      const Part = lazy(async () => ({ default: await load() }));
      return (props: object) => createElement(Suspense, { fallback: null }, createElement(Part, props));
    },
  };
});

const me: MeDocument = {
  strategy: 'openid',
  user: { name: 'ada@example.com', groups: [] },
  endsAtMs: null,
  idleEndsAtMs: null,
  csrfToken: 'token',
  sees: 'all',
  isAdmin: false,
};
const soon = () => Date.now() + 252_000;

class Server {
  changes: readonly ChangeRecord[] = [];
  refused = false;
  readonly posted: string[] = [];
  readonly fetch: typeof fetch = (url, init) => {
    const path = url instanceof Request ? url.url : String(url);
    const answer = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));
    if (init?.method !== 'POST') return answer({ changes: this.changes });
    this.posted.push(path);
    if (this.refused) return answer({ title: 'Not allowed', detail: 'not yours', next: 'Ask.', code: 'forbidden' }, 403);
    const [first] = this.changes;
    this.changes = [];
    return answer({ ...first, state: 'kept' });
  };
}

function show(server: Server) {
  vi.stubGlobal('fetch', server.fetch);
  render(
    <SessionProvider onResume={() => undefined} fetch={() => Promise.resolve(new Response(JSON.stringify(me)))}>
      <WaitingBanner />
    </SessionProvider>,
  );
}

let server: Server;
beforeEach(() => {
  server = new Server();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const list = () => screen.findByRole('list', { name: 'Changes that wait for you' }, { timeout: 20_000 });

it('shows what waits for the reader, counts down, and lets it be confirmed', async () => {
  const mine = sampleChange({ id: 'mine', deadlineMs: soon() });
  const others = sampleChange({ id: 'other', by: { name: 'bo', subject: 'bo' } });
  server.changes = [mine, others, sampleChange({ id: 'kept', state: 'kept' })];
  show(server);
  const lines = within(await list()).getAllByRole('listitem');
  expect(lines).toHaveLength(1);
  expect(within(await list()).getByRole('timer').textContent).toMatch(/^4:1\d$/);
  fireEvent.click(screen.getByRole('button', { name: 'Confirm the change of reviews' }));
  await waitFor(() => expect(screen.queryByRole('list', { name: 'Changes that wait for you' })).toBeNull());
  expect(server.posted).toEqual(['/api/changes/mine/confirm']);
});

it('says beside the line what was refused', async () => {
  server.changes = [sampleChange({ deadlineMs: soon() })];
  server.refused = true;
  show(server);
  await list();
  fireEvent.click(screen.getByRole('button', { name: 'Revert the change of reviews now' }));
  expect((await screen.findByRole('alert')).textContent).toContain('not yours');
  expect(server.posted).toEqual(['/api/changes/c1/revert']);
});
