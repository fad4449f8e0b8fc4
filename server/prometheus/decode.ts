// Foreign JSON of the Prometheus HTTP API, checked: envelopes, errors, range results, lists of names.
// In: text. Out: our own types, or Failure. Format: https://prometheus.io/docs/prometheus/latest/querying/api/
import { Failure, type FailureCode } from '../../model/failure';
import type { RangeSeries } from '../ports';
import { excerptOf, malformed, plainText } from './malformed';

type Foreign = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Foreign => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const clean = (text: string): string => plainText(text, 500);

function parse(text: string): Foreign {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw malformed(text === '' ? 'the answer is empty' : 'the answer is not JSON', excerptOf(Buffer.from(text.slice(0, 400))), error);
  }
  if (!isRecord(parsed)) throw malformed('the answer is not a JSON object');
  return parsed;
}

const texts = (value: unknown): string[] => (isList(value) ? value.filter((x) => typeof x === 'string').map(clean) : []);

export interface BackendError {
  readonly type: string;
  readonly message: string;
}

/** The error that a body tells of, null if it is no error answer of the API. */
export function decodeError(text: string): BackendError | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(parsed) || parsed['status'] !== 'error') return null;
  const { errorType, error } = parsed;
  return {
    type: typeof errorType === 'string' ? clean(errorType) : '',
    message: typeof error === 'string' ? clean(error) : 'no reason given',
  };
}

// The words of Prometheus ("query processing would load too many samples into memory", "exceeded maximum resolution of 11,000 points"),
// Thanos ("exceeded series limit: ... limit 1000 violated", "received message larger than max"), Cortex and Mimir ("the query hit the max
// number of series limit", "err-mimir-max-chunks-per-query"), VictoriaMetrics ("-search.max…", "not enough memory for processing").
const TOO_LARGE =
  /too many samples|too many (?:time)?\s?series|exceeded maximum resolution|max(?:imum)? number of (?:series|chunks|samples)|exceed(?:s|ed|ing)?\b.*\blimit|limit \d+ violated|larger than max|err-mimir-max-(?:series|chunks|estimated)|-search\.max(?!ConcurrentRequests|QueueDuration)|not enough memory|too large/i;
// VictoriaMetrics has no place for the query now: nothing is wrong with the query itself.
const TOO_BUSY = /-search\.max(?:ConcurrentRequests|QueueDuration)|too many (?:outstanding|concurrent) (?:requests|queries)/i;

/** The Failure of an error that the backend itself words. */
export function failureOf(error: BackendError): Failure {
  if (error.type === 'timeout' || error.type === 'canceled')
    return fail('metricsTimeout', error.message, 'Shorten the window, watch fewer namespaces, or raise the query timeout of Prometheus.');
  if (TOO_BUSY.test(error.message))
    return fail(
      'metricsUnreachable',
      error.message,
      'The metrics backend is overloaded: lower prometheus.concurrency, or refresh less often.',
    );
  if (TOO_LARGE.test(error.message))
    return fail('metricsTooLarge', error.message, 'Shorten the window, watch fewer namespaces, or raise the limit that Prometheus names.');
  if (error.type === 'unavailable')
    return fail('metricsUnreachable', error.message, 'Prometheus is starting or overloaded: wait, then look at its log.');
  return fail('metricsRejected', error.message, 'Look up the words of Prometheus above; its version may lack what the query needs.');
}
const fail = (code: FailureCode, detail: string, next: string): Failure => new Failure(code, detail, next);

/** @throws Failure if the text is an error answer of the API. */
export function throwIfFailed(text: string): void {
  const error = decodeError(text);
  if (error !== null) throw failureOf(error);
}

/** Warnings and infos of an envelope; VictoriaMetrics' `isPartial` becomes a warning. */
function remarksOf(envelope: Foreign): { readonly warnings: string[]; readonly infos: string[] } {
  const warnings = texts(envelope['warnings']);
  if (envelope['isPartial'] === true) warnings.push('the backend marked its answer as partial');
  return { warnings, infos: texts(envelope['infos']) };
}

function dataOf(envelope: Foreign, resultType: string): readonly unknown[] {
  if (envelope['status'] !== 'success') throw malformed('the answer does not say "success"');
  const data = envelope['data'];
  if (!isRecord(data)) throw malformed('the answer has no data');
  if (data['resultType'] !== resultType)
    throw malformed(`the answer is a ${clean(String(data['resultType']))}, a ${resultType} was asked for`);
  if (!isList(data['result'])) throw malformed('the answer has no result');
  return data['result'];
}

/**
 * Checks what stands around the elements of a result: `head` ends after the bracket that opens it, `tail` begins with the one that closes it.
 * @throws Failure metricsMalformed, also if the elements were not those of data.result.
 */
export function decodeEnvelope(
  head: string,
  tail: string,
  resultType: string,
): { readonly warnings: readonly string[]; readonly infos: readonly string[] } {
  const marker = Math.random();
  const envelope = parse(`${head}${marker}${tail}`);
  const result = dataOf(envelope, resultType);
  if (result.length !== 1 || result[0] !== marker) throw malformed('the result is not where it should be');
  return remarksOf(envelope);
}

function numberOf(value: unknown): number {
  if (typeof value === 'string') {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return Number(value);
    if (value === 'NaN') return Number.NaN;
    if (value === '+Inf') return Number.POSITIVE_INFINITY;
    if (value === '-Inf') return Number.NEGATIVE_INFINITY;
  }
  throw malformed('a value is not a number in quotes');
}

function pointOf(value: unknown): readonly [number, number] {
  if (!isList(value) || value.length !== 2 || typeof value[0] !== 'number') throw malformed('a point is not a pair of time and value');
  return [value[0], numberOf(value[1])];
}

function labelsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) throw malformed('a series has no labels');
  const entries = Object.entries(value).map(([name, text]): [string, string] => {
    if (typeof text !== 'string') throw malformed(`label ${JSON.stringify(name.slice(0, 80))} is not text`);
    return [name, text];
  });
  // fromEntries defines own properties, so a label called __proto__ is only a label.
  return Object.fromEntries(entries);
}

/** The series of a matrix: answer of query_range, or of an instant query of a range selector. */
export function decodeMatrix(text: string): readonly RangeSeries[] {
  throwIfFailed(text);
  return dataOf(parse(text), 'matrix').map((element) => {
    if (!isRecord(element) || !isList(element['values'])) throw malformed('a series has no values');
    return { labels: labelsOf(element['metric']), points: element['values'].map(pointOf) };
  });
}

/** The list of an answer about label values. */
export function decodeNames(text: string): readonly string[] {
  throwIfFailed(text);
  const envelope = parse(text);
  const data = envelope['data'];
  // Prometheus before 2.26 says null for none.
  if (envelope['status'] === 'success' && data === null) return [];
  if (envelope['status'] !== 'success' || !isList(data) || !data.every((x) => typeof x === 'string'))
    throw malformed('the answer is not a list of names');
  return data;
}

/** The version of an answer of /status/buildinfo. */
export function decodeVersion(text: string): string | null {
  const data = parse(text)['data'];
  const version = isRecord(data) ? data['version'] : null;
  return typeof version === 'string' && version !== '' ? clean(version).slice(0, 80) : null;
}
