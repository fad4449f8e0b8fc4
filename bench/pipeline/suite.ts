// Suite `pipeline`: what one refresh costs the console's processor, from the last byte of Prometheus' answer to the encoded snapshot.
// In: services. Out: CPU by part, steady and first. The answers are a real Prometheus', of successive instants.
import { Pool } from 'undici';
import { buildDestinationQuery, buildSourceQuery, type PlannedQuery } from '../../server/telemetry/queries';
import { prometheusInstalled } from '../data/prometheus';
import { type MeshBackend, STEP_SECONDS, startMeshBackend, WINDOW_SECONDS } from '../mesh-backend';
import type { Measurement } from '../report';
import { median, sum } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { inventoryOf } from './inventory';
import { type Bodies, PARTS, type Part, type Refreshed, Refresher } from './refresh';

const INSTANTS = 8;
/** Refreshes until the optimising compiler has settled, then those that count. */
const WARM_UP = 12;
const MEASURED = 24;
const STEPS = INSTANTS + 6;
const REFRESH_PARTS: readonly Part[] = ['scan', 'observe', 'prepare', 'project', 'encode'];
const PLAN = { windowSeconds: WINDOW_SECONDS, namespaces: null, severalClusters: false, stream: 'bench' };

async function readBodies(backend: MeshBackend, source: PlannedQuery, destination: PlannedQuery): Promise<readonly Bodies[]> {
  const pool = new Pool(backend.url, { connections: 1 });
  const read = async (query: PlannedQuery, atMs: number): Promise<Buffer> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/api/v1/query',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query: query.promql, time: String(atMs / 1000) }).toString(),
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200) throw new Error(`Prometheus answered ${statusCode}: ${bytes.toString('utf8', 0, 300)}`);
    return bytes;
  };
  try {
    const all: Bodies[] = [];
    for (let i = INSTANTS - 1; i >= 0; i--) {
      const atMs = backend.endMs - i * STEP_SECONDS * 1000;
      all.push({ atMs, source: await read(source, atMs), destination: await read(destination, atMs) });
    }
    return all;
  } finally {
    await pool.close();
  }
}

const refreshCost = ({ costs }: Refreshed): number => sum(REFRESH_PARTS.map((part) => costs[part]));

async function run(options: BenchOptions) {
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const [source, destination] = [buildSourceQuery(PLAN), buildDestinationQuery(PLAN)];
  const backend = await startMeshBackend(options.scratch, options.services, 'requests', STEPS);
  const bodies = await readBodies(backend, source, destination).finally(() => backend.close());
  options.say(
    `pipeline: ${INSTANTS} answers of ${(((bodies[0]?.source.length ?? 0) + (bodies[0]?.destination.length ?? 0)) / 1e6).toFixed(1)} MB read`,
  );
  const refresher = new Refresher({ source: source.labels, destination: destination.labels }, inventoryOf(backend.mesh), WINDOW_SECONDS);
  const all: Refreshed[] = [];
  for (let i = 0; i < WARM_UP + MEASURED; i++) {
    const own = bodies[i % bodies.length];
    if (own === undefined) throw new RangeError('no answers were read');
    all.push(refresher.refresh(own));
    // As between refreshes: the collector may run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [first] = all;
  const steady = all.slice(WARM_UP);
  if (first === undefined) throw new RangeError('nothing was refreshed');
  const partOf = (part: Part): Measurement => ({
    name: `  ${part}`,
    value: median(steady.map(({ costs }) => costs[part])),
    unit: 'ms',
    budget: null,
    note: `first ${first.costs[part].toFixed(0)} ms`,
  });
  const measurements: Measurement[] = [
    {
      name: 'CPU of a refresh, steady',
      value: median(steady.map(refreshCost)),
      unit: 'ms',
      budget: { atMost: 150 },
      note: `${first.edges} edges of the default view, ${(first.documentBytes / 1e6).toFixed(1)} MB; all threads, garbage collection included`,
    },
    ...PARTS.map(partOf),
    { name: 'CPU of the first refresh', value: refreshCost(first), unit: 'ms', budget: null, note: '' },
    {
      name: 'wall of a refresh, steady',
      value: median(steady.map(({ wallMs }) => wallMs)),
      unit: 'ms',
      budget: null,
      note: `first ${first.wallMs.toFixed(0)} ms`,
    },
    {
      name: 'delta',
      value: median(steady.map(({ deltaBytes }) => deltaBytes)) / 1000,
      unit: 'kB',
      budget: null,
      note: 'every edge with traffic changes',
    },
  ];
  return { measurements, raw: { refreshes: all } };
}

export const pipelineSuite: Suite = { name: 'pipeline', about: 'CPU from the last byte to the encoded snapshot', run };
