// What the live engine is made of. In: adapters, clock, settings. Out: EngineParts, EncodedGraph.
import type { Dashboard } from '../../model/dashboard';
import type { Clock, ClusterReader, MetricsSource } from '../ports';
import type { Collector } from './collector';
import type { LiveSettings } from './settings';

export interface EngineParts {
  readonly collector: Collector;
  readonly metrics: Pick<MetricsSource, 'fetchRange' | 'fetchVector' | 'stats' | 'load'>;
  readonly cluster: ClusterReader;
  readonly clock: Clock;
  readonly settings: LiveSettings;
  readonly dashboards: readonly Dashboard[];
  /** Address of Grafana as browsers reach it; null: there is none. */
  readonly grafanaUrl: string | null;
  /** Told of what should never happen. */
  readonly onDefect: (what: string, error: unknown) => void;
}

/** A graph as JSON, ready to send; `tag` changes exactly when the bytes do. */
export interface EncodedGraph {
  readonly bytes: Uint8Array;
  readonly tag: string;
}
