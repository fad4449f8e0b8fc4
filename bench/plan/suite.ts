// Suite `plan`: our queries against those of a console that asks per namespace, on the same Prometheus and the same data, in turns.
// In: services. Out: ratios of wall time, queries, CPU of Prometheus; whether both find the same edges.
import type { TrafficSnapshot } from '../../model/traffic';
import { prometheusInstalled } from '../data/prometheus';
import { type MeshBackend, startMeshBackend, WINDOW_SECONDS } from '../mesh-backend';
import { readCpuMs } from '../process-usage';
import type { Measurement } from '../report';
import { least, median, spread, sum } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { baselineQueries } from './baseline';
import { DOWNLOADER, downloadAnswers } from './curl';
import { type Collection, type OwnPlan, openPlan } from './ours';
import { roundsOf } from './recording-source';
import { edgeKey, type Replay, replayQueries } from './replay';

const STEPS = 8;
/** Histograms of 2,000 services take 8 GiB of Prometheus' memory: quantiles are measured on a smaller mesh. */
const QUANTILE_SERVICES = 100;
const AVERAGES = ['latency', 'throughput'] as const;
const WATCHED_SHARE = 3 / 101;

interface TimedReplay extends Replay {
  readonly backendCpuMs: number;
}

async function replay(backend: MeshBackend, overlays: 'none' | 'average' | 'p95'): Promise<TimedReplay> {
  const cpuMs = readCpuMs(backend.pid);
  const found = await replayQueries(backend.url, baselineQueries(backend.namespaces, WINDOW_SECONDS, overlays), backend.endMs);
  return { ...found, backendCpuMs: readCpuMs(backend.pid) - cpuMs };
}

const edgesOf = (snapshot: TrafficSnapshot): ReadonlySet<string> =>
  new Set(snapshot.observations.map((o) => edgeKey(o.source, o.destination, o.service.host, o.protocol)));

const differences = (a: ReadonlySet<string>, b: ReadonlySet<string>): number =>
  [...a].filter((key) => !b.has(key)).length + [...b].filter((key) => !a.has(key)).length;

interface Turn {
  readonly theirs: TimedReplay;
  readonly cold: Collection;
  /** Cold, but what is asked rarely (probes, identities) is known. */
  readonly coldScan: Collection;
  readonly warm: Collection;
  readonly downloadMs: number;
  /** Of Prometheus: 3.x groups by many labels at a fraction of the cost of 2.42. */
  readonly version: string | null;
}

/** Theirs, ours cold, ours cold without what is asked rarely, ours warm, the bare download of what ours asked when warm. */
async function takeTurn(backend: MeshBackend, overlays: readonly ('latency' | 'throughput')[]): Promise<Turn> {
  const theirs = await replay(backend, overlays.length === 0 ? 'none' : 'average');
  const plan = openPlan(backend);
  let second: OwnPlan | null = null;
  try {
    const cold = await plan.collect(overlays, null);
    await plan.settle();
    second = openPlan(backend, plan.source);
    const coldScan = await second.collect(overlays, null);
    const warm = await plan.collect(overlays, null);
    const downloadMs = await downloadAnswers(backend.url, roundsOf(warm.asked), backend.endMs);
    const { version } = await plan.source.fetchCapabilities({ signal: new AbortController().signal, deadlineMs: 10_000 });
    return { theirs, cold, coldScan, warm, downloadMs, version };
  } finally {
    await plan.close();
    await second?.close();
  }
}

const columns = (turns: readonly Turn[]) => ({
  theirs: turns.map((turn) => turn.theirs.wallMs),
  cold: turns.map((turn) => turn.cold.wallMs),
  coldScan: turns.map((turn) => turn.coldScan.wallMs),
  warm: turns.map((turn) => turn.warm.wallMs),
  download: turns.map((turn) => turn.downloadMs),
  theirCpu: turns.map((turn) => turn.theirs.backendCpuMs),
  coldCpu: turns.map((turn) => turn.cold.backendCpuMs),
  warmCpu: turns.map((turn) => turn.warm.backendCpuMs),
});

function judgeTurns(name: string, turns: readonly Turn[], budgets: { readonly queries: number; readonly faster: number }): Measurement[] {
  const { theirs, cold, coldScan, warm, download, theirCpu, warmCpu } = columns(turns);
  const last = turns.at(-1);
  const queries = last?.warm.snapshot.cost.queries ?? Number.NaN;
  const asked = last?.cold.asked.map((query) => query.name).join(' ') ?? '';
  const ratio = (ours: readonly number[]): number => median(theirs) / median(ours);
  const leastRatio = (ours: readonly number[]): string => `${(least(theirs) / least(ours)).toFixed(2)}× by the least`;
  return [
    {
      name: `${name}: queries`,
      value: queries,
      unit: 'queries',
      budget: { atMost: budgets.queries },
      note: `theirs ${last?.theirs.queries ?? 0}`,
    },
    {
      name: `${name}: faster, cold`,
      value: ratio(cold),
      unit: '×',
      budget: { atLeast: budgets.faster },
      note: `${leastRatio(cold)}; theirs ${spread(theirs)}; ours ${spread(cold)} (${asked} and probes)`,
    },
    {
      name: `${name}: faster, cold, rarities known`,
      value: ratio(coldScan),
      unit: '×',
      budget: null,
      note: `${leastRatio(coldScan)}; ours ${spread(coldScan)}`,
    },
    { name: `${name}: faster, warm`, value: ratio(warm), unit: '×', budget: null, note: `${leastRatio(warm)}; ours ${spread(warm)}` },
    {
      name: `${name}: wall over bare download`,
      value: median(warm) / median(download),
      unit: '×',
      budget: { atMost: 1.3 },
      note: `${DOWNLOADER}: ${spread(download)}`,
    },
    {
      name: `${name}: CPU of Prometheus saved`,
      value: median(theirCpu) / median(warmCpu),
      unit: '×',
      budget: null,
      note: `theirs ${median(theirCpu)} ms, ours ${median(warmCpu)} ms`,
    },
  ];
}

/** What watching a few namespaces costs beside watching all. */
async function compareScopes(
  backend: MeshBackend,
  options: BenchOptions,
): Promise<{ readonly measurements: Measurement[]; readonly raw: unknown }> {
  const { namespaces } = backend;
  const count = Math.max(1, Math.round(namespaces.length * WATCHED_SHARE));
  const watched = Array.from({ length: count }, (_, i) => namespaces[Math.floor(((i + 0.5) / count) * namespaces.length)] ?? '');
  const plan = openPlan(backend);
  const all: Collection[] = [];
  const few: Collection[] = [];
  try {
    await plan.collect([], null);
    await plan.collect([], watched);
    await plan.settle();
    for (let i = 0; i < options.repeats + 2; i++) {
      all.push(await plan.collect([], null));
      few.push(await plan.collect([], watched));
    }
  } finally {
    await plan.close();
  }
  const cpu = (own: readonly Collection[]): number => sum(own.map((each) => each.backendCpuMs));
  const bytes = (own: readonly Collection[]): number => sum(own.map((each) => each.snapshot.cost.bytes));
  const walls = (own: readonly Collection[]): number[] => own.map((each) => each.wallMs);
  const name = `${count} of ${namespaces.length} namespaces`;
  return {
    measurements: [
      {
        name: `${name}: share of CPU`,
        value: cpu(few) / cpu(all),
        unit: '×',
        budget: { atMost: 0.25 },
        note: `${cpu(few)} of ${cpu(all)} ms in ${all.length} polls`,
      },
      { name: `${name}: share of bytes`, value: bytes(few) / bytes(all), unit: '×', budget: { atMost: 0.25 }, note: '' },
      { name: `${name}: wall`, value: median(walls(few)), unit: 'ms', budget: null, note: `all: ${spread(walls(all))}` },
    ],
    raw: { watched, all: walls(all), few: walls(few), allCpu: all.map((c) => c.backendCpuMs), fewCpu: few.map((c) => c.backendCpuMs) },
  };
}

/** Quantiles, which have no budget: once theirs, once ours, the buckets timed to their end. */
async function measureQuantiles(options: BenchOptions): Promise<{ readonly measurements: Measurement[]; readonly raw: unknown }> {
  const services = Math.min(options.services, QUANTILE_SERVICES);
  const backend = await startMeshBackend(options.scratch, services, 'all', STEPS);
  try {
    const theirs: TimedReplay[] = [];
    const ours: { wallMs: number; cpuMs: number; bytes: number }[] = [];
    for (let i = 0; i < options.repeats; i++) {
      theirs.push(await replay(backend, 'p95'));
      const plan = openPlan(backend);
      const cpuMs = readCpuMs(backend.pid);
      const startedMs = performance.now();
      await plan.collect([...AVERAGES, 'quantiles'], null);
      await plan.settle();
      const done = await plan.collect([...AVERAGES, 'quantiles'], null);
      if (done.snapshot.quantilesAtMs === null) throw new Error('the quantiles did not arrive');
      const buckets = sum(done.asked.filter((query) => query.name === 'buckets').map((query) => query.bytes));
      ours.push({
        wallMs: performance.now() - startedMs - done.wallMs,
        cpuMs: readCpuMs(backend.pid) - cpuMs - done.backendCpuMs,
        bytes: buckets,
      });
      await plan.close();
    }
    const theirWall = theirs.map((own) => own.wallMs);
    const ourWall = ours.map((own) => own.wallMs);
    const name = `P50, P95 and P99, ${services} services`;
    return {
      measurements: [
        {
          name: `${name}: faster, cold`,
          value: median(theirWall) / median(ourWall),
          unit: '×',
          budget: null,
          note: `theirs (P95 only) ${spread(theirWall)}; ours ${spread(ourWall)}`,
        },
        {
          name: `${name}: CPU of Prometheus saved`,
          value: sum(theirs.map((own) => own.backendCpuMs)) / sum(ours.map((own) => own.cpuMs)),
          unit: '×',
          budget: null,
          note: `${backend.series} series`,
        },
      ],
      raw: { services, theirs: theirWall, ours },
    };
  } finally {
    await backend.close();
  }
}

async function run(options: BenchOptions) {
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const backend = await startMeshBackend(options.scratch, options.services, 'sums', STEPS);
  try {
    options.say(`plan: ${backend.series} series, ${backend.namespaces.length} namespaces in Prometheus`);
    // Once unmeasured: the first reading of anything is dearer for whoever comes first.
    await takeTurn(backend, AVERAGES);
    const base: Turn[] = [];
    const averages: Turn[] = [];
    for (let i = 0; i < options.repeats; i++) {
      base.push(await takeTurn(backend, []));
      averages.push(await takeTurn(backend, AVERAGES));
      options.say(`plan: turn ${i + 1} of ${options.repeats} done`);
    }
    const [first] = base;
    if (first === undefined) throw new RangeError('at least one repeat is needed');
    const edges = edgesOf(first.cold.snapshot);
    const scopes = await compareScopes(backend, options);
    await backend.close();
    const quantiles = await measureQuantiles(options);
    return {
      measurements: [
        {
          name: 'edges that only one plan finds',
          value: differences(edges, first.theirs.edges),
          unit: 'count',
          budget: { atMost: 0 },
          note: `${edges.size} edges; Prometheus ${first.version ?? 'of unknown version'}`,
        },
        ...judgeTurns('base graph', base, { queries: 2, faster: 2.5 }),
        ...judgeTurns('with averages', averages, { queries: 4, faster: 4 }),
        ...scopes.measurements,
        ...quantiles.measurements,
      ] satisfies Measurement[],
      raw: { series: backend.series, base: columns(base), averages: columns(averages), scopes: scopes.raw, quantiles: quantiles.raw },
    };
  } finally {
    await backend.close();
  }
}

export const planSuite: Suite = { name: 'plan', about: 'our queries against a plan that asks per namespace', run };
