// Tests of the source that finds its backend: choice, failure in words, one search at a time, loss, renewed credentials.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../model/failure';
import { type InstantVector, type MetricsSource, NO_LOAD } from '../ports';
import { Secret } from '../secret';
import { FakeClock } from '../testing/fake-clock';
import { createDiscoveredMetrics } from './discovered-metrics';
import { LOCAL_TARGET, type MetricsTarget } from './metrics-target';

const QUERY = { name: 'q', promql: 'up', labels: [] };
const VECTOR: InstantVector = {
  count: 1,
  slots: new Int32Array([0]),
  values: new Float64Array([1]),
  labelsOf: () => [],
  warnings: [],
  infos: [],
  wallMs: 1,
  bytes: 1,
};
const direct = (url: string): MetricsTarget => ({ url, words: url, credentials: null });
const proxied = (url: string, token: string): MetricsTarget => ({
  url,
  words: url,
  credentials: { authorization: new Secret(`Bearer ${token}`), headers: {}, tls: {} },
});

interface Behaviour {
  /** Thrown by every call. */
  failure?: Failure;
  metrics?: readonly string[];
}
function rig(behaviours: Record<string, Behaviour>, targets: () => readonly MetricsTarget[]) {
  const clock = new FakeClock();
  const events: string[] = [];
  let searches = 0;
  const source = createDiscoveredMetrics({
    fetchTargets: () => {
      searches += 1;
      return Promise.resolve(targets());
    },
    open: (target): MetricsSource => {
      const token = target.credentials?.authorization?.reveal() ?? '';
      events.push(`open ${target.url}${token}`);
      const answer = <T>(value: T): Promise<T> => {
        const failure = behaviours[target.url]?.failure;
        return failure ? Promise.reject(failure) : Promise.resolve(value);
      };
      return {
        fetchVector: (query) => {
          if (query.name !== 'discovery') events.push(`ask ${target.url}${token}`);
          return answer(VECTOR);
        },
        fetchRange: () => answer([]),
        fetchRangeColumns: () => answer({ steps: 1, labels: [], values: new Float32Array(0), warnings: [], wallMs: 1, bytes: 1 }),
        fetchCapabilities: () =>
          answer({
            version: '2.0',
            scrapeIntervalSeconds: 15,
            metrics: new Set(behaviours[target.url]?.metrics ?? ['istio_requests_total']),
            clusters: [],
            notes: [],
          }),
        fetchClusters: () => answer([]),
        load: () => NO_LOAD,
        stats: () => [],
        close: () => {
          events.push(`close ${target.url}${token}`);
          return Promise.resolve();
        },
      };
    },
    clock,
    onFound: (target) => events.push(`found ${target.url}`),
    onMissing: (failure) => events.push(`missing ${failure.detail}`),
  });
  const ask = (signal = new AbortController().signal) => source.fetchVector(QUERY, clock.now(), { signal, deadlineMs: 1000 });
  return { clock, events, source, ask, searches: () => searches };
}
const away = new Failure('metricsUnreachable', 'nothing listens there', 'Start it.');

describe('createDiscoveredMetrics', () => {
  it('takes the first that knows the mesh, closes the others, and searches once for everybody', async () => {
    const { ask, events, searches } = rig({ a: { failure: away }, b: { metrics: ['up'] }, c: {} }, () => [
      direct('a'),
      direct('b'),
      direct('c'),
      direct('d'),
    ]);
    await Promise.all([ask(), ask(), ask()]);
    expect(searches()).toBe(1);
    expect(events).toEqual(expect.arrayContaining(['close a', 'close b', 'found c', 'ask c']));
    expect(events).not.toContain('open d');
  });

  it('is content with one that does not know the mesh yet', async () => {
    const { ask, events } = rig({ a: { metrics: [] }, b: { failure: away } }, () => [direct('a'), direct('b')]);
    await ask();
    expect(events).toEqual(expect.arrayContaining(['found a', 'ask a', 'close b']));
  });

  it('says what was tried and what to set, and asks again after a while only', async () => {
    const refused = new Failure('metricsUnauthorized', 'answered 403', 'Check the token.');
    const { ask, clock, events, searches } = rig({ 'via-api': { failure: refused }, [LOCAL_TARGET.url]: { failure: away } }, () => [
      proxied('via-api', 't'),
      LOCAL_TARGET,
    ]);
    const failure = await ask().catch((error: unknown) => error);
    if (!(failure instanceof Failure)) throw new Error('no Failure');
    expect(failure.code).toBe('metricsUnreachable');
    expect(failure.detail).toMatch(/via-api: .*services\/proxy.*localhost:9090: nothing listens there/);
    expect(failure.next).toContain('HEDDLE_PROMETHEUS_URL');
    await expect(ask()).rejects.toBe(failure);
    expect(searches()).toBe(1);
    await clock.advance(15_000);
    await expect(ask()).rejects.toThrow();
    expect(searches()).toBe(2);
    expect(events.filter((event) => event.startsWith('missing'))).toHaveLength(2);
  });

  it('looks for another after three failures in a row, and not for one', async () => {
    const behaviours: Record<string, Behaviour> = { a: {}, b: {} };
    const { ask, searches, events } = rig(behaviours, () => [direct('a'), direct('b')]);
    await ask();
    behaviours['a'] = { failure: away };
    for (let i = 0; i < 3; i += 1) await expect(ask()).rejects.toBe(away);
    expect(searches()).toBe(1);
    await ask();
    expect(searches()).toBe(2);
    expect(events.at(-1)).toBe('ask b');
  });

  it('goes on with renewed credentials of the API server, and keeps the source while they are the same', async () => {
    let token = 'one';
    const { ask, clock, events } = rig({}, () => [proxied('a', token)]);
    await ask();
    await clock.advance(60_000);
    await ask();
    expect(events.filter((event) => event.startsWith('open'))).toEqual(['open aBearer one']);
    token = 'two';
    await clock.advance(60_000);
    await ask();
    expect(events.at(-1)).toBe('ask aBearer two');
    await clock.advance(60_000);
    expect(events).toContain('close aBearer one');
  });

  it('lets a caller give up without giving up the search', async () => {
    const { ask, events } = rig({}, () => [direct('a')]);
    const gone = new AbortController();
    const given = ask(gone.signal);
    gone.abort();
    await expect(given).rejects.toMatchObject({ code: 'metricsTimeout' });
    await ask();
    expect(events.filter((event) => event === 'open a')).toHaveLength(1);
  });

  it('closes what it found', async () => {
    const { ask, source, events } = rig({}, () => [direct('a')]);
    await ask();
    await source.close();
    expect(events.at(-1)).toBe('close a');
  });
});
