// Suite `heap`: a thousand polls of a mesh that changes all the time, with failures between, and a heap that must not grow.
// In: nothing. Out: growth after warm-up. From the socket to the encoded view, all that lives on between polls takes part.
import { diffGraph } from '../../model/delta';
import { Failure } from '../../model/failure';
import { compileHealthRules, DEFAULT_HEALTH_RULES } from '../../model/health-rules';
import { DEFAULT_VIEW, type GraphDocument } from '../../model/wire';
import { GraphEncoder } from '../../server/graph/encode';
import { GraphMemory } from '../../server/graph/memory';
import { projectGraph } from '../../server/graph/project';
import type { Clock } from '../../server/ports';
import { createPrometheusClient } from '../../server/prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../../server/prometheus/options';
import { TelemetryCollector } from '../../server/telemetry/collect';
import type { Measurement } from '../report';
import { least, most } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { type ChurningBackend, startChurningBackend } from './churning-backend';
import { createHeapReader } from './collected-heap';

const EDGES = 1000;
const CHURN = 0.05;
/** A poll every half minute: an edge that is gone is forgotten after 240 of them. */
const POLL_MS = 30_000;
/** The graph's tables begin anew after some 460 polls of this churn: the warm-up and each half of what is measured see that once. */
const WARM_UP = 480;
const CYCLES = 1000;
const READ_EVERY = 10;

interface Cycle {
  readonly clock: Clock & { advance(ms: number): void };
  poll(): Promise<'answered' | 'failed'>;
  close(): Promise<void>;
}

function openCycle(backend: ChurningBackend): Cycle {
  let nowMs = 1_700_000_000_000;
  const clock = {
    now: () => nowMs,
    after: () => () => undefined,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
  const source = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: backend.url, clock });
  const deadlines = { deadlineMs: 10_000, slowDeadlineMs: 10_000 };
  const collector = new TelemetryCollector({ source, clock, homeCluster: 'Kubernetes', ...deadlines, onLate: () => undefined });
  const memory = new GraphMemory(compileHealthRules(DEFAULT_HEALTH_RULES));
  const encoder = new GraphEncoder();
  let last: Omit<GraphDocument, 'freshness'> | null = null;
  let revision = 0;
  return {
    clock,
    poll: async () => {
      try {
        const snapshot = await collector.collect(
          { windowSeconds: 60, atMs: nowMs, namespaces: null, overlays: ['latency', 'quantiles', 'throughput'], live: true },
          new AbortController().signal,
        );
        const { graph, totals, notes, folded, laid } = projectGraph(memory.read(snapshot, null), DEFAULT_VIEW);
        revision++;
        const head = { totals, notes, folded, atMs: snapshot.atMs, revision, view: DEFAULT_VIEW };
        encoder.encodeDocument(head, laid);
        const document = { ...head, ...graph };
        if (last !== null) encoder.encodeDelta(diffGraph(last, document), document, laid);
        last = document;
        return 'answered';
      } catch (error) {
        if (error instanceof Failure) return 'failed';
        throw error;
      }
    },
    close: async () => {
      await collector.close();
      await source.close();
    },
  };
}

async function run(options: BenchOptions) {
  const readHeap = createHeapReader();
  const backend = await startChurningBackend(EDGES, CHURN);
  const cycle = openCycle(backend);
  const heaps: number[] = [];
  let failed = 0;
  try {
    for (let i = 0; i < WARM_UP + CYCLES; i++) {
      if ((await cycle.poll()) === 'failed') failed++;
      backend.advance();
      cycle.clock.advance(POLL_MS);
      if (i >= WARM_UP && i % READ_EVERY === 0) heaps.push(await readHeap());
      if (i % 200 === 199) options.say(`heap: ${i + 1} of ${WARM_UP + CYCLES} polls`);
    }
  } finally {
    await cycle.close();
    await backend.close();
  }
  const half = heaps.length >> 1;
  const [early, late] = [heaps.slice(0, half), heaps.slice(half)];
  const growth = Math.max(most(late) - most(early), least(late) - least(early)) / 1e6;
  const measurements: Measurement[] = [
    {
      name: 'growth over 1,000 polls',
      value: growth,
      unit: 'MB',
      budget: { atMost: 10 },
      note: `highest and lowest points of the second half over those of the first, after ${WARM_UP} polls of warm-up`,
    },
    {
      name: 'highest',
      value: most(heaps) / 1e6,
      unit: 'MB',
      budget: null,
      note: `lowest ${(least(heaps) / 1e6).toFixed(1)} MB: tables are swept now and then`,
    },
    {
      name: 'polls that failed',
      value: failed,
      unit: 'count',
      budget: { atLeast: (WARM_UP + CYCLES) / 5 },
      note: '503, HTML, half answers',
    },
    { name: 'edges that ever existed', value: backend.edges(), unit: 'count', budget: null, note: `${EDGES} at a time` },
  ];
  return { measurements, raw: { heaps } };
}

export const heapSuite: Suite = { name: 'heap', about: 'memory over a thousand polls with churn and failures', run };
