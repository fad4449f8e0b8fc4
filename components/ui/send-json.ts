// One request that changes something on our own server: JSON in, JSON or nothing out, every failure as a Problem.
// In: a path under this origin, a body, the session's CSRF token. Out: the parsed answer, null where there is none.
import { decodeProblem, exchangeJson, ProblemError } from './fetch-json';

export interface SendJsonOptions {
  /** Default POST. */
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** MeDocument.csrfToken; null where there is no session yet. */
  readonly csrfToken: string | null;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

/**
 * Sends to `path`; answers the parsed body.
 * @throws ProblemError for every failure, a wrong token or password (401) too: unlike a reader's 401 it says nothing of the session.
 */
export async function sendJson(path: string, options: SendJsonOptions): Promise<unknown> {
  const { method = 'POST', body, csrfToken } = options;
  const answer = await exchangeJson(
    path,
    {
      method,
      headers: {
        ...(csrfToken === null ? {} : { 'x-heddle-csrf': csrfToken }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    options,
  );
  if (!answer.response.ok) throw new ProblemError(decodeProblem(answer.response.status, path, answer.body));
  return answer.body;
}
