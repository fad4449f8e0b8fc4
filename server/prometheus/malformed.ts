// The one wording of "this is not a Prometheus answer". In: what is wrong, a piece of the body. Out: Failure metricsMalformed.
import { Failure } from '../../model/failure';

const NEXT = 'Check that the address is that of a Prometheus API, with its path prefix, and that no login page stands before it.';

/** Foreign text on one line, without control characters, cut: it may end on a screen or in a log. */
export const plainText = (text: string, maxLength: number): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, maxLength);

/** How a body begins. */
export const excerptOf = (bytes: Uint8Array): string => plainText(Buffer.from(bytes.subarray(0, 400)).toString('utf8'), 120);

/** Failure for a body that cannot be believed; `excerpt` (optional) shows how it begins. */
export function malformed(what: string, excerpt = '', cause?: unknown): Failure {
  return new Failure('metricsMalformed', excerpt === '' ? what : `${what}: ${JSON.stringify(excerpt)}`, NEXT, { cause });
}
