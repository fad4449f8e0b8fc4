// A graph in the making: nodes as records, edges in columns, passed from step to step.
// In: nothing. Out: Draft and the context in which steps read it. A step changes only what its name says.
import type { Hidden } from '../../model/find/hide';
import type { Badge, EdgeLatency, Explanation, GraphBox, GraphEdge, GraphNode, GraphTotals } from '../../model/graph';
import type { Health } from '../../model/health';
import type { NodeId } from '../../model/ids';
import type { PathEdge } from '../../model/paths';
import type { GraphNote, ViewSpec } from '../../model/wire';
import type { NodeFacts } from './facts';
import type { PreparedTraffic } from './memory';
import type { NodeIdentity, Topology } from './topology';

export interface DraftNode {
  readonly identity: NodeIdentity;
  readonly facts: NodeFacts;
  app: string | null;
  health: Health;
  parent: NodeId | null;
  label: string;
  badges: readonly Badge[];
  hosts: readonly string[];
  outside: boolean;
  root: boolean;
  explanation: Explanation | null;
  members: number;
  /** Hops from the focus; null without one. */
  distance: number | null;
  /** What only some views tell of a node; null = nothing. */
  more: Pick<GraphNode, 'rank' | 'operation' | 'hub' | 'hubPeers'> | null;
}

/** Edges in columns; ends are positions in Draft.nodes. */
export interface DraftEdges {
  readonly count: number;
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly slot: Int32Array;
  readonly rows: Float64Array;
  readonly marks: Uint8Array;
  readonly reporters: Uint8Array;
  /** 1 where the edge leads from a service node on: its traffic is that of the edges into the service. */
  readonly onward: Uint8Array;
  /** HEALTH_RANK of each edge. */
  readonly health: Uint8Array;
  readonly latency: (EdgeLatency | null)[];
  /** What only some views tell of an edge, by its position. */
  readonly more: Map<number, Pick<GraphEdge, 'idle' | 'requestMessagesPerSecond' | 'responseMessagesPerSecond'>>;
}

/** Why traffic of a view is on no edge that is drawn: inside a folded node, told on the peers of a hub, left out for its small share. */
export const GONE = { not: 0, folded: 1, hubs: 2, leftOut: 3 } as const;
export type Gone = (typeof GONE)[keyof typeof GONE];

/** The paths of a view; edges are told by their slots. */
export interface DraftPaths {
  readonly routes: readonly (readonly number[])[];
  readonly complete: boolean;
  readonly edges: ReadonlyMap<number, Omit<PathEdge, 'id'>>;
}

/** Numbers per node in Draft.traffic: http, its errors, grpc, its errors, tcp bytes, first inbound, then outbound. */
export const TRAFFIC = 10;

export interface Draft {
  nodes: DraftNode[];
  edges: DraftEdges;
  /** Observations that this view shows, as positions in the index. */
  chosen: Int32Array;
  /** Why each chosen observation is on no edge; Gone.not while it is on one. */
  gone: Uint8Array;
  /** Edge of each chosen observation's first and second leg, -1 where there is none. */
  first: Int32Array;
  second: Int32Array;
  traffic: Float64Array;
  boxes: GraphBox[];
  notes: GraphNote[];
  totals: GraphTotals;
  folded: boolean;
  /** Nodes and edges before folding. */
  fullNodes: number;
  fullEdges: number;
  /** Edges before some were left out that are still the traffic of their ends; null while none was. */
  uncut: { readonly edges: DraftEdges; readonly first: Int32Array; readonly second: Int32Array } | null;
  paths: DraftPaths | null;
  /** Requests and TCP bytes per second of everything that the view's namespaces and kinds of traffic chose. */
  readonly whole: { readonly requests: number; readonly bytes: number };
}

/** What the projection is told beside the view: facts about the data that a reader must know. */
export interface ProjectionHints {
  /** Seconds between two scrapes, null where the backend does not say. */
  readonly scrapeIntervalSeconds: number | null;
  /** What the backend lacks, in words. */
  readonly missing: readonly string[];
}

export const NO_HINTS: ProjectionHints = { scrapeIntervalSeconds: null, missing: [] };

export interface StepContext {
  readonly view: ViewSpec;
  readonly traffic: PreparedTraffic;
  readonly topology: Topology;
  /** The namespaces of the view as a set; empty = all. */
  readonly namespaces: ReadonlySet<string>;
  readonly hints: ProjectionHints;
  /** What the view's hide text matches; null = nothing. */
  readonly hidden: Hidden | null;
}

/** One enrichment, named; the order is in steps.ts. */
export interface Step {
  readonly name: string;
  readonly apply: (draft: Draft, context: StepContext) => void;
}

/** Draft node without anything but who it is. */
export function draftNode(identity: NodeIdentity, facts: NodeFacts): DraftNode {
  return {
    identity,
    facts,
    app: identity.app ?? facts.app,
    health: { status: 'na', reasons: [] },
    parent: null,
    label: '',
    badges: facts.badges,
    hosts: [],
    outside: false,
    root: false,
    explanation: null,
    members: 1,
    distance: null,
    more: null,
  };
}

/** Empty columns for `count` edges. */
export const draftEdges = (count: number, row: number): DraftEdges => ({
  count,
  source: new Int32Array(count),
  target: new Int32Array(count),
  slot: new Int32Array(count),
  rows: new Float64Array(count * row),
  marks: new Uint8Array(count),
  reporters: new Uint8Array(count),
  onward: new Uint8Array(count),
  health: new Uint8Array(count),
  latency: [],
  more: new Map(),
});
