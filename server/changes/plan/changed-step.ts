// One write as a step of a plan, with its patch and words. In: what an object was and shall be. Out: PlanStep.
import type { Manifest, PlanStep } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import { describeChange } from './change-words';
import { diffJson } from './diff-manifest';
import { sameJson } from './json-edit';
import { manifestJson } from './manifest-of';

/** Null where nothing changes. */
export function buildStep(
  ref: ConfigRef,
  before: Manifest | null,
  after: Manifest | null,
  resourceVersion: string | null,
  domain: string,
): PlanStep | null {
  if (before === null && after === null) return null;
  if (before !== null && after !== null && sameJson(manifestJson(before), manifestJson(after))) return null;
  return {
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    ref,
    resourceVersion: before === null ? null : resourceVersion,
    before,
    after,
    patch: before === null || after === null ? [] : diffJson(manifestJson(before), manifestJson(after)),
    words: describeChange(ref, before, after, domain),
    waitAfter: null,
  };
}
