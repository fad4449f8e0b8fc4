// Weight on destinations behind which no pod is ready: subsets, services, backends of Gateway API routes.

import type { FindingFix } from '../../../model/finding';
import { effectiveDestinationRule } from '../../istio/destination-rule';
import { remember } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { readApiRoute } from '../../istio/read/api-route';
import { resolveBackend } from '../../istio/reference-grants';
import { endpointsBehind, type MeshService, pickService, servicesForHost } from '../../istio/services';
import { destinationsAt, fix, ruleAt } from '../fixes';
import { type DestinationPlace, placesOf } from '../places';
import type { Report, Rule, Subject } from '../rule';

export const noReadyPods: Rule = {
  name: 'no-ready-pods',
  codes: ['HED0001'],
  on: ['VirtualService', 'HTTPRoute', 'GRPCRoute'],
  reads: ['DestinationRule', 'BackendTLSPolicy', 'Service', 'ServiceEntry', 'WorkloadEntry', 'Pod'],
  check: (subject) => (subject.kind === 'VirtualService' ? checkVirtualService(subject) : checkApiRoute(subject)),
};

const NO_LABELS = {};

/** Labels of a subset for clients of a namespace; null where no rule in force defines it. */
const subsetLabels = (index: MeshIndex, namespace: string, place: DestinationPlace) =>
  place.subset === null
    ? NO_LABELS
    : (effectiveDestinationRule(index, namespace, NO_LABELS, place.host)?.subsets.get(place.subset)?.labels ?? null);

function* checkVirtualService(subject: Subject): Generator<Report> {
  const { index, object } = subject;
  for (const place of placesOf(object, index)) {
    if (place.role === 'mirror' || !place.taken) continue;
    if (behind(index, object.namespace, place) !== 'nobody') continue;
    const share = place.weight === null ? '' : `weight ${place.weight} goes to `;
    const target = place.subset === null ? place.host : `subset ${place.subset} of ${place.host}`;
    yield {
      code: 'HED0001',
      // A service that is down is down without any routing, too.
      ...(place.subset === null ? { severity: 'warning' } : {}),
      path: place.path,
      message: `${share}${target}, which has no ready pods`,
      consequence:
        place.list === 'http'
          ? 'requests that are sent there are answered 503 (UH, no healthy upstream)'
          : 'connections that are sent there are closed (UH, no healthy upstream)',
      fix: takeWeight(subject, place),
    };
  }
}

/** A service as some client sees it. */
const seen = (index: MeshIndex, host: string, namespace: string): MeshService | null => {
  const services = servicesForHost(index, host);
  const found = pickService(services, namespace) ?? services[0] ?? null;
  return found === null || found.aliasOf !== null ? null : found;
};

type Behind = 'somebody' | 'nobody' | 'unknown';

/** By namespace of the rule, then host, then subset. */
const behindOf = tableOf(() => new Map<string, Map<string, Map<string, Behind>>>());

/** Who stands behind a destination for a rule of a namespace. */
function behind(index: MeshIndex, namespace: string, place: DestinationPlace): Behind {
  const byHost = remember(behindOf(index), namespace, () => new Map<string, Map<string, Behind>>());
  const bySubset = remember(byHost, place.host, () => new Map<string, Behind>());
  return remember(bySubset, place.subset ?? '', () => {
    const service = seen(index, place.host, namespace);
    const labels = service === null ? null : (subsetLabels(index, namespace, place) ?? subsetLabels(index, service.namespace, place));
    if (service === null || labels === null) return 'unknown';
    return endpointsBehind(index, service, labels).empty ? 'nobody' : 'somebody';
  });
}

/** Gives the weight of a destination to the others of its rule that have ready pods. */
function takeWeight(subject: Subject, place: DestinationPlace): FindingFix | null {
  const { index, object } = subject;
  const destinations = destinationsAt(subject, place.list, place.rule);
  if (destinations === null || destinations.length < 2) return null;
  const alive = placesOf(object, index).filter((other) => {
    if (other.list !== place.list || other.rule !== place.rule || other.role !== 'route' || other.position === place.position) return false;
    return behind(index, object.namespace, other) === 'somebody';
  });
  const heir = [...alive].sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))[0];
  const moved = place.weight ?? 0;
  if (heir === undefined || moved <= 0) return null;
  return fix(`Give its weight to ${heir.subset === null ? heir.written : `subset ${heir.subset}`}`, {
    type: 'weights',
    rule: ruleAt(subject, place.list, place.rule),
    destinations: destinations.map((destination, i) =>
      i === place.position
        ? { ...destination, weight: 0 }
        : i === heir.position
          ? { ...destination, weight: destination.weight + moved }
          : destination,
    ),
  });
}

function* checkApiRoute({ index, object }: Subject): Generator<Report> {
  for (const rule of readApiRoute(object).rules)
    for (const backend of rule.backends) {
      if (backend.weight <= 0) continue;
      const { host, invalid } = resolveBackend(index, object, backend, false);
      const service = invalid === null ? seen(index, host, object.namespace) : null;
      if (service === null || !endpointsBehind(index, service, NO_LABELS).empty) continue;
      yield {
        code: 'HED0001',
        severity: 'warning',
        path: backend.path,
        message: `weight ${backend.weight} goes to ${host}, which has no ready pods`,
        consequence: 'requests that are sent there are answered 503 (UH, no healthy upstream)',
      };
    }
}
