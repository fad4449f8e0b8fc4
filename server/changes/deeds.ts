// What a step does, in the words of Kubernetes RBAC. Pure. In: steps. Out: deeds.
import type { Deed } from '../../model/account';
import type { PlanStep } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import { groupOfKind, kubernetesKind } from './plan/manifest-of';

/** Plural name of a kind by kubectl's rule (apimachinery, UnsafeGuessKindToResource), which every kind of the mesh follows. */
export function pluralOf(kind: ConfigRef['kind']): string {
  const single = kubernetesKind(kind).toLowerCase();
  if (single.endsWith('s')) return `${single}es`;
  return /[^aeiou]y$/.test(single) ? `${single.slice(0, -1)}ies` : `${single}s`;
}

/** A deed on one object's kind, where the object is. */
export const deedOn = (verb: Deed['verb'], { kind, namespace }: ConfigRef): Deed => ({
  verb,
  group: groupOfKind(kind),
  resource: pluralOf(kind),
  namespace: namespace === '' ? null : namespace,
});

type Action = Pick<PlanStep, 'action' | 'ref'>;

/** Deeds of the steps, each once. */
export const deedsOf = (steps: readonly Action[]): readonly Deed[] => unique(steps.map(({ action, ref }) => deedOn(action, ref)));

/** Deeds that undo the steps, each once; an object is read before. */
export const undoingDeedsOf = (steps: readonly Action[]): readonly Deed[] =>
  unique(steps.flatMap(({ action, ref }) => [deedOn('get', ref), deedOn(OPPOSITE[action], ref)]));

const OPPOSITE = { create: 'delete', update: 'update', delete: 'create' } as const;

const unique = (deeds: readonly Deed[]): readonly Deed[] => [...new Map(deeds.map((deed) => [JSON.stringify(deed), deed])).values()];

/** `update virtualservices.networking.istio.io in bookinfo`. */
export const deedText = ({ verb, group, resource, namespace }: Deed): string =>
  `${verb} ${resource}.${group}${namespace === null ? '' : ` in ${namespace}`}`;
