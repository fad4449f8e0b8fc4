// Every fault strikes as often and where it is told to.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PODS, startTestCluster, type TestCluster } from '../fixtures/small-cluster';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterEach(() => {
  cluster.server.faults.clear();
});
afterAll(() => cluster.server.close());

describe('faults', () => {
  it('answer a Status as often as asked, with Retry-After', async () => {
    cluster.server.faults.add({ action: { kind: 'status', code: 429, retryAfterSeconds: 2 }, times: 1 });
    const reply = await cluster.send('GET', PODS);
    expect(reply).toMatchObject({ code: 429, body: { kind: 'Status', reason: 'TooManyRequests', details: { retryAfterSeconds: 2 } } });
    expect(reply.headers.get('retry-after')).toBe('2');
    expect((await cluster.send('GET', PODS)).code).toBe(200);
  });

  it('strike only the requests they match', async () => {
    cluster.server.faults.add({ action: { kind: 'html', code: 503 }, matches: ({ path }) => path === PODS });
    const page = await cluster.send('GET', PODS);
    expect([page.code, page.headers.get('content-type'), page.text.startsWith('<html>')]).toEqual([503, 'text/html', true]);
    expect((await cluster.send('GET', '/readyz')).code).toBe(200);
  });

  it('break connections before and within an answer', async () => {
    cluster.server.faults.add({ action: { kind: 'hang-up' }, times: 1 });
    await expect(cluster.send('GET', PODS)).rejects.toThrow();
    cluster.server.faults.add({ action: { kind: 'half-body' }, times: 1 });
    await expect(cluster.send('GET', PODS)).rejects.toThrow();
    expect((await cluster.send('GET', PODS)).code).toBe(200);
  });

  it('leave a request without an answer, or answer late', async () => {
    cluster.server.faults.add({ action: { kind: 'silence' }, times: 1 });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${cluster.server.url}/readyz`, { signal })).rejects.toThrow();
    cluster.server.faults.add({ action: { kind: 'delay', delayMs: 5 }, times: 1 });
    expect((await cluster.send('GET', PODS)).code).toBe(200);
  });
});
