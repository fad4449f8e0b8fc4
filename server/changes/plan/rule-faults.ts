// Faults that a rule injects: VirtualService only. In: rule, FaultEdit. Out: the rule; fields of `fault` that the edit does not know stay.
import type { FaultEdit } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { meshDurationLike } from './durations';
import { fieldOf, numberAt, objectAt, withField, withFields, withPart } from './json-edit';
import type { Refusal } from './refusal';
import type { RulePlace } from './rule-place';
import { cannot, isMeshHttp } from './rule-support';

export function withFault(rule: JsonObject, place: RulePlace, fault: FaultEdit | null): JsonObject | Refusal {
  if (fault === null || (fault.delay === null && fault.abort === null)) return withField(rule, 'fault', undefined);
  if (!isMeshHttp(place)) return cannot(place, 'inject faults');
  const old = objectAt(rule, 'fault') ?? {};
  const delayed = withField(old, 'delay', fault.delay === null ? undefined : delayOf(objectAt(old, 'delay') ?? {}, fault.delay));
  return withPart(
    rule,
    'fault',
    withField(delayed, 'abort', fault.abort === null ? undefined : abortOf(objectAt(old, 'abort') ?? {}, fault.abort)),
  );
}

/** An unset percentage is 0 %; `percent` is its old form and gives way to it. */
function withPercentage(part: JsonObject, percent: number): JsonObject {
  const written = objectAt(part, 'percentage');
  const value = written === null ? numberAt(part, 'percent') : numberAt(written, 'value');
  if (value === percent) return part;
  return withField(withField(part, 'percent', undefined), 'percentage', withField(written ?? {}, 'value', percent));
}

function delayOf(old: JsonObject, { milliseconds, percent }: NonNullable<FaultEdit['delay']>): JsonObject {
  const part = withField(withPercentage(old, percent), 'exponentialDelay', undefined);
  return withField(part, 'fixedDelay', meshDurationLike(fieldOf(old, 'fixedDelay'), milliseconds));
}

/** The kinds of error exclude each other. */
function abortOf(old: JsonObject, { httpStatus, grpcStatus, percent }: NonNullable<FaultEdit['abort']>): JsonObject {
  const others = ['httpStatus', 'grpcStatus', 'http2Error'].filter(
    (name) => !(name === 'httpStatus' && httpStatus !== undefined) && !(name === 'grpcStatus' && grpcStatus !== undefined),
  );
  const part = others.reduce((so, name) => withField(so, name, undefined), withPercentage(old, percent));
  return withFields(part, { ...(httpStatus === undefined ? {} : { httpStatus }), ...(grpcStatus === undefined ? {} : { grpcStatus }) });
}
