// Where nodes are over time: the first layout, refreshes, another view, tidying, dragging, what the browser kept.
import { beforeEach, describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../../model/wire';
import { createLayoutClient } from '../layout/layout-client';
import { sampleBox, sampleDocument, sampleEdge, sampleId, sampleNode } from '../sample-graph';
import { type Arranged, Arranger, type Rearrangement } from './arranger';

const chain = (...names: string[]): GraphDocument =>
  sampleDocument({ nodes: names.map((n) => sampleNode(n)), edges: names.slice(1).map((n, i) => sampleEdge(names[i] ?? '', n)) });
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
const frame = { layerGap: 60, aspect: 1.6, layout: 'flow', key: 'view' } as const;

class OneEntryStorage implements Storage {
  readonly map = new Map<string, string>();
  readonly length = 0;
  key = (): null => null;
  getItem = (key: string): string | null => this.map.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.map.set(key, value);
  removeItem = (key: string): void => void this.map.delete(key);
  clear = (): void => this.map.clear();
}

describe('Arranger', () => {
  let storage: OneEntryStorage;
  let seen: { arranged: Arranged; how: Rearrangement }[];
  let arranger: Arranger;
  let notes: (string | null)[];
  const start = (): Arranger =>
    new Arranger({
      client: createLayoutClient(() => {
        throw new Error('no worker here');
      }),
      storage,
      nowMs: () => 1,
      onArranged: (arranged, how) => seen.push({ arranged, how }),
      onNote: (note) => notes.push(note),
    });
  const last = (): { arranged: Arranged; how: Rearrangement } => {
    const entry = seen.at(-1);
    if (!entry) throw new Error('nothing was arranged');
    return entry;
  };
  const place = (name: string): unknown => last().arranged.arrangement.nodes.get(sampleId(name));
  beforeEach(() => {
    storage = new OneEntryStorage();
    seen = [];
    notes = [];
    arranger = start();
  });

  it('lays out first, inserts at a refresh without moving anything', async () => {
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    await settle();
    expect(last().how).toBe('fresh');
    const before = place('c');
    arranger.show(chain('a', 'b', 'c', 'd', 'e', 'f'), frame);
    expect(last().how).toBe('inserted');
    expect(place('c')).toEqual(before);
    expect(place('f')).toBeDefined();
  });

  it('leads edges around nodes again only when edges or places changed', async () => {
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    await settle();
    const before = last().arranged.bows;
    const busier = chain('a', 'b', 'c', 'd', 'e');
    arranger.show({ ...busier, edges: busier.edges.map((e) => ({ ...e, requestsPerSecond: 99 })) }, frame);
    expect(last().arranged.bows).toBe(before);
    arranger.show({ ...busier, edges: [...busier.edges, sampleEdge('a', 'c')] }, frame);
    expect(last().arranged.bows).not.toBe(before);
    expect(last().arranged.bows.size).toBe(1);
  });

  it('takes over documents that come while a layout is under way', async () => {
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    arranger.show(chain('a', 'b', 'c', 'd', 'e', 'late'), frame);
    await settle();
    expect(last().arranged.document.nodes).toHaveLength(6);
    expect(place('late')).toBeDefined();
  });

  it('lays out anew when most nodes are new, or when another view keeps few of them', async () => {
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    await settle();
    arranger.show(chain('a', 'x', 'y', 'z'), frame);
    await settle();
    expect(last().how).toBe('fresh');
    arranger.show(chain('a', 'x', 'y', 'z', 'w'), { ...frame, key: 'other' });
    expect(last().how).toBe('inserted');
    arranger.show(chain('a', 'x'), { ...frame, key: 'third' });
    await settle();
    expect(last().how).toBe('fresh');
  });

  it('keeps a place chosen by hand over a reload, until tidied', async () => {
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    await settle();
    arranger.drag(sampleId('b'), { x: 999, y: 444 });
    expect(last().how).toBe('dragged');
    arranger.endDrag(false);
    expect(place('b')).toEqual({ x: 999, y: 444 });
    arranger = start();
    arranger.show(chain('a', 'b', 'c', 'd', 'e'), frame);
    expect(last().how).toBe('fresh');
    expect(place('b')).toEqual({ x: 999, y: 444 });
    arranger.tidy();
    await settle();
    expect(last().how).toBe('tidied');
    expect(place('b')).not.toEqual({ x: 999, y: 444 });
    expect(storage.map.size).toBe(0);
  });

  it('puts a node back when the drag is cancelled', async () => {
    arranger.show(chain('a', 'b', 'c'), frame);
    await settle();
    const before = place('b');
    arranger.drag(sampleId('b'), { x: 50, y: 60 });
    arranger.drag(sampleId('b'), { x: 70, y: 80 });
    arranger.endDrag(true);
    expect(place('b')).toEqual(before);
    expect(storage.map.size).toBe(0);
  });

  it('ignores stored places of another graph', async () => {
    storage.map.set('heddle.places.view', JSON.stringify({ atMs: 1, places: { [sampleId('q')]: [1, 2] } }));
    arranger.show(chain('a', 'b', 'c'), frame);
    await settle();
    expect(last().how).toBe('fresh');
    expect(last().arranged.arrangement.nodes.size).toBe(3);
  });

  it("arranges anew when another layout is chosen, and finds each one's places again", async () => {
    const document = chain('a', 'b', 'c', 'd', 'e');
    arranger.show(document, frame);
    await settle();
    const flow = place('e');
    arranger.drag(sampleId('e'), { x: 700, y: 50 });
    arranger.endDrag(false);
    arranger.show(document, { ...frame, layout: 'grid', key: 'view|grid' });
    await settle();
    expect(last().how).toBe('tidied');
    const grid = place('e');
    expect(grid).not.toEqual(flow);
    arranger.show(document, frame);
    expect(last().how).toBe('tidied');
    expect(place('e')).toEqual({ x: 700, y: 50 });
    arranger.show(document, { ...frame, layout: 'grid', key: 'view|grid' });
    await settle();
    expect(place('e')).toEqual(grid);
    expect(notes.every((note) => note === null)).toBe(true);
  });

  it('moves nodes for boxes that come around them only where those do not fit', async () => {
    const boxes = ['left', 'right'].map((name) => sampleBox(name));
    const [left, right] = boxes;
    const within = (name: string): GraphDocument['nodes'][number]['parent'] => (name === 'a' || name === 'd' ? left : right)?.id ?? null;
    const bare = chain('a', 'b', 'c', 'd', 'e');
    const boxed = { ...bare, boxes, nodes: bare.nodes.map((node) => ({ ...node, parent: within(node.label) })) };
    arranger.show(bare, frame);
    await settle();
    arranger.show(boxed, { ...frame, key: 'boxed' });
    await settle();
    expect([last().how, last().arranged.crowded]).toEqual(['tidied', false]);
    const tidy = place('d');
    arranger.show(bare, { ...frame, key: 'bare' });
    await settle();
    expect(last().how).toBe('inserted');
    expect(place('d')).toEqual(tidy);
  });
});
