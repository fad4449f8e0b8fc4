// Asks the cluster where a Prometheus may be. In: API client, connection, whether this is a pod. Out: targets, best first; what could not be
// asked is left out, unless nothing could.
import { type ApiClient, ApiStatusError } from '../kubernetes/client';
import type { Connection } from '../kubernetes/connection';
import { buildDirectTarget, buildProxiedTarget, LOCAL_TARGET, type MetricsTarget } from './metrics-target';
import { decodePrometheusServices, LABEL_SELECTORS, USUAL_NAMESPACES } from './prometheus-services';

const ASK_MS = 5000;
/** More than these are not tried. */
const MAX_SERVICES = 8;

export interface TargetSearch {
  readonly client: Pick<ApiClient, 'fetchJson'>;
  readonly connection: Pick<Connection, 'server' | 'readCredentials'>;
  readonly rootNamespace: string;
  /** Whether names of Services can be resolved here. */
  readonly isInsideCluster: () => Promise<boolean>;
}

/** The places to try, this machine's port 9090 last. @throws Failure when the API server cannot be asked at all */
export async function fetchTargets(search: TargetSearch, signal: AbortSignal): Promise<readonly MetricsTarget[]> {
  const { client, connection, rootNamespace } = search;
  const list = (path: string): Promise<unknown> => client.fetchJson(path, { signal, deadlineMs: ASK_MS });
  const namespaces = [...new Set([rootNamespace, ...USUAL_NAMESPACES])];
  const answers = await Promise.allSettled([
    ...LABEL_SELECTORS.map((selector) => list(`/api/v1/services?labelSelector=${encodeURIComponent(selector)}`)),
    ...namespaces.map((namespace) => list(`/api/v1/namespaces/${namespace}/services?limit=500`)),
  ]);
  const lists = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  // Refused for some namespaces is usual; an API server that is away is something else.
  const away = answers.find((answer) => answer.status === 'rejected' && !(answer.reason instanceof ApiStatusError));
  if (lists.length === 0 && away?.status === 'rejected') throw away.reason;
  const services = decodePrometheusServices(lists, rootNamespace).slice(0, MAX_SERVICES);
  if (services.length === 0) return [LOCAL_TARGET];
  if (await search.isInsideCluster()) return [...services.map(buildDirectTarget), LOCAL_TARGET];
  const credentials = await connection.readCredentials();
  return [...services.map((service) => buildProxiedTarget(service, connection.server, credentials)), LOCAL_TARGET];
}
