// Suite `rules`: the graph read from recorded series against a console that asks per namespace, on the same Prometheus, in turns; and what
// the rules cost that Prometheus all the time. In: services. Out: ratios of wall time by what is shown; shares of a core.

import type { TrafficSnapshot } from '../../model/traffic';
import type { Overlay } from '../../model/wire';
import { MARKER, RULE_GROUPS } from '../../server/telemetry/rules';
import { writeRemotely } from '../../sim/prometheus/differential/remote-write';
import { type LoadedGroup, loadRules } from '../data/load-rules';
import { prometheusInstalled } from '../data/prometheus';
import { type MeshBackend, startMeshBackend, WINDOW_SECONDS } from '../mesh-backend';
import { baselineQueries } from '../plan/baseline';
import { type Collection, type OwnPlan, openPlan } from '../plan/ours';
import { edgeKey, replayQueries } from '../plan/replay';
import { readCpuMs } from '../process-usage';
import type { Measurement } from '../report';
import { least, median, spread, sum } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const STEPS = 8;

interface Level {
  readonly name: string;
  readonly baseline: 'none' | 'average' | 'p95';
  readonly overlays: readonly Overlay[];
  readonly faster: number;
}
const LEVELS: readonly Level[] = [
  { name: 'base graph', baseline: 'none', overlays: [], faster: 12 },
  { name: 'with averages, mutual TLS and throughput', baseline: 'average', overlays: ['latency', 'throughput'], faster: 25 },
  { name: 'the same with P95', baseline: 'p95', overlays: ['latency', 'throughput', 'quantiles'], faster: 60 },
];

interface Timed {
  readonly wallMs: number;
  readonly cpuMs: number;
}
interface Turn {
  readonly theirs: Timed & { readonly queries: number };
  readonly cold: Timed;
  /** A refresh after all rules were evaluated again. */
  readonly warm: Timed & { readonly bytes: number; readonly queries: number };
  /** The refreshes until the histograms are recorded again: the other rules are evaluated with each of them. */
  readonly others: readonly Timed[];
}
/** Refreshes to an evaluation of the slowest group. */
const INTERVALS_SECONDS = RULE_GROUPS.map(({ intervalSeconds }) => intervalSeconds);
const SLOWEST_SECONDS = Math.max(...INTERVALS_SECONDS);
const REFRESHES = SLOWEST_SECONDS / Math.min(...INTERVALS_SECONDS);

async function timed<T>(backend: MeshBackend, run: () => Promise<T>): Promise<Timed & { readonly value: T }> {
  const cpuMs = readCpuMs(backend.pid);
  const startedMs = performance.now();
  const value = await run();
  return { value, wallMs: performance.now() - startedMs, cpuMs: readCpuMs(backend.pid) - cpuMs };
}

const timeOf = ({ wallMs, cpuMs }: Timed): Timed => ({ wallMs, cpuMs });

/** Rules are evaluated again and again, which is when their histograms are read again. Here only the markers move on. */
async function moveOn(backend: MeshBackend, atMs: number, groups = RULE_GROUPS): Promise<void> {
  const markers = groups.flatMap(({ rules }) => rules).filter(({ record }) => record === MARKER);
  await writeRemotely(
    backend.url,
    markers.map(({ labels }) => ({ labels: { ...labels, __name__: MARKER }, samples: [{ timestampMs: atMs, value: 1, isStale: false }] })),
  );
}

/** To the graph with everything that it shows; quantiles come after the rest. */
async function collectWhole(plan: OwnPlan, overlays: readonly Overlay[], atMs: number): Promise<Collection> {
  const collection = await plan.collect(overlays, null, atMs);
  if (overlays.includes('quantiles')) await plan.settle();
  return { ...collection, asked: [...collection.asked, ...plan.source.take()] };
}

async function takeTurn(backend: MeshBackend, { baseline, overlays }: Level, atMs: number): Promise<Turn> {
  const queries = baselineQueries(backend.namespaces, WINDOW_SECONDS, baseline);
  const theirs = await timed(backend, () => replayQueries(backend.url, queries, backend.endMs));
  const plan = openPlan(backend);
  try {
    await moveOn(backend, atMs);
    const cold = await timed(backend, () => collectWhole(plan, overlays, atMs));
    await plan.settle();
    await moveOn(backend, atMs + 1000);
    plan.source.take();
    const warm = await timed(backend, () => collectWhole(plan, overlays, atMs + 1000));
    if (warm.value.snapshot.recorded?.edgesAtMs == null) throw new Error('the graph was not read from recorded series');
    const frequent = RULE_GROUPS.filter(({ intervalSeconds }) => intervalSeconds < SLOWEST_SECONDS);
    const others: Timed[] = [];
    while (others.length < REFRESHES - 1) {
      const nextMs = atMs + 2000 + others.length * 1000;
      await moveOn(backend, nextMs, frequent);
      others.push(timeOf(await timed(backend, () => collectWhole(plan, overlays, nextMs))));
    }
    const { asked } = warm.value;
    return {
      theirs: { ...timeOf(theirs), queries: queries.length },
      cold: timeOf(cold),
      warm: { ...timeOf(warm), bytes: sum(asked.map((query) => query.bytes)), queries: asked.length },
      others,
    };
  } finally {
    await plan.close();
  }
}

function judge({ name, overlays, faster }: Level, turns: readonly Turn[]): readonly Measurement[] {
  const walls = (of: (turn: Turn) => Timed): number[] => turns.map((turn) => of(turn).wallMs);
  const theirs = walls((turn) => turn.theirs);
  const warm = walls((turn) => turn.warm);
  const cold = walls((turn) => turn.cold);
  const cpu = (of: (turn: Turn) => Timed): number => median(turns.map((turn) => of(turn).cpuMs));
  const last = turns.at(-1);
  const minutes = turns.map(({ warm: first, others }) => sum([first, ...others].map(({ wallMs }) => wallMs)));
  // Histograms are recorded, and read, at one of several refreshes: what showing them costs is what all of these cost.
  const isInTurns = overlays.includes('quantiles');
  const overall: Measurement = {
    name: `${name}: faster, ${SLOWEST_SECONDS} s of refreshes`,
    value: (median(theirs) * REFRESHES) / median(minutes),
    unit: '×',
    budget: { atLeast: faster },
    note: `${((least(theirs) * REFRESHES) / least(minutes)).toFixed(1)}× by the least; ${REFRESHES} refreshes, one of which reads the histograms: ours ${spread(minutes)} together`,
  };
  return [
    ...(isInTurns ? [overall] : []),
    {
      name: `${name}: faster${isInTurns ? ', the refresh that reads the histograms' : ''}`,
      value: median(theirs) / median(warm),
      unit: '×',
      budget: isInTurns ? null : { atLeast: faster },
      note: `${(least(theirs) / least(warm)).toFixed(1)}× by the least; theirs ${spread(theirs)} (${last?.theirs.queries ?? 0} queries); ours ${spread(warm)} (${last?.warm.queries ?? 0} queries, ${((last?.warm.bytes ?? 0) / 1e6).toFixed(1)} MB)`,
    },
    { name: `${name}: faster, first time`, value: median(theirs) / median(cold), unit: '×', budget: null, note: `ours ${spread(cold)}` },
    {
      name: `${name}: CPU of Prometheus saved`,
      value:
        cpu((turn) => turn.theirs) /
        Math.max(
          1,
          cpu((turn) => turn.warm),
        ),
      unit: '×',
      budget: null,
      note: `theirs ${cpu((turn) => turn.theirs)} ms, ours ${cpu((turn) => turn.warm)} ms`,
    },
  ];
}

const judgeCost = ({ name, intervalSeconds, series, wallMs, cpuMs }: LoadedGroup): Measurement => ({
  name: `standing cost of ${name}, of one core`,
  value: (cpuMs / (intervalSeconds * 1000)) * 100,
  unit: '%',
  budget: null,
  note: `${wallMs.toFixed(0)} ms (CPU ${cpuMs} ms) each ${intervalSeconds} s, answered as JSON; ${series} series`,
});

/** What is read recorded against what is computed at the same instant. */
async function compare(backend: MeshBackend): Promise<readonly Measurement[]> {
  const plans = [openPlan(backend), openPlan(backend, null, { withoutRules: true })] as const;
  try {
    const recorded = (await plans[0].collect([], null)).snapshot;
    const computed = (await plans[1].collect([], null)).snapshot;
    if (recorded.recorded === undefined || computed.recorded !== undefined) throw new Error('one was to be read, the other computed');
    const keys = ({ observations }: TrafficSnapshot): Set<string> =>
      new Set(observations.map((o) => edgeKey(o.source, o.destination, o.service.host, o.protocol)));
    const rates = ({ observations }: TrafficSnapshot): number => sum(observations.map((o) => o.requestsPerSecond));
    const [a, b] = [keys(recorded), keys(computed)];
    const only = [...a].filter((key) => !b.has(key)).length + [...b].filter((key) => !a.has(key)).length;
    return [
      { name: 'edges that only one way finds', value: only, unit: 'count', budget: { atMost: 0 }, note: `${a.size} edges` },
      {
        name: 'difference of the rate of all edges',
        value: Math.abs(rates(recorded) / rates(computed) - 1) * 100,
        unit: '%',
        budget: { atMost: 0.5 },
        note: `${rates(computed).toFixed(1)} requests a second`,
      },
    ];
  } finally {
    for (const plan of plans) await plan.close();
  }
}

async function run(options: BenchOptions) {
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const backend = await startMeshBackend(options.scratch, options.services, 'all', STEPS);
  try {
    options.say(`rules: ${backend.series} series in Prometheus`);
    // Once unmeasured: the first reading of anything is dearer for whoever comes first.
    await replayQueries(backend.url, baselineQueries(backend.namespaces, WINDOW_SECONDS, 'none'), backend.endMs);
    const cost = await loadRules(backend.url, backend.endMs, backend.pid);
    for (const { name, wallMs, series } of cost) options.say(`rules: ${name} took ${wallMs.toFixed(0)} ms for ${series} series`);
    const plan = openPlan(backend);
    const { version } = await plan.source.fetchCapabilities({ signal: new AbortController().signal, deadlineMs: 10_000 });
    await plan.close();
    let atMs = backend.endMs;
    const turns = LEVELS.map((): Turn[] => []);
    for (let i = 0; i < options.repeats; i++) {
      for (const [number, level] of LEVELS.entries()) {
        atMs += 6000;
        turns[number]?.push(await takeTurn(backend, level, atMs));
      }
      options.say(`rules: turn ${i + 1} of ${options.repeats} done`);
    }
    const measurements: Measurement[] = [
      ...LEVELS.flatMap((level, number) => judge(level, turns[number] ?? [])),
      ...cost.map(judgeCost),
      {
        name: 'standing cost of all rules, of one core',
        value: sum(cost.map(({ cpuMs, intervalSeconds }) => (cpuMs / (intervalSeconds * 1000)) * 100)),
        unit: '%',
        budget: null,
        note: `Prometheus ${version ?? 'of unknown version'}, ${backend.series} series`,
      },
      ...(await compare(backend)),
    ];
    return { measurements, raw: { version, series: backend.series, cost, turns } };
  } finally {
    await backend.close();
  }
}

export const rulesSuite: Suite = { name: 'rules', about: 'the graph from recording rules against a plan that asks per namespace', run };
