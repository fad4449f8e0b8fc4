// The scraper, with scripted answers and a clock of our own: labels, staleness, failures, targets that go, rounds in time.
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluateInstant } from './query';
import { Scraper, type ScrapeTarget } from './scrape';
import { SeriesStore } from './store';
import { mergeLabels } from './target-scrape';

const TARGET: ScrapeTarget = { url: 'http://10.0.0.1:15020/metrics', job: 'mesh', instance: 'pod-a', labels: { namespace: 'bookinfo' } };

class Script {
  nowMs = 1_700_000_000_000;
  targets: readonly ScrapeTarget[] = [TARGET];
  readonly answers = new Map<string, string | Error>();
  readonly store = new SeriesStore({ retentionMs: 6 * 3_600_000 });
  readonly scraper = new Scraper({
    store: this.store,
    targets: () => this.targets,
    intervalMs: 15_000,
    now: () => this.nowMs,
    fetchText: (url) => {
      const answer = this.answers.get(url) ?? new Error('connection refused');
      return typeof answer === 'string' ? Promise.resolve(answer) : Promise.reject(answer);
    },
  });

  async scrape(answer: string | Error): Promise<void> {
    this.nowMs += 15_000;
    this.answers.set(TARGET.url, answer);
    await this.scraper.scrapeOnce();
  }

  see(query: string): Record<string, number> {
    const result = evaluateInstant(this.store, query, this.nowMs);
    if (result.type !== 'vector') throw new Error(`${query} is no vector`);
    return Object.fromEntries(result.samples.map(({ labels, value }) => [labels.toString(), value]));
  }
}

describe('Scraper', () => {
  it('adds the labels of the target, and renames exposed ones in conflict', async () => {
    const script = new Script();
    await script.scrape('x{job="mine",namespace="theirs",a="b",empty=""} 5\n');
    expect(script.see('x')).toEqual({
      '{__name__="x", a="b", exported_job="mine", exported_namespace="theirs", instance="pod-a", job="mesh", namespace="bookinfo"}': 5,
    });
  });

  it('lets exposed labels win with honorLabels', async () => {
    const script = new Script();
    script.targets = [{ ...TARGET, honorLabels: true }];
    await script.scrape('x{job="mine"} 5\n');
    expect(script.see('x')).toEqual({ '{__name__="x", instance="pod-a", job="mine", namespace="bookinfo"}': 5 });
  });

  it('finds free names for conflicting labels', () => {
    const merged = mergeLabels({ __name__: 'x', job: '1', exported_job: '2' }, { job: '3', exported_job: '4' }, false);
    expect(merged).toEqual({ __name__: 'x', job: '3', exported_job: '4', exported_exported_job: '1', exported_exported_exported_job: '2' });
  });

  it('reports on itself', async () => {
    const script = new Script();
    await script.scrape('x 1\ny 2\n');
    expect(Object.values(script.see('up'))).toEqual([1]);
    expect(Object.values(script.see('scrape_samples_scraped'))).toEqual([2]);
    expect(Object.values(script.see('scrape_series_added'))).toEqual([2]);
    await script.scrape('y 2\nz 1\n');
    expect(Object.values(script.see('scrape_series_added'))).toEqual([1]);
    expect(script.scraper.targetStatuses()).toMatchObject([{ health: 'up', lastError: '', url: TARGET.url, lastScrapeMs: script.nowMs }]);
  });

  it('ends series that are no longer exposed, and brings them back', async () => {
    const script = new Script();
    await script.scrape('x 1\ny{a="b"} 2\n');
    await script.scrape('x 1\n');
    expect(script.see('y')).toEqual({});
    expect(Object.values(script.see('x'))).toEqual([1]);
    await script.scrape('y{a="b"} 3\nx 1\n');
    expect(Object.values(script.see('y'))).toEqual([3]);
    expect(Object.values(script.see('count_over_time(y[5m])'))).toEqual([2]);
  });

  it('ends all series of a failing target but keeps reporting', async () => {
    const script = new Script();
    await script.scrape('x 1\n');
    await script.scrape(new Error('connection refused'));
    expect(script.see('x')).toEqual({});
    expect(Object.values(script.see('up'))).toEqual([0]);
    expect(script.scraper.targetStatuses()[0]).toMatchObject({ health: 'down', lastError: 'connection refused' });
    await script.scrape('x 2\n');
    expect(Object.values(script.see('x'))).toEqual([2]);
    expect(script.scraper.targetStatuses()[0]).toMatchObject({ health: 'up', lastError: '' });
  });

  it('stores nothing of a malformed scrape', async () => {
    const script = new Script();
    await script.scrape('x 1\n');
    await script.scrape('x 2\nnew{a="b"} 1\nbad{a="b"\n');
    expect(script.see('x')).toEqual({});
    expect(script.store.labelValues('__name__')).not.toContain('new');
    expect(Object.values(script.see('up'))).toEqual([0]);
    expect(script.scraper.targetStatuses()[0]?.lastError).toContain('bad');
  });

  it('ends everything of a target that is gone, up included', async () => {
    const script = new Script();
    await script.scrape('x 1\n');
    script.targets = [];
    await script.scrape('x 1\n');
    expect(script.see('{job="mesh"}')).toEqual({});
    expect(script.scraper.targetStatuses()).toEqual([]);
  });

  it('honours the times an endpoint gives, and does not end those series', async () => {
    const script = new Script();
    const explicitMs = script.nowMs - 60_000;
    await script.scrape(`x 7 ${explicitMs}\n`);
    expect(Object.values(script.see('timestamp(x)'))).toEqual([explicitMs / 1000]);
    await script.scrape('other 1\n');
    expect(Object.values(script.see('x'))).toEqual([7]);
  });

  it('keeps series apart when lines change their order', async () => {
    const script = new Script();
    await script.scrape('x{a="1"} 1\nx{a="2"} 2\nx{a="3"} 3\n');
    await script.scrape('x{a="3"} 30\nx{a="1"} 10\n');
    await script.scrape('x{a="2"} 200\nx{a="3"} 300\nx{a="1"} 100\n');
    expect(Object.values(script.see('sum by (a) (x)'))).toEqual([100, 200, 300]);
    expect(Object.values(script.see('count by (a) (count_over_time(x{a="2"}[5m]) == 2)'))).toEqual([1]);
  });

  it('goes on when retention removed a series it knew', async () => {
    const script = new Script();
    await script.scrape('x 1\n');
    script.store.truncate(script.nowMs + 1);
    expect(script.store.seriesCount).toBe(0);
    await script.scrape('x 2\n');
    expect(Object.values(script.see('x'))).toEqual([2]);
  });

  it('collects metadata', async () => {
    const script = new Script();
    await script.scrape('# HELP x help of x\n# TYPE x counter\nx 1\n# TYPE y gauge\ny 1\n');
    expect(script.store.metadata().get('x')).toEqual([{ type: 'counter', help: 'help of x', unit: '' }]);
    expect(script.store.metadata().get('y')).toEqual([{ type: 'gauge', help: '', unit: '' }]);
  });
});

describe('rounds', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('run at multiples of the interval until stopped', async () => {
    vi.useFakeTimers({ now: 1_700_000_003_000 });
    const scraped: number[] = [];
    const scraper = new Scraper({
      store: new SeriesStore({ retentionMs: 3_600_000 }),
      targets: () => [TARGET],
      intervalMs: 15_000,
      now: () => Date.now(),
      fetchText: () => {
        scraped.push(Date.now());
        return Promise.resolve('x 1\n');
      },
    });
    scraper.start();
    scraper.start();
    await vi.advanceTimersByTimeAsync(45_000);
    scraper.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scraped).toEqual([1_700_000_010_000, 1_700_000_025_000, 1_700_000_040_000]);
  });
});

describe('fetching', () => {
  it('takes 200 answers only', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/metrics') response.end('x 1\n');
      else response.writeHead(503).end('x 9\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const store = new SeriesStore({ retentionMs: 3_600_000 });
    const targets = ['/metrics', '/broken'].map((path) => ({ ...TARGET, url: `http://127.0.0.1:${port}${path}`, instance: path }));
    const scraper = new Scraper({ store, targets: () => targets, intervalMs: 5000, now: () => 1_700_000_000_000 });
    await scraper.scrapeOnce();
    scraper.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const up = evaluateInstant(store, 'sort_desc(up)', 1_700_000_000_000);
    expect(up.type === 'vector' && up.samples.map(({ value }) => value)).toEqual([1, 0]);
    expect(scraper.targetStatuses()[1]?.lastError).toBe('server returned HTTP status 503 Service Unavailable');
  });
});
