// JSON schema of a kind from the cluster's OpenAPI v3 documents, which are kept by their hash. In: ApiClient, ServedKind. Out: a schema
// that stands alone: what it refers to is in its `definitions`.
import type { Json, JsonObject } from '../../model/inventory';
import { type ApiClient, ApiStatusError } from './client';
import type { ServedKind } from './served-kinds';

const DEADLINE_MS = 20_000;
const PREFIX = '#/components/schemas/';

const isObject = (x: unknown): x is JsonObject => typeof x === 'object' && x !== null && !Array.isArray(x);
const objectOf = (x: unknown): JsonObject => (isObject(x) ? x : {});

export class SchemaShelf {
  readonly #client: ApiClient;
  /** By address, which holds the hash of the document. */
  readonly #schemas = new Map<string, JsonObject>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Null where the server publishes none. @throws Failure cluster* */
  async fetch({ apiVersion, group, objectKind }: ServedKind, signal: AbortSignal): Promise<JsonObject | null> {
    const options = { signal, deadlineMs: DEADLINE_MS };
    let index: unknown;
    try {
      index = await this.#client.fetchJson('/openapi/v3', options);
    } catch (error) {
      if (error instanceof ApiStatusError && (error.status === 404 || error.status === 403)) return null;
      throw error;
    }
    const address = objectOf(objectOf(objectOf(index)['paths'])[`apis/${apiVersion}`])['serverRelativeURL'];
    // Only a path of this server: the document may say anything.
    if (typeof address !== 'string' || !/^\/openapi\/v3\/[\w./?=&%-]+$/.test(address)) return null;
    const key = `${address} ${objectKind}`;
    const known = this.#schemas.get(key);
    if (known !== undefined) return known;
    const document = objectOf(await this.#client.fetchJson(address, options));
    const schemas = objectOf(objectOf(document['components'])['schemas']);
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    const found = Object.values(schemas).find((schema) => {
      const identities = objectOf(schema)['x-kubernetes-group-version-kind'];
      return (
        Array.isArray(identities) &&
        identities.some((each: Json) => {
          const identity = objectOf(each);
          return identity['group'] === group && identity['version'] === version && identity['kind'] === objectKind;
        })
      );
    });
    if (!isObject(found)) return null;
    const alone = standAlone(found, schemas);
    // Another hash of the same document is an older one.
    for (const old of this.#schemas.keys())
      if (old.split('?')[0] === address.split('?')[0] && old.endsWith(` ${objectKind}`)) this.#schemas.delete(old);
    this.#schemas.set(key, alone);
    return alone;
  }
}

/** The schema with everything that it refers to, directly or not, in `definitions`. */
export function standAlone(schema: JsonObject, schemas: JsonObject): JsonObject {
  const definitions: Record<string, Json> = {};
  const rewrite = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(rewrite);
    if (!isObject(node)) return node;
    const out: Record<string, Json> = {};
    for (const [key, value] of Object.entries(node)) {
      if (value === undefined) continue;
      if (key === '$ref' && typeof value === 'string' && value.startsWith(PREFIX)) {
        const name = value.slice(PREFIX.length);
        out['$ref'] = `#/definitions/${name}`;
        if (!(name in definitions)) {
          // Entered before it is followed: schemas may refer to themselves.
          definitions[name] = {};
          definitions[name] = rewrite(schemas[name] ?? {});
        }
      } else out[key] = rewrite(value);
    }
    return out;
  };
  return { ...objectOf(rewrite(schema)), definitions };
}
