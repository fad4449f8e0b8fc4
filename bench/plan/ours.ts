// Our plan: the real collector over the real client, from nothing to a snapshot. In: a backend, overlays, namespaces.
// Out: what each collection took, what it asked.
import type { TrafficSnapshot } from '../../model/traffic';
import type { Overlay } from '../../model/wire';
import type { MetricsSource } from '../../server/ports';
import { createPrometheusClient } from '../../server/prometheus/client';
import { PROMETHEUS_DEFAULTS } from '../../server/prometheus/options';
import { TelemetryCollector } from '../../server/telemetry/collect';
import { type MeshBackend, WINDOW_SECONDS } from '../mesh-backend';
import { readCpuMs } from '../process-usage';
import { type AskedQuery, type RecordingSource, recordQueries, withKnownRarities } from './recording-source';

const DEADLINE_MS = 120_000;

export interface Collection {
  readonly snapshot: TrafficSnapshot;
  readonly wallMs: number;
  /** CPU of Prometheus during it, ms. */
  readonly backendCpuMs: number;
  /** Queries for data, in the order of their answers; probes of what the backend can do are not among them. */
  readonly asked: readonly AskedQuery[];
}

export interface OwnPlan {
  /** Collects as a live view does; the first call is the cold one. */
  collect(overlays: readonly Overlay[], namespaces: readonly string[] | null, atMs?: number): Promise<Collection>;
  /** Waits for quantiles and whatever else runs in the background. */
  settle(): Promise<void>;
  readonly source: RecordingSource;
  close(): Promise<void>;
}

/** A backend that says of no rules. */
const withoutRecorded = (source: MetricsSource): MetricsSource => ({
  ...source,
  fetchVector: (query, atMs, options) =>
    source.fetchVector(query.name === 'rules' ? { ...query, promql: 'vector(1) > 1' } : query, atMs, options),
});

/** A collector with nothing in its memory; given the source of another, it finds probes and identities answered already. */
export function openPlan(
  backend: MeshBackend,
  before: RecordingSource | null = null,
  { withoutRules = false }: { readonly withoutRules?: boolean } = {},
): OwnPlan {
  const client = createPrometheusClient({ ...PROMETHEUS_DEFAULTS, url: backend.url, clock: backend.clock });
  const own = withoutRules ? withoutRecorded(client) : client;
  const source = recordQueries(before === null ? own : withKnownRarities(own, before));
  const collector = new TelemetryCollector({
    source,
    clock: backend.clock,
    homeCluster: 'Kubernetes',
    deadlineMs: DEADLINE_MS,
    slowDeadlineMs: DEADLINE_MS,
    onLate: () => undefined,
  });
  return {
    collect: async (overlays, namespaces, atMs = backend.endMs) => {
      const cpuMs = readCpuMs(backend.pid);
      const startedMs = performance.now();
      const request = { windowSeconds: WINDOW_SECONDS, atMs, namespaces, overlays, live: true };
      const snapshot = await collector.collect(request, new AbortController().signal);
      const wallMs = performance.now() - startedMs;
      return { snapshot, wallMs, backendCpuMs: readCpuMs(backend.pid) - cpuMs, asked: source.take() };
    },
    settle: () => collector.settle(),
    source,
    close: async () => {
      await collector.close();
      await source.close();
    },
  };
}
