// Whether an object of the cluster is what a change made of it, or what it was before. Pure. In: ManagedObject, manifests. Out: answers.
import type { Manifest, PlanStep } from '../../model/change';
import type { ManagedObject } from '../ports';
import { sameJson } from './plan/json-edit';

type Texts = Readonly<Record<string, string>>;

/** Labels or annotations that two manifests have alike are not the change's: whatever they are by now, it is the same state. */
function areTexts(current: Texts = {}, want: Texts = {}, other: Texts = {}): boolean {
  const keys = new Set([...Object.keys(want), ...Object.keys(other)]);
  return [...keys].every((key) => want[key] === other[key] || current[key] === want[key]);
}

/** Whether an object is as `want` says, in everything in which `want` and `other` differ; null = there is no object. */
export function isAt(current: ManagedObject | null, want: Manifest | null, other: Manifest | null): boolean {
  if (current === null || want === null) return current === null && want === null;
  const { metadata, spec } = current.manifest;
  return (
    sameJson(spec, want.spec) &&
    areTexts(metadata.labels, want.metadata.labels, other?.metadata.labels) &&
    areTexts(metadata.annotations, want.metadata.annotations, other?.metadata.annotations)
  );
}

export const isAtAfter = (current: ManagedObject | null, { before, after }: Pick<PlanStep, 'before' | 'after'>): boolean =>
  isAt(current, after, before);
export const isAtBefore = (current: ManagedObject | null, { before, after }: Pick<PlanStep, 'before' | 'after'>): boolean =>
  isAt(current, before, after);
