// Two graphs of one view compared: which nodes and edges came, went and changed, by how much, and whether that exceeds noise.
// In: before and after, as one reader sees them. Out: Comparison. Pure. What is tested how is told in noise.ts.
import type { ChangeKind, ChangeTone, ComparisonDocument, EdgeChange, Measure, MeasureChange, NodeChange } from '../../model/comparison';
import { MAX_NOISE_LISTED } from '../../model/comparison';
import type { DirectionTraffic, Graph, GraphEdge, GraphNode } from '../../model/graph';
import { round4 } from '../graph/round';
import { deviationsFor, ORDINARY_BYTES, RECORD_BYTES, rateDeviations, shareDeviations } from './noise';
import { latencyTests, type Spread, type Tested } from './test-latency';

/** One of the windows. */
export interface Side {
  readonly graph: Graph;
  /** Seconds whose requests are really counted (countedSeconds). */
  readonly seconds: number;
  readonly spread: Spread;
}

export type Comparison = Pick<ComparisonDocument, 'edges' | 'nodes' | 'edgeCounts' | 'nodeCounts' | 'tests' | 'ghosts'>;

interface Drafted<T> {
  readonly element: T;
  readonly kind: ChangeKind;
  readonly tests: readonly Tested[];
}

/** Compares what was with what is. */
export function compareGraphs(before: Side, after: Side): Comparison {
  const edges = pair(before.graph.edges, after.graph.edges).map(([was, is, wasAt, isAt]) =>
    draft(was, is, (old, now) => testEdge(old, now, { before, after, wasAt, isAt })),
  );
  const nodes = pair(before.graph.nodes, after.graph.nodes).map(([was, is]) =>
    draft(was, is, (old, now) => testNode(old, now, before.seconds, after.seconds)),
  );
  let count = 0;
  for (const { tests } of [...edges, ...nodes]) for (const { deviations } of tests) if (deviations !== null) count++;
  const deviations = deviationsFor(count);
  const edgeChanges = edges.map(({ element: { id, source, target, protocol }, kind, tests }): EdgeChange => {
    return { id, source, target, protocol, ...judge(kind, tests, deviations) };
  });
  const touched = new Map<string, number>();
  for (const { source, target, kind, weight } of edgeChanges)
    if (kind !== 'changed') for (const id of [source, target]) touched.set(id, Math.max(touched.get(id) ?? 0, weight));
  const nodeChanges = nodes.map(({ element: { id }, kind, tests }): NodeChange => {
    // A node that came or went is as sure as the surest of its edges: a service node of TCP has no rate of its own.
    return { id, ...judge(kind, tests, deviations, kind === 'changed' ? 0 : (touched.get(id) ?? 0)) };
  });
  return {
    edges: listHeaviest(edgeChanges),
    nodes: listHeaviest(nodeChanges),
    edgeCounts: countTones(edgeChanges),
    nodeCounts: countTones(nodeChanges),
    tests: { count, deviations: round4(deviations) },
    ghosts: findGhosts(before.graph, after.graph, edgeChanges, nodeChanges),
  };
}

type Pair<T> = readonly [was: T | undefined, is: T | undefined, wasAt: number, isAt: number];

/** The elements of both by id: in the order of the second, then what only the first has. */
function pair<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): readonly Pair<T>[] {
  const positions = new Map<string, number>();
  before.forEach(({ id }, i) => {
    positions.set(id, i);
  });
  const pairs: Pair<T>[] = after.map((is, isAt) => {
    const wasAt = positions.get(is.id) ?? -1;
    positions.delete(is.id);
    return [before[wasAt], is, wasAt, isAt];
  });
  for (const position of positions.values()) pairs.push([before[position], undefined, position, -1]);
  return pairs;
}

function draft<T>(was: T | undefined, is: T | undefined, test: (was: T | null, is: T | null) => readonly Tested[]): Drafted<T> {
  const element = is ?? was;
  if (element === undefined) throw new RangeError('a pair of nothing');
  const kind: ChangeKind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
  return { element, kind, tests: test(was ?? null, is ?? null) };
}

interface EdgeContext {
  readonly before: Side;
  readonly after: Side;
  readonly wasAt: number;
  readonly isAt: number;
}

function testEdge(was: GraphEdge | null, is: GraphEdge | null, context: EdgeContext): readonly Tested[] {
  const { before, after, wasAt, isAt } = context;
  if ((is ?? was)?.protocol === 'tcp') {
    const bytesOf = (edge: GraphEdge | null): number => (edge === null ? 0 : edge.sentBytesPerSecond + edge.receivedBytesPerSecond);
    const [old, now] = [bytesOf(was), bytesOf(is)];
    const records = (bytes: number, { seconds }: Side): number => (bytes * seconds) / RECORD_BYTES;
    const deviations = rateDeviations(records(old, before), records(now, after), ORDINARY_BYTES);
    const mtls = testMtls(was, is, records(old, before), records(now, after));
    return [{ measure: 'bytes', before: old, after: now, deviations }, ...mtls];
  }
  const rateOf = (edge: GraphEdge | null): number => edge?.requestsPerSecond ?? 0;
  const [n, m] = [rateOf(was) * before.seconds, rateOf(is) * after.seconds];
  const tests: Tested[] = [
    { measure: 'rate', before: rateOf(was), after: rateOf(is), deviations: rateDeviations(n, m) },
    testErrors(was === null ? null : was.errorsPerSecond, rateOf(was), n, is === null ? null : is.errorsPerSecond, rateOf(is), m),
    ...testMtls(was, is, n, m),
  ];
  if (was?.latency != null && is?.latency != null)
    tests.push(
      ...latencyTests(
        { latency: was.latency, count: n, edge: wasAt, spread: before.spread },
        { latency: is.latency, count: m, edge: isAt, spread: after.spread },
      ),
    );
  return tests;
}

function testErrors(was: number | null, wasOf: number, n: number, is: number | null, isOf: number, m: number): Tested {
  const share = (errors: number | null, requests: number): number | null => (errors === null || requests <= 0 ? null : errors / requests);
  const [before, after] = [share(was, wasOf), share(is, isOf)];
  const deviations = before === null || after === null ? null : shareDeviations({ share: before, count: n }, { share: after, count: m });
  return { measure: 'errors', before, after, deviations };
}

function testMtls(was: GraphEdge | null, is: GraphEdge | null, n: number, m: number): readonly Tested[] {
  const [before, after] = [was?.mtlsShare ?? null, is?.mtlsShare ?? null];
  if (before === null && after === null) return [];
  const deviations = before === null || after === null ? null : shareDeviations({ share: before, count: n }, { share: after, count: m }, 1);
  return [{ measure: 'mtls', before, after, deviations }];
}

const requestsOf = ({ http, grpc }: DirectionTraffic): number => http + grpc;
const errorsOf = ({ httpErrors, grpcErrors }: DirectionTraffic): number => httpErrors + grpcErrors;

function testNode(was: GraphNode | null, is: GraphNode | null, beforeSeconds: number, afterSeconds: number): readonly Tested[] {
  // What a source without callers sends is what there is to say of it.
  const isServed = [was, is].some((node) => node !== null && requestsOf(node.inbound) > 0);
  const trafficOf = (node: GraphNode | null): DirectionTraffic | null => (node === null ? null : isServed ? node.inbound : node.outbound);
  const [old, now] = [trafficOf(was), trafficOf(is)];
  const [before, after] = [old === null ? 0 : requestsOf(old), now === null ? 0 : requestsOf(now)];
  if (before === 0 && after === 0) return [];
  const [n, m] = [before * beforeSeconds, after * afterSeconds];
  return [
    { measure: 'rate', before, after, deviations: rateDeviations(n, m) },
    testErrors(old === null ? null : errorsOf(old), before, n, now === null ? null : errorsOf(now), after, m),
  ];
}

function judge(
  kind: ChangeKind,
  tests: readonly Tested[],
  deviations: number,
  least = 0,
): { readonly kind: ChangeKind; readonly tone: ChangeTone; readonly weight: number; readonly measures: readonly MeasureChange[] } {
  const measures = tests.map(({ measure, before, after, deviations: own }): MeasureChange => {
    const change = before === null || after === null ? null : after - before;
    return {
      measure,
      before: before === null ? null : round4(before),
      after: after === null ? null : round4(after),
      change: change === null ? null : round4(change),
      relative: change === null || before === null || before === 0 ? null : round4(change / before),
      weight: own === null ? null : round4(own / deviations),
    };
  });
  const weight = measures.reduce((most, one) => Math.max(most, one.weight ?? 0), least);
  return { kind, tone: toneOf(kind, measures, weight), weight, measures };
}

/** More of it is worse. */
const WORSE_UP: ReadonlySet<Measure> = new Set(['errors', 'average', 'p50', 'p95']);

function toneOf(kind: ChangeKind, measures: readonly MeasureChange[], weight: number): ChangeTone {
  if (weight <= 1) return 'noise';
  if (kind !== 'changed') return kind;
  const judged = measures.filter((one) => (one.weight ?? 0) > 1 && (WORSE_UP.has(one.measure) || one.measure === 'mtls'));
  const isWorse = ({ measure, change }: MeasureChange): boolean => (change ?? 0) > 0 === WORSE_UP.has(measure);
  if (judged.length === 0) return 'changed';
  return judged.some(isWorse) ? 'worse' : 'better';
}

/** Everything beyond noise and the heaviest of the rest, heaviest first. */
function listHeaviest<T extends { readonly id: string; readonly weight: number; readonly tone: ChangeTone }>(
  all: readonly T[],
): readonly T[] {
  const heaviest = (a: T, b: T): number => b.weight - a.weight || (a.id < b.id ? -1 : 1);
  const beyond = all.filter(({ tone }) => tone !== 'noise').sort(heaviest);
  const rest = all.filter(({ tone, weight }) => tone === 'noise' && weight > 0).sort(heaviest);
  return [...beyond, ...rest.slice(0, MAX_NOISE_LISTED)];
}

function countTones(all: readonly { readonly tone: ChangeTone }[]): ComparisonDocument['edgeCounts'] {
  const counts = { added: 0, removed: 0, worse: 0, better: 0, changed: 0, noise: 0 };
  for (const { tone } of all) counts[tone]++;
  return counts;
}

/** What went, beyond noise, with the ends and boxes that it needs to be drawn. */
function findGhosts(before: Graph, after: Graph, edges: readonly EdgeChange[], nodes: readonly NodeChange[]): ComparisonDocument['ghosts'] {
  const gone = new Set<string>(edges.filter(({ tone }) => tone === 'removed').map(({ id }) => id));
  const ghostEdges = before.edges.filter(({ id }) => gone.has(id));
  const present = new Set<string>(after.nodes.map(({ id }) => id));
  const wanted = new Set<string>(nodes.filter(({ tone }) => tone === 'removed').map(({ id }) => id));
  for (const { source, target } of ghostEdges) for (const id of [source, target]) if (!present.has(id)) wanted.add(id);
  const ghostNodes = before.nodes.filter(({ id }) => wanted.has(id));
  const boxes = new Map(before.boxes.map((box) => [box.id, box]));
  for (const { id } of after.boxes) boxes.delete(id);
  const around = new Set<string>();
  for (const { parent } of ghostNodes)
    for (
      let box = parent === null ? undefined : boxes.get(parent);
      box !== undefined;
      box = box.parent === null ? undefined : boxes.get(box.parent)
    )
      around.add(box.id);
  return { nodes: ghostNodes, boxes: before.boxes.filter(({ id }) => around.has(id)), edges: ghostEdges };
}
