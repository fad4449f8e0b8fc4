// Suite `lists`: what each list costs the server on a mesh of 5,000 services with a warm snapshot, and what it asks of the metrics backend.
// In: repeats. Out: CPU from the question to the bytes, cold and known; queries before and after. In memory; the browser's part is suite `console`.
import { readFileSync } from 'node:fs';
import type { Inventory } from '../../model/inventory';
import type { ListQuery } from '../../model/list';
import type { TrafficSnapshot } from '../../model/traffic';
import { systemClock } from '../../server/clock';
import type { Collector } from '../../server/live/collector';
import { LiveEngine } from '../../server/live/engine';
import { DEFAULT_LIVE_SETTINGS } from '../../server/live/settings';
import { ScriptedCluster } from '../../server/live/testing/engine-rig';
import { ScriptedMetrics } from '../../server/live/testing/scripted-metrics';
import type { Measurement } from '../report';
import { median, most, quantile } from '../statistics';
import { buildSteeringWorld } from '../steering/world';
import type { BenchOptions, Suite } from '../suite';

const SERVICES = 5000;
const BUDGET_MS = 100;
const ROUNDS = 10;
const WARM_UP = 5;
const KINDS = ['namespace', 'app', 'workload', 'service'] as const satisfies readonly ListQuery['kind'][];

/** Gives one snapshot out at the instant of each question, and counts the questions. */
class SnapshotCollector implements Collector {
  readonly #snapshot: TrafficSnapshot;
  collections = 0;

  constructor(snapshot: TrafficSnapshot) {
    this.#snapshot = snapshot;
  }
  collect: Collector['collect'] = ({ atMs, windowSeconds }) => {
    this.collections++;
    return Promise.resolve({ ...this.#snapshot, atMs, windowSeconds });
  };
  collectFrames: Collector['collectFrames'] = () => Promise.reject(new Error('nobody replays here'));
  capabilities: Collector['capabilities'] = () => null;
  probe: Collector['probe'] = () => Promise.resolve(null);
  recommendedIntervalMs: Collector['recommendedIntervalMs'] = (wantedMs) => wantedMs;
  close: Collector['close'] = () => Promise.resolve();
}

/** CPU of this thread (proc(5): nanoseconds on the CPU), ms: others on the machine, and collectors in other threads, do not count. */
const threadMs = (): number => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

const cpuMs = async (run: () => Promise<unknown>): Promise<number> => {
  const before = threadMs();
  await run();
  return threadMs() - before;
};

const told = (name: string, times: readonly number[], atMost: number | null, note: string): Measurement => ({
  name,
  value: median(times),
  unit: 'ms',
  budget: atMost === null ? null : { atMost },
  note: `CPU, median of ${times.length}; P95 ${quantile(times, 0.95).toFixed(1)}, most ${most(times).toFixed(1)}; ${note}`,
});

function engineOn(snapshot: TrafficSnapshot, inventory: Inventory) {
  const [collector, metrics, cluster] = [new SnapshotCollector(snapshot), new ScriptedMetrics(), new ScriptedCluster()];
  const engine = new LiveEngine({
    ...{ collector, metrics, cluster, clock: systemClock, dashboards: [], grafanaUrl: null },
    settings: { ...DEFAULT_LIVE_SETTINGS, refreshSeconds: 3600 },
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  cluster.change(inventory);
  return { engine, collector, metrics, cluster };
}

async function run(options: BenchOptions) {
  const { inventory, snapshot } = buildSteeringWorld(SERVICES);
  const { engine, collector, metrics, cluster } = engineOn(snapshot, inventory);
  const raw: Record<string, readonly number[]> = {};
  const measurements: Measurement[] = [];
  try {
    // A warm snapshot: some page looked at the mesh, as each page's masthead does.
    await engine.fetchNamespaces(60, null);
    const before = collector.collections + metrics.count();
    const query = { windowSeconds: 60, namespaces: [], quantiles: false } as const;
    for (const kind of KINDS) {
      const [made, known]: [number[], number[]] = [[], []];
      let bytes = 0;
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        // Another revision: what was encoded does not hold any more, the objects are the same.
        cluster.change({ ...inventory, revision: inventory.revision + round + WARM_UP + 1 });
        let tag = '';
        // The rows of a new inventory are the price of its first list; the analysis is asked for no more than it was.
        const ms = await cpuMs(async () => {
          const list = await engine.lists.fetch({ ...query, kind }, null, null);
          tag = list.tag;
          bytes = list.bytes?.length ?? 0;
        });
        const again = await cpuMs(() => engine.lists.fetch({ ...query, kind }, null, tag));
        if (round >= 0) {
          made.push(ms);
          known.push(again);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      raw[kind] = made;
      raw[`${kind}, known`] = known;
      options.say(`lists: ${kind} ${median(made).toFixed(1)} ms, ${Math.round(bytes / 1024)} KiB`);
      measurements.push(told(`list of ${kind}s after a change of the cluster`, made, null, `${Math.round(bytes / 1024)} KiB`));
      measurements.push(told(`list of ${kind}s that did not change`, known, BUDGET_MS, 'answered 304'));
    }
    for (const kind of KINDS) {
      const times: number[] = [];
      for (let i = -WARM_UP; i < ROUNDS; i++) {
        // Other namespaces: other rows of the same snapshot and inventory, all of them but one namespace's.
        const names = [...inventory.namespaces.keys()].filter((_, place) => place !== i + WARM_UP);
        const ms = await cpuMs(() => engine.lists.fetch({ ...query, kind, namespaces: names }, null, null));
        if (i >= 0) times.push(ms);
        await new Promise((resolve) => setImmediate(resolve));
      }
      raw[`${kind}, warm`] = times;
      measurements.push(told(`list of ${kind}s, warm snapshot`, times, BUDGET_MS, `rows built and encoded, ${SERVICES} services`));
    }
    const more = collector.collections + metrics.count() - before;
    measurements.push({
      name: 'questions to the metrics backend by all lists',
      value: more,
      unit: 'queries',
      budget: { atMost: 0 },
      note: '',
    });
  } finally {
    await engine.close();
  }
  return { measurements, raw };
}

export const listsSuite: Suite = { name: 'lists', about: 'the lists of a mesh of 5,000 services at the server', run };
