// The embedded store against the real Prometheus: the same samples in both, the same HTTP requests to both, the same answers.
// Skipped when `prometheus` is not on the PATH. The samples come from scripted expositions through our own scraper and are
// handed over by remote write, which is the only way to hand over stale markers.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareAnswers, type HttpAnswer } from './differential/compare-answers';
import { FAILING_AT_RUNTIME, FAILING_QUERIES } from './differential/failing-queries';
import { FIRST_SCRAPE_MS, INTERVAL_MS, ROUNDS, scrapeTimeMs, TARGETS, writeExposition } from './differential/mesh-script';
import { CONSOLE_QUERIES, DASHBOARD_QUERIES, LANGUAGE_QUERIES } from './differential/queries';
import { buildRandom } from './differential/random';
import { QueryGenerator } from './differential/random-query';
import { findPrometheusVersion, type RealPrometheus, startRealPrometheus } from './differential/real-prometheus';
import { type WrittenSeries, writeRemotely } from './differential/remote-write';
import { type RunningPrometheus, startPrometheus } from './server';
import { SampleBuffer } from './storage/sample-buffer';
import { SeriesStore } from './store';
import { TargetScrape } from './target-scrape';

const version = findPrometheusVersion();
if (version === undefined) console.warn('prometheus is not on the PATH: the differential test of the embedded store is skipped');

const RANDOM_QUERIES = 300;
const ROUNDS_PER_REQUEST = 20;
const CONCURRENT_REQUESTS = 6;

const LAST_MS = FIRST_SCRAPE_MS + (ROUNDS - 1) * INTERVAL_MS;
// On a sample, between two, while a target is down, just after a series vanished, and after the end of all data.
const INSTANTS_MS = [
  FIRST_SCRAPE_MS + 100 * INTERVAL_MS,
  FIRST_SCRAPE_MS + 76 * INTERVAL_MS + 7321,
  FIRST_SCRAPE_MS + 110 * INTERVAL_MS + 4000,
];
const RANGE = { start: (FIRST_SCRAPE_MS + 20 * INTERVAL_MS) / 1000, end: (LAST_MS + 400_000) / 1000, step: '97' };

function fillStore(): SeriesStore {
  const store = new SeriesStore({ retentionMs: 24 * 3_600_000 });
  const scrapes = TARGETS.map((target) => new TargetScrape(store, target));
  for (let round = 0; round < ROUNDS; round++) {
    scrapes.forEach((scrape, targetIndex) => {
      const timestampMs = scrapeTimeMs(targetIndex, round);
      const text = writeExposition(targetIndex, round);
      if (text === undefined) {
        scrape.writeFailure(timestampMs);
        scrape.writeReport(timestampMs, false, 0.25, 0, 0);
        return;
      }
      const { scraped, added } = scrape.writeScrape(text, timestampMs);
      scrape.writeReport(timestampMs, true, 0.0125 + (round % 9) / 1000, scraped, added);
    });
  }
  return store;
}

// In time slices, because Prometheus takes no samples much older than the newest.
async function copyTo(url: string, store: SeriesStore): Promise<number> {
  const buffer = new SampleBuffer();
  let samples = 0;
  for (let round = 0; round < ROUNDS; round += ROUNDS_PER_REQUEST) {
    const fromMs = round === 0 ? 0 : FIRST_SCRAPE_MS + round * INTERVAL_MS;
    const toMs = FIRST_SCRAPE_MS + (round + ROUNDS_PER_REQUEST) * INTERVAL_MS - 1;
    const slice: WrittenSeries[] = [];
    for (const series of store.select([])) {
      store.read(series, fromMs, toMs, buffer);
      if (buffer.count === 0) continue;
      samples += buffer.count;
      const written = Array.from({ length: buffer.count }, (_, i) => ({
        timestampMs: buffer.times[i] ?? 0,
        value: buffer.values[i] ?? 0,
        isStale: buffer.isStale(i),
      }));
      slice.push({ labels: series.labels.toRecord(), samples: written });
    }
    await writeRemotely(url, slice);
  }
  return samples;
}

async function post(url: string, path: string, params: Readonly<Record<string, string>>): Promise<HttpAnswer> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(params) });
  return { status: response.status, body: await response.json() };
}

describe.skipIf(version === undefined)(`embedded store against prometheus ${version ?? ''}`, { timeout: 90_000 }, () => {
  let real: RealPrometheus;
  let embedded: RunningPrometheus;
  let sampleCount = 0;

  beforeAll(async () => {
    const store = fillStore();
    real = await startRealPrometheus();
    sampleCount = await copyTo(real.url, store);
    embedded = await startPrometheus({ store, port: 0, now: () => LAST_MS, ...(version === undefined ? {} : { version }) });
  }, 60_000);

  afterAll(async () => {
    await embedded.close();
    await real.stop();
  });

  async function differenceOf(path: string, params: Readonly<Record<string, string>>, ordered: boolean): Promise<string | undefined> {
    const [expected, actual] = await Promise.all([post(real.url, path, params), post(embedded.url, path, params)]);
    return compareAnswers(expected, actual, ordered);
  }

  // Every query at every instant and over the range; the list of differences must be empty.
  async function findDifferences(queries: readonly string[], instantsMs: readonly number[], withRange: boolean): Promise<string[]> {
    const differences: string[] = [];
    const waiting = [...queries];
    const worker = async (): Promise<void> => {
      for (let query = waiting.pop(); query !== undefined; query = waiting.pop()) {
        for (const timeMs of instantsMs) {
          const difference = await differenceOf('/api/v1/query', { query, time: String(timeMs / 1000) }, /^sort/.test(query));
          if (difference !== undefined) differences.push(`${query}   at ${timeMs}: ${difference}`);
        }
        if (!withRange) continue;
        const params = { query, start: String(RANGE.start), end: String(RANGE.end), step: RANGE.step };
        const difference = await differenceOf('/api/v1/query_range', params, false);
        if (difference !== undefined) differences.push(`${query}   over the range: ${difference}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, worker));
    return differences;
  }

  it('holds the same samples', async () => {
    expect(sampleCount).toBeGreaterThan(40_000);
    const count = 'sum(count_over_time({__name__=~".+"}[2h]))';
    expect(await differenceOf('/api/v1/query', { query: count, time: String(LAST_MS / 1000) }, false)).toBeUndefined();
  });

  it('answers the queries of mesh consoles alike', async () => {
    expect(await findDifferences(CONSOLE_QUERIES, INSTANTS_MS, true)).toEqual([]);
  });

  it("answers the queries of Istio's dashboards alike", async () => {
    expect(await findDifferences(DASHBOARD_QUERIES, INSTANTS_MS, true)).toEqual([]);
  });

  it('answers every function and operator alike', async () => {
    expect(await findDifferences(LANGUAGE_QUERIES, INSTANTS_MS.slice(0, 1), true)).toEqual([]);
  });

  it('refuses the same queries', async () => {
    expect(await findDifferences([...FAILING_QUERIES, ...FAILING_AT_RUNTIME], INSTANTS_MS.slice(0, 1), true)).toEqual([]);
    for (const query of FAILING_AT_RUNTIME) {
      expect([query, (await post(embedded.url, '/api/v1/query', { query, time: String((INSTANTS_MS[0] ?? 0) / 1000) })).status]).toEqual([
        query,
        422,
      ]);
    }
  });

  it('answers random queries alike', async () => {
    const generator = new QueryGenerator(buildRandom(20_240_229));
    const queries = Array.from({ length: RANDOM_QUERIES }, (_, i) => generator.next(1 + (i % 4)));
    expect(await findDifferences(queries, INSTANTS_MS.slice(1, 2), true)).toEqual([]);
  });
});
