// What stands between a caller and a pod besides routes: mutual TLS, authorization, tokens, limits of connections; and how that changes.
// In: MeshIndex, Caller, a spread. Out: Gate of one state, and what two of them make for requests of which path and headers are not known.
import type { Caller } from '../../model/routing';
import type { Protocol } from '../../model/traffic';
import { authorizationPoliciesFor, evaluateAuthorization } from '../istio/authorization';
import { effectiveDestinationRule } from '../istio/destination-rule';
import { selects } from '../istio/labels';
import type { MeshIndex } from '../istio/mesh-index';
import { evaluateMtls } from '../istio/mtls';
import { podNamed } from './backing';
import { containerPortOf, principalOf } from './peers';
import { readMap, readObject } from './raw';
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

/** What a request of the caller meets at one of the pods of a spread. */
export function gateAt(index: MeshIndex, caller: Caller, spread: Spread, protocol: Protocol): Gate {
  const server = spread.pod === null ? null : podNamed(index, spread.pod);
  const mtls = evaluateMtls(index, caller, spread, server);
  if (mtls.result === 'fails') return { ...OPEN, state: 'shut', why: mtls.why };
  if (server === null) return OPEN;
  const mutual = mtls.result === 'mutualTls';
  const outcome = evaluateAuthorization(index, {
    caller: {
      principal: mutual ? principalOf(index, caller) : null,
      namespace: mutual ? caller.namespace : null,
      serviceAccount: mutual ? caller.serviceAccount : null,
      ip: null,
    },
    server,
    port: containerPortOf(index, spread),
    protocol,
  });
  const judges = authorizationPoliciesFor(index, server).map(({ object }) => object);
  const tokens = ['RequestAuthentication' as const].flatMap((kind) =>
    [...new Set([server.namespace, index.inventory.mesh.rootNamespace])].flatMap((namespace) =>
      index.objectsIn(kind, namespace).filter(({ spec }) => selects(readMap(readObject(spec['selector'])?.['matchLabels']), server.labels)),
    ),
  );
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
