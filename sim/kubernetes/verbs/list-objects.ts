// List: selectors, pages from one consistent snapshot, resourceVersion semantics, expired tokens (410).

import type { ListMeta } from '../http/encoder';
import { isRecord } from '../json';
import type { KubeObject } from '../object';
import { decodeSelectors } from '../selectors';
import { badRequest, gone, StatusError } from '../status-error';
import { type ObjectStore, objectKey, type Snapshot } from '../store';
import type { Target } from './target';

export interface ObjectList {
  readonly objects: readonly KubeObject[];
  readonly metadata: ListMeta;
}

interface ContinueToken {
  /** The revision of the first page; -1 goes on in the present (an inconsistent continuation). */
  readonly revision: number;
  readonly after: string;
}

const EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** The page of objects that the query asks for. */
export function listObjects(store: ObjectStore, target: Target): ObjectList {
  const { kind, namespace, query } = target;
  const selects = decodeSelectors(kind, query.get('labelSelector'), query.get('fieldSelector'));
  const limit = readLimit(query.get('limit'));
  const token = decodeToken(query.get('continue'));
  const snapshot = chooseSnapshot(store, kind.resource, query, limit, token);
  const from = token === undefined ? 0 : firstAfter(snapshot.objects, token.after);

  const found: KubeObject[] = [];
  let index = from;
  for (; index < snapshot.objects.length && (limit === 0 || found.length < limit); index += 1) {
    const object = snapshot.objects[index];
    if (object === undefined || (namespace !== undefined && object.metadata.namespace !== namespace)) continue;
    if (selects === undefined || selects(object)) found.push(object);
  }
  const rest = snapshot.objects.slice(index).filter((object) => namespace === undefined || object.metadata.namespace === namespace);
  const last = found.at(-1);
  const more = rest.length > 0 && last !== undefined && limit > 0;
  // Keeps the snapshot for the pages to come, also when the history is compacted meanwhile.
  if (more) store.snapshotAt(kind.resource, snapshot.revision);
  return {
    objects: found,
    metadata: {
      resourceVersion: String(snapshot.revision),
      ...(more
        ? { continue: encodeToken({ revision: snapshot.revision, after: objectKey(last.metadata.namespace, last.metadata.name) }) }
        : {}),
      ...(more && selects === undefined ? { remainingItemCount: rest.length } : {}),
    },
  };
}

function chooseSnapshot(
  store: ObjectStore,
  resource: string,
  query: URLSearchParams,
  limit: number,
  token: ContinueToken | undefined,
): Snapshot {
  const version = readResourceVersion(query.get('resourceVersion'));
  const match = query.get('resourceVersionMatch');
  if (token !== undefined) {
    if (version !== undefined && version !== 0) throw badRequest('specifying resource version is not allowed when using continue');
    if (token.revision < 0) return store.snapshot(resource);
    const kept = store.snapshotAt(resource, token.revision);
    if (kept === undefined) throw gone(EXPIRED, encodeToken({ ...token, revision: -1 }));
    return kept;
  }
  if (match !== null && version === undefined) throw badRequest('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match === 'Exact' && version === 0) throw badRequest('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  if (match !== null && match !== 'Exact' && match !== 'NotOlderThan')
    throw badRequest(`resourceVersionMatch: Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`);
  if (version === undefined || version === 0) return store.snapshot(resource);
  if (version > store.revision) throw tooLargeVersion(version, store.revision);
  // With a limit and no match, the version has always meant exactly that version.
  if (match !== 'Exact' && (match === 'NotOlderThan' || limit === 0)) return store.snapshot(resource);
  const exact = store.snapshotAt(resource, version);
  if (exact === undefined) throw gone(`The resourceVersion for the provided list is too old: ${version} (${store.compactedRevision})`);
  return exact;
}

/** storage.NewTooLargeResourceVersionError. */
export function tooLargeVersion(version: number, current: number): StatusError {
  const message = `Too large resource version: ${version}, current: ${current}`;
  return new StatusError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** The resourceVersion option as a number; undefined where it is not given. Throws 400 for anything but digits. */
export function readResourceVersion(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid resource version "${text}": it must be one that this server gave out`);
  return Number(text);
}

function readLimit(text: string | null): number {
  if (text === null || text === '') return 0;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`limit must be a non-negative integer, not "${text}"`);
  return Number(text);
}

function encodeToken({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
}

function decodeToken(text: string | null): ContinueToken | undefined {
  if (text === null || text === '') return undefined;
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isRecord(token) && typeof token['rv'] === 'number' && typeof token['start'] === 'string')
      return { revision: token['rv'], after: token['start'] };
  } catch {
    // What is not JSON is answered like any other token that is not ours.
  }
  throw badRequest('continue key is not valid: it was not given out by this server');
}

function firstAfter(objects: readonly KubeObject[], key: string): number {
  const index = objects.findIndex((object) => objectKey(object.metadata.namespace, object.metadata.name) > key);
  return index < 0 ? objects.length : index;
}
