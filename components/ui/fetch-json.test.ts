// Tests of fetch-json: the texts and the nasty cases (nulls, bounds, foreign answers).
import { describe, expect, it } from 'vitest';
import { fetchJson, ProblemError, type ShownProblem } from './fetch-json';

interface Doc {
  readonly n: number;
}
const guard = (body: unknown): body is Doc => typeof body === 'object' && body !== null && 'n' in body && typeof body.n === 'number';
const answer =
  (status: number, body: string): typeof fetch =>
  () =>
    Promise.resolve(new Response(body, { status }));

async function problemFrom(ask: typeof fetch, deadlineMs = 1_000): Promise<ShownProblem> {
  try {
    await fetchJson('/api/x', { guard, deadlineMs, signal: new AbortController().signal, fetch: ask });
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('expected a ProblemError');
}

describe('fetchJson', () => {
  it('returns a document of the expected shape', async () => {
    const doc = await fetchJson('/api/x', {
      guard,
      deadlineMs: 1_000,
      signal: new AbortController().signal,
      fetch: answer(200, '{"n":4}'),
    });
    expect(doc).toEqual({ n: 4 });
  });

  it('repeats the words of a Problem', async () => {
    const body = { type: '/problems/metricsTimeout', title: 'T', status: 504, code: 'metricsTimeout', detail: 'D', next: 'N' };
    expect(await problemFrom(answer(504, JSON.stringify(body)))).toEqual({
      title: 'T',
      detail: 'D',
      next: 'N',
      status: 504,
      code: 'metricsTimeout',
    });
  });

  it.each([
    [502, '<html>Bad gateway</html>'],
    [500, '{"title":1}'],
    [503, 'null'],
    [404, '{"title":"x","detail":"y","code":"constructor"}'],
  ])('survives a foreign error body (%s %s)', async (status, body) => {
    const problem = await problemFrom(answer(status, body));
    expect(problem.status).toBe(status);
    expect(problem.code).toBeNull();
    expect(problem.title).not.toBe('');
  });

  it.each(['{"n":"4"}', '[]', 'null', 'not json', ''])('refuses a document of another shape: %s', async (body) => {
    expect((await problemFrom(answer(200, body))).next).toBe('Reload the page.');
  });

  it('names a dead network and a passed deadline apart', async () => {
    const dead: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    expect((await problemFrom(dead)).title).toBe('The console cannot be reached');
    const silent: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
      });
    expect((await problemFrom(silent, 5)).title).toBe('The console did not answer in time');
  });

  it("hands the caller's own abort on untouched", async () => {
    const aborting = new AbortController();
    aborting.abort();
    const silent: typeof fetch = (_url, init) => {
      init?.signal?.throwIfAborted();
      return Promise.resolve(new Response('{}'));
    };
    await expect(fetchJson('/api/x', { guard, deadlineMs: 1_000, signal: aborting.signal, fetch: silent })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
