// The collector where recording rules are loaded: read while they are fresh, computed when they are not, in the same snapshot.
import { afterEach, describe, expect, it } from 'vitest';
import { edge, type Row } from './testing/answers';
import { bench, closeBenches, find, rowsOf } from './testing/collector-bench';

afterEach(closeBenches);

describe('TelemetryCollector with recording rules', () => {
  const marker = (ageSeconds: number, group = 'edges', interval = '15'): Row => [{ group, interval }, ageSeconds];
  const isRecorded = ({ promql }: { readonly promql: string }): boolean => promql.includes('heddle:') && !promql.includes('rate(istio_');

  it('reads what they recorded as long as it is fresh, and says of when it is', async () => {
    const { source, ask, clock } = bench((query) =>
      query.name === 'destination'
        ? rowsOf(query).slice(0, 1)
        : query.name === 'tcp'
          ? [[edge('a', 'db', { direction: 'sent', app: 'db' }), 50]]
          : rowsOf(query),
    );
    source.rules = () => [marker(12)];
    const snapshot = await ask();
    expect(source.asked.filter(({ name }) => name !== 'identity').every(isRecorded)).toBe(true);
    expect(snapshot.observations.map((o) => o.protocol)).toEqual(['http', 'http', 'tcp']);
    expect(snapshot.recorded).toEqual({ edgesAtMs: clock.ms - 12_000, latencyAtMs: null });
    source.asked.length = 0;
    source.rules = () => [marker(38)];
    clock.ms += 15_000;
    expect((await ask()).recorded).toBeUndefined();
    expect(source.asked.some(isRecorded)).toBe(false);
  });

  it('uses each group by itself, the furthest behind of several that are evaluated twice', async () => {
    const { source, ask } = bench();
    source.rules = () => [marker(5), marker(50), marker(90, 'latency', '60')];
    expect((await ask()).recorded).toBeUndefined();
    source.rules = () => [marker(5), marker(90, 'latency', '60')];
    const { recorded } = await ask({ overlays: ['quantiles'] });
    expect(recorded?.edgesAtMs).toBeDefined();
    expect(recorded?.latencyAtMs).toBeDefined();
  });

  it('computes what a rule did not record although the others did', async () => {
    const { source, ask, names } = bench((query) => (query.name === 'destination' && isRecorded(query) ? [] : rowsOf(query)));
    source.rules = () => [marker(3)];
    const snapshot = await ask();
    expect(find(snapshot, 'b')?.requestsPerSecond).toBe(10);
    expect(names().filter((name) => name === 'destination')).toHaveLength(2);
  });

  it('looks for them once a minute where there are none, and again with each snapshot where there are', async () => {
    const { source, ask, clock } = bench();
    for (let i = 0; i < 5; i++) {
      await ask();
      clock.ms += 15_000;
    }
    expect(source.ruleProbes).toBe(2);
    source.rules = () => [marker(3)];
    for (let i = 0; i < 8; i++) {
      await ask();
      clock.ms += 15_000;
    }
    expect(source.ruleProbes).toBeGreaterThanOrEqual(2 + 5);
    await ask({ windowSeconds: 300 });
    expect(source.ruleProbes).toBeLessThanOrEqual(2 + 8);
  });
});
