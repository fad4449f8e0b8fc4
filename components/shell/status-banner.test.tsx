// @vitest-environment jsdom
// Test of the banner while the console is out of reach: the alerts themselves cannot be loaded then, and the page must not break for it.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { StatusBanner } from './status-banner';

vi.mock('./notice-list', () => {
  throw new Error('ChunkLoadError');
});
vi.mock('../ui/use-now', () => ({ useNow: () => 5_000 }));
vi.mock('./session-context', () => ({ useSession: () => ({ status: 'known' }) }));
vi.mock('./shell-context', () => ({
  useStatus: () => ({
    kind: 'stale',
    atMs: 1_000,
    freshness: null,
    problem: { title: 'The console cannot be reached', detail: 'Nothing answered.', next: 'Look at the network.' },
  }),
}));

afterEach(cleanup);

it('says it in plain words where the alerts do not come', async () => {
  render(<StatusBanner />);
  const said = await screen.findByRole('alert');
  expect(said.textContent).toBe('The console cannot be reached. Nothing answered. Look at the network.');
});
