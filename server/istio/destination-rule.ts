// The DestinationRule in force for a client and a host. In: MeshIndex. Out: EffectiveDestinationRule, with subsets and policies.
// Source: istio pilot/pkg/model push_context.go destinationRule, destination_rule.go mergeDestinationRule;
// networking/util MergeSubsetTrafficPolicy.
import type { ConfigObject } from '../../model/inventory';
import type { ConfigPointer } from '../../model/routing';
import { kindTableInSteps } from './kind-table';
import { type Labels, labelsKey, selects } from './labels';
import { groupBy, memoByObject, remember, type Stepwise } from './memo';
import { type MeshIndex, tableInSteps, tableOf } from './mesh-index';
import { compareSpecificity, isHostWithin, isWildcardHost, resolveHost } from './names';
import { compareByAge } from './order';
import { asDestinationRules } from './read/backend-tls';
import { type DestinationRuleView, readDestinationRule, type SubsetView } from './read/destination-rule';
import { pointerTo } from './read/fields';
import type { PolicyParts, TrafficPolicyView } from './read/traffic-policy';
import { pickService, servicesForHost } from './services';
import { exportToOf } from './visibility';

export type { ClientTls, ConnectionPool, LoadBalancer, OutlierDetection } from './read/traffic-policy';

/** Null parts are not configured: Istio's defaults hold. */
export type EffectiveTrafficPolicy = PolicyParts;

export interface EffectiveSubset {
  readonly name: string;
  readonly labels: Labels;
  readonly pointer: ConfigPointer;
}

export interface EffectiveDestinationRule {
  /** Host of the rule, resolved; may be a wildcard. */
  readonly host: string;
  /** Where it was found: in the client's namespace, the service's, or the root namespace. */
  readonly level: 'client' | 'service' | 'root';
  /** Merged objects, in the order of the merge; the first gives host and, if it has one, the traffic policy. */
  readonly sources: readonly ConfigPointer[];
  readonly subsets: ReadonlyMap<string, EffectiveSubset>;
  /** Subsets that lost against an earlier one of the same name. */
  readonly shadowedSubsets: readonly ConfigPointer[];
  /** Policy of calls to a subset (null = the host itself) on a service port. */
  policyFor(subset: string | null, port: number): EffectiveTrafficPolicy;
}

/** Rules of one namespace and host after merging. */
interface MergedRule {
  readonly host: string;
  readonly namespace: string;
  readonly workloadSelector: Labels | null;
  /** Empty where not written (public); that is not the same as `*` when rules are merged. */
  readonly exportTo: ReadonlySet<string>;
  readonly views: readonly DestinationRuleView[];
}

interface NamespaceRules {
  readonly byHost: ReadonlyMap<string, readonly MergedRule[]>;
  readonly wildcards: readonly string[];
}

interface RuleTables {
  /** Every rule, for clients of its own namespace. */
  readonly local: ReadonlyMap<string, NamespaceRules>;
  /** Rules that are exported beyond their namespace. */
  readonly exported: ReadonlyMap<string, NamespaceRules>;
  /** Rules of the root namespace that are private to it. */
  readonly rootLocal: NamespaceRules;
}

const exportSet = (view: DestinationRuleView): ReadonlySet<string> => {
  // A rule with a workload selector is private to its namespace.
  if (view.workloadSelector !== null) return new Set(['.']);
  return new Set(view.exportTo);
};

function isPrivate(view: DestinationRuleView): boolean {
  const entries = exportSet(view);
  return entries.size === 1 && (entries.has('.') || entries.has(view.object.namespace));
}

const plainTables = kindTableInSteps('DestinationRule', (index) => buildTables(index, index.objects('DestinationRule')));

/** BackendTLSPolicies are DestinationRules, too; they look at services, so that their table lives no longer than the index. */
const tablesWithTls = tableInSteps(function* (index): Generator<void, RuleTables> {
  const ports = (namespace: string) => (service: string) =>
    new Map(
      [...index.inventory.services.values()]
        .filter((known) => known.namespace === namespace && known.name === service)
        .flatMap((known) => known.ports.map(({ name, port }) => [name, port] as const)),
    );
  const made = index.objects('BackendTLSPolicy').flatMap((object) => asDestinationRules(object, index.domain, ports(object.namespace)));
  return yield* buildTables(index, [...index.objects('DestinationRule'), ...made].sort(compareByAge));
});

const tableFor = (index: MeshIndex) => (index.objects('BackendTLSPolicy').length === 0 ? plainTables : tablesWithTls);
const tablesOf = (index: MeshIndex): RuleTables => tableFor(index)(index);

/** All DestinationRules, merged, for whoever prepares them. */
export const destinationRuleTable: Stepwise<MeshIndex> = { prepare: (index) => tableFor(index).prepare(index) };

function* buildTables(index: MeshIndex, objects: readonly ConfigObject[]): Generator<void, RuleTables> {
  const views: DestinationRuleView[] = [];
  for (const object of objects) {
    const view = readDestinationRule(object);
    const exportTo = exportToOf(index, 'destinationRules', view.exportTo);
    views.push(exportTo === view.exportTo ? view : { ...view, exportTo });
    yield;
  }
  // Rules with a workload selector are merged first, so that the general ones of the host are added to them.
  const ordered = [...views.filter((view) => view.workloadSelector !== null), ...views.filter((view) => view.workloadSelector === null)];
  const exported = ordered.filter((view) => !isPrivate(view));
  const rootPrivate = ordered.filter((view) => isPrivate(view) && view.object.namespace === index.inventory.mesh.rootNamespace);
  yield;
  function* byNamespace(list: readonly DestinationRuleView[]): Generator<void, ReadonlyMap<string, NamespaceRules>> {
    const merged = new Map<string, NamespaceRules>();
    for (const [namespace, own] of groupBy(list, (view) => view.object.namespace)) merged.set(namespace, yield* mergeRules(index, own));
    return merged;
  }
  return { local: yield* byNamespace(ordered), exported: yield* byNamespace(exported), rootLocal: yield* mergeRules(index, rootPrivate) };
}

function* mergeRules(index: MeshIndex, views: readonly DestinationRuleView[]): Generator<void, NamespaceRules> {
  const byHost = new Map<string, readonly MergedRule[]>();
  for (const view of views) {
    const host = resolveHost(view.host, view.object.namespace, index.domain).toLowerCase();
    byHost.set(host, mergeInto(byHost.get(host) ?? [], host, view));
    yield;
  }
  return { byHost, wildcards: [...byHost.keys()].filter(isWildcardHost).sort(compareSpecificity) };
}

const equalSets = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((entry) => b.has(entry));

const selectorKey = (rule: MergedRule): string | null => (rule.workloadSelector === null ? null : labelsKey(rule.workloadSelector));

/** Adds a rule to those of its host: merged where selectors and exportTo agree; a wider or general rule is merged and also kept beside them. */
function mergeInto(list: readonly MergedRule[], host: string, view: DestinationRuleView): readonly MergedRule[] {
  const exportTo = exportSet(view);
  const mine = view.workloadSelector === null ? null : labelsKey(view.workloadSelector);
  const isTwin = (rule: MergedRule): boolean => selectorKey(rule) === mine && equalSets(exportTo, rule.exportTo);
  const merged = list.map((rule): MergedRule => {
    const theirs = selectorKey(rule);
    if (mine !== null && theirs !== null && mine !== theirs) return rule;
    const equal = equalSets(exportTo, rule.exportTo);
    if (!equal && (rule.exportTo.size === 0 || ![...rule.exportTo].every((entry) => exportTo.has(entry)))) return rule;
    return { ...rule, views: [...rule.views, view] };
  });
  if (list.some(isTwin)) return merged;
  return [...merged, { host, namespace: view.object.namespace, workloadSelector: view.workloadSelector, exportTo, views: [view] }];
}

/** Rules of the most specific host that means `host`. */
function mostSpecific(rules: NamespaceRules | undefined, host: string): readonly MergedRule[] | null {
  if (rules === undefined) return null;
  const exact = rules.byHost.get(host);
  if (exact !== undefined) return exact;
  const wildcard = rules.wildcards.find((pattern) => isHostWithin(host, pattern));
  return wildcard === undefined ? null : (rules.byHost.get(wildcard) ?? null);
}

function exportedRules(tables: RuleTables, owner: string, host: string, clientNamespace: string): readonly MergedRule[] | null {
  const found = mostSpecific(tables.exported.get(owner), host)?.filter(
    ({ exportTo }) =>
      exportTo.size === 0 || exportTo.has('*') || exportTo.has(clientNamespace) || (exportTo.has('.') && owner === clientNamespace),
  );
  return found === undefined || found.length === 0 ? null : found;
}

interface Found {
  readonly level: EffectiveDestinationRule['level'];
  readonly rules: readonly MergedRule[];
}

function findRules(index: MeshIndex, clientNamespace: string, host: string, serviceNamespace: string): Found | null {
  const tables = tablesOf(index);
  const root = index.inventory.mesh.rootNamespace;
  // Rules of the root namespace are meant for the mesh: for its own proxies they count last, unless they are private.
  const own = clientNamespace === root ? mostSpecific(tables.rootLocal, host) : mostSpecific(tables.local.get(clientNamespace), host);
  if (own !== null) return { level: 'client', rules: own };
  const service = exportedRules(tables, serviceNamespace, host, clientNamespace);
  if (service !== null) return { level: 'service', rules: service };
  const mesh = exportedRules(tables, root, host, clientNamespace);
  return mesh === null ? null : { level: 'root', rules: mesh };
}

/** Rules by client namespace, then host. */
const foundOf = tableOf(() => new Map<string, Map<string, Found | 'none'>>());

/** The DestinationRule in force for calls of a client to a host of the registry; null where none is, or nobody knows the host. */
export function effectiveDestinationRule(
  index: MeshIndex,
  clientNamespace: string,
  clientLabels: Labels,
  host: string,
): EffectiveDestinationRule | null {
  const byHost = remember(foundOf(index), clientNamespace, () => new Map<string, Found | 'none'>());
  const found = remember(byHost, host, () => {
    const service = pickService(servicesForHost(index, host), clientNamespace);
    return (service === null ? null : findRules(index, clientNamespace, host, service.namespace)) ?? 'none';
  });
  if (found === 'none') return null;
  const chosen = chooseRule(found.rules, clientNamespace, clientLabels);
  return chosen === null ? null : effectiveAt[found.level](chosen);
}

const effectiveAt = {
  client: memoByObject((rule: MergedRule) => buildEffective(rule, 'client')),
  service: memoByObject((rule: MergedRule) => buildEffective(rule, 'service')),
  root: memoByObject((rule: MergedRule) => buildEffective(rule, 'root')),
} as const;

/** The rule whose selector means the client (only rules of its own namespace), else the general one merged last. */
function chooseRule(rules: readonly MergedRule[], clientNamespace: string, clientLabels: Labels): MergedRule | null {
  let general: MergedRule | null = null;
  for (const rule of rules) {
    if (rule.workloadSelector === null) general = rule;
    else if (rule.namespace === clientNamespace && selects(rule.workloadSelector, clientLabels)) return rule;
  }
  return general;
}

function buildEffective(rule: MergedRule, level: EffectiveDestinationRule['level']): EffectiveDestinationRule {
  const subsets = new Map<string, SubsetView>();
  const shadowed: ConfigPointer[] = [];
  for (const view of rule.views)
    for (const subset of view.subsets)
      if (subsets.has(subset.name)) shadowed.push(subset.pointer);
      else subsets.set(subset.name, subset);
  const top = rule.views.find((view) => view.policy !== null)?.policy ?? null;
  return {
    host: rule.host,
    level,
    sources: rule.views.map((view) => pointerTo(view.object, 'spec')),
    subsets,
    shadowedSubsets: shadowed,
    policyFor: (subset, port) => mergePolicy(top, (subset === null ? null : subsets.get(subset)?.policy) ?? null, port),
  };
}

const NO_POLICY: PolicyParts = { tls: null, connectionPool: null, outlierDetection: null, loadBalancer: null };

/** Port-level settings replace the whole block for their port; a subset overrides field by field, its port-level settings wholesale. */
function mergePolicy(top: TrafficPolicyView | null, subset: TrafficPolicyView | null, port: number): PolicyParts {
  const base = top?.ports.get(port) ?? top ?? NO_POLICY;
  const own = subset?.ports.get(port);
  if (own !== undefined) return own;
  return {
    tls: subset?.tls ?? base.tls,
    connectionPool: subset?.connectionPool ?? base.connectionPool,
    outlierDetection: subset?.outlierDetection ?? base.outlierDetection,
    loadBalancer: subset?.loadBalancer ?? base.loadBalancer,
  };
}
