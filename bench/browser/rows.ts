// What the browser's raw numbers say, against their budgets. In: repeats. Out: measurements. Pure.
import type { Measurement } from '../report';
import { least, median, most } from '../statistics';
import type { DotRun, SizeRun } from './canvas-runs';
import type { Smoothness } from './gestures';
import type { LayoutRun } from './page/bench-page';

const atMost = (limit: number | null) => (limit === null ? null : { atMost: limit });
const atLeast = (limit: number | null) => (limit === null ? null : { atLeast: limit });

/** Foreign load only ever makes things slower: the best of the repeats is the machine's own. */
export function smoothnessRows(
  name: string,
  runs: readonly Smoothness[],
  budget: { readonly fps: number | null; readonly p95: number | null },
): readonly Measurement[] {
  return [
    {
      name,
      value: most(runs.map((own) => own.fps)),
      unit: 'fps',
      budget: atLeast(budget.fps),
      note: `median ${median(runs.map((own) => own.fps)).toFixed(0)}, main thread ${least(runs.map((own) => own.mainMs)).toFixed(1)} ms a frame, worst frame ${least(runs.map((own) => own.worstMs)).toFixed(0)} ms, others used ${least(runs.map((own) => own.foreignCores)).toFixed(1)} cores`,
    },
    { name: '  p95 of a frame', value: least(runs.map((own) => own.p95Ms)), unit: 'ms', budget: atMost(budget.p95), note: '' },
  ];
}

const BUDGETS: Readonly<
  Record<
    number,
    {
      readonly picture: number | null;
      readonly fps: number | null;
      readonly p95: number | null;
      readonly refresh: number | null;
      readonly heap: number | null;
    }
  >
> = {
  50: { picture: 600, fps: 55, p95: 20, refresh: null, heap: null },
  200: { picture: 1200, fps: null, p95: null, refresh: 150, heap: null },
  1000: { picture: null, fps: 45, p95: null, refresh: null, heap: 30 },
};

/** Foreign load only ever makes things slower: the best of the repeats is the machine's own. */
export function sizeMeasurements(runs: readonly SizeRun[]): readonly Measurement[] {
  const [first] = runs;
  if (!first) return [];
  const { size } = first;
  const budget = BUDGETS[size] ?? { picture: null, fps: null, p95: null, refresh: null, heap: null };
  const pictures = runs.map((run) => run.pictureMs);
  const refreshes = runs.flatMap((run) => run.refreshMs);
  const rows: Measurement[] = [
    {
      name: `${size} nodes: data to picture`,
      value: least(pictures),
      unit: 'ms',
      budget: atMost(budget.picture),
      note: `median ${median(pictures).toFixed(0)}, CPU of the main thread ${least(runs.map((run) => run.pictureCpuMs)).toFixed(0)} ms; ${(first.bytes / 1e6).toFixed(2)} MB`,
    },
  ];
  for (const gesture of ['pan', 'zoom'] as const)
    rows.push(
      ...smoothnessRows(
        `${size} nodes: ${gesture}`,
        runs.map((run) => run[gesture]),
        budget,
      ),
    );
  rows.push(
    {
      name: `${size} nodes: refresh, 30 % of the edges`,
      value: least(refreshes),
      unit: 'ms',
      budget: atMost(budget.refresh),
      note: `median ${median(refreshes).toFixed(0)}; 5 % replaced ${least(runs.map((run) => run.churnMs)).toFixed(0)} ms`,
    },
    {
      name: `  moved at 5 % replaced`,
      value: most(runs.map((run) => run.movedPx)),
      unit: 'px',
      budget: { atMost: 0 },
      note: `${first.stayed} nodes stayed`,
    },
    { name: `  heap`, value: median(runs.map((run) => run.heapMb)), unit: 'MB', budget: atMost(budget.heap), note: '' },
  );
  return rows;
}

const LAYOUT_BUDGETS: Readonly<Record<number, number>> = { 1000: 400, 3000: 1500 };

export function layoutMeasurements(size: number, runs: readonly LayoutRun[]): readonly Measurement[] {
  const same = new Set(runs.map((run) => run.places)).size;
  const overlaps = most(runs.map(({ overlaps: own }) => own.nodes + own.boxes + own.strangers));
  const limit = LAYOUT_BUDGETS[size];
  return [
    {
      name: `layout of ${size} in a worker`,
      value: least(runs.map((run) => run.coldMs)),
      unit: 'ms',
      budget: limit === undefined ? null : { atMost: limit },
      note: `the worker's start included; warm ${least(runs.map((run) => run.warmMs)).toFixed(0)} ms`,
    },
    { name: '  different results', value: same - 1, unit: 'count', budget: { atMost: 0 }, note: `in ${runs.length} runs` },
    { name: '  overlaps', value: overlaps, unit: 'count', budget: { atMost: 0 }, note: 'nodes, boxes, nodes in boxes of others' },
  ];
}

export function dotMeasurements(runs: readonly DotRun[]): readonly Measurement[] {
  const [first] = runs;
  if (!first) return [];
  const main = least(runs.map((run) => run.moving.mainMs));
  return [
    {
      name: `traffic on ${first.edges} edges`,
      value: most(runs.map((run) => run.moving.fps)),
      unit: 'fps',
      budget: { atLeast: 58 },
      note: `${first.dots} dots; while panning ${most(runs.map((run) => run.panning.fps)).toFixed(0)} fps`,
    },
    {
      name: '  main thread a frame',
      value: main,
      unit: 'ms',
      budget: { atMost: 8 },
      note: `without traffic ${least(runs.map((run) => run.still.mainMs)).toFixed(2)} ms`,
    },
    {
      name: '  runs that moved',
      value: runs.filter((run) => run.differs).length,
      unit: 'count',
      budget: { atLeast: runs.length },
      note: '',
    },
    {
      name: '  runs that moved under reduced motion',
      value: runs.filter((run) => run.differsReduced).length,
      unit: 'count',
      budget: { atMost: 0 },
      note: '',
    },
  ];
}
