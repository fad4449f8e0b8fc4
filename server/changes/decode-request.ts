// What a request to apply says beside its edits. In: unknown JSON. Out: the parts of ApplyRequest; what is none is refused with its place.
import * as v from 'valibot';
import type { ApplyRequest } from '../../model/change';
import { Failure } from '../../model/failure';
import { MAX_REVERT_SECONDS, MIN_REVERT_SECONDS } from './refuse';

const reason = v.pipe(v.string(), v.maxLength(2000));
const orNull = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema), null);
const request = v.object({
  digest: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  reason: v.optional(reason, ''),
  override: orNull(reason),
  confirm: v.object({
    revertAfterSeconds: orNull(v.pipe(v.number(), v.integer(), v.minValue(MIN_REVERT_SECONDS), v.maxValue(MAX_REVERT_SECONDS))),
    guard: orNull(
      v.object({
        errorPercentPoints: orNull(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
        latencyFactor: orNull(v.pipe(v.number(), v.minValue(1), v.maxValue(1000))),
      }),
    ),
  }),
});

/** @throws Failure badRequest */
export function decodeApply(body: unknown): Omit<ApplyRequest, 'edits'> {
  const parsed = v.safeParse(request, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Failure('badRequest', `${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`, 'Send a change as it was previewed.');
}
