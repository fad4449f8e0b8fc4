// Suite `depth`: what a focus, the paths between two nodes, a search and the folded whole cost the server on the graph of a whole mesh.
// In: services. Out: CPU time from the prepared snapshot to the encoded document, over about 12,000 edges (at 2,000 services). In memory.
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphEncoder } from '../../server/graph/encode';
import { GraphMemory, type PreparedTraffic } from '../../server/graph/memory';
import { type Projection, projectGraph } from '../../server/graph/project';
import { meshView, searchMesh } from '../../server/graph/search-mesh';
import type { Measurement } from '../report';
import { median, most, quantile } from '../statistics';
import { buildSteeringWorld } from '../steering/world';
import type { BenchOptions, Suite } from '../suite';

const WARM_UP = 20;
const RUNS = 40;
const BUDGET_MS = 50;

/** Milliseconds of CPU (all threads) of each run. */
async function time(run: (i: number) => void): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = -WARM_UP; i < RUNS; i++) {
    const before = process.cpuUsage();
    run(i + WARM_UP);
    const { user, system } = process.cpuUsage(before);
    if (i >= 0) times.push((user + system) / 1000);
    // As between requests: the collector may run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}

const told = (name: string, times: readonly number[], atMost: number | null, note: string): Measurement => ({
  name,
  value: quantile(times, 0.95),
  unit: 'ms',
  budget: atMost === null ? null : { atMost },
  note: `P95 of ${times.length}; median ${median(times).toFixed(1)}, most ${most(times).toFixed(1)}; ${note}`,
});

/** Shows views of one snapshot as the server does. */
class Viewer {
  readonly #traffic: PreparedTraffic;
  readonly #encoder = new GraphEncoder();

  constructor(traffic: PreparedTraffic) {
    this.#traffic = traffic;
  }

  project(part: Partial<ViewSpec>): Projection {
    return projectGraph(this.#traffic, { ...DEFAULT_VIEW, ...part });
  }

  /** Bytes of the document. */
  show(part: Partial<ViewSpec>): { readonly bytes: number; readonly projection: Projection } {
    const projection = this.project(part);
    const { view, totals, notes, folded, paths, laid } = projection;
    const head = { view, totals, notes, folded, ...(paths === null ? {} : { paths }), atMs: 0, revision: 1 };
    const state = { state: 'live', atMs: 0, cause: null, next: null } as const;
    return { bytes: this.#encoder.encodeDocument(head, laid).close({ metrics: state, cluster: state }).length, projection };
  }
}

async function run(options: BenchOptions) {
  // A mesh of 2,000 services has some 10,000 edges; the budget is made for 12,000.
  const { inventory, snapshot } = buildSteeringWorld(Math.ceil(options.services * 1.2));
  const viewer = new Viewer(new GraphMemory(compileHealthRules([])).read(snapshot, inventory));
  const whole = viewer.project({});
  const { graph } = whole;
  options.say(`depth: ${graph.nodes.length} nodes, ${graph.edges.length} edges`);
  // Starts of paths and focuses: nodes that call, spread over the mesh; ends: what is called.
  const callers = [...new Set(graph.edges.map((edge) => edge.source))];
  const callees = [...new Set(graph.edges.map((edge) => edge.target))];
  const at = (list: readonly string[], i: number): string => list[(i * 997) % list.length] ?? '';
  const measurements: Measurement[] = [
    { name: 'edges', value: graph.edges.length, unit: 'count', budget: null, note: `${graph.nodes.length} nodes` },
  ];
  const raw: Record<string, unknown> = {};
  const measure = async (name: string, atMost: number | null, show: (i: number) => Partial<ViewSpec>): Promise<void> => {
    const sizes: number[] = [];
    const times = await time((i) => {
      sizes.push(viewer.show(show(i)).projection.laid.edges.count);
    });
    raw[name] = times;
    measurements.push(told(name, times, atMost, `${median(sizes)} edges drawn, at most ${most(sizes)}`));
  };
  for (const hops of [1, 2, 3])
    await measure(`focus, ${hops} hops up and down`, BUDGET_MS, (i) => ({ focus: at(callers, i), up: hops, down: hops, level: 'auto' }));
  await measure('focus, 10 hops up and down', BUDGET_MS, (i) => ({ focus: at(callers, i), up: 10, down: 10, level: 'auto' }));
  await measure('paths', BUDGET_MS, (i) => ({ from: at(callers, i), to: at(callees, i + 1), overlays: ['latency'], level: 'auto' }));
  await measure('the whole, folded to the budget', null, () => ({ level: 'auto' }));
  await measure('the whole, folded to the budget, hubs too', null, () => ({ level: 'auto', hubs: ['auto'] }));
  await measure('the whole, every node', null, () => ({}));
  const drawn = viewer.project({ level: 'auto' }).graph;
  const mesh = viewer.project(meshView(DEFAULT_VIEW)).graph;
  raw['search'] = await time((i) => void searchMesh(at(callees, i).split('/').at(-1) ?? '', mesh, drawn, 0));
  measurements.push(told('search', raw['search'] as readonly number[], BUDGET_MS, 'the mesh is projected already'));
  return { measurements, raw };
}

export const depthSuite: Suite = { name: 'depth', about: 'focus, paths and search over a whole mesh', run };
