// Selectors of policies and Sidecars: those that match nothing, several policies for the same workload or namespace.

import type { ConfigKind, ConfigObject } from '../../../model/inventory';
import type { Labels } from '../../istio/labels';
import { isEmpty, selects } from '../../istio/labels';
import { groupBy } from '../../istio/memo';
import { type MeshIndex, tableOf } from '../../istio/mesh-index';
import { compareByAge } from '../../istio/order';
import { readAuthorizationPolicy } from '../../istio/read/authorization-policy';
import { Fields } from '../../istio/read/fields';
import { readWorkloadEntry } from '../../istio/read/service-entry';
import { podsSelected } from '../../istio/services';
import { podsAnywhere } from '../gateway-pods';
import type { Report, Rule, Subject } from '../rule';

export const policySelector: Rule = {
  name: 'policy-selector',
  codes: ['IST0127', 'IST0110', 'IST0111', 'KIA0002', 'KIA0003', 'KIA1006', 'HED0012', 'IST0101'],
  on: ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy', 'Sidecar'],
  reads: ['Pod', 'Workload', 'WorkloadEntry', 'WorkloadGroup', 'PeerAuthentication', 'Sidecar', 'K8sGateway', 'Service'],
  *check(subject) {
    const { index, kind, object } = subject;
    const root = object.namespace === index.inventory.mesh.rootNamespace;
    const selector = selectorOf(kind, object);
    if (selector !== null) {
      if (root && kind === 'Sidecar') yield inRoot(kind, 'KIA1006');
      else if (root && kind === 'PeerAuthentication') yield inRoot(kind, 'HED0012');
      else if (!mayMatch(index, kind, object, selector)) yield noMatch(kind, object, selector);
    }
    if (kind === 'AuthorizationPolicy' || kind === 'RequestAuthentication') yield* checkTargets(subject);
    else yield* checkTwins(subject, selector);
  },
};

/** Labels that an object selects by; null = everything. */
function selectorOf(kind: ConfigKind, object: ConfigObject): Labels | null {
  const spec = Fields.ofSpec(object);
  const labels = kind === 'Sidecar' ? spec.object('workloadSelector')?.labels('labels') : spec.object('selector')?.labels('matchLabels');
  return labels === undefined || isEmpty(labels) ? null : labels;
}

const pathOf = (kind: ConfigKind): string => (kind === 'Sidecar' ? 'spec.workloadSelector' : 'spec.selector');

const inRoot = (kind: ConfigKind, code: 'KIA1006' | 'HED0012'): Report => ({
  code,
  path: pathOf(kind),
  message: `a ${kind} in the root namespace is for the whole mesh and can have no selector`,
  consequence: kind === 'Sidecar' ? 'it is for workloads of the root namespace only, not for the mesh' : 'it is not used at all',
});

const workloadsByNamespace = tableOf((index) => groupBy(index.inventory.workloads.values(), (workload) => workload.namespace));

function mayMatch(index: MeshIndex, kind: ConfigKind, object: ConfigObject, selector: Labels): boolean {
  const { namespace } = object;
  const everywhere =
    namespace === index.inventory.mesh.rootNamespace && (kind === 'AuthorizationPolicy' || kind === 'RequestAuthentication');
  if (everywhere) {
    if (podsAnywhere(index, selector).length > 0 || index.objects('WorkloadGroup').length > 0) return true;
    for (const workload of index.inventory.workloads.values()) if (selects(selector, workload.podLabels)) return true;
    return index.objects('WorkloadEntry').some((entry) => selects(selector, readWorkloadEntry(entry).labels));
  }
  return (
    podsSelected(index, namespace, selector).length > 0 ||
    index.objectsIn('WorkloadGroup', namespace).length > 0 ||
    (workloadsByNamespace(index).get(namespace) ?? []).some((workload) => selects(selector, workload.podLabels)) ||
    index.objectsIn('WorkloadEntry', namespace).some((entry) => selects(selector, readWorkloadEntry(entry).labels))
  );
}

const noMatch = (kind: ConfigKind, { namespace }: ConfigObject, selector: Labels): Report => ({
  code: 'IST0127',
  path: pathOf(kind),
  message: `no workload of ${namespace} has ${Object.entries(selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}`,
  consequence: 'the object has no effect',
});

/** PeerAuthentications and Sidecars: of several for the same scope or workload, the oldest counts. */
function* checkTwins({ index, kind, object }: Subject, selector: Labels | null): Generator<Report> {
  const older = index.objectsIn(kind, object.namespace).filter((other) => other !== object && compareByAge(other, object) < 0);
  if (selector === null) {
    const twin = older.find((other) => selectorOf(kind, other) === null);
    if (twin === undefined) return;
    yield {
      code: kind === 'Sidecar' ? 'IST0111' : 'KIA0002',
      path: '',
      message: `${kind} ${twin.namespace}/${twin.name} is for the whole namespace, too`,
      consequence: `the older one, ${twin.name}, is in force; this one has no effect`,
    };
    return;
  }
  const pods = podsSelected(index, object.namespace, selector);
  for (const twin of older) {
    const theirs = selectorOf(kind, twin);
    const shared = theirs === null ? undefined : pods.find((pod) => selects(theirs, pod.labels));
    if (shared === undefined) continue;
    yield {
      code: kind === 'Sidecar' ? 'IST0110' : 'KIA0003',
      path: pathOf(kind),
      message: `${kind} ${twin.namespace}/${twin.name} selects pod ${shared.name}, too`,
      consequence: `for such pods the older one, ${twin.name}, is in force; nothing is merged`,
    };
    return;
  }
}

/** Policies for a Gateway or a Service by name. */
function* checkTargets({ index, object }: Subject): Generator<Report> {
  for (const [i, ref] of readAuthorizationPolicy(object).targetRefs.entries()) {
    const missing =
      ref.kind === 'Gateway' && ref.group === 'gateway.networking.k8s.io'
        ? !index.objectsIn('K8sGateway', object.namespace).some(({ name }) => name === ref.name)
        : ref.kind === 'Service' &&
          ref.group === '' &&
          !servicesIn(index)
            .get(object.namespace)
            ?.some(({ name }) => name === ref.name);
    if (!missing) continue;
    yield {
      code: 'IST0101',
      path: `spec.targetRefs[${i}]`,
      message: `${ref.kind} ${object.namespace}/${ref.name} does not exist`,
      consequence: 'the policy protects nothing through this reference',
    };
  }
}

const servicesIn = tableOf((index) => groupBy(index.inventory.services.values(), (service) => service.namespace));
