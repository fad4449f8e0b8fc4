// The review kinds: asked by a create, answered from the tokens and RBAC, never stored.
import { recordOf, textOf, textsOf, valueAt } from '../json';
import type { KubeObject } from '../object';
import { badRequest } from '../status-error';
import { reviewToken, type TokenSources } from './authenticate';
import type { Attributes, Authorizer, PolicyRule } from './authorizer';
import { encodeUserInfo, type User } from './user';

/** --api-audiences of the server, by default its service account issuer. */
const API_AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

export interface ReviewContext {
  readonly authorizer: Authorizer;
  readonly tokens: TokenSources;
  readonly user: User;
  /** The namespace of the request path, for the one namespaced review. */
  readonly namespace: string | undefined;
}

/** The status that answers a review. Throws 400 where the review asks nothing. */
export async function answerReview(review: KubeObject, context: ReviewContext): Promise<Readonly<Record<string, unknown>>> {
  const spec = recordOf(review['spec']);
  switch (review.kind) {
    case 'SelfSubjectReview':
      return { userInfo: encodeUserInfo(context.user) };
    case 'TokenReview':
      return answerTokenReview(spec, context.tokens);
    case 'SelfSubjectAccessReview':
      return decide(context.authorizer, context.user, decodeAttributes(spec));
    case 'SubjectAccessReview':
      return decide(context.authorizer, decodeSubject(spec), decodeAttributes(spec));
    case 'LocalSubjectAccessReview': {
      const wanted = decodeAttributes(spec);
      if ('path' in wanted || wanted.namespace !== context.namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${context.namespace ?? ''}`);
      }
      return decide(context.authorizer, decodeSubject(spec), wanted);
    }
    case 'SelfSubjectRulesReview':
      if ((textOf(spec['namespace']) ?? '') === '') throw badRequest('no namespace on request');
      return reviewRules(context.authorizer.rulesFor(context.user, textOf(spec['namespace']) ?? ''));
    default:
      throw badRequest(`${review.kind} is not a review`);
  }
}

async function answerTokenReview(
  spec: Readonly<Record<string, unknown>>,
  tokens: TokenSources,
): Promise<Readonly<Record<string, unknown>>> {
  const token = textOf(spec['token']) ?? '';
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const asked = textsOf(spec['audiences']);
  const audiences = asked.filter((audience) => audience === API_AUDIENCE);
  // A token for the API server is none for anybody else.
  const verdict = asked.length > 0 && audiences.length === 0 ? { refusal: 'invalid bearer token' } : await reviewToken(tokens, token);
  if (!('user' in verdict)) return { authenticated: false, user: {}, error: verdict.refusal };
  return { authenticated: true, user: encodeUserInfo(verdict.user), ...(asked.length === 0 ? {} : { audiences }) };
}

function decide(authorizer: Authorizer, user: User, wanted: Attributes): Readonly<Record<string, unknown>> {
  const { allowed, reason } = authorizer.authorize(user, wanted);
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

function decodeSubject(spec: Readonly<Record<string, unknown>>): User {
  const username = textOf(spec['user']) ?? '';
  const groups = textsOf(spec['groups']);
  if (username === '' && groups.length === 0) throw badRequest('spec.user or spec.groups must be set: name whose access to review');
  return { username, groups };
}

function decodeAttributes(spec: Readonly<Record<string, unknown>>): Attributes {
  const path = spec['nonResourceAttributes'];
  const verb = textOf(valueAt(spec, 'resourceAttributes', 'verb')) ?? textOf(valueAt(path, 'verb')) ?? '';
  if (path !== undefined && spec['resourceAttributes'] === undefined) return { verb, path: textOf(valueAt(path, 'path')) ?? '' };
  if (spec['resourceAttributes'] === undefined || path !== undefined) {
    throw badRequest('exactly one of spec.resourceAttributes or spec.nonResourceAttributes must be set');
  }
  const read = (name: string): string => textOf(valueAt(spec, 'resourceAttributes', name)) ?? '';
  return {
    verb,
    group: read('group'),
    resource: read('resource'),
    subresource: read('subresource'),
    namespace: read('namespace'),
    name: read('name'),
  };
}

function reviewRules(rules: readonly PolicyRule[]): Readonly<Record<string, unknown>> {
  const resourceRules = rules
    .filter((rule) => rule.resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames.length === 0 ? {} : { resourceNames }),
    }));
  const nonResourceRules = rules
    .filter((rule) => rule.nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  return { resourceRules, nonResourceRules, incomplete: false };
}
