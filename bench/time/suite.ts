// Suite `time`: what other instants cost: a comparison of two windows against one window, and a replay of half an hour. In: services.
// Out: ratios in one run, queries, the time of a frame. The engine and its client are the real ones, on a real Prometheus.

import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { createLiveEngine } from '../../server/live/create-live-engine';
import type { LiveEngine } from '../../server/live/engine';
import { DEFAULT_LIVE_SETTINGS } from '../../server/live/settings';
import type { ClusterReader } from '../../server/ports';
import { createPrometheusClient } from '../../server/prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../../server/prometheus/options';
import { prometheusInstalled } from '../data/prometheus';
import { type MeshBackend, STEP_SECONDS, startMeshBackend } from '../mesh-backend';
import { inventoryOf } from '../pipeline/inventory';
import { readCpuMs } from '../process-usage';
import type { Measurement } from '../report';
import { least, median, most, quantile, spread } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const REPLAY_SECONDS = 1800;
const FRAME_SECONDS = 10;
const DEADLINE_MS = 120_000;
/** A reader looks at a frame at least this long; the next one is made meanwhile. */
const LOOK_MS = 1000;
const FRAMES = 24;
const WHOLE: ViewSpec = DEFAULT_VIEW;
const FOLDED: ViewSpec = { ...DEFAULT_VIEW, level: 'auto' };

interface Timed {
  readonly wallMs: number;
  /** Of this process and of Prometheus. */
  readonly cpuMs: number;
}

interface Rig {
  readonly engine: LiveEngine;
  readonly sent: () => number;
  close(): Promise<void>;
}

function openRig(backend: MeshBackend): Rig {
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: backend.url, clock: backend.clock });
  const inventory = inventoryOf(backend.mesh);
  const cluster: ClusterReader = {
    cluster: 'Kubernetes',
    start: () => undefined,
    inventory: () => inventory,
    watches: () => [],
    close: () => Promise.resolve(),
  };
  const engine = createLiveEngine({
    metrics: source,
    cluster,
    clock: backend.clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: DEADLINE_MS,
    slowQueryDeadlineMs: DEADLINE_MS,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  return {
    engine,
    sent: () => source.stats().reduce((total, { sent }) => total + sent, 0),
    close: async () => {
      await engine.close();
      await source.close();
    },
  };
}

const rest = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function timed(backend: MeshBackend, work: () => Promise<unknown>): Promise<Timed> {
  const cpu = (): number => readCpuMs(process.pid) + readCpuMs(backend.pid);
  const cpuMs = cpu();
  const startedMs = performance.now();
  await work();
  return { wallMs: performance.now() - startedMs, cpuMs: cpu() - cpuMs };
}

/** One window and two, in turns, each at instants that nobody read before. */
async function compareCosts(backend: MeshBackend, { engine }: Rig, repeats: number): Promise<readonly Measurement[]> {
  const endSeconds = Math.floor(backend.endMs / 1000);
  let next = endSeconds - 60;
  const fresh = (): number => {
    next -= 7;
    return next;
  };
  const one: Timed[] = [];
  const two: Timed[] = [];
  const cached: Timed[] = [];
  let bytes = 0;
  for (let i = 0; i < repeats + 1; i++) {
    const single = await timed(backend, () => engine.fetchGraph({ ...WHOLE, atSeconds: fresh() }, null));
    const atSeconds = fresh();
    const baseline = { kind: 'instant', atSeconds: fresh() } as const;
    const double = await timed(backend, async () => {
      bytes = (await engine.history.fetchComparison({ ...WHOLE, atSeconds }, baseline, null)).length;
    });
    const again = await timed(backend, () => engine.history.fetchComparison({ ...WHOLE, atSeconds }, baseline, null));
    // The first turn is the optimising compiler's.
    if (i === 0) continue;
    one.push(single);
    two.push(double);
    cached.push(again);
  }
  const walls = (all: readonly Timed[]): number[] => all.map(({ wallMs }) => wallMs);
  const cpus = (all: readonly Timed[]): number[] => all.map(({ cpuMs }) => cpuMs);
  return [
    {
      name: 'compare of two windows against one: wall',
      value: median(walls(two)) / median(walls(one)),
      unit: '×',
      budget: { atMost: 2 },
      note: `one ${spread(walls(one))}; two ${spread(walls(two))}; neither was read before; ${(bytes / 1e6).toFixed(2)} MB of changes`,
    },
    {
      name: 'compare of two windows against one: CPU',
      value: median(cpus(two)) / median(cpus(one)),
      unit: '×',
      budget: { atMost: 2 },
      note: `console and Prometheus; one ${spread(cpus(one))}; two ${spread(cpus(two))}`,
    },
    { name: 'the same comparison again', value: median(walls(cached)), unit: 'ms', budget: null, note: spread(walls(cached)) },
  ];
}

/** Half an hour: what it takes to read, then frames as a reader steps through them, and as one who jumps. */
async function replayCosts(backend: MeshBackend, { engine, sent }: Rig): Promise<readonly Measurement[]> {
  const toSeconds = Math.floor(backend.endMs / 1000 / FRAME_SECONDS) * FRAME_SECONDS;
  const range = { fromSeconds: toSeconds - REPLAY_SECONDS, toSeconds, stepSeconds: FRAME_SECONDS };
  const before = sent();
  let frames = 0;
  const heapBefore = process.memoryUsage();
  const reading = await timed(backend, async () => {
    frames = (await engine.history.fetchReplay(WHOLE, range, null)).frames;
  });
  const queries = sent() - before;
  const heap = process.memoryUsage();
  const held = (heap.heapUsed + heap.arrayBuffers - heapBefore.heapUsed - heapBefore.arrayBuffers) / 1e6;
  const walk = async (view: ViewSpec, stepFrames: number, lookMs: number): Promise<readonly number[]> => {
    const walls: number[] = [];
    for (let i = 0; i < FRAMES; i++) {
      const atSeconds = range.fromSeconds + ((i * stepFrames) % (frames - 1)) * FRAME_SECONDS;
      const { wallMs } = await timed(backend, () => engine.fetchGraph({ ...view, atSeconds }, null));
      if (i >= 4) walls.push(wallMs);
      await rest(lookMs);
    }
    return walls;
  };
  const steps = await walk(WHOLE, 1, LOOK_MS);
  const folded = await walk(FOLDED, 1, LOOK_MS);
  const jumps = await walk(WHOLE, 37, 50);
  const asked = sent() - before;
  return [
    {
      name: 'queries of half an hour in 10 s frames',
      value: asked,
      unit: 'count',
      budget: { atMost: 20 },
      note: `${frames} frames read in ${(reading.wallMs / 1000).toFixed(1)} s by ${queries} queries, ${3 * FRAMES} of them shown by ${asked - queries} more`,
    },
    {
      name: 'a frame after the other',
      value: median(steps),
      unit: 'ms',
      budget: { atMost: 50 },
      note: `whole mesh; p95 ${quantile(steps, 0.95).toFixed(0)} ms, most ${most(steps).toFixed(0)}: made while the one before is looked at`,
    },
    {
      name: 'a frame after the other, folded',
      value: median(folded),
      unit: 'ms',
      budget: { atMost: 50 },
      note: `most ${most(folded).toFixed(0)} ms`,
    },
    {
      name: 'a jump to any frame',
      value: median(jumps),
      unit: 'ms',
      budget: null,
      note: `least ${least(jumps).toFixed(0)} ms, most ${most(jumps).toFixed(0)}`,
    },
    {
      name: 'memory that the frames take',
      value: held,
      unit: 'MB',
      budget: { atMost: 256 },
      note: 'heap and array buffers after they were read',
    },
  ];
}

async function run(options: BenchOptions) {
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const steps = Math.ceil((REPLAY_SECONDS + 120) / STEP_SECONDS);
  const backend = await startMeshBackend(options.scratch, options.services, 'requests', steps);
  options.say(`time: ${backend.series} series over ${steps} scrapes`);
  const rig = openRig(backend);
  try {
    const compared = await compareCosts(backend, rig, options.repeats);
    options.say('time: compared');
    return { measurements: [...compared, ...(await replayCosts(backend, rig))], raw: {} };
  } finally {
    await rig.close();
    await backend.close();
  }
}

export const timeSuite: Suite = { name: 'time', about: 'comparisons of two windows, replay', run };
