// Which DestinationRule applies, how rules merge, and what policy a subset and port get.
import { describe, expect, it } from 'vitest';
import { type EffectiveDestinationRule, effectiveDestinationRule } from './destination-rule';
import { meshOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: reviews, namespace: bookinfo}
spec: {ports: {http: 9080, admin: 9081}}
---
`;
const HOST = 'reviews.bookinfo.svc.cluster.local';
const rule = (meta: string, spec: string): string => `kind: DestinationRule\nmetadata: ${meta}\nspec: ${spec}\n---\n`;
const pool = (n: number): string => `connectionPool: {tcp: {maxConnections: ${n}}}`;

const effective = (yaml: string, client = 'client', labels: Record<string, string> = {}): EffectiveDestinationRule | null =>
  effectiveDestinationRule(meshOf(WORLD + yaml), client, labels, HOST);
const limit = (found: EffectiveDestinationRule | null, subset: string | null = null, port = 9080): number | null | undefined =>
  found?.policyFor(subset, port).connectionPool?.maxConnections;

describe('look-up', () => {
  const at = (namespace: string, n: number, host = HOST, rest = ''): string =>
    rule(`{name: r${n}, namespace: ${namespace}}`, `{host: "${host}", trafficPolicy: {${pool(n)}}${rest}}`);

  it.each<[string, string, string, number | undefined, string | undefined]>([
    ['the client’s namespace first', at('client', 1) + at('bookinfo', 2) + at('istio-system', 3), 'client', 1, 'client'],
    ['then the service’s', at('bookinfo', 2) + at('istio-system', 3), 'client', 2, 'service'],
    ['then the root', at('istio-system', 3), 'client', 3, 'root'],
    [
      'a wildcard of the client’s namespace beats the service’s exact host',
      at('client', 1, '*.cluster.local') + at('bookinfo', 2),
      'client',
      1,
      'client',
    ],
    ['the most specific wildcard', at('client', 1, '*.local') + at('client', 2, '*.bookinfo.svc.cluster.local'), 'client', 2, 'client'],
    ['exact before wildcard', at('client', 1, '*.cluster.local') + at('client', 2), 'client', 2, 'client'],
    ['private to the service’s namespace', at('bookinfo', 2, HOST, ', exportTo: ["."]') + at('istio-system', 3), 'client', 3, 'root'],
    ['exported by name', at('bookinfo', 2, HOST, ', exportTo: [client]'), 'client', 2, 'service'],
    ['exported to another', at('bookinfo', 2, HOST, ', exportTo: [else]'), 'client', undefined, undefined],
    [
      'a client of the root namespace sees the service’s rule first',
      at('bookinfo', 2) + at('istio-system', 3),
      'istio-system',
      2,
      'service',
    ],
    ['unless the root’s is private', at('bookinfo', 2) + at('istio-system', 3, HOST, ', exportTo: ["."]'), 'istio-system', 3, 'client'],
    ['none', '', 'client', undefined, undefined],
    ['a third namespace does not count', at('third', 2), 'client', undefined, undefined],
  ])('%s', (_, yaml, client, expected, level) => {
    const found = effective(yaml, client);
    expect(limit(found) ?? undefined).toBe(expected);
    expect(found?.level).toBe(level);
  });

  it('resolves short hosts in the namespace of the rule', () => {
    expect(limit(effective(at('bookinfo', 2, 'reviews')))).toBe(2);
    expect(effective(at('client', 2, 'reviews'))).toBeNull();
  });

  it('knows nothing of hosts outside the registry', () =>
    expect(effectiveDestinationRule(meshOf(rule('{name: x}', '{host: a.com}')), 'default', {}, 'a.com')).toBeNull());
});

describe('merging rules of one host', () => {
  const first = rule('{name: a, namespace: bookinfo, age: 1}', '{host: reviews, subsets: [{name: v1, labels: {version: v1}}]}');
  const second = rule(
    '{name: b, namespace: bookinfo, age: 2}',
    `{host: reviews, trafficPolicy: {${pool(5)}}, subsets: [{name: v1, labels: {version: other}}, {name: v2, labels: {version: v2}}]}`,
  );
  const third = rule('{name: c, namespace: bookinfo, age: 3}', `{host: reviews, trafficPolicy: {${pool(7)}}}`);

  it('adds subsets of new names, keeps the first of a name and the first traffic policy', () => {
    const found = effective(third + second + first);
    expect(found?.sources.map((s) => s.name)).toEqual(['a', 'b', 'c']);
    expect([...(found?.subsets.values() ?? [])].map((s) => [s.name, s.labels['version']])).toEqual([
      ['v1', 'v1'],
      ['v2', 'v2'],
    ]);
    expect(found?.shadowedSubsets.map((p) => [p.name, p.path])).toEqual([['b', 'spec.subsets[0]']]);
    expect(limit(found)).toBe(5);
  });

  it('does not merge rules that are exported differently', () => {
    const found = effective(first + second.replace('host: reviews', 'host: reviews, exportTo: [client]'), 'else');
    expect([...(found?.subsets.keys() ?? [])]).toEqual(['v1']);
  });

  it('workload selectors choose by the client’s labels, in its own namespace only', () => {
    const general = rule(
      '{name: g, namespace: client, age: 1}',
      `{host: ${HOST}, exportTo: ["."], trafficPolicy: {${pool(1)}}, subsets: [{name: v1}]}`,
    );
    const special = rule(
      '{name: s, namespace: client, age: 2}',
      `{host: ${HOST}, workloadSelector: {matchLabels: {app: x}}, trafficPolicy: {${pool(2)}}}`,
    );
    expect(limit(effective(general + special, 'client', { app: 'x' }))).toBe(2);
    expect([...(effective(general + special, 'client', { app: 'x' })?.subsets.keys() ?? [])]).toEqual(['v1']);
    expect(limit(effective(general + special, 'client', { app: 'y' }))).toBe(1);
    expect(effective(special, 'client', { app: 'y' })).toBeNull();
    expect(effective(special, 'else', { app: 'x' })).toBeNull();
  });
});

describe('policy of a subset and port', () => {
  const tls = 'tls: {mode: ISTIO_MUTUAL}';
  const found = effective(
    rule(
      '{name: a, namespace: bookinfo}',
      `{host: reviews, trafficPolicy: {${pool(1)}, ${tls}, outlierDetection: {}, portLevelSettings: [{port: {number: 9081}, ${pool(2)}}]},
       subsets: [{name: plain}, {name: field, trafficPolicy: {${pool(3)}}}, {name: ported, trafficPolicy: {${pool(4)}, portLevelSettings: [{port: {number: 9080}, loadBalancer: {simple: RANDOM}}]}}]}`,
    ),
  );

  it.each([
    [null, 9080, 1, 'ISTIO_MUTUAL'],
    // The port's block replaces the whole top level: no tls is left.
    [null, 9081, 2, undefined],
    ['plain', 9080, 1, 'ISTIO_MUTUAL'],
    ['field', 9080, 3, 'ISTIO_MUTUAL'],
    ['field', 9081, 3, undefined],
    // A port in a subset replaces everything.
    ['ported', 9080, undefined, undefined],
    ['ported', 9081, 4, undefined],
  ] as const)('subset %s port %s: limit %s, tls %s', (subset, port, max, mode) => {
    const policy = found?.policyFor(subset, port);
    expect(policy?.connectionPool?.maxConnections ?? undefined).toBe(max);
    expect(policy?.tls?.mode).toBe(mode);
  });

  it('fills the defaults of outlier detection', () =>
    expect(found?.policyFor(null, 9080).outlierDetection).toMatchObject({
      consecutive5xxErrors: 5,
      intervalMs: 10_000,
      baseEjectionTimeMs: 30_000,
      maxEjectionPercent: 10,
      minHealthPercent: 0,
    }));
});
