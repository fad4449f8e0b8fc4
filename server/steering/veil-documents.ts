// The documents of steering as somebody sees them who does not see every namespace. In: documents, Veil. Out: the same without hidden names.
import type { ConfigRef } from '../../model/edit';
import type { AuthorizationOutcome, MtlsOutcome, RouteDecision, RouteDestination } from '../../model/routing';
import type { ConfigListDocument, Explanation, RoutedDestination, ServiceRoutingDocument } from '../../model/steering';
import { summarize } from './explain-summary';
import type { Veil } from './veil';

const veiledRef = (ref: ConfigRef | null, veil: Veil): ConfigRef | null => (ref !== null && veil.sees(ref.namespace) ? ref : null);

function veilDestination(destination: RoutedDestination, veil: Veil): RoutedDestination {
  if (veil.seesHost(destination.host)) return destination;
  return { ...destination, state: 'ok', readyEndpoints: null, workloads: [], requestsPerSecond: null };
}

/** The routing of a service in a visible namespace: objects of hidden ones are left out, with their rules and policy. */
export function veilServiceRouting(document: ServiceRoutingDocument, veil: Veil): ServiceRoutingDocument {
  if (veil.all) return document;
  const ownPolicy = document.policy.definedBy === null || veil.sees(document.policy.definedBy.namespace);
  return {
    ...document,
    objects: document.objects.filter(({ ref }) => veil.sees(ref.namespace)).map((object) => ({ ...object, why: veil.text(object.why) })),
    rules: document.rules
      .filter(({ rule }) => rule.object === null || veil.sees(rule.object.namespace))
      .map((rule) => ({ ...rule, destinations: rule.destinations.map((destination) => veilDestination(destination, veil)) })),
    disabledRules: document.disabledRules.filter(({ object }) => veil.sees(object.namespace)),
    versions: document.versions
      .filter(({ subset, definedBy }) => subset === null || definedBy === null || veil.sees(definedBy.namespace))
      .map((version) => ({ ...version, definedBy: veiledRef(version.definedBy, veil) })),
    policy: ownPolicy ? document.policy : { definedBy: null, whole: {}, bySubset: [] },
    exposedBy: document.exposedBy.filter(({ route }) => veil.sees(route.namespace)),
    gateways: document.gateways.filter(({ ref }) => veil.sees(ref.namespace)),
    findings: veil.findings(document.findings),
  };
}

export function veilConfigList(document: ConfigListDocument, veil: Veil): ConfigListDocument {
  if (veil.all) return document;
  return {
    ...document,
    rows: document.rows.filter(({ ref }) => veil.sees(ref.namespace)),
    entities: document.entities
      .filter(({ entity }) => veil.sees(entity.namespace))
      .map((finding) => ({ ...finding, message: veil.text(finding.message), consequence: veil.text(finding.consequence) })),
  };
}

function veilDecision(decision: RouteDecision, veil: Veil): RouteDecision {
  const head = {
    tried: decision.tried.filter(({ rule }) => veil.sees(rule.namespace)).map((tried) => ({ ...tried, why: veil.text(tried.why) })),
    rule: veil.pointer(decision.rule),
    virtualHost: decision.virtualHost === null ? null : veil.text(decision.virtualHost),
  };
  if (decision.outcome !== 'route') return { ...decision, ...head };
  const seen = <T extends Omit<RouteDestination, 'share'>>(destination: T): T =>
    veil.seesHost(destination.host)
      ? destination
      : { ...destination, host: 'hidden', subset: null, clusterName: 'hidden', endpoints: null, state: 'ok' };
  return {
    ...decision,
    ...head,
    destinations: decision.destinations.map(seen),
    mirrors: decision.mirrors.map((mirror) => ({ ...mirror, destination: seen(mirror.destination) })),
  };
}

const veilMtls = (outcome: MtlsOutcome, veil: Veil): MtlsOutcome => ({
  ...outcome,
  serverDecidedBy: veil.pointer(outcome.serverDecidedBy),
  clientDecidedBy: veil.pointer(outcome.clientDecidedBy),
  why: veil.text(outcome.why),
});

const veilAuthorization = (outcome: AuthorizationOutcome, veil: Veil): AuthorizationOutcome => ({
  ...outcome,
  decidedBy: veil.pointer(outcome.decidedBy),
  why: veil.text(outcome.why),
});

/** An explained request of a visible caller; what happens behind hidden hosts is not told. */
export function veilExplanation(explanation: Explanation, veil: Veil): Explanation {
  if (veil.all) return explanation;
  const { decision } = explanation;
  const hidden = new Set(
    decision.outcome === 'route'
      ? decision.destinations.filter(({ host }) => !veil.seesHost(host)).flatMap(({ endpoints }) => endpoints ?? [])
      : [],
  );
  const told = hidden.size === 0;
  const body = {
    decision: veilDecision(decision, veil),
    policies: explanation.policies
      .filter(({ host }) => veil.seesHost(host))
      .map((row) => (row.decidedBy !== null && !veil.sees(row.decidedBy.namespace) ? { ...row, decidedBy: null, policy: null } : row)),
    mtls: told ? explanation.mtls.map((row) => ({ ...row, outcome: veilMtls(row.outcome, veil) })) : [],
    authorization: told ? explanation.authorization.map((row) => ({ ...row, outcome: veilAuthorization(row.outcome, veil) })) : [],
    inbound: told ? explanation.inbound.filter(({ decidedBy }) => veil.sees(decidedBy.namespace)) : [],
  };
  return { ...body, summary: summarize(body) };
}
