// The rules of a service as the editor shows them: in words, as forms, with their destinations and the share of traffic that each takes now.
// In: MeshIndex, route objects, traffic. Out: RoutingRules in the order in which they are tried.
import type { RuleList } from '../../model/edit';
import type { ConfigObject, JsonObject, ServiceInfo } from '../../model/inventory';
import type { RoutedDestination, RoutingRule } from '../../model/steering';
import type { TrafficSnapshot } from '../../model/traffic';
import { reachDestination } from '../istio/destinations';
import type { MeshIndex } from '../istio/mesh-index';
import { resolveHost } from '../istio/names';
import { readVirtualService } from '../istio/read/virtual-service';
import { readApiRuleForm } from './api-rule-form';
import { podNamed, serviceOfHost, workloadNameOf } from './backing';
import { covers, sourceCovers } from './match-relations';
import { rateInto } from './observed';
import { readObjects, readText, refOf } from './raw';
import type { RouteObject } from './route-objects';
import { type RuleForm, readRuleForm } from './rule-form';
import { describeForm, sharesOf } from './rule-words';

interface ListedRule {
  readonly entry: RouteObject;
  readonly list: RuleList;
  readonly index: number;
  readonly raw: JsonObject;
  readonly form: RuleForm;
}

const VIRTUAL_SERVICE_LISTS = ['http', 'tls', 'tcp'] as const;
const API_LISTS: Readonly<Record<string, RuleList>> = { HTTPRoute: 'http', GRPCRoute: 'http', TCPRoute: 'tcp', TLSRoute: 'tls' };

function rulesOf(entry: RouteObject, domain: string): readonly ListedRule[] {
  const { object } = entry;
  if (object.kind === 'VirtualService')
    return VIRTUAL_SERVICE_LISTS.flatMap((list) =>
      readObjects(object.spec[list]).map((raw, index) => ({ entry, list, index, raw, form: readRuleForm(raw, object.namespace) })),
    );
  return readObjects(object.spec['rules']).map((raw, index) => ({
    entry,
    list: API_LISTS[object.kind] ?? 'http',
    index,
    raw,
    form: readApiRuleForm(raw, object.namespace, domain),
  }));
}

/** Rules of the objects that act; of those that expose the service, only the rules that lead to it. */
export function listRoutingRules(
  index: MeshIndex,
  service: ServiceInfo,
  objects: readonly RouteObject[],
  snapshot: TrafficSnapshot | null,
): readonly RoutingRule[] {
  const host = service.host.toLowerCase();
  const leadsHere = ({ form, entry }: ListedRule): boolean =>
    form.destinations.some((d) => resolveHost(d.host, entry.object.namespace, index.domain).toLowerCase() === host);
  const listed = objects
    .filter(({ effective }) => effective)
    .flatMap((entry) => rulesOf(entry, index.domain))
    .filter((rule) => rule.entry.role !== 'exposure' || leadsHere(rule) || rule.form.action === 'delegate');
  const destinations = listed.map((rule) => destinationsOf(index, service, rule, snapshot));
  const shares = liveSharesOf(destinations, snapshot);
  return listed.map((rule, i): RoutingRule => {
    const { entry, form, list, raw } = rule;
    return {
      rule: { object: refOf(entry.object), list, index: rule.index, host: service.host },
      name: readText(raw['name']),
      gateways: entry.gateways,
      words: describeForm(form),
      matches: form.matches,
      action: form.action,
      destinations: destinations[i] ?? [],
      fault: form.fault,
      timeoutMs: form.timeoutMs,
      retries: form.retries,
      mirror: form.mirror,
      rewrite: form.rewrite,
      headers: form.headers,
      cors: form.cors,
      raw,
      unreachable: whyUnreachable(entry.object, list, rule.index),
      liveShare: shares[i] ?? null,
    };
  });
}

function destinationsOf(
  index: MeshIndex,
  service: ServiceInfo,
  { form, entry }: ListedRule,
  snapshot: TrafficSnapshot | null,
): readonly RoutedDestination[] {
  const shares = sharesOf(form.destinations);
  return form.destinations.map((written, i): RoutedDestination => {
    const host = resolveHost(written.host, entry.object.namespace, index.domain).toLowerCase();
    const known = serviceOfHost(index, host);
    const port = written.port ?? known?.ports[0]?.port ?? service.ports[0]?.port ?? 0;
    const client = { namespace: service.namespace, labels: {} };
    const { state, endpoints } = reachDestination(index, client, host, written.subset, port);
    const pods = endpoints?.flatMap((name) => podNamed(index, name) ?? []) ?? null;
    const workloads = [...new Set((pods ?? []).map(workloadNameOf))].sort();
    return {
      host,
      subset: written.subset,
      port: written.port,
      weight: written.weight,
      share: shares[i] ?? 0,
      state,
      readyEndpoints: pods?.length ?? null,
      workloads,
      requestsPerSecond: rateInto(snapshot, host, pods === null ? null : workloads),
    };
  });
}

/** A rule whose workloads no other rule reaches takes what they take; of rules that share workloads, the metrics cannot tell. */
function liveSharesOf(rules: readonly (readonly RoutedDestination[])[], snapshot: TrafficSnapshot | null): readonly (number | null)[] {
  if (snapshot === null) return rules.map(() => null);
  const keysOf = (destinations: readonly RoutedDestination[]): ReadonlySet<string> =>
    new Set(
      destinations.flatMap(({ host, workloads, share }) =>
        share === 0 ? [] : workloads.map((workload) => JSON.stringify([host, workload])),
      ),
    );
  const reached = rules.map(keysOf);
  const rates = new Map<string, number>();
  for (const keys of reached)
    for (const key of keys) {
      const [host = '', workload = ''] = JSON.parse(key) as readonly string[];
      rates.set(key, rateInto(snapshot, host, [workload]) ?? 0);
    }
  const total = [...rates.values()].reduce((sum, rate) => sum + rate, 0);
  return reached.map((keys, i) => {
    if (total === 0 || keys.size === 0) return null;
    if (reached.some((others, j) => j !== i && [...others].some((key) => keys.has(key)))) return null;
    return [...keys].reduce((sum, key) => sum + (rates.get(key) ?? 0), 0) / total;
  });
}

/** Why a rule of a VirtualService can never win: earlier ones take all that it asks for. */
function whyUnreachable(object: ConfigObject, list: RuleList, place: number): string | null {
  if (object.kind !== 'VirtualService' || list !== 'http') return null;
  const { http } = readVirtualService(object);
  const own = http[place];
  if (own === undefined) return null;
  const matches = own.matches.length === 0 ? [null] : own.matches;
  let taker = -1;
  for (const match of matches) {
    const earlier = http.findIndex((rule, i) => {
      if (i >= place || rule.delegate !== null) return false;
      if (rule.matches.length === 0) return true;
      return rule.matches.some((outer) => covers(outer, match) && (match === null ? isForAll(outer) : sourceCovers(outer, match)));
    });
    if (earlier < 0) return null;
    taker = Math.max(taker, earlier);
  }
  return `rule ${taker + 1} before it takes every request that it asks for`;
}

const isForAll = (match: Parameters<typeof sourceCovers>[0]): boolean =>
  match.port === null && match.gateways.length === 0 && match.sourceNamespace === null && Object.keys(match.sourceLabels).length === 0;
