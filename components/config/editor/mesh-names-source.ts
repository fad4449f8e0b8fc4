// Names of the mesh while somebody writes: asked for when they are needed, remembered for a while, nothing where the server does not say.
// In: the console's API. Out: MeshNamesSource. What a reader may not see is not among them.
import type { ConfigListDocument, ServiceRoutingDocument } from '../../../model/steering';
import { DEFAULT_VIEW, encodeView } from '../../../model/wire';
import { withBase } from '../../ui/base-path';
import { fetchJson, ProblemError } from '../../ui/fetch-json';
import { isConfigList, isGraph } from '../config-guards';
import { listServices, type NamedHost } from '../named-services';

export type ServiceFacts = Pick<
  ServiceRoutingDocument,
  'namespace' | 'name' | 'host' | 'ports' | 'versions' | 'requestsPerSecond' | 'objects'
>;

export interface MeshNamesSource {
  services(namespace: string): Promise<readonly NamedHost[]>;
  /** Null: there is no such service, or the reader may not see it. */
  service(namespace: string, name: string): Promise<ServiceFacts | null>;
  gateways(kind: 'Gateway' | 'K8sGateway'): Promise<readonly { readonly namespace: string; readonly name: string }[]>;
  namespaces(): Promise<readonly string[]>;
}

const KEEP_MS = 30_000;
const DEADLINE_MS = 5_000;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isService = (body: unknown): body is ServiceFacts =>
  isRecord(body) && typeof body['host'] === 'string' && ['ports', 'versions', 'objects'].every((list) => Array.isArray(body[list]));
interface Names {
  readonly namespaces: readonly { readonly name: string }[];
}
const isNames = (body: unknown): body is Names =>
  isRecord(body) &&
  Array.isArray(body['namespaces']) &&
  body['namespaces'].every((one) => isRecord(one) && typeof one['name'] === 'string');

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
    services: async (namespace) => {
      const view = encodeView({ ...DEFAULT_VIEW, graphType: 'workload', namespaces: [namespace], idle: true });
      const graph = await ask(`/api/graph?${view.toString()}`, isGraph);
      return graph === null ? [] : listServices(graph, namespace);
    },
    service: (namespace, name) => ask(`/api/services/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/routing`, isService),
    gateways: async (kind) => {
      const list: ConfigListDocument | null = await ask(`/api/config?kinds=${kind}`, isConfigList);
      return list?.rows.map(({ ref }) => ref) ?? [];
    },
    namespaces: async () => (await ask('/api/namespaces', isNames))?.namespaces.map(({ name }) => name) ?? [],
  };
}
