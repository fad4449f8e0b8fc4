// Suite `find`: what find and hide cost on the graph of a whole mesh, and what the server pays to project a view with a hide expression.
// In: services. Out: CPU time of warm runs over about 12,000 edges (at 2,000 services). In memory: neither a cluster nor Prometheus is asked.
import { matchGraph } from '../../model/find/evaluate';
import { hideElements } from '../../model/find/hide';
import { matchQuery, parseQuery } from '../../model/find/query';
import { NO_FACTS } from '../../model/find/read-element';
import type { Graph } from '../../model/graph';
import { compileHealthRules } from '../../model/health-rules';
import { DEFAULT_VIEW } from '../../model/wire';
import { GraphMemory } from '../../server/graph/memory';
import { projectGraph } from '../../server/graph/project';
import type { Measurement } from '../report';
import { median, most, quantile } from '../statistics';
import { buildSteeringWorld } from '../steering/world';
import type { BenchOptions, Suite } from '../suite';

const WARM_UP = 20;
const RUNS = 60;
const BUDGET_MS = 30;

const FINDS = [
  'responsetime > 1000 AND %httperr > 1',
  '!healthy',
  'name contains cart OR rank <= 2',
  '(namespace startswith ns-1 OR app endswith 7) AND !(http < 10) AND !idle',
  'source.namespace = ns-1 AND target.namespace != ns-1 AND mtls',
] as const;
const HIDES = ['healthy', 'protocol = tcp OR http < 5', 'namespace contains 1 AND http > 0', 'svc-1'] as const;

/** Milliseconds of CPU (all threads) of each run. */
async function time(run: () => void): Promise<readonly number[]> {
  for (let i = 0; i < WARM_UP; i++) run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}

const told = (name: string, times: readonly number[], atMost: number | null): Measurement => ({
  name,
  value: quantile(times, 0.95),
  unit: 'ms',
  budget: atMost === null ? null : { atMost },
  note: `P95 of ${times.length}; median ${median(times).toFixed(1)}, most ${most(times).toFixed(1)}`,
});

async function run(options: BenchOptions) {
  // A mesh of 2,000 services has some 10,000 edges; the budget is made for 12,000.
  const { inventory, snapshot } = buildSteeringWorld(Math.ceil(options.services * 1.2));
  const memory = new GraphMemory(compileHealthRules([]));
  const traffic = memory.read(snapshot, inventory);
  const graph: Graph = projectGraph(traffic, DEFAULT_VIEW).graph;
  options.say(`find: ${graph.nodes.length} nodes, ${graph.edges.length} edges`);
  const measurements: Measurement[] = [
    { name: 'edges', value: graph.edges.length, unit: 'count', budget: null, note: `${graph.nodes.length} nodes` },
  ];
  const raw: Record<string, unknown> = {};
  for (const text of FINDS) {
    const query = parseQuery(text);
    if (query.kind !== 'expression') throw new Error(`"${text}" is no expression`);
    const { expression } = query;
    raw[text] = await time(() => void matchGraph(expression, graph, NO_FACTS));
    measurements.push(told(`find ${text}`, raw[text] as readonly number[], BUDGET_MS));
  }
  for (const text of HIDES) {
    const query = parseQuery(text);
    if (matchQuery(query, graph, NO_FACTS) === null) throw new Error(`"${text}" hides nothing`);
    raw[`hide ${text}`] = await time(() => void hideElements(query, graph, NO_FACTS));
    measurements.push(told(`hide ${text}`, raw[`hide ${text}`] as readonly number[], BUDGET_MS));
  }
  return { measurements, raw };
}

export const findSuite: Suite = { name: 'find', about: 'find and hide over a whole mesh', run };
