// Names of the mesh while somebody writes: asked for when they are needed, remembered for a while, nothing where the server does not say.
// In: the console's API. Out: MeshNamesSource. What a reader may not see is not among them.
import type { ConfigNamesDocument, ServiceRoutingDocument } from '../../../model/steering';
import { withBase } from '../../ui/base-path';
import { fetchJson, ProblemError } from '../../ui/fetch-json';

export type ServiceFacts = Pick<
  ServiceRoutingDocument,
  'namespace' | 'name' | 'host' | 'ports' | 'versions' | 'requestsPerSecond' | 'objects'
>;

export interface MeshNamesSource {
  /** Null: not known. */
  names(): Promise<ConfigNamesDocument | null>;
  /** Null: there is no such service, or the reader may not see it. */
  service(namespace: string, name: string): Promise<ServiceFacts | null>;
}

const KEEP_MS = 30_000;
const DEADLINE_MS = 5_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isService = (body: unknown): body is ServiceFacts =>
  isRecord(body) && typeof body['host'] === 'string' && ['ports', 'versions', 'objects'].every((list) => Array.isArray(body[list]));
const isNames = (body: unknown): body is ConfigNamesDocument =>
  isRecord(body) &&
  ['namespaces', 'hosts', 'gateways', 'gatewayClasses', 'serviceAccounts', 'labels'].every((list) => Array.isArray(body[list]));

export function createMeshNamesSource(nowMs: () => number, fetch?: typeof globalThis.fetch): MeshNamesSource {
  const kept = new Map<string, { readonly atMs: number; readonly answer: Promise<unknown> }>();
  const ask = async <T>(path: string, guard: (body: unknown) => body is T): Promise<T | null> => {
    const known = kept.get(path);
    const fresh = known !== undefined && nowMs() - known.atMs < KEEP_MS;
    const answer = fresh
      ? known.answer
      : fetchJson(withBase(path), {
          guard,
          deadlineMs: DEADLINE_MS,
          signal: new AbortController().signal,
          ...(fetch === undefined ? {} : { fetch }),
        }).catch((error: unknown) => {
          if (error instanceof ProblemError) return null;
          throw error;
        });
    if (!fresh) kept.set(path, { atMs: nowMs(), answer });
    const body = await answer;
    return guard(body) ? body : null;
  };
  return {
    names: () => ask('/api/config/names', isNames),
    service: (namespace, name) => ask(`/api/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/routing`, isService),
  };
}
