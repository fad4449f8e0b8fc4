// Suite `live`: the production build as its users load it: start, warm answers, five hundred streams, ten sessions.
// In: services, seconds to watch. Out: times, memory, CPU, queries. Mesh, Prometheus and console are processes of their own.
import { GRAPH_TYPES } from '../../model/graph';
import { DRAW_BUDGET } from '../../model/view-options';
import { prometheusInstalled } from '../data/prometheus';
import { readCpuMs, readResidentBytes } from '../process-usage';
import type { Measurement } from '../report';
import { median, most, quantile, sum } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { isBuilt, type RunningConsole, type SimulatedMesh, startConsole, startMesh } from './console-process';
import { HttpReader, openStream, readQueriesAnswered } from './http-reader';
import { startPinging } from './pinger';
import { delaysOf, gatherCrowd, spendSession } from './sessions';

const STREAMS = 500;
const SESSIONS = 10;
const READY_DEADLINE_MS = 180_000;
/** Warm reads must end before the next refresh, 15 s after the last. */
const WARM_MS = 9000;
const MB = 1e6;

interface Scene {
  readonly mesh: SimulatedMesh;
  readonly console: RunningConsole;
  readonly reader: HttpReader;
  readonly prometheus: HttpReader;
  /** Namespaces with nodes in the graph, sorted. */
  readonly namespaces: readonly string[];
  /** A node of the folded whole. */
  readonly nodeId: string;
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;
const textOf = (x: unknown, key: string): string => (isRecord(x) && typeof x[key] === 'string' ? x[key] : '');
const FOLDED = 'level=namespaces';

async function waitForGraph(reader: HttpReader): Promise<Pick<Scene, 'namespaces' | 'nodeId'>> {
  const endMs = performance.now() + READY_DEADLINE_MS;
  let last = '';
  while (performance.now() < endMs) {
    const { status, bytes } = await reader.read(`/api/graph?${FOLDED}`);
    last = bytes.toString('utf8', 0, 300);
    const document: unknown = status === 200 ? JSON.parse(bytes.toString('utf8')) : null;
    const nodes: unknown[] = isRecord(document) && Array.isArray(document['nodes']) ? document['nodes'] : [];
    const folded = nodes.filter((node) => textOf(node, 'kind') === 'namespace');
    if (folded.length > 1) return { namespaces: folded.map((node) => textOf(node, 'namespace')).sort(), nodeId: textOf(folded[0], 'id') };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the console shows no folded graph: ${last}`);
}

/** Resolves at the next change of the folded whole: a refresh has just been published. */
async function waitForRefresh(address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no refresh was published within a minute')), 60_000);
    const stream = openStream(address, `/api/graph/stream?${FOLDED}`, ({ name }) => {
      if (name !== 'delta') return;
      clearTimeout(timer);
      stream.close();
      resolve();
    });
    stream.first.catch(reject);
  });
  // All views of the refresh, not only the first.
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

const listOf = (namespaces: readonly string[], from: number, count: number): string =>
  `namespaces=${Array.from({ length: count }, (_, i) => namespaces[(from + i * 7) % namespaces.length] ?? '').join(',')}`;

/** Views that nobody has looked at yet, by kind. */
function freshViews(namespaces: readonly string[]): readonly { readonly kind: string; readonly query: string }[] {
  return GRAPH_TYPES.flatMap((graphType, t) =>
    [true, false].flatMap((serviceNodes, s) => {
      const base = `graphType=${graphType}&serviceNodes=${serviceNodes}`;
      const place = t * 2 + s;
      return [
        { kind: 'folded whole', query: `${base}&level=auto` },
        { kind: 'one namespace', query: `${base}&${listOf(namespaces, place, 1)}` },
        { kind: 'three namespaces', query: `${base}&${listOf(namespaces, place, 3)}` },
        { kind: 'ten namespaces', query: `${base}&${listOf(namespaces, place, 10)}` },
        { kind: 'every node', query: `${base}&level=full` },
      ];
    }),
  );
}

async function measureWarm({ console, reader, prometheus, namespaces }: Scene): Promise<{ measurements: Measurement[]; raw: unknown }> {
  const keeper = await gatherCrowd(console.url, [FOLDED], 1);
  try {
    await waitForRefresh(console.url);
    const before = await readQueriesAnswered(prometheus);
    const endMs = performance.now() + WARM_MS;
    const times: { kind: string; headMs: number; wholeMs: number }[] = [];
    for (const { kind, query } of freshViews(namespaces)) {
      if (performance.now() > endMs) break;
      const { headMs, wholeMs } = await reader.readWell(`/api/graph?${query}`);
      times.push({ kind, headMs, wholeMs });
    }
    const asked = (await readQueriesAnswered(prometheus)) - before;
    const heads = times.map((own) => own.headMs);
    const kinds = [...new Set(times.map((own) => own.kind))].map((kind) => {
      const own = times.filter((time) => time.kind === kind).map((time) => time.headMs);
      return `${kind} ${median(own).toFixed(0)}`;
    });
    return {
      measurements: [
        {
          name: 'warm: queries',
          value: asked,
          unit: 'queries',
          budget: { atMost: 0 },
          note: `${times.length} views that nobody had looked at`,
        },
        {
          name: 'warm: P95 of an answer',
          value: quantile(heads, 0.95),
          unit: 'ms',
          budget: { atMost: 60 },
          note: `until its head; medians: ${kinds.join(', ')} ms`,
        },
      ],
      raw: { times },
    };
  } finally {
    keeper.close();
  }
}

async function measureCrowd(scene: Scene, watchSeconds: number): Promise<{ measurements: Measurement[]; raw: unknown }> {
  const { console, namespaces } = scene;
  const views = [FOLDED, listOf(namespaces, 0, 1), listOf(namespaces, 1, 1), listOf(namespaces, 2, 2), listOf(namespaces, 3, 3)];
  const few = await gatherCrowd(console.url, views, views.length);
  await waitForRefresh(console.url);
  const aloneBytes = readResidentBytes(console.pid);
  const crowd = await gatherCrowd(console.url, views, STREAMS);
  const pinging = new HttpReader(console.url);
  try {
    await waitForRefresh(console.url);
    crowd.take();
    const resident: number[] = [];
    const watch = async (): Promise<number> => {
      const startedMs = performance.now();
      const cpuMs = readCpuMs(console.pid);
      while (performance.now() < startedMs + watchSeconds * 1000) {
        resident.push(readResidentBytes(console.pid));
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      return ((readCpuMs(console.pid) - cpuMs) / (performance.now() - startedMs)) * 100;
    };
    // First the streams alone, then with pings between them: those are requests of their own.
    const share = await watch();
    const pings = startPinging(pinging);
    const pingedShare = await watch();
    const waits = await pings.stop();
    const receipts = crowd.take();
    const delays = delaysOf(receipts);
    const deltas = receipts.filter(({ event }) => event.name === 'delta');
    const kilobytes = sum(deltas.map(({ event }) => event.bytes)) / 1000;
    return {
      measurements: [
        {
          name: `${STREAMS} streams: memory added`,
          value: (median(resident) - aloneBytes) / MB,
          unit: 'MB',
          budget: { atMost: 150 },
          note: `to ${(aloneBytes / MB).toFixed(0)} MB with one stream a view`,
        },
        {
          name: `${STREAMS} streams: whole process`,
          value: most(resident) / MB,
          unit: 'MB',
          budget: { atMost: 600 },
          note: 'highest resident size, worker included',
        },
        {
          name: `${STREAMS} streams: CPU`,
          value: share,
          unit: '%',
          budget: { atMost: 20 },
          note: `of one core, the console whole, over ${watchSeconds} s; pinged 50 times a second beside it ${pingedShare.toFixed(1)} %`,
        },
        {
          name: `${STREAMS} streams: P99 of delivery`,
          value: quantile(delays, 0.99),
          unit: 'ms',
          budget: { atMost: 500 },
          note: `after the first reader of the same change; ${deltas.length} deliveries, ${kilobytes.toFixed(0)} kB`,
        },
        {
          name: `${STREAMS} streams: P99 of a ping`,
          value: quantile(waits, 0.99),
          unit: 'ms',
          budget: { atMost: 50 },
          note: `${waits.length} pings, longest ${most(waits).toFixed(0)} ms`,
        },
      ],
      raw: {
        resident,
        delays: [0.5, 0.9, 0.99, 1].map((q) => quantile(delays, q)),
        pings: [0.5, 0.9, 0.99, 1].map((q) => quantile(waits, q)),
      },
    };
  } finally {
    crowd.close();
    few.close();
    await pinging.close();
  }
}

async function measureSessions(scene: Scene, watchSeconds: number): Promise<{ measurements: Measurement[]; raw: unknown }> {
  const { console, reader, prometheus, nodeId } = scene;
  const view = `${FOLDED}&overlays=latency`;
  const count = async (people: number): Promise<number> => {
    await waitForRefresh(console.url);
    const before = await readQueriesAnswered(prometheus);
    await Promise.all(Array.from({ length: people }, () => spendSession(console.url, reader, view, nodeId, watchSeconds)));
    return (await readQueriesAnswered(prometheus)) - before;
  };
  // What is asked for the first time is not what a session costs.
  await spendSession(console.url, reader, view, nodeId, 20);
  const one = await count(1);
  const ten = await count(SESSIONS);
  return {
    measurements: [
      {
        name: `${SESSIONS} sessions over one: queries`,
        value: ten / one,
        unit: '×',
        // One refresh more or less may fall into the minute, and the hourly or five-minute questions.
        budget: { atMost: 1.5 },
        note: `${ten} and ${one} queries in ${watchSeconds} s each`,
      },
    ],
    raw: { one, ten },
  };
}

async function run(options: BenchOptions) {
  if (!isBuilt()) return 'there is no production build; run `npm run build` first';
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const mesh = await startMesh(options.scratch, options.services);
  let console: RunningConsole | null = null;
  try {
    options.say('live: the simulated mesh runs');
    const starts: { wallMs: number; cpuMs: number }[] = [];
    for (let i = 0; i < options.repeats; i++) {
      await console?.close();
      console = await startConsole(mesh);
      starts.push({ wallMs: console.startedInMs, cpuMs: console.startCpuMs });
    }
    if (console === null) throw new RangeError('at least one repeat is needed');
    const reader = new HttpReader(console.url);
    const prometheus = new HttpReader(mesh.prometheusUrl);
    const scene: Scene = { mesh, console, reader, prometheus, ...(await waitForGraph(reader)) };
    options.say(`live: the console shows ${scene.namespaces.length} namespaces; more than ${DRAW_BUDGET.nodes} nodes fold`);
    const warm = await measureWarm(scene);
    options.say('live: warm answers done');
    const crowd = await measureCrowd(scene, options.watchSeconds);
    options.say('live: streams done');
    const sessions = await measureSessions(scene, options.watchSeconds);
    await Promise.all([reader.close(), prometheus.close()]);
    const start: Measurement = {
      name: 'start to first answer',
      value: median(starts.map((own) => own.wallMs)),
      unit: 'ms',
      budget: { atMost: 2000 },
      note: `${starts.map((own) => own.wallMs.toFixed(0)).join(', ')}; CPU ${median(starts.map((own) => own.cpuMs))} ms`,
    };
    return {
      measurements: [start, ...warm.measurements, ...crowd.measurements, ...sessions.measurements],
      raw: { starts, warm: warm.raw, crowd: crowd.raw, sessions: sessions.raw },
    };
  } finally {
    await console?.close();
    await mesh.close();
  }
}

export const liveSuite: Suite = { name: 'live', about: 'the production build under its users', run };
