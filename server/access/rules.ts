// Rules of Kubernetes RBAC as a SelfSubjectRulesReview lists them, and whether they allow a deed. Pure.
// In: the review's JSON. Out: RuleSet. Source: kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go (VerbMatches, APIGroupMatches, ResourceMatches).
import type { Deed } from '../../model/account';

export interface Rule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Not empty: for these objects only. */
  readonly names: readonly string[];
}

export interface RuleSet {
  readonly rules: readonly Rule[];
  /** An authorizer could not list its rules: there may be more allowed, and something that is listed may be denied. */
  readonly incomplete: boolean;
}

export const NO_RULES: RuleSet = { rules: [], incomplete: false };

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);
const texts = (x: unknown): readonly string[] => (Array.isArray(x) ? x.filter((each): each is string => typeof each === 'string') : []);

/** The rules of a review; null when it is not one. A rule that cannot be read allows nothing. */
export function decodeRulesReview(review: unknown): RuleSet | null {
  const status = isRecord(review) ? review['status'] : null;
  // Kubernetes writes both lists even when they are empty; a server that lists none may write null.
  if (!isRecord(status) || (status['resourceRules'] !== null && !Array.isArray(status['resourceRules']))) return null;
  const listed: readonly unknown[] = Array.isArray(status['resourceRules']) ? status['resourceRules'] : [];
  return {
    rules: listed.filter(isRecord).map((rule) => ({
      verbs: texts(rule['verbs']),
      groups: texts(rule['apiGroups']),
      resources: texts(rule['resources']),
      names: texts(rule['resourceNames']),
    })),
    // Whatever is not a plain "no" may be missing something.
    incomplete: status['incomplete'] !== false,
  };
}

/** Whether an access review allowed what it asked; null when it is not a review. A denial outweighs an approval. */
export function decodeAccessReview(review: unknown): boolean | null {
  const status = isRecord(review) ? review['status'] : null;
  if (!isRecord(status) || typeof status['allowed'] !== 'boolean') return null;
  return status['allowed'] && status['denied'] !== true;
}

/**
 * Whether rules allow a deed on every object of its resource: rules for named objects do not, nor those for a subresource (`x/scale`) the whole.
 * `*` in front of a subresource names it of all resources.
 */
export const allowsDeed = ({ rules }: RuleSet, { verb, group, resource }: Omit<Deed, 'namespace'>): boolean =>
  rules.some(
    (rule) =>
      rule.names.length === 0 &&
      (rule.verbs.includes('*') || rule.verbs.includes(verb)) &&
      (rule.groups.includes('*') || rule.groups.includes(group)) &&
      (rule.resources.includes('*') ||
        rule.resources.includes(resource) ||
        (resource.includes('/') && rule.resources.includes(`*${resource.slice(resource.indexOf('/'))}`))),
  );
