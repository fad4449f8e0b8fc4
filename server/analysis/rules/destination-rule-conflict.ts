// Several DestinationRules of one namespace for one host: what of them is in force after the merge.
import { effectiveDestinationRule } from '../../istio/destination-rule';
import { groupBy } from '../../istio/memo';
import { readDestinationRule } from '../../istio/read/destination-rule';
import { servicesForHost } from '../../istio/services';
import { hostOfRule, rulesNaming } from '../audience';
import { fix, refOf } from '../fixes';
import type { Rule } from '../rule';

export const destinationRuleConflict: Rule = {
  name: 'destination-rule-conflict',
  codes: ['KIA0201'],
  on: ['DestinationRule'],
  reads: ['DestinationRule', 'BackendTLSPolicy', 'Service', 'ServiceEntry'],
  *check(subject) {
    const { index, object } = subject;
    const view = readDestinationRule(object);
    for (const [name, twins] of groupBy(view.subsets, (subset) => subset.name)) {
      const [, second] = twins;
      if (second === undefined) continue;
      yield {
        code: 'KIA0201',
        path: second.pointer.path,
        message: `subset ${name} stands twice in the DestinationRule`,
        consequence: 'the first one is in force, the others are ignored',
      };
    }
    const host = hostOfRule(index, view);
    const siblings = rulesNaming(index, host).filter(
      (other) => other.object.namespace === object.namespace && other.workloadSelector === null,
    );
    if (view.workloadSelector !== null || siblings.length < 2 || servicesForHost(index, host).length === 0) return;
    const effective = effectiveDestinationRule(index, object.namespace, {}, host);
    // The namespace's own clients do not use it at all (rules of the root namespace come last for them): nothing certain can be said.
    if (effective === null || effective.host !== host) return;
    const others = siblings.filter((other) => other.object !== object);
    const mine = effective.sources.findIndex((source) => source.namespace === object.namespace && source.name === object.name);
    const list = others.map((other) => `${other.object.namespace}/${other.object.name}`).join(', ');
    if (mine < 0) {
      const sameExport = others.some((other) => other.exportTo.join() === view.exportTo.join());
      if (!sameExport) return;
      yield {
        code: 'KIA0201',
        path: 'spec.host',
        message: `DestinationRule ${list} is for ${host}, too, and this one is not in force`,
        consequence: 'its subsets and its traffic policy have no effect',
      };
      return;
    }
    const lostSubsets = view.subsets.filter(
      (subset) =>
        effective.shadowedSubsets.includes(subset.pointer) &&
        others.some((other) => other.subsets.some(({ name }) => name === subset.name)),
    );
    const firstPolicy = siblings.find((other) => other.policy !== null);
    const lostPolicy = view.policy !== null && firstPolicy !== undefined && firstPolicy.object !== object;
    // Nothing of it is in force: it can go.
    const dead = lostSubsets.length === view.subsets.length && (view.policy === null || lostPolicy);
    const mend = dead ? fix(`Delete it; ${list} is in force`, { type: 'delete', ref: refOf(subject) }) : null;
    for (const subset of lostSubsets) {
      yield {
        code: 'KIA0201',
        path: subset.pointer.path,
        message: `subset ${subset.name} of ${host} is already defined by DestinationRule ${list}`,
        consequence: 'this definition is ignored; the older one is in force',
        fix: mend,
      };
    }
    if (lostPolicy)
      yield {
        code: 'KIA0201',
        path: 'spec.trafficPolicy',
        message: `the traffic policy for ${host} is already set by DestinationRule ${firstPolicy.object.namespace}/${firstPolicy.object.name}`,
        consequence: 'this policy is ignored as a whole; nothing of it is merged',
        fix: mend,
      };
  },
};
