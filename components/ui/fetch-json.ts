// One JSON request to our own server: deadline, abort, and every failure as a Problem that says what failed and what to do next.
// In: a path under this origin, a guard of the expected shape. Out: the decoded document or a thrown ProblemError; a 401 is announced.
import { FAILURES, type FailureCode, type Problem } from '../../model/failure';
import { formatAge } from './format';
import { announceRefusal } from './session-signal';

/** A request that did not bring the document; `problem` is ready to be shown. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: ShownProblem;
  constructor(problem: ShownProblem, options?: { readonly cause?: unknown }) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/** What the screen shows of a Problem; the browser's own failures (no network, deadline) have no code of the server. */
export type ShownProblem = Pick<Problem, 'title' | 'detail' | 'next'> & {
  readonly status: number | null;
  readonly code: FailureCode | null;
};

export interface FetchJsonOptions<T> {
  readonly guard: (body: unknown) => body is T;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isCode = (value: unknown): value is FailureCode => typeof value === 'string' && Object.hasOwn(FAILURES, value);

/** The problem of an error answer: the server's own words where the body is a Problem, else what the status says. */
export function decodeProblem(status: number, path: string, body: unknown): ShownProblem {
  if (isRecord(body) && typeof body['title'] === 'string' && typeof body['detail'] === 'string') {
    const { title, detail, next, code } = body;
    return { title, detail, next: typeof next === 'string' ? next : '', status, code: isCode(code) ? code : null };
  }
  return {
    title: `The console answered ${status}`,
    detail: `${path} brought no explanation; a proxy in front of the console may have answered instead.`,
    next: 'Try again; if it stays, look in the log of the proxy and of the console.',
    status,
    code: null,
  };
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    return body;
  } catch {
    return null;
  }
}

/**
 * One request and the body of its answer, good or bad; null for a body that is not JSON.
 * @throws ProblemError without an answer before the deadline; an abort by the caller's signal is thrown as it is (AbortError).
 */
export async function exchangeJson(
  path: string,
  init: Pick<RequestInit, 'method' | 'body'> & { readonly headers?: Readonly<Record<string, string>> },
  options: Pick<FetchJsonOptions<unknown>, 'signal' | 'deadlineMs' | 'fetch'>,
): Promise<{ readonly response: Response; readonly body: unknown }> {
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const ask = options.fetch ?? fetch;
  try {
    const response = await ask(path, {
      ...init,
      signal: AbortSignal.any([options.signal, deadline]),
      headers: { accept: 'application/json', ...init.headers },
    });
    return { response, body: await readBody(response) };
  } catch (cause) {
    if (options.signal.aborted) throw cause;
    const slow = deadline.aborted;
    throw new ProblemError(
      {
        title: slow ? 'The console did not answer in time' : 'The console cannot be reached',
        detail: slow ? `${path} took longer than ${formatAge(options.deadlineMs)}.` : `${path} could not be requested.`,
        next: slow ? 'Try again, or choose a shorter window or fewer namespaces.' : 'Check the network and that the console is running.',
        status: null,
        code: null,
      },
      { cause },
    );
  }
}

/** A document and the tag of its answer. */
export interface Tagged<T> {
  readonly data: T;
  readonly tag: string | null;
}

/**
 * The document at `path`, null where the server says that the one with `tag` still holds.
 * @throws ProblemError for every failure, also the deadline; an abort by the caller's signal is thrown as it is (AbortError).
 */
export async function fetchTagged<T>(path: string, tag: string | null, options: FetchJsonOptions<T>): Promise<Tagged<T> | null> {
  const { response, body } = await exchangeJson(path, tag === null ? {} : { headers: { 'if-none-match': tag } }, options);
  if (tag !== null && response.status === 304) return null;
  if (response.status === 401) announceRefusal();
  if (!response.ok) throw new ProblemError(decodeProblem(response.status, path, body));
  if (options.guard(body)) return { data: body, tag: response.headers.get('etag') };
  throw new ProblemError({
    title: 'The answer is not what this page expects',
    detail: `${path} has another shape, which happens when the console was updated while the page was open.`,
    next: 'Reload the page.',
    status: response.status,
    code: null,
  });
}

/** The document at `path`; see fetchTagged. */
export async function fetchJson<T>(path: string, options: FetchJsonOptions<T>): Promise<T> {
  const answer = await fetchTagged(path, null, options);
  if (answer === null) throw new Error('an answer without a tag was asked for');
  return answer.data;
}
