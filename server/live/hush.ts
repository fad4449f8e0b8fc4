// Failures as those may read them who do not see everything. In: a failure of a backend. Out: its code without its words.
import { Failure } from '../../model/failure';
import type { VisibleNamespaces } from './sights';

const DETAIL = 'its own words are for those who see the whole mesh';
const NEXT = 'Somebody who sees the whole mesh is told the cause; the log of the console names it too.';

/** The same failure without the backend's own words, which may name series, hosts or objects of any namespace. */
export function hushFailure(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const { code } = error;
  return code.startsWith('metrics') || code.startsWith('cluster') ? new Failure(code, DETAIL, NEXT) : error;
}

/** The promise; who does not see everything is not told the backend's own words when it fails. */
export function hushed<T>(visible: VisibleNamespaces | null, promise: Promise<T>): Promise<T> {
  return visible === null
    ? promise
    : promise.catch((error: unknown) => {
        throw hushFailure(error);
      });
}
