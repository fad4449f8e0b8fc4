// Writes configuration objects in somebody's name: create only what is not there, update and remove only what is still as it was read.
// In: ApiClient, refs, manifests, credentials. Out: ClusterWriter. What the server answers becomes a WriteAnswer; nothing is tried twice here.

import type { Manifest } from '../../model/change';
import { type ConfigRef, refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { Clock, ClusterCredential, ClusterWriter, ManagedObject, WriteAnswer, WriteOptions } from '../ports';
import type { ApiAnswer, ApiClient, ApiMessage } from './client';
import { SchemaShelf } from './kind-schema';
import { buildUpdate, decodeManaged, isRaw, type Raw } from './managed-object';
import { isName, pathOf, type ServedKind, ServedKinds } from './served-kinds';

export const FIELD_MANAGER = 'heddle';
// Webhooks of the API server have 10 s by default.
const DEADLINE_MS = 11_000;
const BUSY_MS = 1_000;

export interface WriterOptions {
  readonly open: () => ApiClient;
  readonly clock: Clock;
  /** Name of the cluster, as the inventory has it. */
  readonly cluster: string;
}

const messageOf = (body: unknown): string => (isRaw(body) && typeof body['message'] === 'string' ? body['message'].slice(0, 2000) : '');

/** The server's causes with their fields; where it names none, its message. */
export function problemsOf(body: unknown): readonly { readonly path: string | null; readonly message: string }[] {
  const details = isRaw(body) ? body['details'] : null;
  const causes: readonly unknown[] = isRaw(details) && Array.isArray(details['causes']) ? details['causes'] : [];
  const named = causes.filter(isRaw).flatMap((cause) => {
    const { field, message } = cause;
    return typeof message === 'string' && message !== ''
      ? [{ path: typeof field === 'string' && field !== '' ? field : null, message: message.slice(0, 1000) }]
      : [];
  });
  if (named.length > 0) return named;
  const message = messageOf(body);
  // apimachinery, strict decoding: `strict decoding error: unknown field "spec.htp", unknown field "spec.a"`.
  const unknown = [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)];
  if (unknown.length > 0) return unknown.map(([, what, path = '']) => ({ path, message: `${what ?? 'unknown'} field` }));
  return [{ path: null, message: message === '' ? 'the API server gives no reason' : message }];
}

/** What an answer to a write means. */
export function decideAnswer(
  { status, body, retryAfterMs }: ApiAnswer,
  what: string,
  object: ManagedObject | null,
  isRemoval: boolean,
): WriteAnswer {
  const said = messageOf(body);
  const detail = `${what} answered ${status}${said === '' ? '' : `: ${said}`}`;
  switch (status) {
    case 200:
    case 201:
    case 202:
      // Something in between may answer for the API server: a page is no object.
      return isRemoval
        ? isRaw(body)
          ? { outcome: 'done', object: null }
          : { outcome: 'unknown', detail }
        : object === null
          ? { outcome: 'unknown', detail }
          : { outcome: 'done', object };
    case 401:
      return { outcome: 'unauthorized', detail };
    case 403:
      return { outcome: 'forbidden', detail };
    case 404:
      return { outcome: 'missing', detail };
    case 409:
    case 410:
    case 412:
      return { outcome: 'conflict', detail };
    case 429:
      return { outcome: 'busy', detail, retryAfterMs: Math.min(retryAfterMs ?? BUSY_MS, 30_000) };
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return { outcome: 'invalid', detail, problems: problemsOf(body) };
    default:
      return { outcome: 'unknown', detail };
  }
}

/** A writer on one API server, connected when first needed. */
export function createClusterWriter({ open, clock, cluster }: WriterOptions): ClusterWriter {
  let kinds: ServedKinds | null = null;
  let schemas: SchemaShelf | null = null;
  const served = (kind: ConfigRef['kind']): Promise<ServedKind | null> => {
    kinds ??= new ServedKinds(open(), clock);
    return kinds.find(kind);
  };

  async function send(message: ApiMessage, credential: ClusterCredential, signal: AbortSignal): Promise<ApiAnswer> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const options = { signal: deadline, deadlineMs: DEADLINE_MS };
    const answer = await open().send(message, credential, options);
    // The console's own token may have been renewed on disk: it is read again after a refusal.
    return answer.status === 401 && credential.kind !== 'token' ? open().send(message, credential, options) : answer;
  }

  async function readRaw(path: string, credential: ClusterCredential, signal: AbortSignal): Promise<Raw | null> {
    const answer = await send({ method: 'GET', path }, credential, signal);
    if (answer.status === 200 && isRaw(answer.body)) return answer.body;
    if (answer.status === 404) return null;
    const detail = `GET ${path} answered ${answer.status}${messageOf(answer.body) === '' ? '' : `: ${messageOf(answer.body)}`}`;
    if (answer.status === 401) throw new Failure('clusterUnauthorized', detail, 'Log in again.');
    if (answer.status === 403) throw new Failure('forbidden', detail, 'Ask for the right to get it; /account shows what to ask for.');
    throw new Failure(answer.status === 200 ? 'clusterMalformed' : 'clusterUnreachable', detail, 'Try again in a moment.');
  }

  /** A write; whatever keeps it from being answered leaves its outcome unknown. */
  async function write(
    message: ApiMessage,
    ref: ConfigRef,
    credential: ClusterCredential,
    { dryRun, signal }: WriteOptions,
  ): Promise<WriteAnswer> {
    // A rehearsal tells of unknown fields; what was shown is written whatever the schema has become since.
    const query = `?fieldManager=${FIELD_MANAGER}${dryRun ? '&dryRun=All' : ''}${message.method === 'DELETE' ? '' : `&fieldValidation=${dryRun ? 'Strict' : 'Warn'}`}`;
    const what = `${message.method} ${message.path}`;
    try {
      const answer = await send({ ...message, path: message.path + query }, credential, signal);
      return decideAnswer(answer, what, decodeManaged(answer.body, ref, cluster), message.method === 'DELETE');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return error.code === 'clusterUnauthorized' || error.code === 'forbidden'
        ? { outcome: error.code === 'forbidden' ? 'forbidden' : 'unauthorized', detail: error.detail }
        : { outcome: 'unknown', detail: error.detail };
    }
  }

  const notServed = (ref: ConfigRef): WriteAnswer => ({
    outcome: 'invalid',
    detail: `the cluster does not serve ${ref.kind}`,
    problems: [{ path: null, message: `the cluster does not serve ${ref.kind}` }],
  });

  const badName = ({ namespace, name }: ConfigRef): WriteAnswer => {
    const message = `${JSON.stringify(`${namespace}/${name}`.slice(0, 300))} is no name that Kubernetes knows`;
    return { outcome: 'invalid', detail: message, problems: [{ path: 'metadata.name', message }] };
  };

  /** A manifest may ask for any version of its kind's group, and for nothing else: it becomes part of a path. */
  const badVersion = ({ group }: ServedKind, { apiVersion }: Manifest): WriteAnswer | null => {
    if (apiVersion.startsWith(`${group}/`) && /^v\d+[a-z0-9]*$/.test(apiVersion.slice(group.length + 1))) return null;
    const message = `${JSON.stringify(apiVersion.slice(0, 200))} is no version of ${group}`;
    return { outcome: 'invalid', detail: message, problems: [{ path: 'apiVersion', message }] };
  };

  /** Runs a write on the kind's path; what fails before anything was sent is nothing written. */
  async function onKind(ref: ConfigRef, work: (kind: ServedKind) => Promise<WriteAnswer>): Promise<WriteAnswer> {
    try {
      if (!isName(ref)) return badName(ref);
      const kind = await served(ref.kind);
      return kind === null ? notServed(ref) : await work(kind);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'forbidden') return { outcome: 'forbidden', detail: error.detail };
      if (error.code === 'clusterUnauthorized') return { outcome: 'unauthorized', detail: error.detail };
      return { outcome: 'busy', detail: error.detail, retryAfterMs: BUSY_MS };
    }
  }

  return {
    readObject: async (ref, credential, signal) => {
      if (!isName(ref)) return null;
      const kind = await served(ref.kind);
      if (kind === null) return null;
      const raw = await readRaw(pathOf(kind, ref), credential, signal);
      if (raw === null) return null;
      const object = decodeManaged(raw, ref, cluster);
      if (object !== null) return object;
      throw new Failure(
        'clusterMalformed',
        `the API server answered ${refText(ref)} with another object`,
        'Check that the address is a Kubernetes API server.',
      );
    },
    create: (ref, manifest, credential, options) =>
      onKind(
        ref,
        async (kind) =>
          badVersion(kind, manifest) ??
          write(
            { method: 'POST', path: pathOf(kind, { ...ref, name: '' }, manifest.apiVersion), body: manifest },
            ref,
            credential,
            options,
          ),
      ),
    update: (ref, { before, after, resourceVersion }, credential, options) =>
      onKind(ref, async (kind) => {
        const bad = badVersion(kind, after);
        if (bad !== null) return bad;
        const path = pathOf(kind, ref, after.apiVersion);
        const raw = await readRaw(path, credential, options.signal);
        if (raw === null) return { outcome: 'missing', detail: `${refText(ref)} is gone` };
        const meta = isRaw(raw['metadata']) ? raw['metadata'] : {};
        if (meta['resourceVersion'] !== resourceVersion)
          return {
            outcome: 'conflict',
            detail: `${refText(ref)} has resourceVersion ${String(meta['resourceVersion'])} and no longer ${resourceVersion}`,
          };
        return write({ method: 'PUT', path, body: buildUpdate(raw, before, after) }, ref, credential, options);
      }),
    remove: (ref, { uid, resourceVersion }, credential, options) =>
      onKind(ref, (kind) =>
        write(
          {
            method: 'DELETE',
            path: pathOf(kind, ref),
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              preconditions: { uid, resourceVersion },
              ...(options.dryRun ? { dryRun: ['All'] } : {}),
            },
          },
          ref,
          credential,
          options,
        ),
      ),
    fetchSchema: async (kind, signal) => {
      const found = await served(kind);
      if (found === null) return null;
      schemas ??= new SchemaShelf(open());
      return schemas.fetch(found, signal);
    },
  };
}
