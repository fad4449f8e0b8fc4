// What the evaluators say a call becomes, as shares by ending. In: MeshIndex, WorldView, a call. Out: shares by key, as flowKey writes them.
import type { PodInfo } from '../../../model/inventory';
import type { RouteDecision, RouteDestination } from '../../../model/routing';
import { evaluateAuthorization } from '../../../server/istio/authorization';
import type { MeshIndex } from '../../../server/istio/mesh-index';
import { evaluateMtls } from '../../../server/istio/mtls';
import type { Group } from '../group';
import { hostOf, type RandomCall } from './random-mesh';

export type Shares = Map<string, number>;

export const addShare = (shares: Shares, key: string, share: number): void => {
  if (share > 1e-9) shares.set(key, (shares.get(key) ?? 0) + share);
};

/** `workload code flags`; delays and exhausted retries change the flags, not who gets the request. */
export const flowKey = (workload: string | null, code: string, flags: string): string =>
  `${workload ?? '-'} ${code} ${
    flags
      .split(',')
      .filter((flag) => flag !== 'DI' && flag !== 'URX')
      .join(',') || '-'
  }`;

const workloadOf = (pod: PodInfo): string => pod.workload?.split('/').at(-1) ?? '-';

/** One request that reaches a pod: refused by its TLS, by its policies, or served. */
function atPod(index: MeshIndex, call: RandomCall, caller: Group, destination: Omit<RouteDestination, 'share'>, pod: PodInfo): string {
  const mtls = evaluateMtls(index, caller.caller, destination, pod);
  if (mtls.result === 'fails' || mtls.result === 'tls')
    return flowKey(workloadOf(pod), '503', mtls.clientMode === 'plaintext' ? 'UC' : 'UF');
  const known = mtls.result === 'mutualTls';
  const { namespace, serviceAccount } = caller.caller;
  const outcome = evaluateAuthorization(index, {
    caller: {
      principal: known ? `cluster.local/ns/${namespace}/sa/${serviceAccount}` : null,
      namespace: known ? namespace : null,
      serviceAccount: known ? serviceAccount : null,
      ip: caller.sample.ip,
    },
    server: pod,
    port: 9080,
    protocol: 'http',
    host: hostOf(call.service),
    method: call.method,
    path: call.path,
    headers: call.headers,
  });
  return flowKey(workloadOf(pod), outcome.outcome === 'denied' ? '403' : '200', '-');
}

function addDestination(
  shares: Shares,
  index: MeshIndex,
  call: RandomCall,
  caller: Group,
  destination: Omit<RouteDestination, 'share'>,
  share: number,
): void {
  if (destination.state !== 'ok') {
    addShare(shares, flowKey(null, String(destination.status ?? 0), destination.state === 'missing' ? 'NC' : 'UH'), share);
    return;
  }
  const pods = (destination.endpoints ?? []).flatMap((key) => index.inventory.pods.get(key) ?? []);
  for (const pod of pods) addShare(shares, atPod(index, call, caller, destination, pod), share / pods.length);
}

/** What the caller's own proxy reports (for a caller without one: what the servers' proxies do). */
export function expectFlows(index: MeshIndex, call: RandomCall, caller: Group, decision: RouteDecision): Shares {
  const shares: Shares = new Map();
  if (decision.outcome !== 'route') {
    const status = 'status' in decision ? String(decision.status) : decision.outcome === 'blackHole' ? '502' : '200';
    addShare(shares, flowKey(null, status, decision.outcome === 'noRoute' ? 'NR' : '-'), 1);
    return shares;
  }
  const aborted = (decision.fault?.abort?.percent ?? 0) / 100;
  addShare(shares, flowKey(null, String(decision.fault?.abort?.httpStatus ?? 0), 'FI'), aborted);
  for (const destination of decision.destinations)
    addDestination(shares, index, call, caller, destination, destination.share * (1 - aborted));
  return shares;
}

/** What servers report of mirrored requests, of which the caller's proxy says nothing. */
export function expectMirrored(index: MeshIndex, call: RandomCall, caller: Group, decision: RouteDecision): Shares {
  const shares: Shares = new Map();
  if (decision.outcome !== 'route') return shares;
  const kept = 1 - (decision.fault?.abort?.percent ?? 0) / 100;
  for (const mirror of decision.mirrors) addDestination(shares, index, call, caller, mirror.destination, (mirror.percent / 100) * kept);
  for (const key of shares.keys()) if (!/ (?:200|403) -$/.test(key)) shares.delete(key);
  return shares;
}
