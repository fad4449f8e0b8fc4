// The page that the browser bench drives: the console's own canvas and nothing else, with a stopwatch.
// In: documents by name from the server of the bench. Out: `window.bench`, which bench/browser calls.
import '@patternfly/react-core/dist/styles/base.css';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { GraphCanvasApi, GraphCanvasProps } from '../../../components/graph/canvas/canvas-props';
import { planDots } from '../../../components/graph/canvas/dot-plan';
import { layerGapFor } from '../../../components/graph/canvas/edge-labels';
import { GraphCanvas } from '../../../components/graph/canvas/graph-canvas';
import { buildLayoutInput } from '../../../components/graph/canvas/picture';
import { createLayoutClient } from '../../../components/graph/layout/layout-client';
import type { LayoutName } from '../../../components/graph/layout/layout-names';
import { nodeSize } from '../../../components/graph/layout/node-size';
import type { GraphDocument } from '../../../model/wire';
import { countOverlaps, type Overlaps } from '../overlaps';

export type ShownProps = Partial<Pick<GraphCanvasProps, 'labels' | 'traffic' | 'selection' | 'layout'>>;

export interface LayoutRun {
  /** From the question to the answer, of a worker that had to be started, then of the same again. */
  readonly coldMs: number;
  readonly warmMs: number;
  /** Equal for equal places. */
  readonly places: string;
  readonly overlaps: Overlaps;
}

export interface BenchPage {
  /** Fetches a document's text; its bytes. */
  load(name: string): Promise<number>;
  /** From the text to the frame that shows the picture, layout included, ms; the canvas is mounted anew. */
  mount(name: string, props: ShownProps): Promise<number>;
  /** Until the frame that shows another document of the same view, ms. The text has been parsed before. */
  refresh(name: string): Promise<number>;
  show(props: ShownProps): void;
  unmount(): void;
  fit(): void;
  /** Places of the nodes, in order of their ids. */
  places(): readonly (readonly [id: string, x: number, y: number])[];
  /** A point of the page where a press pans: nothing is there to be dragged. */
  freePoint(): { readonly x: number; readonly y: number };
  startFrames(): void;
  /** Times between frames since the start, ms. */
  stopFrames(): readonly number[];
  /** Longest tasks of the main thread since the page was opened: start and length, ms. */
  longTasks(): readonly (readonly [startMs: number, ms: number])[];
  countDots(maxEdges: number): { readonly edges: number; readonly dots: number };
  layout(name: string, wanted: LayoutName): Promise<LayoutRun>;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

const texts = new Map<string, string>();
const parsed = new Map<string, GraphDocument>();
// What the server of the bench sends is what the bench generated.
const parse = (text: string): GraphDocument => JSON.parse(text) as GraphDocument;
function documentOf(name: string): GraphDocument {
  const known = parsed.get(name) ?? parse(texts.get(name) ?? 'null');
  parsed.set(name, known);
  return known;
}

const host = document.getElementById('host') ?? document.body;
let root = createRoot(host);
let api: GraphCanvasApi | null = null;
let current: { document: GraphDocument; props: ShownProps; key: string } | null = null;
let mounts = 0;
const onReady = (ready: GraphCanvasApi): void => {
  api = ready;
};
const ignore = (): undefined => undefined;

function View(): ReactNode {
  if (!current) return null;
  const { document: shown, props, key } = current;
  return (
    <GraphCanvas
      key={key}
      document={shown}
      selection={null}
      onSelect={ignore}
      labels={['rate', 'errors']}
      traffic={false}
      positionsKey={key}
      onReady={onReady}
      {...props}
    />
  );
}
const render = (): void => flushSync(() => root.render(<View />));

// Every drawing of the canvas begins by clearing its decorations: that is how the page knows that something was drawn.
let paints = 0;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...area): void {
  if (this.canvas instanceof HTMLCanvasElement && this.canvas.dataset['role'] === 'decorations') paints++;
  clear.apply(this, area);
};

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
async function untilPainted(before: number, isShown: () => boolean): Promise<void> {
  while (paints === before || !isShown()) await nextFrame();
  // The frame after the one that was painted: what was drawn has been handed over.
  await nextFrame();
}

const long: [number, number][] = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) long.push([entry.startTime, entry.duration]);
}).observe({ entryTypes: ['longtask'] });

let frames: number[] | null = null;
function recordFrame(nowMs: number): void {
  if (!frames) return;
  frames.push(nowMs);
  requestAnimationFrame(recordFrame);
}

window.bench = {
  load: async (name) => {
    const text = await (await fetch(`/documents/${name}.json`)).text();
    texts.set(name, text);
    return text.length;
  },
  mount: async (name, props) => {
    const text = texts.get(name) ?? '';
    const before = paints;
    const startedMs = performance.now();
    const shown = parse(text);
    current = { document: shown, props, key: `bench-${mounts++}` };
    render();
    await untilPainted(before, () => (api?.picture().nodes.size ?? 0) === shown.nodes.length);
    return performance.now() - startedMs;
  },
  refresh: async (name) => {
    const next = documentOf(name);
    if (!current) return Number.NaN;
    await nextFrame();
    const before = paints;
    const startedMs = performance.now();
    current = { ...current, document: next };
    render();
    await untilPainted(before, () => true);
    return performance.now() - startedMs;
  },
  show: (props) => {
    if (current) current = { ...current, props: { ...current.props, ...props } };
    render();
  },
  unmount: () => {
    root.unmount();
    root = createRoot(host);
    current = null;
    api = null;
    parsed.clear();
  },
  fit: () => api?.fit(),
  places: () => [...(api?.picture().nodes ?? [])].map(([id, { at }]) => [id, at.x, at.y] as const).sort((a, b) => (a[0] < b[0] ? -1 : 1)),
  freePoint: () => {
    const box = host.getBoundingClientRect();
    // Near the top right corner: inside the padding of a fitted graph.
    return { x: box.right - 12, y: box.top + 12 };
  },
  startFrames: () => {
    frames = [];
    requestAnimationFrame(recordFrame);
  },
  stopFrames: () => {
    const times = frames ?? [];
    frames = null;
    return times.slice(1).map((time, i) => time - (times[i] ?? time));
  },
  longTasks: () => long,
  countDots: (maxEdges) => {
    const picture = api?.picture();
    if (!picture) return { edges: 0, dots: 0 };
    const plan = planDots(picture, null, null, maxEdges);
    return { edges: plan.edges, dots: plan.dots.length / 4 };
  },
  layout: async (name, wanted) => {
    const shown = documentOf(name);
    const sizes = new Map<string, ReturnType<typeof nodeSize>>(shown.nodes.map((node) => [node.id, nodeSize(node)]));
    const input = buildLayoutInput(shown, sizes, { layerGap: layerGapFor(['rate', 'errors']), aspect: 1.7, layout: wanted });
    const client = createLayoutClient();
    const timed = async () => {
      const startedMs = performance.now();
      const laid = await client.layout(input);
      return { ms: performance.now() - startedMs, arrangement: laid?.arrangement ?? null, note: laid?.note ?? null };
    };
    const cold = await timed();
    const warm = await timed();
    client.stop();
    if (!warm.arrangement) throw new Error('the layout was overtaken');
    const places = JSON.stringify([...warm.arrangement.nodes].map(([id, at]) => [id, at.x, at.y]));
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(places));
    const words = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { coldMs: cold.ms, warmMs: warm.ms, places: words, overlaps: countOverlaps(input, warm.arrangement) };
  },
};
