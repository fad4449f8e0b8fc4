// Thin Kubernetes client on one undici pool: GET of JSON and of watch streams, reviews in somebody's name, every failure as a Failure.
// In: Connection. Out: ApiClient. One pool, so that requests share TLS connections (the official library opens one for each).
import { Agent, type Dispatcher, request } from 'undici';
import { Failure } from '../../model/failure';
import type { Clock, ClusterCredential, ReviewPort } from '../ports';
import type { Connection, Credentials } from './connection';
import { errnoOf, readChunks, readLines, readText } from './read-body';

/** HTTP status that the API server gave, beside the Failure made of it. */
export class ApiStatusError extends Failure {
  readonly status: number;
  constructor(failure: Failure, status: number) {
    super(failure.code, failure.detail, failure.next);
    this.status = status;
  }
}

export interface ApiClient extends ReviewPort {
  /** Parsed JSON of a path such as `/api/v1/pods?limit=500`. @throws Failure */
  fetchJson(
    path: string,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number; readonly accept?: string },
  ): Promise<unknown>;
  /** Opens a watch: resolves once the server took it, with its lines until it ends. The deadline is for the headers. @throws Failure */
  openWatch(
    path: string,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number; readonly accept?: string },
  ): Promise<AsyncIterable<string>>;
  /**
   * Sends a request in the name of a credential; whatever HTTP status the server gives is the answer, body null where it is not JSON.
   * @throws Failure clusterUnreachable, clusterTimeout, clusterUnauthorized (no way to send a token)
   */
  send(
    message: ApiMessage,
    credential: ClusterCredential,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<ApiAnswer>;
  /**
   * Opens a body that may go on for long, in the name of a credential. The deadline is for the headers; silence longer than `silenceMs` breaks it.
   * Answers other than 200 are read to their end. @throws Failure as send
   */
  openBody(
    path: string,
    credential: ClusterCredential,
    options: { readonly signal: AbortSignal; readonly deadlineMs: number; readonly silenceMs: number },
  ): Promise<OpenBody>;
  close(): Promise<void>;
}

/** A body under way, or what was said instead. */
export type OpenBody =
  | { readonly status: 200; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly status: number; readonly chunks: null; readonly message: string };

export interface ApiMessage {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
}
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** What the server asks to wait before the next try; null where it does not. */
  readonly retryAfterMs: number | null;
}

const CREDENTIALS_FOR_MS = 60_000;
// Watches end after 290 s by themselves and bookmarks come about every minute: longer silence is a dead connection.
const SILENCE_MS = 320_000;
const MAX_ERROR_BYTES = 64 * 1024;
/** Longest answer to a message: a review of a user with very many roles, a list of journal entries, a group's OpenAPI document. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** What an error answer says: the Status object's message, else the start of the body. */
function messageOf(body: string): string {
  try {
    const status: unknown = JSON.parse(body);
    if (typeof status === 'object' && status !== null && 'message' in status && typeof status.message === 'string')
      return status.message.slice(0, 500);
  } catch {
    // Not JSON: a proxy or a load balancer speaks.
  }
  return body.replace(/\s+/g, ' ').slice(0, 120);
}

function failureOfStatus(status: number, path: string, body: string): ApiStatusError {
  const said = `GET ${path.split('?')[0] ?? path} answered ${status}: ${messageOf(body)}`;
  const failure =
    status === 401
      ? new Failure(
          'clusterUnauthorized',
          said,
          'The token or certificate is not accepted; renew the credentials of the kubeconfig or service account.',
        )
      : status === 403
        ? new Failure('forbidden', said, 'Ask for a ClusterRole that may get, list and watch this resource.')
        : status === 404
          ? new Failure('notFound', said, 'The cluster does not serve this resource.')
          : new Failure('clusterUnreachable', said, 'Heddle tries again by itself.');
  return new ApiStatusError(failure, status);
}

/**
 * Headers of a request in somebody's name. Several groups are several headers: joined by commas they would be one group of a long name
 * (Kubernetes, "User impersonation"). Names that begin with `system:` are Kubernetes' own: whoever an identity provider calls so is not
 * that user, nor in that group (`system:masters` may do everything).
 */
function headersOf(credential: ClusterCredential, { authorization, headers }: Credentials): Record<string, string | string[]> {
  // The console's own headers may say in whose name it asks: they are not for others' tokens.
  if (credential.kind === 'token') return { authorization: `Bearer ${credential.token.reveal()}` };
  const own = { ...headers, ...(authorization === null ? {} : { authorization: authorization.reveal() }) };
  if (credential.kind === 'console') return own;
  if (credential.user === '' || isReserved(credential.user))
    throw new Failure(
      'forbidden',
      `nobody is impersonated as ${JSON.stringify(credential.user.slice(0, 80))}: names that begin with system: belong to Kubernetes`,
      'Choose another claim for the name (auth.usernameClaim).',
    );
  const groups = credential.groups.filter((group) => group !== '' && !isReserved(group));
  return {
    ...own,
    'impersonate-user': headerText(credential.user),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups.map(headerText) }),
  };
}

/** A name as the bytes of a header, which are UTF-8 as kubectl's are. @throws Failure forbidden for one that would end the header */
function headerText(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw new Failure(
      'forbidden',
      `nobody is impersonated as ${JSON.stringify(name.slice(0, 80))}: it has control characters`,
      'Correct the name where the provider keeps it.',
    );
  return Buffer.from(name, 'utf8').toString('latin1');
}

/**
 * A path as it is meant. The parser of URLs folds `.` and `..`, also percent-encoded, and takes a backslash for a slash: an object of such a
 * name would become its whole collection, or another one. @throws Failure badRequest
 */
function checkedPath(path: string): string {
  const [place = ''] = path.split('?');
  const isFolded = /^\/\/|[\\\s]|\/(?:\.|%2e){1,2}(?:\/|$)/i.test(place);
  if (!isFolded) return path;
  throw new Failure('badRequest', `${JSON.stringify(place.slice(0, 200))} is no path of the Kubernetes API`, 'Correct the name.');
}

const isReserved = (name: string): boolean => name.startsWith('system:');

interface Held {
  readonly credentials: Credentials;
  readonly agent: Agent;
  readonly atMs: number;
  readonly tlsKey: string;
}

/** Connections to the API server at most, for watches and requests of one client. */
const CONNECTIONS = 64;

/** A client for one connection. */
export function createApiClient(connection: Connection, clock: Clock, connections = CONNECTIONS): ApiClient {
  // Without the console's client certificate: the API server would believe that before it looks at a token (Kubernetes, "Authenticating").
  let bare: { readonly agent: Agent; readonly tlsKey: string } | null = null;
  let held: Held | null = null;
  let refreshing: Promise<Held> | null = null;

  async function refresh(): Promise<Held> {
    const credentials = await connection.readCredentials();
    const tlsKey = JSON.stringify(Object.entries(credentials.tls).map(([k, x]) => [k, String(x)]));
    const old = held;
    // A rotated client certificate needs new connections; a rotated token does not.
    const agent =
      old && old.tlsKey === tlsKey
        ? old.agent
        : new Agent({ connect: { ...credentials.tls, timeout: 10_000 }, connections, bodyTimeout: SILENCE_MS });
    if (old && old.agent !== agent) void old.agent.close();
    if (bare && bare.tlsKey !== tlsKey) {
      void bare.agent.close();
      bare = null;
    }
    held = { credentials, agent, atMs: clock.now(), tlsKey };
    return held;
  }
  async function current(): Promise<Held> {
    if (held && clock.now() - held.atMs < CREDENTIALS_FOR_MS) return held;
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  /** Connections that carry nothing of the console's own. */
  function bareAgent({ tls }: Credentials, tlsKey: string): Agent {
    const trust = Object.fromEntries(Object.entries(tls).filter(([name]) => name !== 'cert' && name !== 'key'));
    bare ??= { agent: new Agent({ connect: { ...trust, timeout: 10_000 }, connections }), tlsKey };
    return bare.agent;
  }

  async function exchange(
    { method, path, body, contentType = 'application/json' }: ApiMessage,
    credential: ClusterCredential,
    signal: AbortSignal,
    deadlineMs: number,
    silenceMs = deadlineMs,
  ): Promise<Dispatcher.ResponseData> {
    if (credential.kind === 'token' && !connection.confidential)
      throw new Failure(
        'clusterUnauthorized',
        `${connection.server} is reached over plain HTTP, on which no user's token is sent`,
        'Give the API server an https:// address in the kubeconfig.',
      );
    const { credentials, agent, tlsKey } = await current();
    const url = connection.server + checkedPath(path);
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...headersOf(credential, credentials),
    };
    try {
      return await request(url, {
        method,
        dispatcher: credential.kind === 'token' ? bareAgent(credentials, tlsKey) : agent,
        signal,
        // Not a signal for each request: thousands of reviews are asked at once, and a signal costs more than a review.
        headersTimeout: deadlineMs,
        bodyTimeout: silenceMs,
        headers,
        ...sent,
      });
    } catch (error) {
      throw failureOfNetwork(error, `${method} ${path.split('?')[0] ?? path}`, signal, deadlineMs);
    }
  }

  async function send(
    message: ApiMessage,
    credential: ClusterCredential,
    { signal, deadlineMs }: { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<ApiAnswer> {
    const response = await exchange(message, credential, signal, deadlineMs);
    if (response.statusCode === 401 && credential.kind !== 'token') held = null;
    let text: string | null;
    try {
      text = await readText(response.body, MAX_ANSWER_BYTES);
    } catch (error) {
      throw failureOfNetwork(error, `${message.method} ${message.path.split('?')[0] ?? message.path}`, signal, deadlineMs);
    }
    const seconds = Number(response.headers['retry-after']);
    const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
    try {
      return { status: response.statusCode, body: text === null ? null : (JSON.parse(text) as unknown), retryAfterMs };
    } catch {
      return { status: response.statusCode, body: null, retryAfterMs };
    }
  }

  async function openBody(
    path: string,
    credential: ClusterCredential,
    { signal, deadlineMs, silenceMs }: { readonly signal: AbortSignal; readonly deadlineMs: number; readonly silenceMs: number },
  ): Promise<OpenBody> {
    const response = await exchange({ method: 'GET', path }, credential, signal, deadlineMs, silenceMs);
    if (response.statusCode === 200) return { status: 200, chunks: readChunks(response.body, path, signal) };
    if (response.statusCode === 401 && credential.kind !== 'token') held = null;
    // The status alone is enough where the rest cannot be read.
    const text = await readText(response.body, MAX_ERROR_BYTES).catch(() => null);
    return { status: response.statusCode, chunks: null, message: messageOf(text ?? '') };
  }

  function failureOfNetwork(error: unknown, what: string, signal: AbortSignal, deadlineMs: number): Failure {
    const code = errnoOf(error);
    return signal.aborted || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT'
      ? new Failure('clusterTimeout', `${what} had no answer within ${deadlineMs} ms`, 'Heddle tries again by itself.')
      : new Failure(
          'clusterUnreachable',
          `${connection.server} (${connection.origin}): ${code}`,
          'Check that the API server runs and that this machine reaches it; Heddle tries again by itself.',
          { cause: error },
        );
  }

  async function open(path: string, accept: string, signal: AbortSignal, deadlineMs: number): Promise<Dispatcher.ResponseData> {
    const { credentials, agent } = await current();
    const url = connection.server + checkedPath(path);
    let response: Dispatcher.ResponseData;
    try {
      response = await request(url, {
        dispatcher: agent,
        signal,
        headersTimeout: deadlineMs,
        headers: {
          accept,
          ...credentials.headers,
          ...(credentials.authorization ? { authorization: credentials.authorization.reveal() } : {}),
        },
      });
    } catch (error) {
      throw failureOfNetwork(error, `GET ${path.split('?')[0] ?? path}`, signal, deadlineMs);
    }
    if (response.statusCode === 200) return response;
    if (response.statusCode === 401) held = null;
    let body = '';
    try {
      for await (const chunk of response.body) {
        body += String(chunk);
        if (body.length > MAX_ERROR_BYTES) break;
      }
    } catch {
      // The status alone is enough.
    }
    throw failureOfStatus(response.statusCode, path, body);
  }

  return {
    fetchJson: async (path, { signal, deadlineMs, accept = 'application/json' }) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const response = await open(path, accept, deadline, deadlineMs);
      let body: string;
      try {
        body = await response.body.text();
      } catch (error) {
        if (deadline.aborted)
          throw new Failure(
            'clusterTimeout',
            `GET ${path.split('?')[0] ?? path} did not end within ${deadlineMs} ms`,
            'Heddle tries again by itself.',
          );
        throw new Failure(
          'clusterMalformed',
          `GET ${path.split('?')[0] ?? path} broke off: ${errnoOf(error)}`,
          'Heddle tries again by itself.',
        );
      }
      try {
        return JSON.parse(body) as unknown;
      } catch {
        throw new Failure(
          'clusterMalformed',
          `GET ${path.split('?')[0] ?? path} answered ${body.length} characters that are not JSON: ${JSON.stringify(body.slice(0, 80))}`,
          'Check that the address is a Kubernetes API server and not a login page or proxy.',
        );
      }
    },
    openWatch: async (path, { signal, deadlineMs, accept = 'application/json' }) => {
      const response = await open(path, accept, signal, deadlineMs);
      return readLines(response.body, path.split('?')[0] ?? path, signal);
    },
    postReview: async (path, body, credential, options) => send({ method: 'POST', path, body }, credential, options),
    send,
    openBody,
    close: async () => {
      await Promise.all([held?.agent.destroy(), bare?.agent.destroy()]);
    },
  };
}
