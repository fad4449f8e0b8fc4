// Labels, cameras, dots, words and stored places: the small pure parts of the canvas.
import { describe, expect, it } from 'vitest';
import type { EdgeLabel } from '../../live/screen-url';
import { overlaps } from '../layout/arrangement';
import { sampleDocument, sampleEdge, sampleNode, sampleTraffic } from '../sample-graph';
import {
  bitmapTransform,
  blendCameras,
  type Camera,
  fitCamera,
  isUncovered,
  revealRect,
  startCamera,
  toModel,
  toScreen,
  zoomCamera,
} from './camera';
import { countDots, dotSpeed, MAX_DOTS, MAX_DOTS_PER_EDGE, planDots } from './dot-plan';
import { buildEdgeLabels, keepLabels, type LabelChoice, labelScale } from './edge-labels';
import { blendArrangements } from './glide';
import { placeLabels } from './label-placement';
import { samplePicture } from './sample-picture';
import { buildIsShown } from './shown';
import { forgetPlaces, readPlaces, writePlaces } from './stored-places';
import { wordHealthChanges, wordNode, wordSummary } from './words';

const line = (y: number): { from: { x: number; y: number }; control: { x: number; y: number }; to: { x: number; y: number } } => ({
  from: { x: 0, y },
  control: { x: 100, y },
  to: { x: 200, y },
});

describe('placeLabels', () => {
  it('never lets labels overlap each other or what must stay free; earlier ones win', () => {
    const wishes = Array.from({ length: 12 }, (_, i) => ({ id: `e${i}`, curve: line(i * 5), sizes: [{ width: 60, height: 16 }] }));
    const taken = [{ x: 80, y: -20, width: 40, height: 60 }];
    const places = placeLabels(wishes, taken);
    const rects = [...places.values()].map(({ at }) => ({ x: at.x - 30, y: at.y - 8, width: 60, height: 16 }));
    expect(places.has('e0')).toBe(true);
    expect(places.size).toBeLessThan(12);
    rects.forEach((a, i) => {
      expect(overlaps(a, taken[0] ?? a)).toBe(false);
      for (const b of rects.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
    });
  });

  it('takes the narrow form where the wide one has no room, and none on an edge that is too short', () => {
    const sizes = [
      { width: 150, height: 16 },
      { width: 50, height: 32 },
    ];
    const walls = [
      { x: -50, y: -100, width: 100, height: 200 },
      { x: 150, y: -100, width: 100, height: 200 },
    ];
    expect(placeLabels([{ id: 'e', curve: line(0), sizes }], walls).get('e')?.size).toBe(1);
    const short = { from: { x: 0, y: 0 }, control: { x: 5, y: 0 }, to: { x: 10, y: 0 } };
    expect(placeLabels([{ id: 'e', curve: short, sizes }], []).size).toBe(0);
  });
});

describe('labelScale', () => {
  it('keeps labels readable from afar, in few steps, and leaves them alone close by', () => {
    expect(labelScale(1)).toBe(1);
    expect(labelScale(3)).toBe(1);
    expect(labelScale(0.5) * 0.5 * 12).toBeGreaterThanOrEqual(9.6);
    expect(labelScale(0.01)).toBe(2.4);
    expect(new Set(Array.from({ length: 200 }, (_, i) => labelScale((i + 1) / 100))).size).toBeLessThan(10);
  });
});

describe('buildEdgeLabels', () => {
  it('labels only bright edges, and edges with marks even without text', () => {
    const picture = samplePicture(
      sampleDocument({
        nodes: [sampleNode('a'), sampleNode('b'), sampleNode('c')],
        edges: [sampleEdge('a', 'b'), sampleEdge('a', 'c', { marks: ['circuitBreaker'] })],
      }),
    );
    const choice = (labels: readonly EdgeLabel[], bright: ReadonlySet<string> | null = null): LabelChoice => ({
      labels,
      bright,
      marks: null,
      zoom: 1,
    });
    expect(buildEdgeLabels(picture, choice(['rate'])).size).toBe(2);
    expect([...buildEdgeLabels(picture, choice(['rate'], new Set([sampleEdge('a', 'b').id]))).keys()]).toEqual([sampleEdge('a', 'b').id]);
    expect([...buildEdgeLabels(picture, choice([])).keys()]).toEqual([sampleEdge('a', 'c').id]);
    const marked = sampleEdge('a', 'b').id;
    const labels = buildEdgeLabels(picture, choice(['rate']));
    expect(keepLabels(labels, picture, picture)).toEqual(labels);
    const moved = samplePicture(sampleDocument({ nodes: [sampleNode('a'), sampleNode('b')], edges: [sampleEdge('a', 'b')] }));
    expect(keepLabels(labels, picture, moved).has(sampleEdge('a', 'c').id)).toBe(false);
    // From afar only what is in trouble, marked or in focus; from still further nothing could be read.
    const labelled = (own: Partial<LabelChoice>): string[] => [...buildEdgeLabels(picture, { ...choice(['rate']), ...own }).keys()];
    expect(labelled({ zoom: 0.35 })).toEqual([]);
    expect(labelled({ zoom: 0.35, bright: new Set([marked]) })).toEqual([marked]);
    expect(labelled({ zoom: 0.35, marks: new Map([[marked, { tone: 'better' }]]) })).toEqual([marked]);
    expect(labelled({ zoom: 0.1, bright: new Set([marked]) })).toEqual([]);
    const said = buildEdgeLabels(picture, { ...choice(['rate']), marks: new Map([[marked, { tone: 'worse', text: '+12 %' }]]) });
    expect([...said.keys()][0]).toBe(marked);
    expect(said.get(marked)?.text.lines[0]).toEqual([{ text: '▲ +12 %', tone: 'worse' }]);
  });
});

describe('camera', () => {
  const view = { width: 1000, height: 600 };
  const bounds = { x: -100, y: 50, width: 3000, height: 900 };
  const inside = (camera: Camera): boolean => {
    const a = toScreen(camera, bounds);
    const b = toScreen(camera, { x: bounds.x + bounds.width, y: bounds.y + bounds.height });
    return a.x >= 0 && a.y >= 0 && b.x <= view.width && b.y <= view.height;
  };

  it('fits everything, does not blow up a small graph, survives an empty view', () => {
    expect(inside(fitCamera(bounds, view, 20))).toBe(true);
    expect(fitCamera({ x: 0, y: 0, width: 10, height: 10 }, view, 20).zoom).toBeLessThan(2);
    expect(fitCamera(bounds, { width: 0, height: 0 }, 20).zoom).toBeGreaterThan(0);
  });

  it('starts at the beginning of the flow on a small screen, legible', () => {
    const small = startCamera(bounds, { width: 390, height: 800 }, 10);
    expect(small.zoom).toBeGreaterThan(0.5);
    expect(toScreen(small, bounds).x).toBeCloseTo(10);
    expect(startCamera(bounds, view, 20)).toEqual(fitCamera(bounds, view, 20));
  });

  it('zooms around the pointer and stops at the limits', () => {
    const camera = { zoom: 0.5, x: 30, y: 40 };
    const pointer = { x: 321, y: 123 };
    const before = toModel(camera, pointer);
    const after = toModel(zoomCamera(camera, pointer, 1.7), pointer);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    expect(zoomCamera(camera, pointer, 1e9).zoom).toBe(3);
    expect(zoomCamera(camera, pointer, 1e-9).zoom).toBe(0.05);
  });

  it('moves no further than needed to reveal something', () => {
    const camera = { zoom: 1, x: 0, y: 0 };
    expect(revealRect(camera, { x: 100, y: 100, width: 50, height: 50 }, view, 40)).toEqual(camera);
    expect(revealRect(camera, { x: 1100, y: 100, width: 50, height: 50 }, view, 40).x).toBe(-190);
  });

  it('lays a bitmap where a new drawing would be', () => {
    const margin = { width: 150, height: 90 };
    const [drawn, wanted] = [
      { zoom: 0.8, x: 10, y: 20 },
      { zoom: 1.2, x: -60, y: 35 },
    ];
    const { x, y, scale } = bitmapTransform(drawn, wanted, margin);
    const model = { x: 123, y: 45 };
    const onBitmap = toScreen(drawn, model);
    const shown = {
      x: -margin.width + x + (onBitmap.x + margin.width) * scale,
      y: -margin.height + y + (onBitmap.y + margin.height) * scale,
    };
    expect(shown.x).toBeCloseTo(toScreen(wanted, model).x);
    expect(shown.y).toBeCloseTo(toScreen(wanted, model).y);
    expect(isUncovered(drawn, drawn, view, margin)).toBe(false);
    expect(isUncovered(drawn, { ...drawn, x: drawn.x + 151 }, view, margin)).toBe(true);
    expect(isUncovered(drawn, { ...drawn, zoom: 0.4 }, view, margin)).toBe(true);
  });

  it('flies from one camera to the other', () => {
    const [a, b] = [
      { zoom: 0.5, x: 0, y: 0 },
      { zoom: 2, x: -500, y: 100 },
    ];
    expect(blendCameras(a, b, view, 0).x).toBeCloseTo(a.x);
    expect(blendCameras(a, b, view, 1).y).toBeCloseTo(b.y);
    expect(blendCameras(a, b, view, 0.5).zoom).toBeCloseTo(1);
  });
});

describe('dots', () => {
  it('are faster for faster calls, more for more traffic, within limits', () => {
    expect(dotSpeed(1)).toBeGreaterThan(dotSpeed(100));
    expect(dotSpeed(100)).toBeGreaterThan(dotSpeed(60_000));
    expect(dotSpeed(60_000)).toBeGreaterThan(0);
    expect(countDots(1, 400)).toBeLessThan(countDots(1000, 400));
    expect(countDots(1e9, 1e6)).toBe(MAX_DOTS_PER_EDGE);
    expect(countDots(0.001, 10)).toBe(1);
  });

  it('show errors in proportion, at least one, TCP by itself, nothing on idle or dimmed edges', () => {
    const picture = samplePicture(
      sampleDocument({
        nodes: ['a', 'b', 'c', 'd', 'e'].map((n) => sampleNode(n)),
        edges: [
          sampleEdge('a', 'b', { requestsPerSecond: 500, errorsPerSecond: 1 }),
          sampleEdge('a', 'c', { errorsPerSecond: 10 }),
          sampleEdge('a', 'd', { protocol: 'tcp', sentBytesPerSecond: 5000 }),
          sampleEdge('a', 'e', { requestsPerSecond: 0 }),
        ],
      }),
    );
    const kindsOf = (only: string): number[] => {
      const { dots } = planDots(picture, new Set([sampleEdge('a', only, only === 'd' ? { protocol: 'tcp' } : {}).id]), null, 100);
      return [...dots].filter((_, i) => i % 4 === 3);
    };
    expect(kindsOf('b').filter((kind) => kind === 2)).toHaveLength(1);
    expect(new Set(kindsOf('c'))).toEqual(new Set([2]));
    expect(new Set(kindsOf('d'))).toEqual(new Set([1]));
    expect(kindsOf('e')).toEqual([]);
    expect(planDots(picture, null, null, 100).edges).toBe(3);
    expect(planDots(picture, null, { x: 1e6, y: 0, width: 1, height: 1 }, 100).edges).toBe(0);
    expect(planDots(picture, null, null, 1).edges).toBe(1);
  });

  it('stay below the limit in a large graph', () => {
    const nodes = Array.from({ length: 60 }, (_, i) => sampleNode(`n${i}`));
    const edges = nodes.flatMap((_, i) =>
      [1, 7, 13, 19].map((step) => sampleEdge(`n${i}`, `n${(i + step) % 60}`, { requestsPerSecond: 1e6 })),
    );
    const { dots } = planDots(samplePicture(sampleDocument({ nodes, edges })), null, null, 500);
    expect(dots.length / 4).toBeGreaterThan(500);
    expect(dots.length / 4).toBeLessThanOrEqual(MAX_DOTS);
  });
});

describe('words', () => {
  const failing = { status: 'failure', reasons: [] } as const;

  it('describe the graph and each node', () => {
    const document = sampleDocument({
      nodes: [
        sampleNode('a', { health: failing, inbound: sampleTraffic({ http: 10, httpErrors: 2 }), version: 'v1', outside: true }),
        sampleNode('b', { inbound: sampleTraffic({ tcpBytes: 2048 }) }),
      ],
      edges: [sampleEdge('a', 'b')],
    });
    expect(wordSummary(document)).toBe('2 nodes, 1 edge, 1 failing.');
    const [a, b] = [...samplePicture(document).nodes.values()];
    if (!a || !b) throw new Error('no nodes');
    expect(wordNode(a).replaceAll('\u00a0', ' ')).toBe(
      'a v1, workload in shop, failure, 10 rps in, 20 % errors, calls 1, outside the selected namespaces',
    );
    expect(wordNode(b).replaceAll('\u00a0', ' ')).toBe('b, workload in shop, healthy, 2 KiB/s TCP in, called by 1');
  });

  it('announce changes of health only, worst first, at most three names', () => {
    const calm = ['a', 'b', 'c', 'd', 'e'].map((n) => sampleNode(n));
    const before = sampleDocument({ nodes: calm });
    expect(wordHealthChanges(before, before)).toBeNull();
    expect(wordHealthChanges(before, sampleDocument({ nodes: [...calm, sampleNode('new', { health: failing })] }))).toBeNull();
    const idle = sampleDocument({ nodes: calm.map((n) => ({ ...n, health: { status: 'na', reasons: [] } as const })) });
    expect(wordHealthChanges(before, idle)).toBeNull();
    const worse = calm.map((n, i) => (i < 4 ? { ...n, health: i === 3 ? failing : ({ status: 'degraded', reasons: [] } as const) } : n));
    expect(wordHealthChanges(before, sampleDocument({ nodes: worse }))).toBe(
      'Health: d failure, a degraded, b degraded, and 1 more changed.',
    );
    expect(wordHealthChanges(sampleDocument({ nodes: worse.slice(3, 4) }), before)).toBe('Health: d healthy.');
  });
});

class MemoryStorage implements Storage {
  readonly map = new Map<string, string>();
  full = false;
  get length(): number {
    return this.map.size;
  }
  key(i: number): string | null {
    return [...this.map.keys()][i] ?? null;
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
  clear(): void {
    this.map.clear();
  }
}

describe('stored places', () => {
  it('come back rounded, and are forgotten on demand', () => {
    const storage = new MemoryStorage();
    writePlaces(storage, 'v', new Map([['a', { x: 1.4, y: -2.6 }]]), 5);
    expect([...readPlaces(storage, 'v')]).toEqual([['a', { x: 1, y: -3 }]]);
    forgetPlaces(storage, 'v');
    expect(readPlaces(storage, 'v').size).toBe(0);
  });

  it.each(['', '{', 'null', '[]', '{"places":[]}', '{"places":{"a":["x",1],"b":[1],"c":null,"d":[1e9,0]}}'])('are none in %j', (text) => {
    const storage = new MemoryStorage();
    storage.map.set('heddle.places.v', text);
    expect(readPlaces(storage, 'v').size).toBe(0);
  });

  it('need no storage, survive a full one, and forget the oldest views', () => {
    expect(readPlaces(null, 'v').size).toBe(0);
    const storage = new MemoryStorage();
    storage.map.set('other', 'stays');
    for (let i = 0; i < 40; i++) writePlaces(storage, `v${i}`, new Map([['a', { x: 1, y: 1 }]]), i);
    expect(storage.length).toBe(31);
    expect(readPlaces(storage, 'v9').size).toBe(0);
    expect(readPlaces(storage, 'v39').size).toBe(1);
    storage.full = true;
    expect(() => writePlaces(storage, 'x', new Map(), 1)).not.toThrow();
  });
});

describe('buildIsShown', () => {
  const edges = [sampleEdge('a', 'b'), sampleEdge('a', 'c', { health: 'failure' })];
  const shown = (...args: [Parameters<typeof buildIsShown>[1], ReadonlySet<string> | null]): boolean[] =>
    [...edges.map((e) => e.id), sampleNode('a').id].map(buildIsShown(edges, ...args));

  it('hides edges by mode and anything by id, never nodes by mode', () => {
    expect(shown('all', null)).toEqual([true, true, true]);
    expect(shown('unhealthy', null)).toEqual([false, true, true]);
    expect(shown('none', null)).toEqual([false, false, true]);
    expect(shown('all', new Set([sampleNode('a').id]))).toEqual([true, true, false]);
  });
});

it('glides from place to place, what is new stands at its place', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const from = { nodes: new Map([['a', { x: 0, y: 0 }]]), boxes: new Map([['b', box]]), annexes: new Map() };
  const to = {
    nodes: new Map([
      ['a', { x: 10, y: 20 }],
      ['new', { x: 5, y: 5 }],
    ]),
    boxes: new Map([['b', { ...box, width: 30 }]]),
    annexes: new Map(),
  };
  const half = blendArrangements(from, to, 0.5);
  expect([...half.nodes]).toEqual([
    ['a', { x: 5, y: 10 }],
    ['new', { x: 5, y: 5 }],
  ]);
  expect(half.boxes.get('b')).toEqual({ x: 0, y: 0, width: 20, height: 10 });
});
