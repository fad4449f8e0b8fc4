// What it takes to reach one Prometheus-compatible backend. In: configuration. Out: PrometheusOptions.
import type { Backend } from '../../model/metrics-backend';
import type { Clock } from '../ports';
import type { PrometheusAuth } from './credentials';

/** Parameters that each query needs there; those of the configuration come after. */
export const BACKEND_PARAMETERS: Readonly<Record<Backend, Readonly<Record<string, string>>>> = {
  prometheus: {},
  // Said although they are its defaults: flags of the querier change those. Short rates need raw data.
  thanos: { dedup: 'true', partial_response: 'true', max_source_resolution: '0s' },
  mimir: {},
  // Live data must not come from its cache of answers.
  victoriametrics: { nocache: '1' },
  amp: {},
  gmp: {},
};

/** What is different there, said once. */
export const BACKEND_NOTES: Readonly<Record<Backend, string | null>> = {
  prometheus: null,
  thanos: null,
  mimir: null,
  victoriametrics: 'VictoriaMetrics computes rates without extrapolation: short windows differ from those of Prometheus by some percent.',
  amp: 'Amazon Managed Prometheus charges for the samples that queries read: watch few namespaces, or load the recording rules.',
  gmp: 'Google Managed Prometheus does not mark series that ended as stale: traffic may be shown up to five minutes after it stopped.',
};

export interface PrometheusOptions {
  /** What answers: it decides what is sent beside queries, and what is said of it. */
  readonly backend: Backend;
  /** http(s) address with the path prefix before /api/v1; without credentials. */
  readonly url: string;
  readonly auth: PrometheusAuth;
  /** Headers of each request, such as X-Scope-OrgID of Mimir. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parameters of each query, such as `partial_response=false` of Thanos or `nocache=1` of VictoriaMetrics. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Labels that every selector must match. */
  readonly scope: Readonly<Record<string, string>>;
  /** `auto`: on, except over loopback, where compressing costs more than it saves. */
  readonly gzip: 'auto' | boolean;
  /** PEM texts; null = the system's authorities, no client certificate. */
  readonly caPem: string | null;
  readonly certPem: string | null;
  readonly keyPem: string | null;
  readonly insecureSkipVerify: boolean;
  /** Queries under way at once. */
  readonly concurrency: number;
  /** Largest answer accepted, after decompression. */
  readonly maxResponseBytes: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** Everything but the address and the clock, as it is for an open Prometheus. */
export const PROMETHEUS_DEFAULTS: Omit<PrometheusOptions, 'url' | 'clock'> = {
  backend: 'prometheus',
  auth: { kind: 'none' },
  headers: {},
  parameters: {},
  scope: {},
  gzip: 'auto',
  caPem: null,
  certPem: null,
  keyPem: null,
  insecureSkipVerify: false,
  concurrency: 4,
  maxResponseBytes: 256 * 1024 * 1024,
};
