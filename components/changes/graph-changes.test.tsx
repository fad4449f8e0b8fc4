// @vitest-environment jsdom
// The journal beside the graph: asks for what is shown, links to its entries, and takes no room where there are none.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { GraphChanges } from './graph-changes';
import { sampleChange } from './sample-routing';

afterEach(cleanup);

function answering(changes: readonly unknown[]) {
  const asked: string[] = [];
  const fetch = (input: RequestInfo | URL): Promise<Response> => {
    asked.push(String(input instanceof Request ? input.url : input));
    return Promise.resolve(new Response(JSON.stringify({ changes }), { headers: { 'content-type': 'application/json' } }));
  };
  return { asked, fetch };
}

describe('GraphChanges', () => {
  it('shows the latest changes of a host with links into the journal', async () => {
    const { asked, fetch } = answering([sampleChange({ id: 'c-1', reason: 'try v2' })]);
    render(<GraphChanges host="reviews.bookinfo.svc.cluster.local" namespaces={['bookinfo']} fetch={fetch} />);
    const link = await screen.findByRole('link');
    expect(link.getAttribute('href')).toBe('/changes?entry=c-1');
    expect(screen.getByRole('heading', { name: 'Latest changes' })).toBeDefined();
    expect(asked[0]).toContain('host=reviews.bookinfo.svc.cluster.local');
    expect(asked[0]).not.toContain('namespace=');
  });

  it('asks for one namespace, or for everything', async () => {
    const one = answering([sampleChange({ id: 'c-2' })]);
    const { unmount } = render(<GraphChanges host={null} namespaces={['bookinfo']} fetch={one.fetch} />);
    await screen.findByRole('link');
    expect(one.asked[0]).toContain('namespace=bookinfo');
    unmount();
    const all = answering([sampleChange({ id: 'c-3' })]);
    render(<GraphChanges host={null} namespaces={[]} fetch={all.fetch} />);
    await screen.findByRole('link');
    expect(all.asked[0]).not.toContain('namespace=');
  });
});
