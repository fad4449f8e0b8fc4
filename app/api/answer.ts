// How every route answers: who is asking and what they may, then JSON, or a Problem; timed and counted. In: a route's name and its work.
// Out: Response. `route` needs a caller, `openRoute` answers anybody.
import { FAILURES, Failure, type FailureCode, problemOf } from '../../model/failure';
import { type Access, type Caller, type Identified, type Reply, type Runtime, runtime } from '../../server/runtime';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Who asks a route, and what they may see and do. */
export interface Seat {
  readonly caller: Caller;
  readonly access: Access;
  readonly identified: Identified;
  /** The same caller with renewed tokens, for when the Kubernetes API took the old one no more. @throws Failure */
  renew(): Promise<Seat>;
}

/** A JSON answer; bytes are sent as they are. */
export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body instanceof Uint8Array ? sent(body) : JSON.stringify(body), {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json; charset=utf-8', ...headers },
  });

/** A body of bytes that another thread made: no Response takes shared memory as it is, but a stream may bring it. */
const sent = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
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

/** The answer of a login route. */
export function answerOf({ status, location, body, setCookies }: Reply): Response {
  const response =
    body === undefined
      ? new Response(null, {
          status,
          headers: { ...HEADERS, ...(location === null ? {} : { location, 'referrer-policy': 'no-referrer' }) },
        })
      : json(body, status);
  return withCookies(response, setCookies);
}

function withCookies(response: Response, setCookies: readonly string[]): Response {
  for (const line of setCookies) response.headers.append('set-cookie', line);
  return response;
}

const isChange = ({ method }: Request): boolean => method !== 'GET' && method !== 'HEAD';

async function timed(name: string, work: () => Promise<Response>): Promise<Response> {
  const started = performance.now();
  let response: Response;
  try {
    response = await work();
  } catch (error) {
    response = failed(error, name);
  }
  try {
    runtime().http.observe(name, response.status, (performance.now() - started) / 1000);
  } catch {
    // Not started: nothing to count in.
  }
  return response;
}

/** Runs `work` for the caller of a request, who is let in first; a refusal, and what was thrown, become the answer. Cookies go with it. */
export async function admit(
  name: string,
  request: Request,
  work: (console: Runtime, seat: Seat) => Promise<Response> | Response,
): Promise<Response> {
  let setCookies: readonly string[] = [];
  try {
    const console = runtime();
    const { login, access } = console;
    const enter = async (fresh: boolean): Promise<Seat> => {
      const identified = await login.identify(request, { fresh });
      setCookies = identified.setCookies;
      if (identified.kind === 'unauthenticated') throw identified.failure;
      if (isChange(request)) login.guard(request, identified);
      const { caller } = identified;
      return { caller, access: await access.accessOf(caller, request.signal), identified, renew: () => enter(true) };
    };
    const seat = await enter(false).catch((error: unknown) => {
      // The API server takes the user's token no more: a renewed one may do, asked for once.
      if (failureOf(error)?.code !== 'clusterUnauthorized') throw error;
      return enter(true);
    });
    const response = await work(console, seat);
    return withCookies(response, setCookies);
  } catch (error) {
    return withCookies(failed(error, name), setCookies);
  }
}

/** Runs `work` in somebody's name, and once more with renewed tokens where the Kubernetes API takes his token no more. */
export const asCaller = <T>(seat: Seat, work: (seat: Seat) => Promise<T>): Promise<T> =>
  work(seat).catch(async (error: unknown) => {
    if (failureOf(error)?.code !== 'clusterUnauthorized') throw error;
    return work(await seat.renew());
  });

/** What stands in the brackets of a route's path, `{ namespace: 'bookinfo' }`. */
export type PathNames = Readonly<Record<string, string>>;
/** What Next gives a handler beside the request. */
interface RouteContext {
  readonly params: Promise<PathNames>;
}

/** A handler for whoever is let in: runs `work`, answers its failure, and counts both. */
export const route =
  (name: string, work: (request: Request, console: Runtime, seat: Seat, names: PathNames) => Promise<Response> | Response) =>
  (request: Request, context?: RouteContext): Promise<Response> =>
    timed(name, () => admit(name, request, async (console, seat) => work(request, console, seat, (await context?.params) ?? {})));

/** A name of the path. @throws Failure badRequest where it is none that Kubernetes could know */
export function pathName(names: PathNames, key: string): string {
  const name = names[key] ?? '';
  if (!/^[A-Za-z0-9](?:[-A-Za-z0-9._]{0,251}[A-Za-z0-9])?$/.test(name))
    throw new Failure('badRequest', `${key} ${JSON.stringify(name.slice(0, 80))} is no name of Kubernetes`, 'Correct the address.');
  return name;
}

/** A handler for everybody, logged in or not. */
export const openRoute =
  (name: string, work: (request: Request, console: Runtime) => Promise<Response> | Response) =>
  (request: Request): Promise<Response> =>
    timed(name, async () => work(request, runtime()));

/** The text of a request's body. @throws Failure tooLarge, badRequest */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = (): Failure => new Failure('tooLarge', `the body is larger than ${maxBytes} bytes`, 'Send less.');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof Failure) throw error;
    throw new Failure('badRequest', 'the body cannot be read as UTF-8', 'Send it again.');
  }
}

/** The JSON of a request's body. Only `application/json`, which pages of other sites cannot send unasked. @throws Failure tooLarge, badRequest */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new Failure('badRequest', 'the body is not announced as JSON', 'Send it with content-type application/json.');
  const text = await readBody(request, maxBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure('badRequest', 'the body is not JSON', 'Send an object in JSON.');
  }
}

/** A member of a JSON object; undefined where there is none. */
export const memberOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Readonly<Record<string, unknown>>)[name] : undefined;

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
