// What it takes to reach one Prometheus-compatible backend. In: configuration. Out: PrometheusOptions.
import type { Clock } from '../ports';
import type { PrometheusAuth } from './credentials';

export interface PrometheusOptions {
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
