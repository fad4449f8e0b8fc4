// @vitest-environment jsdom
// Tests of what is hidden by permissions: said in the panel with the way to more, named alike in table and canvas, never asked for.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GraphNode } from '../../model/graph';
import { nodeId } from '../../model/ids';
import { DEFAULT_VIEW, type GraphDocument } from '../../model/wire';
import { KIND_GLYPHS } from '../graph/canvas/glyphs';
import { wordNode as wordOnCanvas } from '../graph/canvas/words';
import { nodeSize } from '../graph/layout/node-size';
import { GraphLegend } from '../graph/legend';
import { sampleDocument, sampleEdge, sampleId, sampleNode } from '../graph/sample-graph';
import { GraphTables } from '../tables/graph-tables';
import { wordKind, wordNode } from '../ui/node-words';
import { GraphPanel } from './graph-panel';

const hidden = (side: 'callers' | 'callees', label: string, members: number): GraphNode =>
  sampleNode(side, {
    id: nodeId('hidden', side),
    kind: 'hidden',
    label,
    cluster: 'unknown',
    namespace: 'unknown',
    workload: null,
    app: null,
    workloadKind: null,
    mode: null,
    health: { status: 'na', reasons: [] },
    members,
  });
const callers = hidden('callers', '1 hidden caller', 1);
const callees = hidden('callees', '3 hidden callees', 3);
const inEdge = { ...sampleEdge('x', 'cart'), source: callers.id, id: sampleEdge('x', 'cart').id };
const outEdge = { ...sampleEdge('cart', 'y'), target: callees.id };
const document: GraphDocument = sampleDocument({ nodes: [callers, sampleNode('cart'), callees], edges: [inEdge, outEdge] });

const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return new Promise(() => undefined);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const select = (id: string) =>
  render(
    <GraphPanel
      document={document}
      view={DEFAULT_VIEW}
      selection={id}
      refreshSeconds={0}
      onSelect={vi.fn()}
      onWantLatency={vi.fn()}
      actions={null}
    />,
  );

describe('the panel', () => {
  it.each([
    [callers.id, '1 hidden caller', 'A workload in a namespace that you may not see calls what you see.'],
    [callees.id, '3 hidden callees', '3 workloads in namespaces that you may not see are called by what you see; they are drawn as one.'],
  ])('says what stands behind %s, where to ask for more, and asks the server nothing', (id, title, words) => {
    const { container } = select(id);
    expect(screen.getByRole('heading', { level: 2 }).textContent).toBe(title);
    expect(container.textContent).toContain(words);
    expect(screen.getByRole('link', { name: 'Your account' }).getAttribute('href')).toBe('/account');
    expect(container.textContent).not.toContain('unknown');
    expect(screen.queryByText('Over time')).toBeNull();
    expect(asked).toEqual([]);
  });

  it('says of an edge that one end is hidden, with its rate, and asks the server nothing', () => {
    const { container } = select(outEdge.id);
    expect(container.textContent).toContain('One end of this edge is in a namespace that you may not see');
    expect(container.textContent).toContain('10');
    expect(asked).toEqual([]);
  });

  it('still asks for what is not hidden', () => {
    select(sampleId('cart'));
    expect(asked.some((url) => url.startsWith('/api/graph/element?'))).toBe(true);
  });
});

describe('its words and signs', () => {
  it('are the label, not the unknown namespace', () => {
    expect([wordKind(callees), wordNode(callees)]).toEqual(['Hidden', '3 hidden callees']);
    const words = wordOnCanvas({ node: callees, at: { x: 0, y: 0 }, size: nodeSize(callees), outgoing: [], incoming: [outEdge] });
    expect(words).toBe('3 hidden callees, hidden by your permissions, no traffic, called by 1');
    expect(KIND_GLYPHS.hidden).not.toBe('');
  });

  it('are in the legend and in the table', () => {
    render(<GraphLegend />);
    expect(screen.getByText('Hidden by your permissions')).toBeTruthy();
    render(<GraphTables document={document} selection={null} onSelect={vi.fn()} kind="nodes" onKind={vi.fn()} />);
    const row = screen.getByRole('row', { name: /3 hidden callees/ });
    expect(row.textContent).toContain('Hidden');
    expect(row.textContent).not.toContain('unknown');
    expect(row.querySelector('svg')).not.toBeNull();
  });
});
