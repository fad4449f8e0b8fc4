// How old the shown data is and why, in words. In: the state of the page, an instant. Out: tone, short text, cause and next step. Pure.
import type { Freshness, SourceState } from '../../model/wire';
import { formatAge, formatInstant } from '../ui/format';

/** What a page tells the shell about its data. */
export interface PageStatus {
  /** `connecting`: nothing yet; `past`: an instant of the past is shown, it does not age. */
  readonly kind: 'connecting' | 'live' | 'paused' | 'past' | 'stale' | 'error';
  /** Instant of the data shown, ms since the epoch; null where there is none. */
  readonly atMs: number | null;
  readonly freshness: Freshness | null;
  /** Why the page itself could not be brought up to date. */
  readonly problem: { readonly title: string; readonly detail: string; readonly next: string } | null;
}

export const NO_STATUS: PageStatus = { kind: 'connecting', atMs: null, freshness: null, problem: null };

export interface FreshnessWords {
  readonly tone: 'waiting' | 'live' | 'paused' | 'stale' | 'error';
  readonly text: string;
}

/** "live · 3 s ago", "stale · 2 min old", "paused · 40 s ago", "at 2026-03-01 14:00:00", "connecting…", "no data". */
export function wordFreshness(status: PageStatus, nowMs: number): FreshnessWords {
  const age = status.atMs === null ? null : formatAge(nowMs - status.atMs);
  switch (status.kind) {
    case 'past':
      return { tone: 'paused', text: status.atMs === null ? 'the past' : `at ${formatInstant(status.atMs)}` };
    case 'error':
      return { tone: 'error', text: status.problem === null && status.freshness?.metrics.state === 'waiting' ? 'no metrics' : 'no data' };
    case 'stale':
      return { tone: 'stale', text: age === null ? 'stale' : `stale · ${age} old` };
    case 'paused':
      return { tone: 'paused', text: age === null ? 'paused' : `paused · ${age} ago` };
    case 'connecting':
      return { tone: 'waiting', text: 'connecting…' };
    case 'live':
      return { tone: 'live', text: age === null ? 'live' : `live · ${age} ago` };
  }
}

/** One thing that the reader must know about the data. */
export interface StatusNotice {
  readonly key: string;
  readonly severity: 'danger' | 'warning' | 'info';
  readonly title: string;
  readonly text: string;
  readonly next: string;
}

function noticeOf(key: 'metrics' | 'cluster', source: SourceState, nowMs: number): StatusNotice | null {
  const name = key === 'metrics' ? 'Prometheus' : 'the Kubernetes API';
  const age = source.atMs === null ? null : formatAge(nowMs - source.atMs);
  const next = source.next ?? '';
  const cause = source.cause ?? `No word from ${name}.`;
  switch (source.state) {
    case 'live':
      return null;
    case 'waiting':
      // Waiting is normal for the first seconds; with a cause it is a failure.
      return source.cause === null ? null : { key, severity: 'danger', title: `Nothing from ${name} yet`, text: cause, next };
    case 'stale':
      return {
        key,
        severity: 'warning',
        title: age === null ? `Data from ${name} is not current` : `Data from ${name} is ${age} old`,
        text: cause,
        next,
      };
    case 'partial':
      return { key, severity: 'info', title: `Data from ${name} is incomplete`, text: cause, next };
  }
}

/** Notices for the banner, gravest first; the same cause is said once. */
export function listNotices(status: PageStatus, nowMs: number): readonly StatusNotice[] {
  const notices: StatusNotice[] = [];
  // Without data the page itself shows the problem, large.
  if (status.problem !== null && status.kind !== 'error') {
    notices.push({ key: 'page', severity: 'warning', title: status.problem.title, text: status.problem.detail, next: status.problem.next });
  }
  if (status.freshness !== null) {
    for (const key of ['metrics', 'cluster'] as const) {
      const notice = noticeOf(key, status.freshness[key], nowMs);
      const said = notice === null || notices.some((other) => other.text === notice.text) || status.problem?.detail === notice.text;
      if (!said) notices.push(notice);
    }
  }
  const rank = { danger: 0, warning: 1, info: 2 } as const;
  return notices.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
