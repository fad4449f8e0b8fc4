// The words for health, in one place. In: model health. Out: short words, sentences for reasons.
import type { HealthReason, HealthStatus } from '../../model/health';
import { formatShare } from './format';

/** Worst first, as lists and counts are ordered. */
export const HEALTH_ORDER: readonly HealthStatus[] = ['failure', 'degraded', 'notReady', 'healthy', 'na'];

export const HEALTH_WORDS: Readonly<Record<HealthStatus, string>> = {
  failure: 'Failure',
  degraded: 'Degraded',
  notReady: 'Not ready',
  healthy: 'Healthy',
  na: 'No traffic',
};

/** Code patterns of the default tolerances (model/health-rules) in words; patterns of one's own are shown as they were written. */
const CODE_WORDS: Readonly<Record<string, string>> = {
  '-': 'without a response',
  '^-$': 'without a response',
  '4XX': 'with a 4xx code',
  '5XX': 'with a 5xx code',
  '^[1-9]$|^1[0-6]$': 'with another status than OK',
};

/** One sentence: which share of what passed which tolerance, or which pods are missing. */
export function wordHealthReason(reason: HealthReason): string {
  switch (reason.kind) {
    case 'requests': {
      const limit = reason.status === 'failure' ? reason.failurePercent : reason.degradedPercent;
      const codes = CODE_WORDS[reason.code] ?? `with code ${reason.code}`;
      const protocol = reason.protocol === 'grpc' ? 'gRPC' : 'HTTP';
      const over = limit === 0 ? 'any is too many' : `${formatShare(limit / 100)} or more is too many`;
      return `${formatShare(reason.errorPercent / 100)} of ${reason.direction} ${protocol} requests ended ${codes} (${over}).`;
    }
    case 'pods':
      return reason.desired === 0
        ? `${reason.workload}: scaled to no pods.`
        : `${reason.workload}: ${reason.available} of ${reason.desired} pods available.`;
  }
}
