// Leases of the console's namespace (coordination.k8s.io/v1), in the console's own name. In: ApiClient. Out: LeaseStore.
import { Failure } from '../../model/failure';
import type { Clock, LeaseStore } from '../ports';
import type { ApiAnswer, ApiClient, ApiMessage } from './client';
import { failureOfKept } from './kept-map';
import { isRaw } from './managed-object';

const DEADLINE_MS = 5_000;

export function createLeases(open: () => ApiClient, namespace: string, clock: Clock): LeaseStore {
  const path = (name: string): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases${name === '' ? '' : `/${name}`}`;

  async function send(message: ApiMessage, signal: AbortSignal, forgiven: readonly number[]): Promise<ApiAnswer> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const answer = await open().send(message, { kind: 'console' }, { signal: deadline, deadlineMs: DEADLINE_MS });
    if ((answer.status < 200 || answer.status > 299) && !forgiven.includes(answer.status))
      throw failureOfKept(answer, message, 'leases.coordination.k8s.io', namespace);
    return answer;
  }

  const LABELS = { 'app.kubernetes.io/managed-by': 'heddle' };
  const versionOf = (body: unknown): string => {
    const meta = isRaw(body) ? body['metadata'] : null;
    if (isRaw(meta) && typeof meta['resourceVersion'] === 'string') return meta['resourceVersion'];
    throw new Failure('clusterMalformed', 'the API server answered a Lease with something else', 'Try again in a moment.');
  };

  return {
    read: async (name, signal) => {
      const { status, body } = await send({ method: 'GET', path: path(name) }, signal, [404]);
      if (status === 404) return null;
      const spec = isRaw(body) && isRaw(body['spec']) ? body['spec'] : {};
      const holder = spec['holderIdentity'];
      return { holder: typeof holder === 'string' ? holder : '', version: versionOf(body) };
    },
    hold: async (name, holder, version, durationSeconds, signal) => {
      // MicroTime: six decimals.
      const now = new Date(clock.now()).toISOString().replace('Z', '000Z');
      const metadata = {
        name,
        namespace,
        labels: LABELS,
        ...(version === null ? {} : { resourceVersion: version }),
      };
      const spec = { holderIdentity: holder, leaseDurationSeconds: durationSeconds, renewTime: now };
      const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
      const message: ApiMessage = version === null ? { method: 'POST', path: path(''), body } : { method: 'PUT', path: path(name), body };
      const answer = await send(message, signal, version === null ? [409] : [404, 409]);
      return answer.status === 404 || answer.status === 409 ? null : versionOf(answer.body);
    },
    list: async (signal) => {
      const selector = Object.entries(LABELS).map(([key, value]) => `${key}=${value}`);
      const { body } = await send(
        { method: 'GET', path: `${path('')}?labelSelector=${encodeURIComponent(selector.join(','))}` },
        signal,
        [],
      );
      const items: readonly unknown[] = isRaw(body) && Array.isArray(body['items']) ? body['items'] : [];
      return items.flatMap((item) => {
        const meta = isRaw(item) ? item['metadata'] : null;
        return isRaw(meta) && typeof meta['name'] === 'string' ? [{ name: meta['name'], version: versionOf(item) }] : [];
      });
    },
    remove: async (name, version, signal) => {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion: version } };
      await send({ method: 'DELETE', path: path(name), body }, signal, [404, 409]);
    },
  };
}
