// Suite `sums`: whether a graph says all of the traffic, however much of it is folded, told on hubs or left out. In: services.
// Out: how far the sums of documents are from what one PromQL expression, written by hand, says of the same instant.

import type { Graph, GraphNode, TrafficPlaces } from '../../model/graph';
import { compileHealthRules, DEFAULT_HEALTH_RULES } from '../../model/health-rules';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { GraphMemory } from '../../server/graph/memory';
import { projectGraph } from '../../server/graph/project';
import { prometheusInstalled } from '../data/prometheus';
import { startMeshBackend, WINDOW_SECONDS } from '../mesh-backend';
import { openPlan } from '../plan/ours';
import type { Measurement } from '../report';
import { most, sum } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const EDGE = [
  'source_workload',
  'source_workload_namespace',
  'destination_workload',
  'destination_workload_namespace',
  'destination_service_name',
  'destination_service_namespace',
].join(',');
const reportedBy = (reporter: 'source' | 'destination'): string =>
  `sum by (${EDGE}) (rate(istio_requests_total{reporter="${reporter}"}[${WINDOW_SECONDS}s]))`;
/** Of each edge what the callee's proxy counted, and what the caller's did where the callee's says nothing: each request once. */
const ALL_REQUESTS = `sum(${reportedBy('destination')} or ${reportedBy('source')})`;
const BUDGET_PERCENT = 0.5;
const STEPS = 8;

const VIEWS: readonly (readonly [words: string, part: Partial<ViewSpec>])[] = [
  ['everything', {}],
  ['what fits (auto)', { level: 'auto' }],
  ['apps folded', { level: 'apps' }],
  ['namespaces folded', { level: 'namespaces' }],
  ['what fits, hubs folded', { level: 'auto', hubs: ['auto'] }],
  ['workloads without services, what fits', { graphType: 'workload', serviceNodes: false, level: 'auto' }],
  ['services', { graphType: 'service' }],
  ['what fits, healthy edges hidden', { level: 'auto', hide: 'healthy' }],
];

const allPlaces = ({ drawn, folded, hubs, leftOut, hidden }: TrafficPlaces): number => drawn + folded + hubs + leftOut + hidden;

/**
 * Requests on the edges of a graph. `ways`: without the second half of a way, on from a service to what serves it; `all` with it. Where the
 * first half of a way is not drawn, what is drawn of the requests lies between them.
 */
function drawnRequests({ nodes, edges }: Graph): { readonly ways: number; readonly all: number } {
  const kinds = new Map<string, GraphNode['kind']>(nodes.map(({ id, kind }) => [id, kind]));
  const isOnward = (source: string, target: string): boolean =>
    kinds.get(source) === 'service' && (kinds.get(target) === 'workload' || kinds.get(target) === 'app');
  const rateOf = (own: Graph['edges']): number => sum(own.map(({ requestsPerSecond }) => requestsPerSecond));
  return { ways: rateOf(edges.filter(({ source, target }) => !isOnward(source, target))), all: rateOf(edges) };
}

async function askSum(url: string, promql: string, atMs: number): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: promql, time: String(atMs / 1000) }),
  });
  const body = (await answer.json()) as { readonly data?: { readonly result?: readonly { readonly value: readonly [number, string] }[] } };
  return Number(body.data?.result?.[0]?.value[1] ?? Number.NaN);
}

const offPercent = (value: number, truth: number): number => (Math.abs(value - truth) / truth) * 100;

async function run(options: BenchOptions) {
  if (!prometheusInstalled()) return 'there is no prometheus on the PATH';
  const backend = await startMeshBackend(options.scratch, options.services, 'requests', STEPS);
  const plan = openPlan(backend);
  const measurements: Measurement[] = [];
  const raw: Record<string, unknown> = {};
  try {
    const { snapshot } = await plan.collect([], null);
    const truth = await askSum(backend.url, ALL_REQUESTS, backend.endMs);
    options.say(`sums: ${truth.toFixed(1)} requests per second in ${snapshot.observations.length} observations`);
    const traffic = new GraphMemory(compileHealthRules(DEFAULT_HEALTH_RULES)).read(snapshot, null);
    for (const [words, part] of VIEWS) {
      const { graph, totals } = projectGraph(traffic, { ...DEFAULT_VIEW, ...part });
      const { shown } = totals;
      const places = shown === undefined ? Number.NaN : allPlaces(shown.requestsPerSecond);
      const drawn = drawnRequests(graph);
      raw[words] = { truth, total: totals.requestsPerSecond, shown, drawn };
      const off = [offPercent(places, truth), ...(part.hide === undefined ? [offPercent(totals.requestsPerSecond, truth)] : [])];
      if (shown !== undefined) {
        const told = shown.requestsPerSecond.drawn;
        off.push((Math.max(0, drawn.ways - told, told - drawn.all) / truth) * 100);
      }
      measurements.push({
        name: `off PromQL, ${words}`,
        value: most(off),
        unit: '%',
        budget: { atMost: BUDGET_PERCENT },
        note: `${graph.edges.length} edges with ${drawn.ways.toFixed(0)} of ${truth.toFixed(0)} rps`,
      });
    }
  } finally {
    await plan.close();
    await backend.close();
  }
  return { measurements, raw };
}

export const sumsSuite: Suite = { name: 'sums', about: 'nothing of the traffic is lost at any size', run };
