// What is asked of pods/log and what its refusals mean, in the words of Kubernetes.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import type { LogRequest } from '../ports';
import { createLogSource, decideRefusal, logPath } from './log-source';

const REQUEST: LogRequest = {
  namespace: 'shop',
  pod: 'web-0',
  container: 'app',
  follow: false,
  previous: false,
  tailLines: null,
  sinceTime: null,
  limitBytes: null,
};

describe('a request', () => {
  it('always asks for instants, and for what is given', () => {
    expect(logPath(REQUEST)).toBe('/api/v1/namespaces/shop/pods/web-0/log?container=app&timestamps=true');
    expect(logPath({ ...REQUEST, follow: true, previous: true, tailLines: 0, sinceTime: '2026-11-28T05:00:00.1Z', limitBytes: 10 })).toBe(
      '/api/v1/namespaces/shop/pods/web-0/log?container=app&timestamps=true&follow=true&previous=true&tailLines=0&sinceTime=2026-11-28T05%3A00%3A00.1Z&limitBytes=10',
    );
  });
});

describe('a refusal', () => {
  it.each([
    [400, 'container "app" in pod "web-0" is waiting to start: ContainerCreating', 'waiting'],
    [400, 'container "app" in pod "web-0" is waiting to start: trying and failing to pull image', 'waiting'],
    [400, 'pod web-0 does not have a host assigned', 'waiting'],
    [400, 'previous terminated container "app" in pod "web-0" not found', 'missing'],
    [400, 'container app is not valid for pod web-0', 'missing'],
    [401, 'Unauthorized', 'unauthorized'],
    [403, 'pods "web-0" is forbidden: User "ann" cannot get resource "pods/log"', 'forbidden'],
    [404, 'pods "web-0" not found', 'gone'],
    [429, 'too many requests', 'busy'],
    [500, 'Get "https://10.0.0.1:10250/containerLogs/shop/web-0/app": dial tcp 10.0.0.1:10250: connect: no route to host', 'unreachable'],
    [502, '', 'unreachable'],
  ])('%i %s', (status, message, expected) => {
    expect(decideRefusal(status, message)).toBe(expected);
  });

  it('comes of a connection that fails, too; a token that was renewed is tried once more', async () => {
    const signal = new AbortController().signal;
    const credentials: string[] = [];
    const source = createLogSource(() => ({
      ...noRequests,
      openBody: (_path, { kind }) => {
        credentials.push(kind);
        if (credentials.length === 1) return Promise.resolve({ status: 401, chunks: null, message: 'Unauthorized' });
        return Promise.reject(new Failure('clusterTimeout', 'no answer', 'Try again.'));
      },
    }));
    expect(await source.openLog(REQUEST, { kind: 'console' }, signal)).toEqual({
      outcome: 'refused',
      why: 'unreachable',
      detail: 'no answer',
    });
    expect(credentials).toEqual(['console', 'console']);
  });
});

const never = (): Promise<never> => Promise.reject(new Error('only bodies are opened'));
const noRequests = { fetchJson: never, openWatch: never, postReview: never, send: never, close: never };
