// What Kubernetes RBAC lets somebody see and do, asked completely before anything is answered. In: reviews in his name, all namespaces.
// Out: RbacAccess. At most two requests a namespace and two more; for whoever may list services everywhere, two in all.
import { setMaxListeners } from 'node:events';
import type { Deed, Sight } from '../../model/account';
import { Failure } from '../../model/failure';
import type { Access, ClusterCredential } from '../ports';
import { CHANGES_EVERYWHERE, sightDeedsIn } from './deeds';
import type { Gate } from './gate';
import type { Reviews } from './reviews';
import { allowsDeed, type RuleSet } from './rules';

export interface RbacAccess extends Access {
  /** Rules that hold in every namespace. */
  readonly everywhere: RuleSet;
  /** Rules of the namespaces that were asked for; equal ones are one object. */
  readonly byNamespace: ReadonlyMap<string, RuleSet>;
}

export interface RbacSources {
  readonly reviews: Reviews;
  readonly gate: Gate;
  /** All namespaces of the cluster; null while they are not known. */
  readonly fetchNamespaces: () => Promise<readonly string[] | null>;
}

/**
 * THE RULE. Somebody sees a namespace when he may `get` or `list` all `services`, `pods` or `virtualservices.networking.istio.io` in it: what
 * the graph shows of it. (Kiali asks for `get` on the namespace itself, which most roles for one team do not hold.) Where RBAC's list is
 * marked incomplete, an access review must confirm what the list says, or may grant what it does not: listing services.
 * He sees everything, also namespaces to come and those of other clusters, when he may do one of these everywhere.
 * @throws Failure when it cannot be asked, `starting` while the namespaces of the cluster are not known
 */
export async function fetchRbacAccess(credential: ClusterCredential, sources: RbacSources, signal: AbortSignal): Promise<RbacAccess> {
  const { reviews, gate, fetchNamespaces } = sources;
  const listEverywhere: Deed = { verb: 'list', group: '', resource: 'services', namespace: null };
  const [listsAll, everywhere] = await Promise.all([
    gate.run(() => reviews.fetchDecision(credential, listEverywhere, signal)),
    gate.run(() => reviews.fetchRulesEverywhere(credential, signal)),
  ]);
  if (listsAll || (!everywhere.incomplete && seesBy(everywhere))) return accessOf(null, everywhere, new Map());
  const namespaces = await fetchNamespaces();
  if (namespaces === null) throw new Failure('starting', 'the namespaces of the cluster are not known yet', 'Try again in a moment.');
  const interned = new Map<string, RuleSet>();
  const seen = new Map<RuleSet, boolean>();
  const byNamespace = new Map<string, RuleSet>();
  const sight: string[] = [];
  // The first failure ends the others: half an answer is none.
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  // Every request under way listens to it: as many as the gate lets through, which Node would take for a leak.
  setMaxListeners(0, until);
  try {
    await Promise.all(
      namespaces.map((namespace) =>
        gate.run(async () => {
          until.throwIfAborted();
          const rules = intern(interned, await reviews.fetchRules(credential, namespace, until));
          byNamespace.set(namespace, rules);
          const listed = seen.get(rules) ?? seesBy(rules);
          seen.set(rules, listed);
          if (rules.incomplete ? await reviews.fetchDecision(credential, doubtfulDeed(rules, namespace), until) : listed)
            sight.push(namespace);
        }),
      ),
    );
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return accessOf(sight.sort(), everywhere, byNamespace);
}

/** The same access with the rules of one more namespace. @throws Failure when they cannot be asked */
export async function fetchLocalRules(
  access: RbacAccess,
  credential: ClusterCredential,
  namespace: string,
  { reviews, gate }: RbacSources,
  signal: AbortSignal,
): Promise<RbacAccess> {
  if (access.byNamespace.has(namespace)) return access;
  const rules = await gate.run(() => reviews.fetchRules(credential, namespace, signal));
  return accessOf(access.sight, access.everywhere, new Map(access.byNamespace).set(namespace, rules));
}

const seesBy = (rules: RuleSet): boolean => sightDeedsIn('').some((deed) => allowsDeed(rules, deed));

/** What to ask about where a list may be wrong: what it says is allowed, else the first thing that would do. */
function doubtfulDeed(rules: RuleSet, namespace: string): Deed {
  const deeds = sightDeedsIn(namespace);
  return deeds.find((deed) => allowsDeed(rules, deed)) ?? { verb: 'list', group: '', resource: 'services', namespace };
}

/** Most namespaces have the same rules for somebody: kept once. */
function intern(known: Map<string, RuleSet>, rules: RuleSet): RuleSet {
  const key = JSON.stringify(rules);
  const found = known.get(key);
  if (found !== undefined) return found;
  known.set(key, rules);
  return rules;
}

function accessOf(sight: Sight, everywhere: RuleSet, byNamespace: ReadonlyMap<string, RuleSet>): RbacAccess {
  return {
    sight,
    isAdmin: CHANGES_EVERYWHERE.every((deed) => allowsDeed(everywhere, deed)),
    allows: (deed) => allowsDeed((deed.namespace === null ? undefined : byNamespace.get(deed.namespace)) ?? everywhere, deed),
    everywhere,
    byNamespace,
  };
}
