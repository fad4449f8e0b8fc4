// Whose proxies get the rules of a VirtualService, and what these proxies see. In: MeshIndex, VirtualServiceView. Out: namespaces, answers.

import { effectiveDestinationRule } from '../istio/destination-rule';
import { kindTableInSteps } from '../istio/kind-table';
import { inParts, memoByObject, remember, type Stepwise } from '../istio/memo';
import { type MeshIndex, tableOf } from '../istio/mesh-index';
import { isHostWithin, isWildcardHost, resolveHost } from '../istio/names';
import { type DestinationRuleView, readDestinationRule } from '../istio/read/destination-rule';
import type { VirtualServiceView } from '../istio/read/virtual-service';
import { type MeshService, registryHosts, servicesForHost, wildcardServicesFor } from '../istio/services';
import { isExportedTo } from '../istio/visibility';
import { proxiesOfGateway } from './gateway-pods';

/** Namespaces of the proxies that get the rules; null = any namespace. */
export type Audience = ReadonlySet<string> | null;

const audiences = tableOf(() => new WeakMap<VirtualServiceView, { readonly namespaces: Audience }>());

/** Where the rules of a VirtualService arrive. A delegate serves whoever delegates to it: any namespace. */
export function audienceOf(index: MeshIndex, view: VirtualServiceView): Audience {
  const table = audiences(index);
  const known = table.get(view);
  if (known !== undefined) return known.namespaces;
  const namespaces = findAudience(index, view);
  table.set(view, { namespaces });
  return namespaces;
}

function findAudience(index: MeshIndex, view: VirtualServiceView): Audience {
  if (view.hosts.length === 0) return null;
  const found = new Set<string>();
  for (const gateway of view.gateways) {
    if (gateway === 'mesh') {
      const open = view.exportTo.length === 0 || view.exportTo.includes('*');
      if (open) return null;
      for (const entry of view.exportTo) if (entry !== '~') found.add(entry === '.' ? view.object.namespace : entry);
      continue;
    }
    const proxies = proxiesOfGateway(index, gateway);
    // A gateway that is not there is another rule's finding; here it could be anywhere.
    if (proxies === null) return null;
    for (const pod of proxies) found.add(pod.namespace);
  }
  return found;
}

/** True when some proxy of the audience sees a service. */
export function isSeenBy(service: MeshService, audience: Audience): boolean {
  if (audience === null) return !service.exportTo.includes('~');
  for (const namespace of audience) if (isExportedTo(service.exportTo, service.namespace, namespace)) return true;
  return false;
}

const hostTable = tableOf(() => new Map<string, boolean>());

/** True when the registry knows a host: a service, a ServiceEntry, or a wildcard of one; for a wildcard, any host that it means. */
export const isKnownHost = (index: MeshIndex, host: string): boolean =>
  remember(hostTable(index), host, () => {
    if (servicesForHost(index, host).length > 0 || wildcardServicesFor(index, host).length > 0) return true;
    if (!isWildcardHost(host)) return false;
    for (const known of registryHosts(index)) if (isHostWithin(known, host)) return true;
    return false;
  });

interface HostedRule {
  readonly host: string;
  readonly view: DestinationRuleView;
}

interface RulesByHost {
  readonly exact: ReadonlyMap<string, readonly HostedRule[]>;
  readonly wildcards: readonly HostedRule[];
}

const rulesByHost = kindTableInSteps('DestinationRule', function* (index): Generator<void, RulesByHost> {
  const exact = new Map<string, HostedRule[]>();
  const wildcards: HostedRule[] = [];
  for (const part of inParts(index.objects('DestinationRule'))) {
    yield;
    for (const object of part) {
      const view = readDestinationRule(object);
      const host = hostOfRule(index, view);
      if (isWildcardHost(host)) wildcards.push({ host, view });
      else remember(exact, host, () => []).push({ host, view });
    }
  }
  return { exact, wildcards };
});

/** DestinationRules by the host that they mean, for whoever prepares it. */
export const ruleTable: Stepwise<MeshIndex> = rulesByHost;

const NO_RULES: readonly HostedRule[] = [];

/** Resolved, lower case. */
export const hostOfRule = (index: MeshIndex, view: DestinationRuleView): string =>
  resolveHost(view.host, view.object.namespace, index.domain).toLowerCase();

/** DestinationRules of every namespace that mean a host, oldest first, exact ones before wildcards. */
export function rulesMeaning(index: MeshIndex, host: string): readonly DestinationRuleView[] {
  const { exact, wildcards } = rulesByHost(index);
  const own = exact.get(host) ?? NO_RULES;
  const wide = wildcards.filter((rule) => isHostWithin(host, rule.host));
  return (wide.length === 0 ? own : [...own, ...wide]).map((rule) => rule.view);
}

/** DestinationRules with exactly this host. */
export const rulesNaming = (index: MeshIndex, host: string): readonly DestinationRuleView[] =>
  (rulesByHost(index).exact.get(host) ?? rulesByHost(index).wildcards.filter((rule) => rule.host === host)).map((rule) => rule.view);

const NO_LABELS = {};
const subsetNames = memoByObject((view: DestinationRuleView) => new Set(view.subsets.map((subset) => subset.name)));

/**
 * True when some proxy of the audience has a DestinationRule in force that defines the subset. Rules for selected clients count for
 * their namespace.
 */
export function isSubsetDefined(index: MeshIndex, host: string, subset: string, audience: Audience): boolean {
  if (audience !== null) return findSubset(index, host, subset, audience);
  const bySubset = remember(definedForAll(index), host, () => new Map<string, boolean>());
  return remember(bySubset, subset, () => findSubset(index, host, subset, null));
}

/** By host, then subset: what rules for any namespace find. */
const definedForAll = tableOf(() => new Map<string, Map<string, boolean>>());

function findSubset(index: MeshIndex, host: string, subset: string, audience: Audience): boolean {
  const meaning = rulesMeaning(index, host);
  const defining = meaning.filter((view) => subsetNames(view).has(subset));
  if (defining.length === 0) return false;
  // Where one rule means a host, it is in force wherever it is exported to; only where there are several, one can hide another.
  const clients = new Set<string>(audience ?? []);
  if (audience === null) {
    for (const view of meaning) clients.add(view.object.namespace);
    for (const service of servicesForHost(index, host)) clients.add(service.namespace);
    // A namespace without any rule of its own.
    clients.add('');
  }
  for (const client of clients) {
    if (effectiveDestinationRule(index, client, NO_LABELS, host)?.subsets.has(subset)) return true;
    if (defining.some((view) => view.workloadSelector !== null && view.object.namespace === client)) return true;
  }
  return false;
}
