// Which namespaces the overview shows and in which order. In: summaries, the reader's choices. Out: lists, totals. Pure.
import { HEALTH_RANK, type HealthStatus } from '../../model/health';
import type { NamespaceSummary } from '../../model/wire';
import { filterRows } from '../ui/table-rows';

export const MODES = ['sidecar', 'ambient', 'controlPlane', 'none'] as const;
export type Mode = (typeof MODES)[number];

export const SORTS = ['health', 'name', 'traffic', 'errors', 'mtls'] as const;
export type NamespaceSort = (typeof SORTS)[number];

export interface NamespaceChoice {
  readonly text: string;
  /** null = any. */
  readonly health: HealthStatus | null;
  readonly mode: Mode | null;
  readonly sort: NamespaceSort;
  /** Names chosen in the masthead; empty = all. */
  readonly names: readonly string[];
}

const byName = (a: NamespaceSummary, b: NamespaceSummary): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : 0;

/** Missing numbers come last. */
const falling = (a: number | null, b: number | null): number => (b ?? -1) - (a ?? -1);

function compare(sort: NamespaceSort, a: NamespaceSummary, b: NamespaceSummary): number {
  switch (sort) {
    case 'health':
      return HEALTH_RANK[b.health] - HEALTH_RANK[a.health];
    case 'name':
      return 0;
    case 'traffic':
      return falling(a.inbound.requestsPerSecond, b.inbound.requestsPerSecond);
    case 'errors':
      return falling(a.inbound.errorShare, b.inbound.errorShare);
    case 'mtls':
      // Least protected first; where nothing is known there is nothing to do.
      return (a.mtlsShare ?? 2) - (b.mtlsShare ?? 2);
  }
}

/** The namespaces to show, ordered; equal ones by name. `text` matches names, clusters and `label=value`. */
export function listNamespaces(all: readonly NamespaceSummary[], choice: NamespaceChoice): readonly NamespaceSummary[] {
  const chosen = new Set(choice.names);
  const kept = all.filter(
    (one) =>
      (chosen.size === 0 || chosen.has(one.name)) &&
      (choice.health === null || one.health === choice.health) &&
      (choice.mode === null || one.mode === choice.mode),
  );
  const texts = (one: NamespaceSummary): readonly string[] => [
    one.name,
    one.cluster,
    ...Object.entries(one.labels).map(([label, value]) => `${label}=${value}`),
  ];
  return [...filterRows(kept, texts, choice.text)].sort((a, b) => compare(choice.sort, a, b) || byName(a, b));
}

export interface NamespaceTotals {
  readonly namespaces: number;
  readonly health: Readonly<Record<HealthStatus, number>>;
  readonly apps: number;
  readonly workloads: number;
  readonly services: number;
  readonly requestsPerSecond: number;
  /** Of all inbound requests; null without any. */
  readonly errorShare: number | null;
  readonly tcpBytesPerSecond: number;
}

const sum = (counts: Readonly<Record<HealthStatus, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** Sums over the shown namespaces. Inbound rates only: an outbound request is the inbound one of another namespace. */
export function sumNamespaces(shown: readonly NamespaceSummary[]): NamespaceTotals {
  const health: Record<HealthStatus, number> = { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 };
  let errors = 0;
  let requests = 0;
  let bytes = 0;
  let apps = 0;
  let workloads = 0;
  let services = 0;
  for (const one of shown) {
    health[one.health]++;
    apps += sum(one.apps);
    workloads += sum(one.workloads);
    services += sum(one.services);
    requests += one.inbound.requestsPerSecond;
    errors += one.inbound.requestsPerSecond * (one.inbound.errorShare ?? 0);
    bytes += one.inbound.tcpBytesPerSecond;
  }
  return {
    namespaces: shown.length,
    health,
    apps,
    workloads,
    services,
    requestsPerSecond: requests,
    errorShare: requests > 0 ? errors / requests : null,
    tcpBytesPerSecond: bytes,
  };
}
