// The rows of an element's code table added up by code, by flags, by host. In: EdgeResponse rows. Out: sums, largest first. Pure.
import type { EdgeResponse } from '../../model/graph';

export interface ResponseSum {
  readonly key: string;
  readonly requestsPerSecond: number;
  /** Of all rows, 0..1. */
  readonly share: number;
}

/** Sums by one field; the shares of a list add up to 1. */
export function sumResponses(rows: readonly EdgeResponse[], field: 'code' | 'flags' | 'host'): readonly ResponseSum[] {
  const sums = new Map<string, number>();
  let total = 0;
  for (const row of rows) {
    sums.set(row[field], (sums.get(row[field]) ?? 0) + row.requestsPerSecond);
    total += row.requestsPerSecond;
  }
  return [...sums]
    .map(([key, requestsPerSecond]) => ({ key, requestsPerSecond, share: total > 0 ? requestsPerSecond / total : 0 }))
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond || (a.key < b.key ? -1 : 1));
}

export interface FlagSum extends ResponseSum {
  /** The codes with which these flags came, largest first. */
  readonly codes: readonly string[];
}

/** Rows with flags only, by flags, with their codes; shares are of all rows, also those without flags. */
export function sumFlags(rows: readonly EdgeResponse[]): readonly FlagSum[] {
  return sumResponses(rows, 'flags')
    .filter(({ key }) => key !== '-' && key !== '')
    .map((one) => ({
      ...one,
      codes: sumResponses(
        rows.filter((row) => row.flags === one.key),
        'code',
      ).map(({ key }) => key),
    }));
}
