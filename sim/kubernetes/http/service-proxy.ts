// The API server's proxy to a Service: /api/v1/namespaces/N/services/[SCHEME:]NAME[:PORT]/proxy/PATH, forwarded with its query and body.
// In: a request that was allowed, the store, where Services really listen. Out: the Service's answer, or a Status as Kubernetes words it.
// Source: docs/tasks/access-application-cluster/access-cluster-services; kubernetes/pkg/registry/core/service/storage (ResourceLocation).
import { request as requestHttp } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isRecord } from '../json';
import type { KubeObject } from '../object';
import { badRequest, notFound, StatusError } from '../status-error';
import type { ObjectStore } from '../store';
import type { ResourceInfo } from './request-info';
import type { Answer } from './respond';

/** Base URL of a Service's port, null where nothing answers behind it. */
export type ServiceAddress = (service: { readonly namespace: string; readonly name: string; readonly port: number }) => string | null;

const SERVICES = { group: '', plural: 'services' };
/** Not passed on: the credentials are the API server's own, the rest belongs to one connection. */
const DROPPED = new Set([
  'authorization',
  'connection',
  'host',
  'impersonate-user',
  'impersonate-group',
  'keep-alive',
  'transfer-encoding',
]);

interface Wanted {
  readonly name: string;
  readonly port: string;
}

/** `prometheus`, `prometheus:9090`, `https:prometheus:web`. */
function decodeServiceName(text: string): Wanted {
  const parts = text.split(':');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length > 3) throw badRequest(`invalid service request "${text}"`);
  return parts.length === 3 ? { name: second, port: third } : { name: first, port: second };
}

function findPort(service: KubeObject, wanted: string): number | null {
  const spec = isRecord(service['spec']) ? service['spec'] : {};
  const ports = (Array.isArray(spec['ports']) ? spec['ports'] : []).filter(isRecord);
  const found =
    wanted === '' ? (ports.length === 1 ? ports[0] : undefined) : ports.find((p) => String(p['port']) === wanted || p['name'] === wanted);
  return typeof found?.['port'] === 'number' ? found['port'] : null;
}

/** Forwards a request; what the Service answers is the answer. @throws StatusError */
export async function proxyService(
  { request, response }: Answer,
  info: ResourceInfo,
  store: ObjectStore,
  address: ServiceAddress | undefined,
): Promise<void> {
  const { name, port } = decodeServiceName(info.name);
  const service = store.read('services', info.namespace, name);
  if (service === undefined) throw notFound(SERVICES, name);
  const number = findPort(service, port);
  const base = number === null ? null : (address?.({ namespace: info.namespace, name, port: number }) ?? null);
  if (base === null) throw new StatusError(503, 'ServiceUnavailable', `no endpoints available for service "${info.name}"`);
  const rest = /^\/proxy(\/[^?]*)?(\?.*)?$/.exec((request.url ?? '').replace(/^[^?]*?\/services\/[^/]+(?=\/proxy)/, ''));
  const target = new URL(`${rest?.[1] ?? '/'}${rest?.[2] ?? ''}`, base);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([header]) => !DROPPED.has(header)));
  await new Promise<void>((resolve, reject) => {
    const forwarded = requestHttp(target, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response).then(resolve, reject);
    });
    forwarded.once('error', () =>
      reject(new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${target.host} cannot be reached`)),
    );
    response.once('close', () => {
      forwarded.destroy();
      resolve();
    });
    request.pipe(forwarded);
  });
}
