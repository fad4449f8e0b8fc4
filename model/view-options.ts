// How much of a view is drawn and how: the parameters beyond what is looked at. Part of every ViewSpec.
// In: texts of query parameters. Out: ViewOptions and their canonical texts, the values that each option takes. Parsing rejects, it never guesses.
import * as v from 'valibot';

/** `full` draws every node; `apps` and `namespaces` fold each into one node; `auto` draws what fits the budget (see DRAW_BUDGET). */
export const DETAIL_LEVELS = ['auto', 'full', 'apps', 'namespaces'] as const;
export type DetailLevel = (typeof DETAIL_LEVELS)[number];

/** What `auto` draws at most; every failing edge is drawn beyond it, and degraded ones before healthy ones. */
export const DRAW_BUDGET = { nodes: 150, edges: 250 } as const;

/** Boxes around nodes. */
export const BOX_KINDS = ['cluster', 'namespace', 'app'] as const;
export type BoxKind = (typeof BOX_KINDS)[number];

/** Which traffic counts, by protocol. gRPC: requests, or messages sent, received or both; TCP: bytes sent, received or both. */
export const HTTP_RATES = ['requests', 'none'] as const;
export type HttpRate = (typeof HTTP_RATES)[number];
export const GRPC_RATES = ['requests', 'sent', 'received', 'total', 'none'] as const;
export type GrpcRate = (typeof GRPC_RATES)[number];
export const TCP_RATES = ['sent', 'received', 'total', 'none'] as const;
export type TcpRate = (typeof TCP_RATES)[number];
/** What is shown of ambient traffic: of both layers, of the waypoints (requests), of the ztunnels (bytes), nothing. */
export const AMBIENT_TRAFFIC = ['total', 'waypoint', 'ztunnel', 'none'] as const;
export type AmbientTraffic = (typeof AMBIENT_TRAFFIC)[number];

/** Which edges make the rank of a node. */
export const RANKINGS = ['inbound', 'outbound'] as const;
export type Ranking = (typeof RANKINGS)[number];

/** Hops from a focus in one direction. */
export const MAX_HOPS = 10;
/** In `hubs`: every node with very many peers. */
export const AUTO_HUBS = 'auto';
/** Longest list of nodes, and of namespaces and apps, in one request; longest id. */
export const MAX_LIST = 500;
export const MAX_ID = 2048;

// An app is named by a label value; Kubernetes allows these characters (RFC 1123 label for namespaces). `unknown` is Istio's.
const PLACE = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\/[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

/** True for `namespace` and `namespace/app`. */
export const isPlace = (text: string): boolean => PLACE.test(text);

/** True for what may be the id of a node: ids hold no space, and commas separate them in lists. */
export const isNodeIdText = (text: string): boolean => /^[^\s,]+\/[^\s,]*$/.test(text) && text.length <= MAX_ID;

export interface ViewOptions {
  readonly level: DetailLevel;
  /** Namespaces (`shop`) and apps (`shop/cart`) drawn in full although the level folds them; sorted. */
  readonly open: readonly string[];
  /** Namespaces and apps folded into one node although the level would not; sorted. The narrower name wins over the wider one. */
  readonly fold: readonly string[];
  /** Nodes whose edges are told on their peers instead of drawn: ids, or AUTO_HUBS; sorted. */
  readonly hubs: readonly string[];
  /** Node around which the whole mesh is shown, whatever the namespaces, so many hops towards its callers and callees. */
  readonly focus: string | null;
  readonly up: number;
  readonly down: number;
  /** Ends of the paths that are shown, in the whole mesh; both or none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Show edges that proxies still report but on which nothing was counted within the window. */
  readonly idleEdges: boolean;
  /** Put a node for each operation before what serves it, where the metrics name operations. */
  readonly operations: boolean;
  /** Edges that make the rank of a node; empty = no ranks. In the order of RANKINGS. */
  readonly rank: readonly Ranking[];
  /** Boxes that are drawn, in the order of BOX_KINDS. */
  readonly boxes: readonly BoxKind[];
  /** Draw waypoints, with the traffic that passes them. */
  readonly waypoints: boolean;
  readonly rateHttp: HttpRate;
  readonly rateGrpc: GrpcRate;
  readonly rateTcp: TcpRate;
  readonly ambientTraffic: AmbientTraffic;
}

export const DEFAULT_OPTIONS: ViewOptions = {
  level: 'full',
  open: [],
  fold: [],
  hubs: [],
  focus: null,
  up: 1,
  down: 1,
  from: null,
  to: null,
  idleEdges: false,
  operations: false,
  rank: [],
  boxes: BOX_KINDS,
  waypoints: true,
  rateHttp: 'requests',
  rateGrpc: 'requests',
  rateTcp: 'total',
  ambientTraffic: 'total',
};

/** The empty list where absence would mean the default. */
const NONE = 'none';
/** The parts of a list, sorted, without duplicates. */
export const splitList = (text: string): string[] => [...new Set(text.split(',').filter((x) => x !== ''))].sort();
/** True or false. */
export const flag = v.pipe(
  v.picklist(['true', 'false'], 'expected true or false'),
  v.transform((x) => x === 'true'),
);
const placeList = v.pipe(
  v.string(),
  v.transform(splitList),
  v.check((x) => x.length <= MAX_LIST, `expected at most ${MAX_LIST} names`),
  v.check((x) => x.every(isPlace), 'expected names of namespaces, or namespace/app, separated by commas'),
);
const hubList = v.pipe(
  v.string(),
  v.transform(splitList),
  v.check((x) => x.length <= MAX_LIST, `expected at most ${MAX_LIST} nodes`),
  v.check((x) => x.every((id) => id === AUTO_HUBS || isNodeIdText(id)), `expected ${AUTO_HUBS} or ids of nodes, separated by commas`),
);
const nodeIdText = v.pipe(v.string(), v.check(isNodeIdText, 'expected the id of a node'));
const HOPS = `expected a whole number from 0 to ${MAX_HOPS}`;
const hops = v.pipe(v.string(), v.regex(/^\d{1,2}$/, HOPS), v.transform(Number), v.maxValue(MAX_HOPS, HOPS));
/** A list of some of the words, in their order; `none` is the empty list. */
const someOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  v.pipe(
    v.string(),
    v.transform((text) => (text === NONE ? [] : splitList(text))),
    v.array(v.picklist(words, `expected ${NONE} or a list of ${words.join(', ')}`)),
    v.transform((some): readonly T[number][] => words.filter((word) => (some as readonly string[]).includes(word))),
  );
const oneOf = <const T extends readonly [string, ...string[]]>(words: T) => v.picklist(words, `expected one of ${words.join(', ')}`);

/** The parameters, by name, as a schema reads them. */
export const OPTION_QUERY = {
  level: v.optional(oneOf(DETAIL_LEVELS)),
  open: v.optional(placeList),
  fold: v.optional(placeList),
  hubs: v.optional(hubList),
  focus: v.optional(nodeIdText),
  up: v.optional(hops),
  down: v.optional(hops),
  from: v.optional(nodeIdText),
  to: v.optional(nodeIdText),
  idleEdges: v.optional(flag),
  operations: v.optional(flag),
  rank: v.optional(someOf(RANKINGS)),
  boxes: v.optional(someOf(BOX_KINDS)),
  waypoints: v.optional(flag),
  rateHttp: v.optional(oneOf(HTTP_RATES)),
  rateGrpc: v.optional(oneOf(GRPC_RATES)),
  rateTcp: v.optional(oneOf(TCP_RATES)),
  ambientTraffic: v.optional(oneOf(AMBIENT_TRAFFIC)),
};

/** What a query says, the rest from `defaults`. */
export const completeOptions = (
  q: { readonly [K in keyof ViewOptions]?: ViewOptions[K] | undefined },
  defaults: ViewOptions,
): ViewOptions => ({
  level: q.level ?? defaults.level,
  open: q.open ?? defaults.open,
  fold: q.fold ?? defaults.fold,
  hubs: q.hubs ?? defaults.hubs,
  focus: q.focus ?? defaults.focus,
  up: q.up ?? defaults.up,
  down: q.down ?? defaults.down,
  from: q.from ?? defaults.from,
  to: q.to ?? defaults.to,
  idleEdges: q.idleEdges ?? defaults.idleEdges,
  operations: q.operations ?? defaults.operations,
  rank: q.rank ?? defaults.rank,
  boxes: q.boxes ?? defaults.boxes,
  waypoints: q.waypoints ?? defaults.waypoints,
  rateHttp: q.rateHttp ?? defaults.rateHttp,
  rateGrpc: q.rateGrpc ?? defaults.rateGrpc,
  rateTcp: q.rateTcp ?? defaults.rateTcp,
  ambientTraffic: q.ambientTraffic ?? defaults.ambientTraffic,
});

/** The texts of all options, by name, in a fixed order. */
export const optionTexts = (view: ViewOptions): Readonly<Record<keyof ViewOptions, string>> => ({
  level: view.level,
  open: view.open.join(','),
  fold: view.fold.join(','),
  hubs: view.hubs.join(','),
  focus: view.focus ?? '',
  up: String(view.up),
  down: String(view.down),
  from: view.from ?? '',
  to: view.to ?? '',
  idleEdges: String(view.idleEdges),
  operations: String(view.operations),
  rank: view.rank.join(',') || NONE,
  boxes: view.boxes.join(',') || NONE,
  waypoints: String(view.waypoints),
  rateHttp: view.rateHttp,
  rateGrpc: view.rateGrpc,
  rateTcp: view.rateTcp,
  ambientTraffic: view.ambientTraffic,
});
