// Puts the live engine and the telemetry collector together. In: adapters, clock, settings. Out: LiveEngine.
import type { Dashboard } from '../../model/dashboard';
import { DASHBOARDS } from '../dashboards/catalogue';
import type { Clock, ClusterReader, MetricsSource } from '../ports';
import { TelemetryCollector } from '../telemetry/collect';
import { LiveEngine } from './engine';
import type { LiveSettings } from './settings';

export interface LiveEngineParts {
  readonly metrics: MetricsSource;
  readonly cluster: ClusterReader;
  readonly clock: Clock;
  readonly settings: LiveSettings;
  /** Absent: those that come with the console. */
  readonly dashboards?: readonly Dashboard[];
  readonly grafanaUrl?: string | null;
  /** Deadlines of the queries of a refresh, and of slow ones (quantiles, identities). */
  readonly queryDeadlineMs: number;
  readonly slowQueryDeadlineMs: number;
  /** Told of what should never happen. */
  readonly onDefect: (what: string, error: unknown) => void;
}

/** A live engine on the real telemetry; `start()` begins its work. */
export function createLiveEngine(parts: LiveEngineParts): LiveEngine {
  const { metrics, cluster, clock, settings, dashboards = DASHBOARDS, grafanaUrl = null, onDefect } = parts;
  const collector = new TelemetryCollector({
    source: metrics,
    clock,
    homeCluster: cluster.cluster,
    deadlineMs: parts.queryDeadlineMs,
    slowDeadlineMs: parts.slowQueryDeadlineMs,
    onLate: (request, snapshot) => engine.acceptLate(request, snapshot),
  });
  const engine = new LiveEngine({ collector, metrics, cluster, clock, settings, dashboards, grafanaUrl, onDefect });
  return engine;
}
