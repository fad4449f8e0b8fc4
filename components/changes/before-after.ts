// The graph of a change's services before and after it, as an address. In: ChangeRecord, now. Out: a link, or null while too little time
// has passed on either side. Pure.
import type { ChangeRecord } from '../../model/change';
import { encodeDuration } from '../../model/wire';

/** Proxies have the new rules, and their metrics were scraped, this long after a write. */
const SETTLE_SECONDS = 30;
const WINDOWS_SECONDS = [300, 120, 60] as const;

/** The longest window that fits between the change and its end (or now). */
export function compareHref(change: ChangeRecord, nowMs: number): string | null {
  const appliedSeconds = Math.floor(change.createdAtMs / 1000);
  const isUndone = change.state === 'reverted' || change.state === 'reverting';
  const endMs = isUndone && change.endedAtMs !== null ? change.endedAtMs : nowMs;
  const restSeconds = Math.floor(endMs / 1000) - appliedSeconds - SETTLE_SECONDS;
  const windowSeconds = WINDOWS_SECONDS.find((seconds) => seconds <= restSeconds);
  if (windowSeconds === undefined) return null;
  // The namespaces of the services; of hosts outside the cluster, those of the objects that were written.
  const ofHosts = change.hosts.map((host) => /^[^.]+\.([^.]+)\.svc\./.exec(host)?.[1]).filter((name) => name !== undefined);
  const namespaces = [...new Set(ofHosts.length > 0 ? ofHosts : change.steps.map(({ ref }) => ref.namespace))].sort();
  const query = new URLSearchParams({
    namespaces: namespaces.join(','),
    duration: encodeDuration(windowSeconds),
    at: String(appliedSeconds + SETTLE_SECONDS + windowSeconds),
    overlays: 'latency,quantiles',
    labels: 'rate,errors,p95',
    compare: String(appliedSeconds),
  });
  return `/graph?${query.toString()}`;
}
