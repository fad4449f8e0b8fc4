// The words of a step, and the smallest operations that they stand for.
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../model/change';
import type { Json, JsonObject } from '../../../model/inventory';
import { describeChange } from './change-words';
import { applyPatch, diffJson } from './diff-manifest';
import { yaml } from './testing/plan-of';

const manifest = (kind: string, spec: string, metadata: Partial<Manifest['metadata']> = {}): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name: 'reviews', namespace: 'bookinfo', ...metadata },
  // The tests write objects.
  spec: yaml(spec) as JsonObject,
});
const words = (before: string | null, after: string | null, kind: 'VirtualService' | 'DestinationRule' | 'HTTPRoute' = 'VirtualService') =>
  describeChange(
    { kind, namespace: 'bookinfo', name: 'reviews' },
    before === null ? null : manifest(kind, before),
    after === null ? null : manifest(kind, after),
    'cluster.local',
  );
const rule = (parts: string): string => `{http: [{${parts}}]}`;
const V1 = '{destination: {host: reviews, subset: v1}}';

describe('describeChange', () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      'weights',
      rule(`route: [${V1}]`),
      rule(`route: [{destination: {host: reviews, subset: v1}, weight: 80}, {destination: {host: reviews, subset: v2}, weight: 20}]`),
      ['rule 1: v1 100 → 80, v2 0 → 20'],
    ],
    ['a timeout', '{http: [{}, {}]}', '{http: [{}, {timeout: 2s}]}', ['rule 2: timeout none → 2 s']],
    ['a shorter one', rule('timeout: 1.5s'), rule('timeout: 250ms'), ['rule 1: timeout 1.5 s → 250 ms']],
    [
      'a fault',
      rule('fault: {delay: {fixedDelay: 7s, percentage: {value: 100}}}'),
      rule('fault: {abort: {httpStatus: 503, percentage: {value: 5}}}'),
      ['rule 1: fault 7 s delay for 100 % → 503 for 5 %'],
    ],
    [
      'conditions',
      rule('match: [{uri: {prefix: /a}}]'),
      rule('match: [{uri: {exact: /b}, headers: {end-user: {regex: j.*}}}, {port: 80}]'),
      ['rule 1: when path starts with /a → path = /b and header end-user ~ j.*, or port = 80'],
    ],
    [
      'what it has no words for',
      rule('retries: {attempts: 1, x: [1]}'),
      rule('retries: {attempts: 2, x: [1, 2]}'),
      ['rule 1: retries.attempts: 1 → 2', 'rule 1: retries.x: [1] → [1,2]'],
    ],
    ['what is no rule', '{hosts: [a], exportTo: [.]}', '{hosts: [a, b]}', ['hosts: ["a"] → ["a","b"]', 'exportTo: ["."] → none']],
    [
      'a destination that is left',
      rule(`route: [${V1}, {destination: {host: ratings}, weight: 5}]`),
      rule(`route: [${V1}]`),
      ['rule 1: reviews v1 0 → 100, ratings 5 → removed', 'rule 1: route[1]: {"destination":{"host":"ratings"},"weight":5} → none'],
    ],
  ])('tells %s', (_, before, after, expected) => {
    expect(words(before, after)).toEqual(expected);
  });

  it('tells what is new and what is deleted', () => {
    expect(
      words(
        null,
        `{hosts: [reviews], http: [{match: [{uri: {prefix: /a}}], redirect: {uri: /b}}, {route: [${V1}]}], tcp: [{route: [${V1}]}]}`,
      ),
    ).toEqual([
      'VirtualService bookinfo/reviews is new',
      'rule 1: path starts with /a to redirect',
      'rule 2: everything to v1',
      'tcp rule 1: everything to v1',
    ]);
    expect(words('{}', null)).toEqual(['VirtualService bookinfo/reviews is deleted']);
    expect(words(null, '{host: reviews, subsets: [{name: v1, labels: {version: v1, x: y}}, {name: all}]}', 'DestinationRule')).toEqual([
      'DestinationRule bookinfo/reviews is new',
      'subset v1: version v1, x y',
      'subset all: no labels',
    ]);
  });

  it('tells labels and annotations, and cuts what is long', () => {
    const before = manifest('Sidecar', '{}', { labels: { a: '1' } });
    const after = manifest('Sidecar', '{}', { annotations: { b: 'x'.repeat(100) } });
    expect(describeChange({ kind: 'Sidecar', namespace: 'n', name: 's' }, before, after, 'cluster.local')).toEqual([
      'label a: 1 → none',
      `annotation b: none → ${'x'.repeat(80)}…`,
    ]);
  });

  it('names the two kinds of backend weight of an HTTPRoute', () => {
    const backends = (weight: string): string =>
      `{rules: [{backendRefs: [{name: reviews, port: 80${weight}}, {name: ratings, port: 80}]}]}`;
    expect(words(backends(''), backends(', weight: 9'), 'HTTPRoute')).toEqual(['rule 1: reviews 1 → 9']);
  });
});

describe('diffJson', () => {
  it.each<[string, Json, Json, Json]>([
    ['a field added', { a: 1 }, { a: 1, 'b/c~d': 2 }, [{ op: 'add', path: '/b~1c~0d', value: 2 }]],
    ['an item put first', [1, 2, 3], [0, 1, 2, 3], [{ op: 'add', path: '/0', value: 0 }]],
    [
      'an item moved',
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
      [
        { op: 'add', path: '/0', value: 'c' },
        { op: 'remove', path: '/3' },
      ],
    ],
    [
      'items removed',
      [1, 2, 3, 4],
      [2, 4],
      [
        { op: 'remove', path: '/0' },
        { op: 'remove', path: '/1' },
      ],
    ],
    [
      'an item changed beside a new one',
      [{ n: 'aaaa', w: 1, x: [1, 2] }],
      [{ n: 'bbbb' }, { n: 'aaaa', w: 2, x: [1, 2] }],
      [
        { op: 'add', path: '/0', value: { n: 'bbbb' } },
        { op: 'replace', path: '/1/w', value: 2 },
      ],
    ],
    ['another type', { a: {} }, { a: [] }, [{ op: 'replace', path: '/a', value: [] }]],
    [
      'names that every object has',
      { constructor: 1 },
      { toString: 2 },
      [
        { op: 'remove', path: '/constructor' },
        { op: 'add', path: '/toString', value: 2 },
      ],
    ],
    ['the order of fields alone', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ])('finds the least for %s', (_, before, after, patch) => {
    expect(diffJson(before, after)).toEqual(patch);
    expect(applyPatch(before, diffJson(before, after))).toEqual(after);
  });

  it('aligns long lists of different items by place', () => {
    const list = (length: number, offset: number): Json => Array.from({ length }, (_, i) => i + offset);
    const patch = diffJson(list(60, 0), list(50, 1_000));
    expect(patch).toHaveLength(60);
    expect(applyPatch(list(60, 0), patch)).toEqual(list(50, 1_000));
  });

  it.each(['/x/y', '/a/0', '/l/7', '/l/-1', 'a', '/l/x'])('cannot be applied at %s, which is not there', (path) => {
    expect(() => applyPatch({ a: 1, l: [1] }, [{ op: 'replace', path, value: 1 }])).toThrow(/is not there|no JSON pointer/);
  });
});
