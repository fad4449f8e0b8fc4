// @vitest-environment jsdom
// Tests of the export menu: files are named and given to the browser, everything unfolded is asked for, failures stand there in words.
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GraphDocument } from '../../model/wire';
import { sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';
import { DEFAULT_SCREEN } from '../live/screen-url';
import { ExportMenu } from './export-menu';

const AT_MS = 1_700_000_000_000;
const DOCUMENT = sampleDocument({ nodes: [sampleNode('web'), sampleNode('api')], edges: [sampleEdge('web', 'api')], atMs: AT_MS });

let saved: { name: string; content: Blob }[] = [];
beforeEach(() => {
  saved = [];
  const blobs: Blob[] = [];
  vi.stubGlobal(
    'URL',
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => `blob:${blobs.push(blob) - 1}`,
      revokeObjectURL: () => undefined,
    }),
  );
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    const content = blobs[Number(this.href.replace('blob:', ''))];
    if (content !== undefined) saved.push({ name: this.download, content });
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function open(document: GraphDocument | null): Promise<ReturnType<typeof userEvent.setup>> {
  const user = userEvent.setup();
  render(<ExportMenu document={document} screen={DEFAULT_SCREEN} picture={() => null} narrow={false} />);
  await user.click(screen.getByRole('button', { name: 'Export the graph' }));
  return user;
}
const textOf = (content: Blob | undefined): Promise<string> =>
  new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.readAsText(content ?? new Blob());
  });

describe('ExportMenu', () => {
  it('saves each text form under a name of view and instant', async () => {
    const user = await open(DOCUMENT);
    for (const [label, ending] of [
      ['SVG', '.svg'],
      ['CSV of the edges', '.edges.csv'],
      ['Graphviz DOT', '.dot'],
      ['Mermaid', '.mmd'],
    ] as const) {
      await user.click(screen.getByRole('button', { name: label }));
      await waitFor(() => expect(saved.at(-1)?.name).toBe(`heddle-versionedApp-all-namespaces-1m-20231114T221320Z${ending}`));
      expect(await textOf(saved.at(-1)?.content)).toContain('web');
      expect(screen.getAllByRole('status').at(-1)?.textContent).toContain('Saved as');
    }
    expect(await textOf(saved[0]?.content)).toContain('/graph?at=1700000000');
  });

  it('asks for everything, at the same instant, when it is to be unfolded', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (path: string) => {
      asked.push(path);
      return Promise.resolve(new Response(JSON.stringify({ ...DOCUMENT, nodes: [sampleNode('unfolded')], edges: [] })));
    });
    const user = await open({ ...DOCUMENT, folded: true });
    await user.click(screen.getByRole('checkbox', { name: /Everything, unfolded/ }));
    await user.click(screen.getByRole('button', { name: 'SVG' }));
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(asked).toEqual(['/api/graph?at=1700000000']);
    expect(await textOf(saved[0]?.content)).toContain('unfolded');
  });

  it('says in words why nothing was saved', async () => {
    const problem = { title: 'Not allowed', detail: 'you may not see it', next: 'Ask.', code: 'forbidden', status: 403, type: '' };
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(problem), { status: 403 })));
    const user = await open({ ...DOCUMENT, folded: true });
    await user.click(screen.getByRole('checkbox', { name: /Everything, unfolded/ }));
    await user.click(screen.getByRole('button', { name: 'JSON' }));
    await waitFor(() =>
      expect(screen.getAllByRole('status').at(-1)?.textContent).toContain('Nothing was saved. Not allowed: you may not see it'),
    );
    expect(saved).toEqual([]);
  });

  it('says that there is nothing to save before there is a graph', async () => {
    await open(null);
    expect(screen.getByText(/There is no graph yet/)).toBeDefined();
  });
});
