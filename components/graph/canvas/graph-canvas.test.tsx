// @vitest-environment jsdom
// The accessible twin: names, options, keys, announcements. The drawing itself (Scene) is replaced: jsdom has no canvas.
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GraphDocument } from '../../../model/wire';
import { sampleDocument, sampleEdge, sampleId, sampleNode } from '../sample-graph';
import type { GraphCanvasProps } from './canvas-props';
import { GraphCanvas } from './graph-canvas';
import { samplePicture } from './sample-picture';
import type { SceneListener, SceneProps } from './scene-props';

const calls: string[] = [];
vi.mock('./scene', () => ({
  Scene: class {
    readonly #listener: SceneListener;
    constructor(_: unknown, props: SceneProps, listener: SceneListener) {
      this.#listener = listener;
      this.update(props);
    }
    update(props: SceneProps): void {
      this.#listener.picture(samplePicture(props.document));
    }
    setCursor(id: string | null): void {
      calls.push(`cursor ${id}`);
    }
    zoomBy(factor: number): void {
      calls.push(factor > 1 ? 'in' : 'out');
    }
    clientPointOf(id: string | null): { x: number; y: number } {
      return id === null ? { x: 0, y: 0 } : { x: 10, y: 20 };
    }
    panBy(dx: number, dy: number): void {
      calls.push(`pan ${dx} ${dy}`);
    }
    fit(): void {
      calls.push('fit');
    }
    tidy(): void {
      calls.push('tidy');
    }
    destroy(): void {
      calls.push('destroy');
    }
  },
}));

const base: GraphDocument = sampleDocument({
  nodes: [sampleNode('a'), sampleNode('b'), sampleNode('c')],
  edges: [sampleEdge('a', 'b'), sampleEdge('b', 'c')],
});

describe('<GraphCanvas>', () => {
  const onSelect = vi.fn();
  const onOpen = vi.fn();
  const onFindRequest = vi.fn();
  const props: GraphCanvasProps = {
    document: base,
    selection: null,
    onSelect,
    onOpen,
    onFindRequest,
    labels: [],
    traffic: false,
    positionsKey: 'k',
  };
  const list = (): HTMLElement => screen.getByRole('listbox', { name: 'Nodes of the service graph' });
  const press = (key: string): void => void fireEvent.keyDown(list(), { key });
  const active = (): string | null | undefined => {
    const id = list().getAttribute('aria-activedescendant');
    return id === null ? null : document.getElementById(id)?.textContent;
  };

  beforeEach(() => {
    calls.length = 0;
  });
  afterEach(() => {
    cleanup();
    vi.clearAllMocks();
  });

  it('mirrors the nodes as options with a summary; the pictures are hidden', () => {
    const { container } = render(<GraphCanvas {...props} selection={sampleId('b')} />);
    const options = screen.getAllByRole('option');
    expect(options.map((o) => o.textContent.split(',')[0])).toEqual(['a', 'b', 'c']);
    expect(options.map((o) => o.getAttribute('aria-selected'))).toEqual(['false', 'true', 'false']);
    expect(document.getElementById(list().getAttribute('aria-describedby') ?? '')?.textContent).toContain('3 nodes, 2 edges');
    for (const canvas of container.querySelectorAll('canvas')) expect(canvas.closest('[aria-hidden="true"]')).not.toBeNull();
  });

  it('walks along the calls, selects with Enter, opens what is selected, clears with Escape', () => {
    const { rerender } = render(<GraphCanvas {...props} />);
    press('Home');
    expect(active()).toContain('a, workload');
    press('ArrowRight');
    expect(active()).toContain('b, workload');
    expect(calls.at(-1)).toBe(`cursor ${sampleId('b')}`);
    press('Enter');
    expect(onSelect).toHaveBeenLastCalledWith(sampleId('b'));
    rerender(<GraphCanvas {...props} selection={sampleId('b')} />);
    press('Enter');
    expect(onOpen).toHaveBeenLastCalledWith(sampleId('b'));
    press('Escape');
    expect(onSelect).toHaveBeenLastCalledWith(null);
  });

  it('zooms, fits, tidies, asks for the search box, leaves other keys alone', () => {
    render(<GraphCanvas {...props} />);
    for (const key of ['+', '-', '0', '/']) press(key);
    fireEvent.keyDown(list(), { key: 'ArrowRight', shiftKey: true });
    fireEvent.click(screen.getByRole('button', { name: 'Tidy up' }));
    expect(calls).toEqual(['in', 'out', 'fit', 'pan -80 0', 'tidy']);
    expect(onFindRequest).toHaveBeenCalledOnce();
    expect(fireEvent.keyDown(list(), { key: 'x' })).toBe(true);
    expect(fireEvent.keyDown(list(), { key: '0', ctrlKey: true })).toBe(true);
    expect(calls).toHaveLength(5);
  });

  it('opens a menu for the node with the cursor by its key and by Shift+F10, if the page has one', () => {
    const { rerender } = render(<GraphCanvas {...props} />);
    press('Home');
    expect(fireEvent.keyDown(list(), { key: 'ContextMenu' })).toBe(true);
    const onContext = vi.fn();
    rerender(<GraphCanvas {...props} onContext={onContext} />);
    expect(fireEvent.keyDown(list(), { key: 'ContextMenu' })).toBe(false);
    expect(fireEvent.keyDown(list(), { key: 'F10', shiftKey: true })).toBe(false);
    expect(fireEvent.keyDown(list(), { key: 'F10' })).toBe(true);
    expect(onContext.mock.calls).toEqual([
      [sampleId('a'), { x: 10, y: 20 }],
      [sampleId('a'), { x: 10, y: 20 }],
    ]);
  });

  it('announces changes of health of the same view, once per refresh', () => {
    const { rerender } = render(<GraphCanvas {...props} />);
    const news = screen.getByRole('status');
    expect(news.textContent).toBe('');
    const sick = base.nodes.map((n) => (n.label === 'b' ? { ...n, health: { status: 'failure', reasons: [] } as const } : n));
    rerender(<GraphCanvas {...props} document={{ ...base, nodes: sick, revision: 2 }} />);
    expect(news.textContent).toBe('Health: b failure.');
    rerender(<GraphCanvas {...props} document={{ ...base, view: { ...base.view, idle: true } }} />);
    expect(news.textContent).toBe('Health: b failure.');
  });

  it('keeps the cursor off nodes that have gone, and ends its scene', () => {
    const { rerender, unmount } = render(<GraphCanvas {...props} />);
    press('End');
    expect(active()).toContain('c, workload');
    act(() => rerender(<GraphCanvas {...props} document={{ ...base, nodes: base.nodes.slice(0, 2), edges: base.edges.slice(0, 1) }} />));
    expect(active()).toBeNull();
    unmount();
    expect(calls.at(-1)).toBe('destroy');
  });
});
