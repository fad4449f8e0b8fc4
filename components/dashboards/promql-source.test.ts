// Completion asks bounded questions of one metric, and a refused question is no proposal.
import { describe, expect, it } from 'vitest';
import { createPromqlSource } from './promql-source';

const series = (labels: Readonly<Record<string, string>>) => ({ target: 'A', name: '', labels, points: [] });

describe('createPromqlSource', () => {
  it('proposes labels and values of a metric', async () => {
    const asked: string[] = [];
    const source = createPromqlSource((promql) => {
      asked.push(promql);
      return Promise.resolve([series({ __name__: 'up', job: 'b', pod: 'x' }), series({ __name__: 'up', job: 'a' })]);
    });
    expect(await source.labelNames('up')).toEqual(['job', 'pod']);
    expect(await source.labelValues('job', 'up')).toEqual(['a', 'b']);
    expect(asked).toEqual(['topk(30, up)', 'group by (job) (up)']);
  });
  it('asks nothing for what is no name, and takes a failure for nothing', async () => {
    const refused = createPromqlSource(() => Promise.reject(new Error('no')));
    expect(await refused.labelNames('up) or (x')).toEqual([]);
    expect(await refused.labelValues('a b', 'up')).toEqual([]);
    expect(await refused.labelNames('up')).toEqual([]);
    expect(await refused.labelValues('job', 'up')).toEqual([]);
    expect(await refused.metricNames()).toContain('istio_requests_total');
  });
});
