// The plan's texts: valid PromQL, few, escaped, each edge in exactly one selector.
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { buildElementQueries, buildPrincipalsQuery, MAX_CHART_POINTS, planRange, type TrafficSelector } from './drilldown';
import { escapePattern, isOneOf, quote } from './promql';
import {
  buildBucketQueries,
  buildBytesQuery,
  buildDestinationQuery,
  buildDurationQuery,
  buildIdentityQueries,
  buildNamespaceSelectors,
  buildSourceQuery,
  chooseScope,
  type QueryPlan,
} from './queries';

const mesh: QueryPlan = { windowSeconds: 60, namespaces: null, severalClusters: false, stream: 's' };
const HOSTILE = 'a"} or up{b="\\n|.*';

const faults = (promql: string): string[] => {
  const found: string[] = [];
  parser.parse(promql).iterate({
    enter: (ref) => {
      if (ref.type.isError) found.push(promql.slice(ref.from, ref.to + 20));
    },
  });
  return found;
};
const metricsIn = (promql: string): string[] => {
  const found: string[] = [];
  parser.parse(promql).iterate({
    enter: (ref) => {
      if (ref.name === 'Identifier') found.push(promql.slice(ref.from, ref.to));
    },
  });
  return found;
};

describe('the plan', () => {
  it('asks the base of the whole mesh in two queries and all overlays but quantiles in two more', () => {
    const base = [buildSourceQuery(mesh), buildDestinationQuery(mesh)];
    const overlays = [buildDurationQuery(mesh, ['h']), buildBytesQuery(mesh, ['request', 'response'], ['h'])];
    expect([...base, ...overlays].map((query) => query.name)).toEqual(['source', 'destination', 'duration', 'bytes']);
    expect(base[0]?.promql).toMatch(
      /^\(sum by \(request_protocol, .*\) \(rate\(istio_requests_total\{reporter="source"\}\[60s\]\)\)\) > 0$/,
    );
    expect(base[1]?.promql).toContain('istio_requests_total{reporter!="source"}');
    expect(base[1]?.labels.at(-1)).toBe('direction');
  });

  it.each([
    ['the mesh', mesh],
    ['several clusters', { ...mesh, severalClusters: true }],
    ['some namespaces', { ...mesh, namespaces: ['a', 'b.c'] }],
    ['hostile names', { ...mesh, namespaces: [HOSTILE, 'x'] }],
  ])('is PromQL for %s, over Istio’s metrics only', (_, plan) => {
    const hosts = [HOSTILE, 'unknown'];
    const queries = [
      buildSourceQuery(plan),
      buildDestinationQuery(plan),
      buildDurationQuery(plan, hosts),
      buildBytesQuery(plan, ['request', 'response'], hosts),
      ...buildBucketQueries(plan, hosts),
      ...buildIdentityQueries(plan, true),
      ...buildIdentityQueries(plan, false),
    ];
    for (const { promql, labels } of queries) {
      expect(faults(promql)).toEqual([]);
      expect(metricsIn(promql).every((name) => name.startsWith('istio_'))).toBe(true);
      expect(promql).not.toContain('__name__');
      expect(new Set(labels).size).toBe(labels.length);
      expect(labels.some((label) => label.endsWith('_cluster'))).toBe(plan.severalClusters || promql.startsWith('group'));
    }
  });

  it('reads buckets of sources only for hosts of which nobody else reports', () => {
    expect(buildBucketQueries(mesh, [])).toHaveLength(1);
    const [, called] = buildBucketQueries(mesh, ['b.example', 'a.example']);
    expect(called?.promql).toContain('reporter="source", destination_service=~"a\\\\.example|b\\\\.example"');
    const many = Array.from({ length: 501 }, (_, i) => `h${i}`);
    expect(buildBucketQueries(mesh, many)[1]?.promql).toContain('{reporter="source"}');
  });

  it('puts each edge into exactly one selector of the namespaces that are watched', () => {
    const matches = (matchers: readonly string[], labels: Readonly<Record<string, string>>): boolean =>
      matchers.every((matcher) => {
        const [, name = '', op = '', text = ''] = /^(\w+)(=~|!~|!=|=)(".*")$/.exec(matcher) ?? [];
        const value = labels[name] ?? '';
        const wanted = JSON.parse(text) as string;
        const equal = op.endsWith('~') ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
        return op.startsWith('!') ? !equal : equal;
      });
    const spaces = ['a', 'b', 'c', 'unknown', ''];
    for (const watched of [['a'], ['a', 'b']])
      for (const source of spaces)
        for (const destination of spaces)
          for (const service of spaces)
            for (const host of ['x.a.svc.cluster.local', 'x.c.svc.cluster.local', 'example.com', 'unknown']) {
              const labels = {
                source_workload_namespace: source,
                destination_workload_namespace: destination,
                destination_service_namespace: service,
                destination_service: host,
              };
              const hits = buildNamespaceSelectors(watched).filter((selector) => matches(selector, labels)).length;
              const nowhere = destination === 'unknown' || destination === '';
              const wanted =
                [source, destination, service].some((name) => watched.includes(name)) || (nowhere && host === 'x.a.svc.cluster.local');
              expect([labels, hits]).toEqual([labels, wanted ? 1 : 0]);
            }
  });

  it('goes for the whole mesh once a third of the namespaces is watched', () => {
    expect(chooseScope(['b', 'a'], 7)).toEqual(['a', 'b']);
    expect(chooseScope(['a', 'b'], 6)).toBeNull();
    expect(chooseScope([], 100)).toBeNull();
  });

  it('escapes text and patterns', () => {
    expect(quote('a"\\\n')).toBe('"a\\"\\\\\\n"');
    expect(new RegExp(`^${escapePattern('a.*+?()|[]{}^$\\b')}$`).test('a.*+?()|[]{}^$\\b')).toBe(true);
    expect(isOneOf('l', ['a.b', 'c'])).toBe('l=~"a\\\\.b|c"');
    expect(isOneOf('l', ['a.b'])).toBe('l="a.b"');
  });
});

describe('drill-down', () => {
  const selectors: readonly TrafficSelector[] = [
    { source: null, destination: { kind: 'namespace', cluster: null, namespace: HOSTILE }, service: null, protocol: null },
    {
      source: { kind: 'app', cluster: 'c', namespace: 'n', app: HOSTILE, version: 'v1' },
      destination: null,
      service: null,
      protocol: 'grpc',
    },
    {
      source: { kind: 'workload', cluster: 'c', namespace: 'n', workload: 'w' },
      destination: { kind: 'workload', cluster: 'd', namespace: 'n', workload: HOSTILE },
      service: { kind: 'host', cluster: 'd', host: HOSTILE },
      protocol: 'http',
    },
    {
      source: null,
      destination: null,
      service: { kind: 'name', cluster: null, name: 'PassthroughCluster', namespace: null },
      protocol: 'tcp',
    },
  ];
  it.each(selectors)('asks valid queries for %j', (selector) => {
    const queries = [...buildElementQueries(selector, 60), buildPrincipalsQuery(selector, 60)];
    expect(queries.length).toBe(selector.protocol === 'tcp' ? 2 : selector.protocol === null ? 6 : 5);
    for (const { promql } of queries) {
      expect(faults(promql)).toEqual([]);
      expect(metricsIn(promql).every((name) => name.startsWith('istio_'))).toBe(true);
    }
  });

  it('plans at most 240 points on whole steps', () => {
    for (const seconds of [60, 300, 3600, 86_400, 604_800, 2_592_000])
      for (const scrape of [null, 5, 15, 60]) {
        const range = planRange(1_700_000_123_456, seconds, scrape);
        const points = (range.endMs - range.startMs) / 1000 / range.stepSeconds + 1;
        expect(points).toBeLessThanOrEqual(MAX_CHART_POINTS);
        expect(points).toBeGreaterThan(1);
        expect(Number.isInteger(points)).toBe(true);
        expect(range.endMs % (range.stepSeconds * 1000)).toBe(0);
        expect(range.rateWindowSeconds).toBeGreaterThanOrEqual(Math.max(range.stepSeconds, 4 * (scrape ?? 15)));
      }
  });
});
