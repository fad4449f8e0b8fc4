// What a server's proxy makes of the token of a request, before any authorization. In: MeshIndex, a pod, what is known of the token.
// Out: the rule that refuses it, or null. Source: istio pilot/pkg/security/authn: any rule's valid token passes, none at all passes too.
import type { ConfigPointer } from '../../model/routing';
import { LabelTable } from './labels';
import { type MeshIndex, tableOf } from './mesh-index';
import { isMeantFor, type PolicyTarget, policyNamespaces, type TargetService } from './policy-targets';
import { pointerTo } from './read/fields';
import { type RequestAuthenticationView, readRequestAuthentication } from './read/request-authentication';

const tables = tableOf(() => new LabelTable<readonly RequestAuthenticationView[]>());

function select(index: MeshIndex, pod: PolicyTarget, service: TargetService | undefined): readonly RequestAuthenticationView[] {
  const root = index.inventory.mesh.rootNamespace;
  return policyNamespaces(pod, service, root)
    .flatMap((namespace) => index.objectsIn('RequestAuthentication', namespace).map(readRequestAuthentication))
    .filter((view) => view.rules.length > 0 && isMeantFor(view, pod, service, root));
}

/** RequestAuthentications in force at a pod; all of their rules count together. */
export const requestAuthenticationsFor = (
  index: MeshIndex,
  pod: PolicyTarget,
  service?: TargetService,
): readonly RequestAuthenticationView[] =>
  service === undefined
    ? tables(index).remember(pod.namespace, pod.labels, () => select(index, pod, undefined))
    : select(index, pod, service);

export interface TokenRefusal {
  readonly decidedBy: ConfigPointer;
  readonly why: string;
}

/**
 * Why a token is refused with 401; null: it is not, or there is none, or nobody looks at it. `issuer`: of a token that is otherwise good,
 * null where it is not known.
 */
export function refuseToken(
  views: readonly RequestAuthenticationView[],
  token: 'invalid' | 'valid',
  issuer: string | null,
): TokenRefusal | null {
  const [first] = views;
  if (first === undefined) return null;
  const decidedBy = pointerTo(first.object, 'spec.jwtRules');
  if (token === 'invalid') return { decidedBy, why: 'the token is not valid' };
  if (issuer === null || views.some((view) => view.rules.some((rule) => rule.issuer === issuer))) return null;
  return { decidedBy, why: `no rule takes tokens of ${issuer}` };
}
