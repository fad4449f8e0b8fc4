// Timeouts and retries of a rule, in the words of a VirtualService or an HTTPRoute. In: rule, milliseconds or RetriesEdit. Out: the rule.
import type { RetriesEdit } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { apiDurationLike, meshDurationLike } from './durations';
import { fieldOf, objectAt, textAt, withField, withPart } from './json-edit';
import { Refusal } from './refusal';
import type { RulePlace } from './rule-place';
import { cannot, isMeshHttp } from './rule-support';

export function withTimeout(rule: JsonObject, place: RulePlace, ms: number | null): JsonObject | Refusal {
  if (isMeshHttp(place)) return withField(rule, 'timeout', ms === null ? undefined : meshDurationLike(fieldOf(rule, 'timeout'), ms));
  if (place.kind === 'HTTPRoute') return withApiTimeout(rule, 'request', ms);
  return ms === null ? rule : cannot(place, 'set a timeout');
}

function withApiTimeout(rule: JsonObject, name: 'request' | 'backendRequest', ms: number | null): JsonObject {
  const old = objectAt(rule, 'timeouts');
  if (old === null && ms === null) return rule;
  const text = ms === null ? undefined : apiDurationLike(fieldOf(old, name), ms);
  return withPart(rule, 'timeouts', withField(old ?? {}, name, text));
}

export function withRetries(rule: JsonObject, place: RulePlace, retries: RetriesEdit | null): JsonObject | Refusal {
  if (isMeshHttp(place)) return withMeshRetries(rule, retries);
  if (place.kind === 'HTTPRoute') return withApiRetries(rule, place, retries);
  return retries === null ? rule : cannot(place, 'retry');
}

function withMeshRetries(rule: JsonObject, retries: RetriesEdit | null): JsonObject {
  if (retries === null) return withField(rule, 'retries', undefined);
  const { attempts, perTryTimeoutMs, retryOn } = retries;
  const old = objectAt(rule, 'retries') ?? {};
  const limit = perTryTimeoutMs === null ? undefined : meshDurationLike(fieldOf(old, 'perTryTimeout'), perTryTimeoutMs);
  const timed = withField(withField(old, 'attempts', attempts), 'perTryTimeout', limit);
  const written = (textAt(old, 'retryOn') ?? '').split(',').map((condition) => condition.trim());
  const same = written.join(',') === retryOn.join(',');
  return withField(rule, 'retries', same ? timed : withField(timed, 'retryOn', retryOn.length === 0 ? undefined : retryOn.join(',')));
}

/** What Istio retries for an HTTPRoute whatever its codes are. */
const ALWAYS = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled', 'retriable-status-codes'];

function withApiRetries(rule: JsonObject, place: RulePlace, retries: RetriesEdit | null): JsonObject | Refusal {
  const old = objectAt(rule, 'retry');
  // The limit of a try belongs to the retries; without them it would be the timeout of the whole request.
  if (retries === null) return old === null ? rule : withApiTimeout(withField(rule, 'retry', undefined), 'backendRequest', null);
  const { attempts, perTryTimeoutMs, retryOn } = retries;
  const unknown = retryOn.find((condition) => !ALWAYS.includes(condition) && !/^\d{3}$/.test(condition));
  if (unknown !== undefined)
    return new Refusal(
      `${place.path}.retry`,
      `an HTTPRoute cannot retry on ${unknown}: it knows status codes only`,
      `Name status codes such as 503, or use a VirtualService for ${place.host}.`,
    );
  const codes = retryOn.filter((condition) => /^\d{3}$/.test(condition)).map(Number);
  const retry = withField(withField(old ?? {}, 'codes', codes.length === 0 ? undefined : codes), 'attempts', attempts);
  return withApiTimeout(withField(rule, 'retry', retry), 'backendRequest', perTryTimeoutMs);
}
