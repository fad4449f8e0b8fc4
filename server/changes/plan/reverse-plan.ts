// The way back. In: steps that were written. Out: steps that undo them, last first; waits as on the way there.
import type { PlanStep } from '../../../model/change';
import { refText } from '../../../model/edit';
import { DEFAULT_MESH_SETTINGS } from '../../../model/inventory';
import { buildStep } from './changed-step';
import { addWaits } from './order-steps';

/** A step of a plan, or of a record, which knows the version that the write returned. */
export type WrittenStep = PlanStep & { readonly written?: { readonly resourceVersion: string } | null };

/** Steps that make everything as it was before `steps`. A step without a known version has null: it is guarded by the last write's. */
export function reversePlan(steps: readonly WrittenStep[], domain: string = DEFAULT_MESH_SETTINGS.domain): readonly PlanStep[] {
  const seen = new Set<string>();
  const reversed = [...steps].reverse().flatMap(({ ref, before, after, written }) => {
    const key = refText(ref);
    // The second write to an object is guarded by what the first returned.
    const version = seen.has(key) ? null : (written?.resourceVersion ?? null);
    seen.add(key);
    const step = buildStep(ref, after, before, version, domain);
    return step === null ? [] : [step];
  });
  return addWaits(reversed, domain);
}
