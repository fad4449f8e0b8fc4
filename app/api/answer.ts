// How every route answers: JSON, or a Problem; timed and counted. In: a route's name and its work. Out: Response.
import { FAILURES, Failure, type FailureCode, problemOf } from '../../model/failure';
import { type Runtime, runtime } from '../../server/runtime';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A JSON answer; bytes are sent as they are. */
export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body), {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json; charset=utf-8', ...headers },
  });

const isCode = (code: unknown): code is FailureCode => typeof code === 'string' && Object.hasOwn(FAILURES, code);

/** The Failure that was thrown. Next bundles the runtime and each route apart: a Failure of the engine is not of this file's class. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error) || error.name !== 'Failure' || !('code' in error && 'detail' in error && 'next' in error)) return null;
  const { code, detail, next } = error;
  return isCode(code) && typeof detail === 'string' && typeof next === 'string' ? new Failure(code, detail, next) : null;
}

/** The answer for whatever was thrown: what failed, on what, what to do next; a defect of ours goes to the log, not to the reader. */
export function failed(error: unknown, route: string): Response {
  const failure = failureOf(error);
  const problem = problemOf(failure ?? error);
  if (failure === null) {
    try {
      runtime().log.error('a request failed', { route, error });
    } catch {
      // Not started: there is no log yet.
    }
  }
  return json(problem, problem.status, { 'content-type': 'application/problem+json' });
}

/** A GET handler: runs `work`, answers its failure, and counts both. */
export function route(name: string, work: (request: Request, console: Runtime) => Promise<Response> | Response) {
  return async (request: Request): Promise<Response> => {
    const started = performance.now();
    let response: Response;
    try {
      response = await work(request, runtime());
    } catch (error) {
      response = failed(error, name);
    }
    try {
      runtime().http.observe(name, response.status, (performance.now() - started) / 1000);
    } catch {
      // Not started: nothing to count in.
    }
    return response;
  };
}

/** The element id of a request. @throws Failure badRequest */
export function elementId(query: URLSearchParams): string {
  const id = query.get('id');
  if (id === null || id === '' || id.length > 2048)
    throw new Failure(
      'badRequest',
      'the parameter id is missing or longer than 2048 characters',
      'Give the id of a node, box or edge of the graph.',
    );
  return id;
}
