// Logs of containers by pods/log of the API server, in somebody's name. In: ApiClient. Out: LogSourcePort; what the API server, or the node
// behind it, says against it becomes a LogRefusal. Nothing is buffered here and nothing is tried twice.
import { Failure } from '../../model/failure';
import type { ClusterCredential, LogAnswer, LogRefusal, LogRequest, LogSourcePort } from '../ports';
import type { ApiClient } from './client';

/** Until the headers; the API server asks the node first. */
const DEADLINE_MS = 15_000;
// A quiet container is no fault, but a connection that died without a word looks the same: opened again, nothing is lost.
const SILENCE_MS = 300_000;

/** Path with its options (PodLogOptions). */
export function logPath({ namespace, pod, container, follow, previous, tailLines, sinceTime, limitBytes }: LogRequest): string {
  const query = new URLSearchParams({ container, timestamps: 'true' });
  if (follow) query.set('follow', 'true');
  if (previous) query.set('previous', 'true');
  if (tailLines !== null) query.set('tailLines', String(tailLines));
  if (sinceTime !== null) query.set('sinceTime', sinceTime);
  if (limitBytes !== null) query.set('limitBytes', String(limitBytes));
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query.toString()}`;
}

/** What an answer other than 200 means, by its status and by the words of registry/core/pod/strategy.go and of the kubelet. */
export function decideRefusal(status: number, message: string): LogRefusal {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'gone';
    case 429:
      return 'busy';
    case 400:
      // `container "a" in pod "b" is waiting to start: ContainerCreating`, `... is not available`, `pod b does not have a host assigned`
      return /waiting to start|not have a host assigned|is not available|PodInitializing|ContainerCreating/i.test(message)
        ? 'waiting'
        : 'missing';
    default:
      return 'unreachable';
  }
}

/** A source on one API server, connected when first needed. */
export function createLogSource(open: () => ApiClient): LogSourcePort {
  async function ask(request: LogRequest, credential: ClusterCredential, signal: AbortSignal): Promise<LogAnswer> {
    const path = logPath(request);
    const options = { signal, deadlineMs: DEADLINE_MS, silenceMs: SILENCE_MS };
    let answer = await open().openBody(path, credential, options);
    // The console's own token may have been renewed on disk: it is read again after a refusal.
    if (answer.status === 401 && credential.kind !== 'token') answer = await open().openBody(path, credential, options);
    if (answer.chunks !== null) return { outcome: 'open', chunks: answer.chunks };
    const { status, message } = answer;
    return {
      outcome: 'refused',
      why: decideRefusal(status, message),
      detail: message === '' ? `the API server answered ${status}` : message,
    };
  }
  return {
    openLog: async (request, credential, signal) => {
      try {
        return await ask(request, credential, signal);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const why = error.code === 'clusterUnauthorized' ? 'unauthorized' : error.code === 'forbidden' ? 'forbidden' : 'unreachable';
        return { outcome: 'refused', why, detail: error.detail };
      }
    },
  };
}
