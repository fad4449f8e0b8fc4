// What the evaluator decided, in words. In: RouteDecision, MtlsOutcome, AuthorizationOutcome. Out: texts. Pure.
import type { ConfigRef } from '../../../model/edit';
import type { AuthorizationOutcome, ConfigPointer, MtlsOutcome, RouteDecision, RouteDestination } from '../../../model/routing';
import { formatLatency, formatShare, plural } from '../../ui/format';
import { isConfigKind } from '../config-kinds';

/** The object that a pointer points into; null for kinds that the console has no page for. */
export const refOfPointer = ({ kind, namespace, name }: ConfigPointer): ConfigRef | null =>
  isConfigKind(kind) ? { kind, namespace, name } : null;

const time = (milliseconds: number): string => formatLatency(milliseconds);

/** What happens to the request on the caller's side. */
export function wordOutcome(decision: RouteDecision): string {
  switch (decision.outcome) {
    case 'route':
      return decision.rule === null ? 'Goes by the default route of the service.' : 'Goes by the rule that won.';
    case 'redirect':
      return `Is answered ${decision.status} and sent to ${decision.location}.`;
    case 'directResponse':
      return `Is answered ${decision.status} by the proxy itself.`;
    case 'passthrough':
      return 'The host is unknown to the mesh; the proxy passes the connection through (ALLOW_ANY).';
    case 'blackHole':
      return 'The host is unknown to the mesh and is refused (REGISTRY_ONLY): 502 for HTTP, a closed connection for TCP.';
    case 'noRoute':
      return `No rule takes the request: the proxy answers ${decision.status} (NR).`;
  }
}

export const DESTINATION_STATES: Readonly<Record<RouteDestination['state'], string>> = {
  ok: 'ready',
  missing: 'does not exist: 503 (NC)',
  empty: 'no ready endpoint: 503 (UH)',
};

/** "3 ready endpoints", "outside of the cluster", ... */
export function wordEndpoints({ state, endpoints }: Pick<RouteDestination, 'state' | 'endpoints'>): string {
  if (state !== 'ok') return DESTINATION_STATES[state];
  return endpoints === null ? 'outside of the cluster' : plural(endpoints.length, 'ready endpoint');
}

export interface Extra {
  readonly name: string;
  readonly text: string;
}

/** Timeout, retries, fault, mirrors, rewrite of a route, as far as there are any. */
export function listExtras(decision: RouteDecision): readonly Extra[] {
  if (decision.outcome !== 'route') return [];
  const { timeoutMs, retries, fault, mirrors, rewrite } = decision;
  const extras: Extra[] = [{ name: 'Timeout', text: timeoutMs === null || timeoutMs === 0 ? 'none' : time(timeoutMs) }];
  extras.push({
    name: 'Retries',
    text:
      retries.attempts === 0
        ? 'none'
        : `${retries.attempts} at most${retries.perTryTimeoutMs === null ? '' : `, ${time(retries.perTryTimeoutMs)} each`}, on ${retries.retryOn.join(', ')}`,
  });
  if (fault?.delay) extras.push({ name: 'Delay', text: `${time(fault.delay.milliseconds)} for ${formatShare(fault.delay.percent / 100)}` });
  if (fault?.abort)
    extras.push({
      name: 'Abort',
      text: `${fault.abort.httpStatus ?? fault.abort.grpcStatus ?? 'an error'} for ${formatShare(fault.abort.percent / 100)}`,
    });
  for (const { destination, percent } of mirrors)
    extras.push({
      name: 'Mirror',
      text: `${formatShare(percent / 100)} to ${destination.host}${destination.subset === null ? '' : ` ${destination.subset}`} (${wordEndpoints(destination)})`,
    });
  if (rewrite !== null) {
    const parts = [rewrite.path === null ? null : `path ${rewrite.path}`, rewrite.authority === null ? null : `host ${rewrite.authority}`];
    extras.push({ name: 'Rewrite', text: parts.filter((part) => part !== null).join(', ') });
  }
  return extras;
}

export const MTLS_RESULTS: Readonly<Record<MtlsOutcome['result'], string>> = {
  mutualTls: 'Mutual TLS',
  plaintext: 'Plaintext',
  tls: 'TLS of the application',
  fails: 'The connection fails',
};

export const AUTHORIZATION_RESULTS: Readonly<Record<AuthorizationOutcome['outcome'], string>> = {
  allowed: 'Allowed',
  denied: 'Denied (403)',
  depends: 'Depends',
};

/** Good, bad or open, for the tone of a verdict. */
export const toneOfMtls = ({ result }: MtlsOutcome): 'good' | 'bad' | 'open' =>
  result === 'fails' ? 'bad' : result === 'plaintext' ? 'open' : 'good';
export const toneOfAuthorization = ({ outcome }: AuthorizationOutcome): 'good' | 'bad' | 'open' =>
  outcome === 'allowed' ? 'good' : outcome === 'denied' ? 'bad' : 'open';

/** Entries of equal outcome as one, its workloads together: a service has many, and most fare alike. */
export function groupOutcomes<T>(
  entries: readonly { readonly workload: string; readonly outcome: T }[],
): readonly { readonly workloads: readonly string[]; readonly outcome: T }[] {
  const groups = new Map<string, { readonly workloads: string[]; readonly outcome: T }>();
  for (const { workload, outcome } of entries) {
    const key = JSON.stringify(outcome);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { workloads: [workload], outcome });
    else group.workloads.push(workload);
  }
  return [...groups.values()];
}
