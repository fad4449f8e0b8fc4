// What stands between a caller and a pod besides routes: mutual TLS, authorization, tokens, limits of connections; and how that changes.
// In: MeshIndex, Caller, the waypoint on the way, a spread. Out: Gate of one state, and what two of them make for requests of which path and headers are not known.
import type { PodInfo } from '../../model/inventory';
import type { Caller } from '../../model/routing';
import type { Protocol } from '../../model/traffic';
import { authorizationPoliciesFor, evaluateAuthorization } from '../istio/authorization';
import { effectiveDestinationRule } from '../istio/destination-rule';
import type { MeshIndex } from '../istio/mesh-index';
import { evaluateMtls } from '../istio/mtls';
import type { TargetService } from '../istio/policy-targets';
import { requestAuthenticationsFor } from '../istio/request-authentication';
import { callerOfWaypoint, targetOf, type Waypoint } from '../istio/waypoints';
import { podNamed, serviceOfHost } from './backing';
import { containerPortOf, principalOf } from './peers';
import type { Spread } from './reach';

export interface Gate {
  readonly state: 'open' | 'shut' | 'depends';
  readonly why: string;
  /** What a request would have to show, where it depends. */
  readonly on: readonly string[];
  /** Objects that judge requests by what only they show, by identity: equal lists judge equally. */
  readonly judges: readonly object[];
  /** Objects that ask for tokens. */
  readonly tokens: readonly object[];
}

const OPEN: Gate = { state: 'open', why: '', on: [], judges: [], tokens: [] };

/**
 * What a request of the caller meets on its way to one of the pods of a spread. A waypoint asks who the caller is and what it wants; the
 * pod's own proxy sees the waypoint in its place, and only bytes.
 */
export function gateAt(index: MeshIndex, caller: Caller, waypoint: Waypoint | null, spread: Spread, protocol: Protocol): Gate {
  if (waypoint === null) return gateAtPod(index, caller, spread, protocol);
  const service = serviceOfHost(index, spread.host);
  const target = service === null ? undefined : targetOf(service);
  const at = gateBefore(index, waypoint.pod, callerIdentity(index, caller, true), spread.port, protocol, target);
  if (at.state === 'shut') return at;
  const behind = gateAtPod(index, callerOfWaypoint(waypoint), spread, protocol);
  if (behind.state === 'shut') return behind;
  return {
    state: at.state === 'depends' || behind.state === 'depends' ? 'depends' : 'open',
    why: at.why === '' ? behind.why : at.why,
    on: [...at.on, ...behind.on],
    judges: [...at.judges, ...behind.judges],
    tokens: [...at.tokens, ...behind.tokens],
  };
}

const callerIdentity = (index: MeshIndex, caller: Caller, mutual: boolean) => ({
  principal: mutual ? principalOf(index, caller) : null,
  namespace: mutual ? caller.namespace : null,
  serviceAccount: mutual ? caller.serviceAccount : null,
  ip: null,
});

function gateAtPod(index: MeshIndex, caller: Caller, spread: Spread, protocol: Protocol): Gate {
  const server = spread.pod === null ? null : podNamed(index, spread.pod);
  const mtls = evaluateMtls(index, caller, spread, server);
  if (mtls.result === 'fails') return { ...OPEN, state: 'shut', why: mtls.why };
  if (server === null) return OPEN;
  const identity = callerIdentity(index, caller, mtls.result === 'mutualTls');
  return gateBefore(index, server, identity, containerPortOf(index, spread), protocol, undefined);
}

/** What the policies of one proxy say. */
function gateBefore(
  index: MeshIndex,
  server: PodInfo,
  caller: ReturnType<typeof callerIdentity>,
  port: number,
  protocol: Protocol,
  service: TargetService | undefined,
): Gate {
  const outcome = evaluateAuthorization(index, { caller, server, port, protocol, ...(service === undefined ? {} : { service }) });
  const judges = authorizationPoliciesFor(index, server, service).map(({ object }) => object);
  const tokens = requestAuthenticationsFor(index, server, service).map(({ object }) => object);
  if (outcome.outcome === 'denied') return { state: 'shut', why: outcome.why, on: [], judges, tokens };
  if (outcome.outcome === 'depends') return { state: 'depends', why: outcome.why, on: outcome.on, judges, tokens };
  return { ...OPEN, judges, tokens };
}

const same = (a: readonly object[], b: readonly object[]): boolean => a.length === b.length && a.every((each, i) => each === b[i]);

export type GateChange = { readonly kind: 'none' } | { readonly kind: 'cut' | 'unknown'; readonly why: string };

/** `was`: gates that the requests pass now; `is`: the gate that they will meet. */
export function compareGates(was: readonly Gate[], is: Gate): GateChange {
  if (is.state === 'shut')
    return was.length > 0 && was.every(({ state }) => state === 'shut') ? { kind: 'none' } : { kind: 'cut', why: is.why };
  const alike = was.length > 0 && was.every((gate) => same(gate.judges, is.judges));
  if (is.state === 'depends' && !alike)
    return { kind: 'unknown', why: `whether it is allowed depends on ${is.on.join(', ')}, which the metrics do not carry` };
  if (is.tokens.length > 0 && !was.every((gate) => same(gate.tokens, is.tokens)))
    return { kind: 'unknown', why: 'a RequestAuthentication asks for valid tokens; whether requests carry any, the metrics do not tell' };
  return { kind: 'none' };
}

/** Why the limits on connections change for calls to a spread, null where they do not. */
export function limitsChange(before: MeshIndex, after: MeshIndex, caller: Caller, { host, subset, port }: Spread): string | null {
  if (caller.mode === 'none' || caller.mode === 'ambient') return null;
  const limits = (index: MeshIndex): string => {
    const pool = effectiveDestinationRule(index, caller.namespace, caller.podLabels, host)?.policyFor(subset, port).connectionPool ?? null;
    return JSON.stringify(pool === null ? null : { ...pool, pointer: null });
  };
  return limits(before) === limits(after)
    ? null
    : 'the limits on connections change; whether the requests would exceed them, the metrics do not tell';
}
