// The lists of whatever has a page: one row per namespace, application, workload or service, in a form that stays small by thousands.
// In: health, names. Out: ListRow, ListDocument, what may be asked. Answer of GET /api/lists/{kind}.
import type { EntityKind } from './entity';
import type { HealthReason, HealthStatus } from './health';
import type { MeshMode } from './inventory';
import type { Freshness } from './wire';

/** Rates per second of one direction: `[http, httpErrors, grpc, grpcErrors, tcpBytes]`; errors are part of the rate before them. */
export type ListRates = readonly [http: number, httpErrors: number, grpc: number, grpcErrors: number, tcpBytes: number];

/** How something takes part in the mesh; `mixed`: its workloads do not agree. */
export type ListMode = MeshMode | 'mixed';
export const LIST_MODES: readonly ListMode[] = ['sidecar', 'ambient', 'gateway', 'waypoint', 'ztunnel', 'controlPlane', 'mixed', 'none'];

/** Most references that a row names; `count` is of all. */
export const MAX_ROW_REFS = 5;
/** Most labels, versions and releases that a row tells. */
export const MAX_ROW_LABELS = 40;
export const MAX_ROW_VERSIONS = 12;

export interface ListRow {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Workloads: Deployment, …; services: ClusterIP, Headless, …; else, and where only the metrics know it, null. */
  readonly kind: string | null;
  readonly health: HealthStatus;
  /** The worst reason, and whose it is where it is a part's (a workload of a namespace); null while nothing is wrong. */
  readonly reason: HealthReason | null;
  readonly reasonOf: string | null;
  /** Null: not known (no metrics), or there is no such direction (services do not call). */
  readonly inbound: ListRates | null;
  readonly outbound: ListRates | null;
  /** Of what comes in; null while quantiles are not collected, or without traffic. */
  readonly p95Ms: number | null;
  /** Share of the traffic over mutual TLS, 0..1, of the traffic whose policy is known. */
  readonly mtlsShare: number | null;
  /** Null: the Kubernetes API does not tell. */
  readonly mode: ListMode | null;
  /** What makes it so: `istio-injection=enabled`, `istio.io/rev=canary`, `istio.io/dataplane-mode=ambient`; null: no label decides. */
  readonly injection: string | null;
  /** Ready pods without a proxy where the others have one. */
  readonly unmeshedPods: number;
  /** Of pods for workloads and applications (those that all of its workloads have), else of the object. */
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: { readonly ready: number; readonly desired: number } | null;
  readonly versions: readonly string[];
  /** Releases of its proxies. */
  readonly proxies: readonly string[];
  /** Objects of configuration that apply: how many, and the first as `Kind/namespace/name`. */
  readonly refs: { readonly count: number; readonly first: readonly string[] };
  /** What is wrong with it and with what applies to it: errors, warnings, remarks. */
  readonly findings: readonly [errors: number, warnings: number, remarks: number];
  /** False: only the metrics know it; it was deleted, or belongs to another cluster. */
  readonly known: boolean;
}

export interface ListQuery {
  readonly kind: EntityKind;
  readonly windowSeconds: number;
  /** Sorted; empty = all that may be seen. */
  readonly namespaces: readonly string[];
  /** Have the quantiles collected, as a view of the graph has that shows them. */
  readonly quantiles: boolean;
}

/** Answer of GET /api/lists/{namespaces|applications|workloads|services}. */
export interface ListDocument {
  readonly kind: EntityKind;
  /** Instant at which the window ends; null while the metrics said nothing. */
  readonly atMs: number | null;
  readonly windowSeconds: number;
  /** Instant of the quantiles; null while none are collected. */
  readonly quantilesAtMs: number | null;
  /** By cluster, namespace and name. */
  readonly rows: readonly ListRow[];
  readonly freshness: Freshness;
}

/** A list as JSON; `bytes` is null where whoever asks has it already. `tag` changes whenever what is told does. */
export interface EncodedList {
  readonly tag: string;
  readonly bytes: Uint8Array | null;
}

export const NO_RATES: ListRates = [0, 0, 0, 0, 0];

/** Requests and errors per second, HTTP and gRPC together. */
export const requestsOf = (rates: ListRates | null): number | null => (rates === null ? null : rates[0] + rates[2]);
export const errorsOf = (rates: ListRates | null): number | null => (rates === null ? null : rates[1] + rates[3]);

/** Share of the requests that failed; null without any. */
export function errorShareOf(rates: ListRates | null): number | null {
  const requests = requestsOf(rates);
  return requests === null || requests <= 0 ? null : Math.min(1, (errorsOf(rates) ?? 0) / requests);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumbers = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every((one) => typeof one === 'number');

const isRow = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  typeof value['namespace'] === 'string' &&
  typeof value['cluster'] === 'string' &&
  typeof value['health'] === 'string' &&
  (value['inbound'] === null || isNumbers(value['inbound'], 5)) &&
  (value['outbound'] === null || isNumbers(value['outbound'], 5)) &&
  isRecord(value['labels']) &&
  isRecord(value['refs']) &&
  Array.isArray(value['refs']['first']) &&
  Array.isArray(value['versions']) &&
  Array.isArray(value['proxies']) &&
  isNumbers(value['findings'], 3);

/** Outline check of an answer: a proxy's page or an older server is caught, not every field. */
export const isListDocument = (body: unknown): body is ListDocument =>
  isRecord(body) &&
  typeof body['kind'] === 'string' &&
  typeof body['windowSeconds'] === 'number' &&
  Array.isArray(body['rows']) &&
  body['rows'].every(isRow) &&
  isRecord(body['freshness']) &&
  isRecord(body['freshness']['metrics']) &&
  isRecord(body['freshness']['cluster']);
