// What was thrown, in words for a document. In: unknown. Out: text free of secrets.
import { Failure, type FailureCode } from '../../model/failure';

/** The Failure's own words. One of the code that the caller must hear of, and a defect, go on. */
export function wordsUnless(code: FailureCode, error: unknown): string {
  if (error instanceof Failure && error.code !== code) return `${error.detail}. ${error.next}`;
  throw error;
}
