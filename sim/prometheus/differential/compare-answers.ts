// Compares two answers of the Prometheus HTTP API: same result type, same label sets, same timestamps, values equal to
// 1e-9 relative (NaN equals NaN); for errors the same status and errorType.
// In: two decoded JSON answers with their statuses. Out: the first difference as text, or undefined.

export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

const RELATIVE_TOLERANCE = 1e-9;
const ABSOLUTE_TOLERANCE = 1e-12;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function decodeValue(text: unknown): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  return Number(text);
}

/** True when two values are the same to the tolerance of the test. */
export function isSameValue(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  const difference = Math.abs(a - b);
  return difference <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b)) || difference <= ABSOLUTE_TOLERANCE;
}

function keyOf(metric: unknown): string {
  const entries = typeof metric === 'object' && metric !== null ? Object.entries(metric) : [];
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function comparePoints(expected: readonly unknown[], actual: readonly unknown[]): string | undefined {
  if (expected.length !== actual.length) return `${expected.length} points against ${actual.length}`;
  for (const [i, point] of expected.entries()) {
    const [time, value] = listOf(point);
    const [otherTime, otherValue] = listOf(actual[i]);
    if (time !== otherTime) return `time ${String(time)} against ${String(otherTime)}`;
    if (!isSameValue(decodeValue(value), decodeValue(otherValue)))
      return `at ${String(time)}: ${String(value)} against ${String(otherValue)}`;
  }
  return undefined;
}

function pointsOf(series: unknown): readonly unknown[] {
  const values = memberOf(series, 'values');
  return values === undefined ? [memberOf(series, 'value')] : listOf(values);
}

function compareSeries(expected: readonly unknown[], actual: readonly unknown[]): string | undefined {
  const byKey = new Map(actual.map((series) => [keyOf(memberOf(series, 'metric')), series]));
  for (const series of expected) {
    const key = keyOf(memberOf(series, 'metric'));
    const other = byKey.get(key);
    if (other === undefined) return `missing ${key}`;
    const difference = comparePoints(pointsOf(series), pointsOf(other));
    if (difference !== undefined) return `${key}: ${difference}`;
    byKey.delete(key);
  }
  const [extra] = byKey.keys();
  return extra === undefined ? undefined : `unexpected ${extra}`;
}

/** The first difference between the expected answer (Prometheus) and the actual one; undefined when they agree. */
export function compareAnswers(expected: HttpAnswer, actual: HttpAnswer, ordered = false): string | undefined {
  if (expected.status !== actual.status) {
    return `status ${expected.status} (${String(memberOf(expected.body, 'error'))}) against ${actual.status} (${String(memberOf(actual.body, 'error'))})`;
  }
  const errorType = memberOf(expected.body, 'errorType');
  if (errorType !== memberOf(actual.body, 'errorType'))
    return `errorType ${String(errorType)} against ${String(memberOf(actual.body, 'errorType'))}`;
  if (expected.status !== 200) return undefined;
  const expectedData = memberOf(expected.body, 'data');
  const actualData = memberOf(actual.body, 'data');
  const type = memberOf(expectedData, 'resultType');
  if (type !== memberOf(actualData, 'resultType'))
    return `resultType ${String(type)} against ${String(memberOf(actualData, 'resultType'))}`;
  const expectedResult = listOf(memberOf(expectedData, 'result'));
  const actualResult = listOf(memberOf(actualData, 'result'));
  if (type === 'string')
    return JSON.stringify(expectedResult) === JSON.stringify(actualResult)
      ? undefined
      : `${JSON.stringify(expectedResult)} against ${JSON.stringify(actualResult)}`;
  if (type === 'scalar') return comparePoints([expectedResult], [actualResult]);
  if (ordered) {
    const difference = comparePoints(expectedResult.flatMap(pointsOf), actualResult.flatMap(pointsOf));
    if (difference !== undefined) return `order: ${difference}`;
  }
  return compareSeries(expectedResult, actualResult);
}
