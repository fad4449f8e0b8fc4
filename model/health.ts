// Health as Kiali's users know it: statuses, tolerances and the pure evaluation of request rates against them.
// In: rates by code; tolerances. Out: HealthStatus with its reasons. Source: Kiali's health configuration and `health.kiali.io/rate`.

/** Worst first when sorted by HEALTH_RANK. `na` = no traffic and nothing known. */
export type HealthStatus = 'failure' | 'degraded' | 'notReady' | 'healthy' | 'na';

export const HEALTH_RANK: Readonly<Record<HealthStatus, number>> = { failure: 4, degraded: 3, notReady: 2, healthy: 1, na: 0 };

/** The worse of two statuses. */
export const worstHealth = (a: HealthStatus, b: HealthStatus): HealthStatus => (HEALTH_RANK[b] > HEALTH_RANK[a] ? b : a);

/** Why a status is what it is, in data: the UI words it. */
export type HealthReason =
  | {
      readonly kind: 'requests';
      readonly direction: 'inbound' | 'outbound';
      readonly protocol: 'http' | 'grpc';
      /** The tolerance's code pattern as written, e.g. `5XX`. */
      readonly code: string;
      /** 0..100. */
      readonly errorPercent: number;
      readonly degradedPercent: number;
      readonly failurePercent: number;
      readonly status: HealthStatus;
    }
  | {
      readonly kind: 'pods';
      readonly workload: string;
      readonly available: number;
      readonly desired: number;
      readonly status: HealthStatus;
    };

export interface Health {
  readonly status: HealthStatus;
  /** Only what is worse than healthy; empty for healthy and na. */
  readonly reasons: readonly HealthReason[];
}

export const NO_HEALTH: Health = { status: 'na', reasons: [] };

/** One tolerance: percentages at which the share of the matching codes makes the status degraded or failure. */
export interface Tolerance {
  /** Regular expression (anchored), `X` stands for a digit. `-` = no response. */
  readonly code: string;
  readonly protocol: string;
  readonly direction: string;
  readonly degradedPercent: number;
  readonly failurePercent: number;
}
