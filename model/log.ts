// Logs of containers as they travel: whose they are, lines with their instants, and what a live tail tells beside them. In: nothing. Out: types.

/** `app`: the program itself; `proxy`: istio-proxy beside it, or alone in a gateway; `init`: runs before them and ends. */
export const CONTAINER_ROLES = ['app', 'proxy', 'init'] as const;
export type ContainerRole = (typeof CONTAINER_ROLES)[number];

export interface LogContainer {
  readonly name: string;
  readonly role: ContainerRole;
  /** There may be a log from before its last restart. */
  readonly restarted: boolean;
}

/** A pod whose logs can be asked for. */
export interface LogPod {
  readonly name: string;
  readonly workload: string;
  readonly version: string;
  /** Kubernetes' phase: Pending, Running, Succeeded, Failed, ... */
  readonly phase: string;
  readonly ready: boolean;
  /** Of all its containers together; more than none: there may be a log of the container before. */
  readonly restarts: number;
  readonly containers: readonly LogContainer[];
}

/** It has run to its end, and writes no more. */
export const isFinishedPod = ({ phase }: Pick<LogPod, 'phase'>): boolean => phase === 'Succeeded' || phase === 'Failed';

/** GET /api/logs/{namespace}/pods: the pods behind a workload, an application or a service. */
export interface LogPodsDocument {
  readonly namespace: string;
  readonly pods: readonly LogPod[];
  /** Pods beyond those listed. */
  readonly left: number;
  /** Whether the reader may read logs there; null where only the API server knows. */
  readonly allowed: boolean | null;
}

/** A container of a pod; lines name it by its place in a list of these. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

/**
 * A line: place of its source, instant (UTC with nine digits of a second, so that texts sort as instants do), text without control characters.
 * The fourth tells bytes cut from its end. Text null: so many lines were skipped here, which `cut` counts.
 */
export type LogRow = readonly [source: number, at: string, text: string | null, cut?: number];

export const SOURCE_STATES = ['opening', 'live', 'waiting', 'retrying', 'ended', 'gone', 'refused', 'missing'] as const;
/**
 * `waiting`: the container has not started; `retrying`: the stream broke and is opened again; `ended`: the container has ended and writes no more;
 * `gone`: the pod was removed; `refused`: not allowed; `missing`: no such container, or no container before this one.
 */
export type SourceState = (typeof SOURCE_STATES)[number];

/** What became of a source; `detail` in the words of the API server, '' where there is nothing to say. */
export interface SourceReport {
  readonly source: number;
  readonly state: SourceState;
  readonly detail: string;
}

/** GET /api/logs/{namespace}: lines of several containers by time, oldest first; each container's in the order in which it wrote them. */
export interface LogPageDocument {
  readonly sources: readonly LogSource[];
  readonly rows: readonly LogRow[];
  /** Nothing older is kept by the nodes, or the asked beginning is reached. */
  readonly complete: boolean;
  /** Sources that brought no lines, and why. */
  readonly reports: readonly SourceReport[];
}

/** Events of GET /api/logs/{namespace}/stream: `sources` first, then `lines` and `state` as they come. */
export type LogEvent =
  | { readonly type: 'sources'; readonly sources: readonly LogSource[] }
  | { readonly type: 'lines'; readonly rows: readonly LogRow[] }
  | { readonly type: 'state'; readonly report: SourceReport };

/** Lines that a page brings at most. */
export const MAX_PAGE_LINES = 2000;
/** Containers in one question. */
export const MAX_SOURCES = 40;
/** A longer line is cut, and says so. */
export const MAX_LINE_BYTES = 64 * 1024;
/** Bytes of a log as text, after which it ends and says so. */
export const MAX_TEXT_BYTES = 64 * 1024 * 1024;
/** Pods that are listed. */
export const MAX_LISTED_PODS = 200;

/** FNV-1a of a text, 32 bits in base 36: tells lines of one instant apart. */
export function hashLine(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
