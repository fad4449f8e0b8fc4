// What the authorization policies of a server decide. In: MeshIndex, AuthorizationRequest. Out: AuthorizationOutcome.
// Order on the proxy: CUSTOM, DENY, ALLOW; AUDIT never decides. Source: istio pilot/pkg/security/authz/builder,
// model.go (HTTP attributes on TCP), model/policyattachment.go (which policies apply).
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
import { type Labels, LabelTable, selects } from './labels';
import { type MeshIndex, tableOf } from './mesh-index';
import { GATEWAY_NAME_LABEL, isWaypoint, proxyOf } from './proxies';
import { type AuthorizationPolicyView, type Condition, type PolicyRule, readAuthorizationPolicy } from './read/authorization-policy';
import { pointerTo } from './read/fields';

export type { AuthorizationRequest } from './authorization-match';

type Action = AuthorizationPolicyView['action'];

const policyTables = tableOf(() => new LabelTable<readonly AuthorizationPolicyView[]>());

/** Policies that apply to a pod, those of its namespace first, each oldest first; dry runs are left out. */
export function authorizationPoliciesFor(
  index: MeshIndex,
  pod: { readonly namespace: string; readonly labels: Labels },
): readonly AuthorizationPolicyView[] {
  return policyTables(index).remember(pod.namespace, pod.labels, () => {
    const root = index.inventory.mesh.rootNamespace;
    const namespaces = pod.namespace === root ? [root] : [pod.namespace, root];
    return namespaces
      .flatMap((namespace) => index.objectsIn('AuthorizationPolicy', namespace).map(readAuthorizationPolicy))
      .filter((policy) => !policy.dryRun && applies(policy, pod, root));
  });
}

function applies(policy: AuthorizationPolicyView, pod: { readonly namespace: string; readonly labels: Labels }, root: string): boolean {
  const gateway = pod.labels[GATEWAY_NAME_LABEL];
  const waypoint = isWaypoint(pod.labels);
  const { namespace } = policy.object;
  if (policy.targetRefs.length === 0) return !waypoint && (policy.selector === null || selects(policy.selector, pod.labels));
  if (gateway === undefined) return false;
  return policy.targetRefs.some((ref) => {
    if (waypoint && ref.kind === 'GatewayClass' && ref.name === 'istio-waypoint') return namespace === root;
    if (ref.kind !== 'Gateway' || ref.group !== 'gateway.networking.k8s.io' || ref.name !== gateway) return false;
    return namespace === pod.namespace && (ref.namespace ?? namespace) === namespace;
  });
}

const regexTable = tableOf(() => new Map<string, RE2JS | null>());

interface Verdict {
  readonly match: Match;
  /** Rule that matches, or that might. */
  readonly pointer: ConfigPointer | null;
}

/** Whether the server's proxy lets a request pass, and which policy says so. */
export function evaluateAuthorization(index: MeshIndex, request: AuthorizationRequest): AuthorizationOutcome {
  const proxy = proxyOf(request.server);
  if (proxy === 'none') return allowed(null, 'the server has no proxy: no policy is enforced');
  const policies = authorizationPoliciesFor(index, request.server);
  // ztunnel reads bytes only, whatever the protocol above them is.
  const http = request.protocol !== 'tcp' && proxy !== 'ztunnel';
  const verdictOf = (action: Action): Verdict => judge(policies, action, request, index, http);
  const deny = verdictOf('DENY');
  if (deny.match.is === 'yes') return denied(deny.pointer, 'a DENY policy matches');
  const allow = verdictOf('ALLOW');
  const firstAllow = policies.find((policy) => policy.action === 'ALLOW');
  if (firstAllow !== undefined && allow.match.is === 'no')
    return denied(pointerTo(firstAllow.object, 'spec'), 'ALLOW policies apply to the server and none of them matches');
  // ztunnel does not know CUSTOM.
  const custom = proxy === 'ztunnel' ? { match: NO, pointer: null } : verdictOf('CUSTOM');
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
const denied = (decidedBy: ConfigPointer | null, why: string): AuthorizationOutcome => ({ outcome: 'denied', decidedBy, why });

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
