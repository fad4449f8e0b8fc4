// What the authorization policies of a server decide. In: MeshIndex, AuthorizationRequest. Out: AuthorizationOutcome.
// Order on the proxy: CUSTOM, tokens, DENY, ALLOW; AUDIT never decides. Source: istio pilot/pkg/security/authz/builder,
// model.go (HTTP attributes on TCP).
import type { RE2JS } from 're2js';
import type { PodInfo } from '../../model/inventory';
import type { AuthorizationOutcome, ConfigPointer } from '../../model/routing';
import {
  type AuthorizationRequest,
  allOf,
  anyOf,
  isHttpOnly,
  isKnownKey,
  type Match,
  type MatchContext,
  matchCondition,
  NO,
} from './authorization-match';
import { inboundAt } from './inbound';
import { LabelTable } from './labels';
import { type MeshIndex, tableOf } from './mesh-index';
import { normalPath } from './normal-path';
import { isMeantFor, type PolicyTarget, policyNamespaces, type TargetService } from './policy-targets';
import { proxyOf } from './proxies';
import { type AuthorizationPolicyView, type Condition, type PolicyRule, readAuthorizationPolicy } from './read/authorization-policy';
import { pointerTo } from './read/fields';
import { refuseToken, requestAuthenticationsFor, type TokenRefusal } from './request-authentication';

export type { AuthorizationRequest } from './authorization-match';

type Action = AuthorizationPolicyView['action'];

const policyTables = tableOf(() => new LabelTable<readonly AuthorizationPolicyView[]>());

function select(index: MeshIndex, pod: PolicyTarget, service: TargetService | undefined): readonly AuthorizationPolicyView[] {
  const root = index.inventory.mesh.rootNamespace;
  return policyNamespaces(pod, service, root)
    .flatMap((namespace) => index.objectsIn('AuthorizationPolicy', namespace).map(readAuthorizationPolicy))
    .filter((policy) => !policy.dryRun && isMeantFor(policy, pod, service, root));
}

/** Policies that apply to a pod, those of its namespace first, each oldest first; dry runs are left out. */
export const authorizationPoliciesFor = (
  index: MeshIndex,
  pod: PolicyTarget,
  service?: TargetService,
): readonly AuthorizationPolicyView[] =>
  service === undefined
    ? policyTables(index).remember(pod.namespace, pod.labels, () => select(index, pod, undefined))
    : select(index, pod, service);

const regexTable = tableOf(() => new Map<string, RE2JS | null>());

interface Verdict {
  readonly match: Match;
  /** Rule that matches, or that might. */
  readonly pointer: ConfigPointer | null;
}

/** Whether the server's proxy lets a request pass, and which policy says so. */
export function evaluateAuthorization(index: MeshIndex, asked: AuthorizationRequest): AuthorizationOutcome {
  const request = asked.path === undefined ? asked : { ...asked, path: normalPath(asked.path, index.inventory.mesh.pathNormalization) };
  const proxy = proxyOf(request.server);
  if (proxy === 'none') return allowed(null, 'the server has no proxy: no policy is enforced');
  const policies = authorizationPoliciesFor(index, request.server, request.service);
  // ztunnel reads bytes only, whatever the protocol above them is, and so does a sidecar on a port that is declared so.
  const inbound = inboundAt(index, request.server, request.port)?.protocol ?? 'http';
  const http = request.protocol !== 'tcp' && proxy !== 'ztunnel' && (inbound === 'http' || inbound === 'auto');
  const denied = (decidedBy: ConfigPointer | null, why: string): AuthorizationOutcome =>
    http ? { outcome: 'denied', decidedBy, why, status: 403 } : { outcome: 'denied', decidedBy, why };
  const refusal = http ? refusedToken(index, request) : null;
  if (refusal !== null) return { outcome: 'denied', ...refusal, status: 401 };
  const verdictOf = (action: Action): Verdict => judge(policies, action, request, index, http);
  const deny = verdictOf('DENY');
  if (deny.match.is === 'yes') return denied(deny.pointer, 'a DENY policy matches');
  const allow = verdictOf('ALLOW');
  const firstAllow = policies.find((policy) => policy.action === 'ALLOW');
  if (firstAllow !== undefined && allow.match.is === 'no')
    return denied(pointerTo(firstAllow.object, 'spec'), 'ALLOW policies apply to the server and none of them matches');
  // ztunnel does not know CUSTOM.
  const custom = proxy === 'ztunnel' ? { match: NO, pointer: null } : verdictOf('CUSTOM');
  const providers = new Set(policies.flatMap((policy) => (policy.action === 'CUSTOM' ? [policy.provider] : [])));
  if (custom.match.is === 'yes' && providers.size > 1)
    return denied(
      custom.pointer,
      `CUSTOM policies of ${providers.size} providers apply to the server, which knows only one: all that they match is denied`,
    );
  const open: Match[] = [];
  if (custom.match.is === 'yes') open.push({ is: 'unknown', on: ['external authorizer'] });
  else if (custom.match.is === 'unknown') open.push(custom.match);
  if (deny.match.is === 'unknown') open.push(deny.match);
  if (allow.match.is === 'unknown') open.push(allow.match);
  const rest = allOf(open);
  if (rest.is === 'unknown')
    return {
      outcome: 'depends',
      on: rest.on,
      decidedBy: custom.pointer ?? deny.pointer ?? allow.pointer,
      why: `it depends on ${rest.on.join(', ')}`,
    };
  return firstAllow === undefined
    ? allowed(null, policies.length === 0 ? 'no policy applies to the server' : 'no DENY policy matches and there is no ALLOW policy')
    : allowed(allow.pointer, 'an ALLOW policy matches');
}

const allowed = (decidedBy: ConfigPointer | null, why: string): AuthorizationOutcome => ({ outcome: 'allowed', decidedBy, why });

/** The token is looked at before policies; a CORS preflight carries none and is let through. */
function refusedToken(index: MeshIndex, { server, service, token, claims, method, headers }: AuthorizationRequest): TokenRefusal | null {
  const issuer = typeof claims?.['iss'] === 'string' ? claims['iss'] : null;
  if (token !== 'invalid' && issuer === null) return null;
  if (method === 'OPTIONS' && headers?.['origin'] && headers['access-control-request-method']) return null;
  return refuseToken(requestAuthenticationsFor(index, server, service), token ?? 'valid', issuer);
}

/** Whether some rule of the policies with an action matches, and which. */
function judge(
  policies: readonly AuthorizationPolicyView[],
  action: Action,
  request: AuthorizationRequest,
  index: MeshIndex,
  http: boolean,
): Verdict {
  const maybe: Match[] = [];
  let pointer: ConfigPointer | null = null;
  for (const policy of policies) {
    if (policy.action !== action) continue;
    const context: MatchContext = {
      request,
      mesh: index.inventory.mesh,
      policyNamespace: policy.object.namespace,
      regexes: regexTable(index),
    };
    for (const rule of policy.rules) {
      const match = matchRule(rule, action, context, http);
      if (match.is === 'yes') return { match, pointer: rule.pointer };
      if (match.is === 'unknown') {
        maybe.push(match);
        pointer ??= rule.pointer;
      }
    }
  }
  return { match: anyOf(maybe), pointer };
}

/** (any from) and (any to) and (all when), after what the proxy cannot know was taken out. */
function matchRule(rule: PolicyRule, action: Action, context: MatchContext, http: boolean): Match {
  const conditions = [...rule.from.flat(), ...rule.to.flat(), ...rule.when];
  // A key that Istio does not know drops the rule.
  if (!conditions.every((condition) => isKnownKey(condition.key))) return NO;
  const unseen = (condition: Condition): boolean => !http && isHttpOnly(condition.key);
  // On TCP, HTTP attributes drop an ALLOW rule (which tightens) and are left out of the others (which widens them).
  if (action === 'ALLOW' && conditions.some(unseen)) return NO;
  const seen = (list: readonly Condition[]): readonly Condition[] => (http ? list : list.filter((condition) => !unseen(condition)));
  const all = (list: readonly Condition[]): Match => allOf(seen(list).map((condition) => matchCondition(condition, context)));
  // ztunnel does not enforce a rule of which nothing remains.
  if (isZtunnel(context.request.server) && conditions.length > 0 && conditions.every(unseen)) return NO;
  const parts = [all(rule.when)];
  if (rule.from.length > 0) parts.push(anyOf(rule.from.map(all)));
  if (rule.to.length > 0) parts.push(anyOf(rule.to.map(all)));
  return allOf(parts);
}

const isZtunnel = (pod: PodInfo): boolean => proxyOf(pod) === 'ztunnel';
