// Suite `soak`: hours of a mesh that never rests, watched by 50 readers who come, go and read slowly, while Prometheus and the API server fail
// and come back. In: nothing. Out: whether memory, streams and timers stay as many, and whether every reader had the right graph.
// Time is stepped: a refresh follows the next as soon as the last is through. Sockets, decoders, watches, engine and streams are the real ones.
import { setTimeout as pause } from 'node:timers/promises';
import type { Sight } from '../../model/account';
import { DEFAULT_VIEW, type GraphDocument, type ViewSpec } from '../../model/wire';
import { createApiClient } from '../../server/kubernetes/client';
import { createClusterReader } from '../../server/kubernetes/reader';
import { createLiveEngine } from '../../server/live/create-live-engine';
import type { LiveEngine } from '../../server/live/engine';
import { DEFAULT_LIVE_SETTINGS } from '../../server/live/settings';
import { createPrometheusClient } from '../../server/prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../../server/prometheus/options';
import { FakeClock } from '../../server/testing/fake-clock';
import { type ApiServer, startApiServer } from '../../sim/kubernetes/server';
import { ObjectStore } from '../../sim/kubernetes/store';
import { createRandom, type Random } from '../data/random';
import { createHeapReader } from '../heap/collected-heap';
import type { Measurement } from '../report';
import { most } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { MOODS, type Mood, SoakMetrics } from './soak-metrics';
import { SoakWorld } from './soak-world';
import { slopeOf } from './trend';
import { Viewer } from './viewer';

const STEP_SECONDS = 15;
const STEPS_PER_HOUR = 3600 / STEP_SECONDS;
/** A series that is gone is forgotten after an hour: only then as much goes as comes. */
const WARM_UP_STEPS = 1.25 * STEPS_PER_HOUR;
const MEASURED_STEPS = 2 * STEPS_PER_HOUR;
/** Five minutes. */
const READ_EVERY = 20;
const VIEWERS = 50;
/** Of an hour of steps: Prometheus is down for these, each time in another way, the API server for those. */
const PROMETHEUS_DOWN = [30, 33] as const;
const API_DOWN = [70, 76] as const;
const CYCLE_STEPS = 80;

const VIEWS: readonly ViewSpec[] = [
  DEFAULT_VIEW,
  { ...DEFAULT_VIEW, graphType: 'workload' },
  { ...DEFAULT_VIEW, graphType: 'service' },
  { ...DEFAULT_VIEW, graphType: 'app', serviceNodes: false },
  { ...DEFAULT_VIEW, level: 'auto' },
  { ...DEFAULT_VIEW, level: 'namespaces', open: ['shop-1'] },
  { ...DEFAULT_VIEW, idle: true },
  ...Array.from({ length: 6 }, (_, i): ViewSpec => ({ ...DEFAULT_VIEW, namespaces: [`shop-${i}`] })),
];
const SIGHTS: readonly Sight[] = [null, null, null, ['shop-0', 'shop-1', 'shop-2']];

const pickFrom = <T>(random: Random, list: readonly T[]): T => {
  const found = list[Math.floor(random.next() * list.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
};

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
/** What a graph says, whatever the order in which it was sent. */
const meaningOf = ({ nodes, edges, boxes }: GraphDocument): string =>
  JSON.stringify([[...nodes].sort(byId), [...edges].sort(byId).map((edge) => ({ ...edge, responses: null })), [...boxes].sort(byId)]);

const gauge = (text: string, name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);

class Soak {
  readonly clock = new FakeClock();
  readonly store = new ObjectStore({ now: () => this.clock.now(), historyLimit: 300 });
  readonly world = new SoakWorld(this.store);
  readonly metrics = new SoakMetrics(() => this.world.answer(this.clock.now() / 1000));
  readonly random = createRandom(7);
  readonly viewers: Viewer[] = [];
  api: ApiServer | null = null;
  #apiPort = 0;
  step = 0;
  compared = 0;
  wrong = 0;
  refused = 0;
  restarts = 0;

  async startApi(): Promise<void> {
    this.api = await startApiServer({
      store: this.store,
      now: () => this.clock.now(),
      tokens: new Map(),
      anonymous: true,
      port: this.#apiPort,
    });
    this.#apiPort = this.api.port;
  }

  async stopApi(): Promise<void> {
    await this.api?.close();
    this.api = null;
    this.restarts++;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#apiPort}`;
  }

  /** Faults by the step: each cycle Prometheus fails in the next way, and the API server goes away. */
  async playFaults(): Promise<void> {
    const place = this.step % CYCLE_STEPS;
    const mood: Mood = MOODS[1 + (Math.floor(this.step / CYCLE_STEPS) % (MOODS.length - 1))] ?? 'refused';
    if (place === PROMETHEUS_DOWN[0]) await this.metrics.become(mood);
    if (place === PROMETHEUS_DOWN[1]) await this.metrics.become('well');
    if (place === API_DOWN[0]) await this.stopApi();
    if (place === API_DOWN[1] && this.api === null) await this.startApi();
  }

  /** Waits until nothing is asked of Prometheus any more. */
  async rest(): Promise<void> {
    for (let calm = 0; calm < 3; ) {
      await pause(1);
      calm = this.metrics.pending === 0 ? calm + 1 : 0;
    }
  }

  async advance(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
    await this.rest();
  }

  open(engine: LiveEngine, before: Viewer | null): Viewer {
    const again = before !== null && this.random.next() < 0.5;
    const view = again ? before.view : pickFrom(this.random, VIEWS);
    const sight = again ? before.sight : pickFrom(this.random, SIGHTS);
    return again ? new Viewer(engine, view, sight, before.lastEventId, before.document) : new Viewer(engine, view, sight, null, null);
  }

  /** Whether a reader who keeps up holds what the API says at this moment. */
  async check(engine: LiveEngine, viewer: Viewer): Promise<void> {
    if (viewer.slow || viewer.document === null) return;
    const { bytes } = await engine.fetchGraph(viewer.view, viewer.sight);
    await this.rest();
    const asked = JSON.parse(new TextDecoder().decode(bytes)) as GraphDocument;
    this.compared++;
    if (meaningOf(asked) !== meaningOf(viewer.document)) this.wrong++;
  }

  /** Readers leave, come back, become slow, have room again. */
  async stir(engine: LiveEngine): Promise<void> {
    for (const [i, viewer] of this.viewers.entries()) {
      if (viewer.slow) {
        if (this.random.next() < 0.4) viewer.drain();
      } else if (this.random.next() < 0.1) viewer.slow = true;
      if (viewer.gone || this.random.next() < 0.04) {
        if (!viewer.gone) await this.check(engine, viewer);
        viewer.leave();
        this.viewers[i] = this.open(engine, viewer);
      }
    }
  }
}

interface Reading {
  readonly heap: number;
  readonly external: number;
  readonly readers: number;
  readonly views: number;
  readonly timers: number;
}

async function run(options: BenchOptions) {
  const readHeap = createHeapReader();
  const soak = new Soak();
  await soak.metrics.become('well');
  await soak.startApi();
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: soak.metrics.url, clock: soak.clock });
  const client = createApiClient(
    {
      server: soak.apiUrl,
      origin: 'the soak',
      confidential: true,
      readCredentials: () => Promise.resolve({ authorization: null, headers: {}, tls: {} }),
    },
    soak.clock,
  );
  const cluster = createClusterReader({
    client,
    clock: soak.clock,
    cluster: 'Kubernetes',
    rootNamespace: 'istio-system',
    random: () => 0.5,
  });
  const defects: string[] = [];
  const engine = createLiveEngine({
    metrics: source,
    cluster,
    clock: soak.clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: 10_000,
    slowQueryDeadlineMs: 30_000,
    onDefect: (what, error) => defects.push(`${what}: ${String(error)}`),
  });
  const readings: Reading[] = [];
  const read = async (): Promise<void> => {
    const heap = await readHeap();
    const { external, arrayBuffers } = process.memoryUsage();
    const text = engine.metricsText();
    const readers = gauge(text, 'heddle_live_readers');
    readings.push({
      heap,
      external: external + arrayBuffers,
      readers,
      views: gauge(text, 'heddle_live_views'),
      timers: soak.clock.pending,
    });
  };
  let left: Reading | undefined;
  try {
    engine.start();
    await soak.advance(5);
    for (let i = 0; i < VIEWERS; i++) soak.viewers.push(soak.open(engine, null));
    await soak.rest();
    for (soak.step = 1; soak.step <= WARM_UP_STEPS + MEASURED_STEPS; soak.step++) {
      await soak.playFaults();
      soak.world.advance();
      // In pieces, as time passes: heartbeats, retries and watches have their turns between refreshes.
      for (let second = 0; second < STEP_SECONDS; second += 5) await soak.advance(5);
      await soak.stir(engine);
      await soak.rest();
      if (soak.step > WARM_UP_STEPS && soak.step % READ_EVERY === 0) await read();
      if (soak.step % 240 === 0)
        options.say(`soak: ${soak.step / STEPS_PER_HOUR} of ${(WARM_UP_STEPS + MEASURED_STEPS) / STEPS_PER_HOUR} h`);
    }
    // The faults are over: whoever is left must have the graph of the moment.
    await soak.metrics.become('well');
    if (soak.api === null) await soak.startApi();
    for (let i = 0; i < 8; i++) await soak.advance(STEP_SECONDS);
    for (const viewer of soak.viewers) if (viewer.slow) viewer.drain();
    await soak.advance(STEP_SECONDS);
    for (const viewer of soak.viewers) await soak.check(engine, viewer);
    for (const viewer of soak.viewers) viewer.leave();
    await read();
    left = readings.pop();
  } finally {
    await engine.close();
    await cluster.close();
    await client.close();
    await source.close();
    await soak.api?.close();
    await soak.metrics.close();
  }
  const perHour = (of: (reading: Reading) => number): number => slopeOf(readings.map(of)) * (STEPS_PER_HOUR / READ_EVERY);
  const half = readings.length >> 1;
  const grown = (of: (reading: Reading) => number): number => most(readings.slice(half).map(of)) - most(readings.slice(0, half).map(of));
  const measurements: Measurement[] = [
    {
      name: 'growth of the heap in an hour',
      value: perHour(({ heap }) => heap) / 1e6,
      unit: 'MB',
      budget: { atMost: 2 },
      note: `median slope (Theil–Sen) over 2 h after ${(WARM_UP_STEPS / STEPS_PER_HOUR).toFixed(2)} h of warm-up; highest ${(most(readings.map(({ heap }) => heap)) / 1e6).toFixed(1)} MB`,
    },
    {
      name: 'growth of memory outside of the heap in an hour',
      value: perHour(({ external }) => external) / 1e6,
      unit: 'MB',
      budget: { atMost: 1 },
      note: `buffers and external memory; highest ${(most(readings.map(({ external }) => external)) / 1e6).toFixed(1)} MB`,
    },
    {
      name: 'readers more or less than viewers',
      value: most(readings.map(({ readers }) => Math.abs(readers - VIEWERS))),
      unit: 'count',
      budget: { atMost: 0 },
      note: `${VIEWERS} viewers, at every reading`,
    },
    { name: 'readers after everybody left', value: left?.readers ?? Number.NaN, unit: 'count', budget: { atMost: 0 }, note: '' },
    {
      name: 'timers more than an hour before',
      value: grown(({ timers }) => timers),
      unit: 'count',
      budget: { atMost: 10 },
      note: `highest ${most(readings.map(({ timers }) => timers))}`,
    },
    {
      name: 'graphs that were not those of the API',
      value: soak.wrong,
      unit: 'count',
      budget: { atMost: 0 },
      note: `${soak.compared} compared, when readers left and at the end`,
    },
    { name: 'graphs compared', value: soak.compared, unit: 'count', budget: { atLeast: VIEWERS }, note: '' },
    {
      name: 'defects',
      value: defects.length,
      unit: 'count',
      budget: { atMost: 0 },
      note: defects[0] ?? '',
    },
    {
      name: 'queries that Prometheus was asked',
      value: soak.metrics.queries,
      unit: 'queries',
      budget: { atLeast: WARM_UP_STEPS + MEASURED_STEPS },
      note: `${source.stats().reduce((sum, { failed }) => sum + failed, 0)} failed; the API server restarted ${soak.restarts} times, ${soak.world.edits} edits, ${soak.world.born} workloads`,
    },
    {
      name: 'most views kept',
      value: most(readings.map(({ views }) => views)),
      unit: 'count',
      budget: { atMost: VIEWS.length * 2 },
      note: '',
    },
  ];
  return { measurements, raw: { readings, defects } };
}

export const soakSuite: Suite = { name: 'soak', about: 'hours of change, faults and readers', run };
