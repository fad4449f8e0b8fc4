// Log options, refusals, streaming and back-pressure of pods/<name>/log.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PODS, startTestCluster, type TestCluster } from '../fixtures/small-cluster';
import { omit } from '../json';
import type { LogRequest } from './pod-logs';

const LOG = `${PODS}/reviews-v1-abc/log`;
const asked: LogRequest[] = [];
let produced = 0;

/** Two lines; followed, lines without end. */
async function* readLogs(request: LogRequest): AsyncIterable<string> {
  asked.push(request);
  yield 'first';
  yield 'second';
  while (request.follow && !request.signal.aborted) {
    produced += 1;
    yield `${produced} ${'x'.repeat(1000)}`;
    if (produced % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ readLogs });
});
afterAll(() => cluster.server.close());

describe('pod logs', () => {
  it('hands every option to the reader and sends its lines', async () => {
    const query = 'container=reviews&tailLines=5&sinceSeconds=60&sinceTime=2026-01-01T00:00:00Z&timestamps=true&previous=true';
    const reply = await cluster.send('GET', `${LOG}?${query}`);
    expect([reply.text, reply.headers.get('content-type')]).toEqual(['first\nsecond\n', 'text/plain']);
    expect(omit({ ...asked.at(-1) }, 'signal')).toEqual({
      namespace: 'bookinfo',
      pod: 'reviews-v1-abc',
      container: 'reviews',
      tailLines: 5,
      sinceSeconds: 60,
      sinceTime: '2026-01-01T00:00:00Z',
      timestamps: true,
      previous: true,
      follow: false,
    });
    expect((await cluster.send('GET', `${LOG}?container=reviews&limitBytes=8`)).text).toBe('first\nse');
  });

  it.each([
    [
      '',
      400,
      'a container name must be specified for pod reviews-v1-abc, choose one of: [reviews] or one of the init containers: [istio-proxy]',
    ],
    ['container=nope', 400, 'container nope is not valid for pod reviews-v1-abc'],
    ['container=reviews&tailLines=-1', 400, 'tailLines: Invalid value: "-1"'],
    ['container=reviews&sinceTime=yesterday', 400, 'sinceTime is not an RFC 3339 time: yesterday'],
  ])('refuses ?%s', async (query, code, message) => {
    const reply = await cluster.send('GET', `${LOG}?${query}`);
    expect([reply.code, String(reply.body['message'])]).toEqual([code, expect.stringContaining(message)]);
  });

  it('needs the right to read logs, and a pod', async () => {
    expect((await cluster.send('GET', `${LOG}?container=reviews`, { token: 'carol-token' })).body['message']).toContain(
      'cannot get resource "pods/log"',
    );
    expect((await cluster.send('GET', `${PODS}/nope/log`)).code).toBe(404);
  });

  it('follows at the pace of its reader and stops with it', async () => {
    const stop = new AbortController();
    const headers = { authorization: 'Bearer admin-token' };
    const response = await fetch(`${cluster.server.url}${LOG}?container=reviews&follow=true`, { headers, signal: stop.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    // Nobody reads on: what is produced stays within the buffers of the two sockets.
    await expect
      .poll(
        async () => {
          const before = produced;
          await new Promise((resolve) => setTimeout(resolve, 60));
          return produced - before;
        },
        { timeout: 10_000 },
      )
      .toBe(0);
    expect(produced).toBeLessThan(50_000);
    stop.abort();
    await expect.poll(() => asked.at(-1)?.signal.aborted, { timeout: 10_000 }).toBe(true);
  });
});
