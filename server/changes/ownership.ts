// Who else manages an object, or the fields of it that a change touches, and what will become of the change. Pure.
// In: ManagedObject, the change to it. Out: Ownership. Marks are those that each tool documents; the first that fits names the owner.
import type { Ownership, Plan, PlanStep } from '../../model/change';
import { type ConfigRef, refText } from '../../model/edit';
import type { FieldManager, ManagedObject } from '../ports';
import { touchedFields } from './field-paths';

type Found = Omit<Ownership, 'ref' | 'paths'> & { readonly paths?: readonly string[] };
type Texts = Readonly<Record<string, string>>;

interface Marks {
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly managers: readonly FieldManager[];
  readonly owners: ManagedObject['ownerReferences'];
  readonly ref: ConfigRef;
}

/** Writers that act for a person each time, or write only what the object does not steer by. */
const BY_HAND = /^(?:heddle|kubectl(?:-.*)?|kiali|k9s|lens|openlens|headlamp|Mozilla|node-fetch|unknown)$/;
/** Writers of status. */
const OF_STATUS = /^(?:pilot-discovery|istiod|istio-.*)$/;

/** Everybody else who has a say in the objects of a plan. */
export const ownersOfPlan = ({ steps }: Pick<Plan, 'steps'>, objects: ReadonlyMap<string, ManagedObject | null>): readonly Ownership[] =>
  [...new Map(steps.map(({ ref }) => [refText(ref), ref]))].flatMap(([key, ref]) =>
    findOwners(
      ref,
      objects.get(key) ?? null,
      steps.filter((step) => refText(step.ref) === key),
    ),
  );

/** Everybody else who has a say in what the steps write to an object; null objects are new and nobody's. */
export function findOwners(
  ref: ConfigRef,
  object: ManagedObject | null,
  steps: readonly Pick<PlanStep, 'patch' | 'action'>[],
): readonly Ownership[] {
  if (object === null) return [];
  const marks: Marks = {
    ref,
    labels: object.object.labels,
    annotations: object.object.annotations,
    managers: object.managedFields.filter(({ subresource }) => subresource === ''),
    owners: object.ownerReferences,
  };
  const whole = [argoCd(marks), flux(marks), rollouts(marks), flagger(marks), controller(marks), helm(marks)].filter(
    (found) => found !== null,
  );
  const known = whole.map(({ paths = [], ...found }): Ownership => ({ ref, paths, ...found }));
  return [...known, ...managers(marks, steps, known)];
}

/** Argo CD, "Resource tracking": the annotation, or by an older default the label, which other tools set as well. */
function argoCd({ labels, annotations, managers: writers }: Marks): Found | null {
  // `app:group/kind:namespace/name`
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const labelled =
    labels['argocd.argoproj.io/instance'] ??
    (writers.some(({ manager }) => manager.startsWith('argocd')) ? labels['app.kubernetes.io/instance'] : undefined);
  const application = tracked ?? labelled;
  if (application === undefined || application === '') return null;
  return {
    owner: 'argocd',
    name: `Argo CD application ${application}`,
    consequence: 'Argo CD shows it as out of sync, and sets it back at its next sync (at once with selfHeal); change it in Git.',
    locked: true,
  };
}

/** Flux: labels of the kustomize and the helm controller. */
function flux({ labels, annotations }: Marks): Found | null {
  for (const [kind, prefix] of [
    ['Kustomization', 'kustomize.toolkit.fluxcd.io'],
    ['HelmRelease', 'helm.toolkit.fluxcd.io'],
  ] as const) {
    const name = labels[`${prefix}/name`];
    if (name === undefined) continue;
    // "Controlling the apply behavior of resources": the controller leaves such objects alone.
    const reconcile = annotations[`${prefix}/reconcile`] ?? labels[`${prefix}/reconcile`];
    const isLeft = reconcile === 'disabled' || annotations['kustomize.toolkit.fluxcd.io/ssa'] === 'Ignore';
    return {
      owner: 'flux',
      name: `Flux ${kind} ${labels[`${prefix}/namespace`] ?? ''}/${name}`,
      consequence: isLeft ? 'Flux is told to leave it alone.' : 'Flux sets it back at its next reconciliation; change it in Git.',
      locked: !isLeft,
    };
  }
  return null;
}

/** Argo Rollouts writes the weights of a VirtualService, DestinationRule or HTTPRoute while a Rollout is under way. */
function rollouts({ annotations, labels, managers: writers, ref }: Marks): Found | null {
  const managed = annotations['rollout.argoproj.io/managed-by-rollouts'] ?? annotations['argo-rollouts.argoproj.io/managed-by-rollouts'];
  const isInProgress = labels['rollouts.argoproj.io/gatewayapi-canary'] === 'in-progress';
  if (managed === undefined && !isInProgress && !writers.some(({ manager }) => manager === 'rollouts-controller')) return null;
  const name =
    managed === undefined || managed === ''
      ? 'Argo Rollouts'
      : `Rollout ${managed.includes('/') ? managed : `${ref.namespace}/${managed}`}`;
  return {
    owner: 'argoRollouts',
    name,
    consequence: 'Argo Rollouts writes the weights at every step of a rollout and sets yours back; steer by the Rollout.',
    locked: true,
  };
}

/** Flagger makes its routes and owns them by its Canary. */
function flagger({ owners, managers: writers }: Marks): Found | null {
  const canary = owners.find(({ kind, apiVersion }) => kind === 'Canary' && apiVersion.startsWith('flagger.app/'));
  if (canary === undefined && !writers.some(({ manager }) => manager === 'flagger')) return null;
  return {
    owner: 'flagger',
    name: canary === undefined ? 'Flagger' : `Flagger Canary ${canary.name}`,
    consequence: 'Flagger writes the whole route at every step of its analysis and sets yours back; steer by the Canary.',
    locked: true,
  };
}

/** Somebody who controls the object: the API server deletes it with him. */
function controller({ owners }: Marks): Found | null {
  const owner = owners.find((one) => one.controller && one.kind !== 'Canary');
  if (owner === undefined) return null;
  return {
    owner: 'controller',
    name: `${owner.kind} ${owner.name}`,
    consequence: `The controller of ${owner.kind} ${owner.name} sets it back whenever it looks.`,
    locked: true,
  };
}

/** Helm: what `helm` itself checks before it takes an object over. */
function helm({ labels, annotations }: Marks): Found | null {
  const release = annotations['meta.helm.sh/release-name'];
  if (release === undefined && labels['app.kubernetes.io/managed-by'] !== 'Helm') return null;
  // Flux's HelmRelease was named already.
  if (labels['helm.toolkit.fluxcd.io/name'] !== undefined) return null;
  return {
    owner: 'helm',
    name: release === undefined ? 'Helm' : `Helm release ${annotations['meta.helm.sh/release-namespace'] ?? ''}/${release}`,
    consequence: 'The next helm upgrade writes what the chart says; change the values of the release.',
    locked: false,
  };
}

/** Other writers of the very fields that the steps touch (Kubernetes, "Field Management"). */
function managers(
  { managers: writers, ref }: Marks,
  steps: readonly Pick<PlanStep, 'patch' | 'action'>[],
  known: readonly Ownership[],
): readonly Ownership[] {
  if (known.some(({ locked }) => locked)) return [];
  const isDeleted = steps.some(({ action }) => action === 'delete');
  const pointers = steps.flatMap(({ patch }) => patch.map(({ path }) => path));
  const found: Ownership[] = [];
  for (const { manager, operation, fields } of writers) {
    if (BY_HAND.test(manager) || OF_STATUS.test(manager) || /^helm/i.test(manager)) continue;
    const paths = touchedFields(fields, isDeleted ? ['/spec'] : pointers);
    if (paths.length === 0) continue;
    found.push({
      ref,
      owner: 'manager',
      name: `field manager ${manager}`,
      paths,
      consequence:
        operation === 'Apply'
          ? `${manager} applies these fields: its next apply is a conflict, or sets them back.`
          : `${manager} wrote these fields and may write them again.`,
      // Who applies declares how it shall be; who updated once may have been anybody.
      locked: operation === 'Apply',
    });
  }
  return found;
}
