// Undoing a change after somebody else has changed the same objects. In: steps that were written, the objects as they are now. Out: steps
// that take back what the change did and keep what others did since; where both touch one place, a problem that shows both.
import type { Manifest, MergeConflict, PlanStep } from '../../../model/change';
import { type ConfigRef, type EditProblem, refText } from '../../../model/edit';
import { type ConfigObject, DEFAULT_MESH_SETTINGS, type Json } from '../../../model/inventory';
import { buildStep } from './changed-step';
import { sameJson } from './json-edit';
import { valueText } from './leaf-words';
import { configKindOf, manifestJson, manifestOf } from './manifest-of';
import { addWaits } from './order-steps';
import type { WrittenStep } from './reverse-plan';
import { threeWay } from './three-way';

export interface RebasedReverse {
  readonly steps: readonly PlanStep[];
  /** `edit` is the position of the step that cannot be undone. No step is to be taken while there are any. */
  readonly problems: readonly EditProblem[];
}

interface Current {
  readonly manifest: Manifest | null;
  /** Null after the first step on the object. */
  readonly version: string | null;
}

/** `current`: the objects that the steps name, as far as they exist. */
export function rebaseReverse(
  steps: readonly WrittenStep[],
  current: readonly ConfigObject[],
  domain: string = DEFAULT_MESH_SETTINGS.domain,
): RebasedReverse {
  const world = new Map<string, Current>();
  for (const object of current) {
    const kind = configKindOf(object.kind, object.apiVersion);
    if (kind === null) continue;
    const ref: ConfigRef = { kind, namespace: object.namespace, name: object.name };
    world.set(refText(ref), { manifest: manifestOf(object), version: object.resourceVersion });
  }
  const problems: EditProblem[] = [];
  const reversed: PlanStep[] = [];
  for (const [i, { ref, before, after }] of [...steps.entries()].reverse()) {
    const now = world.get(refText(ref)) ?? { manifest: null, version: null };
    const wanted = takeBack(ref, before, after, now.manifest);
    if (!wanted.ok) {
      problems.push(...wanted.problems.map((problem) => ({ edit: i, ref, ...problem })));
      continue;
    }
    const step = buildStep(ref, now.manifest, wanted.manifest, now.version, domain);
    if (step === null) continue;
    reversed.push(step);
    world.set(refText(ref), { manifest: wanted.manifest, version: null });
  }
  return { steps: addWaits(reversed, domain), problems };
}

type Said = Pick<EditProblem, 'path' | 'message' | 'next'>;
type TakenBack = { readonly ok: true; readonly manifest: Manifest | null } | { readonly ok: false; readonly problems: readonly Said[] };

/** The object without what the step did. */
function takeBack(ref: ConfigRef, before: Manifest | null, after: Manifest | null, now: Manifest | null): TakenBack {
  const refuse = (message: string, next: string): TakenBack => ({ ok: false, problems: [{ path: '', message, next }] });
  const name = refText(ref);
  if (before !== null && after !== null) {
    if (now === null)
      return refuse(`${name} was deleted since, so what was changed in it cannot be taken back`, 'Make it anew as YAML if it is wanted.');
    const { merged, conflicts } = threeWay(after, before, now);
    return conflicts.length === 0
      ? { ok: true, manifest: merged }
      : { ok: false, problems: conflicts.map((one) => sayConflict(name, one)) };
  }
  if (isSame(now, before) || isSame(now, after)) return { ok: true, manifest: before };
  if (before === null)
    return refuse(`${name} was made by this change and was changed by somebody else since`, 'Delete it by hand, or keep it as it is now.');
  return refuse(`${name} was deleted by this change and made anew by somebody else since`, 'Keep it as it is now, or set it back as YAML.');
}

const isSame = (a: Manifest | null, b: Manifest | null): boolean =>
  a === b || (a !== null && b !== null && sameJson(manifestJson(a), manifestJson(b)));

function sayConflict(name: string, { path, base, mine, theirs }: MergeConflict): Said {
  const shown = (value: Json): string => valueText(value);
  return {
    path,
    message: `${name}: ${path} was set to ${shown(base)} by this change and to ${shown(theirs)} by somebody else since; undone it would be ${shown(mine)}`,
    next: 'Choose which of the two shall be, and write it as a change of its own.',
  };
}
