// Covering, held against the matching of requests: where one match covers another, no request is taken by the inner one alone.
import { describe, expect, it } from 'vitest';
import { requestMismatch } from '../istio/http-match';
import { anyMatch, type HttpMatch, type NamedMatch } from '../istio/http-rule';
import { requestOf } from '../istio/test-mesh';
import { matchesPath, type PathMatch } from '../istio/text-match';
import { coversMatch, coversStream, coversText } from './covering';

const PATTERNS: readonly PathMatch[] = [
  ...['', '/', '/a', '/a/', '/a/b', '/ab', '/a.b'].flatMap((value): readonly PathMatch[] => [
    { kind: 'exact', value },
    { kind: 'prefix', value },
  ]),
  { kind: 'segments', value: '/a' },
  { kind: 'segments', value: '/a/b' },
  { kind: 'present', value: '' },
  ...[
    '.*',
    '.+',
    '/.*',
    '/a.*',
    '/a/.*',
    '/a',
    '/a|/b',
    '/a?',
    '/a\\.b',
    '/a\\.b.*',
    '^/a.*',
    '/a.*$',
    '/(a|b).*',
    '(?i)/A.*',
    '/a{2}',
    '/a*.*',
    '(',
    '/[ab]',
  ].map((value): PathMatch => ({ kind: 'regex', value })),
];
const TEXTS = ['', '/', '/a', '/A', '/a/', '/a/b', '/a/bc', '/ab', '/a.b', '/axb', '/b', '/aa', '/a/b/c', 'x', '/a\n'];

describe('coversText', () => {
  it('never claims what some text disproves', () => {
    const wrong: string[] = [];
    for (const outer of PATTERNS)
      for (const inner of PATTERNS) {
        if (!coversText(outer, inner)) continue;
        // The dot of RE2 means no line break; no path and no header has one.
        for (const text of TEXTS)
          if (!text.includes('\n') && matchesPath(inner, text, false) && !matchesPath(outer, text, false))
            wrong.push(`${outer.kind} ${outer.value} does not cover ${inner.kind} ${inner.value}: ${text}`);
      }
    expect(wrong).toEqual([]);
  });

  it('sees what people write', () => {
    const covers = (outer: PathMatch, inner: PathMatch): boolean => coversText(outer, inner);
    expect(covers({ kind: 'prefix', value: '/' }, { kind: 'regex', value: '/api/v[0-9]+' })).toBe(true);
    expect(covers({ kind: 'regex', value: '/api/.*' }, { kind: 'prefix', value: '/api/v2' })).toBe(true);
    expect(covers({ kind: 'regex', value: '/api/v[0-9]+' }, { kind: 'exact', value: '/api/v12' })).toBe(true);
    expect(covers({ kind: 'prefix', value: '/api' }, { kind: 'exact', value: '/api' })).toBe(true);
    expect(covers({ kind: 'exact', value: '/api' }, { kind: 'prefix', value: '/api' })).toBe(false);
    expect(covers({ kind: 'segments', value: '/api' }, { kind: 'prefix', value: '/api' })).toBe(false);
  });
});

describe('coversMatch', () => {
  it('never claims what some request disproves, over 30,000 random pairs', () => {
    const random = seeded(3);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const text = () => pick(PATTERNS.filter(({ kind }) => kind !== 'segments')) as NamedMatch[1];
    const named = (): readonly NamedMatch[] => (random() < 0.6 ? [] : [[pick(['x', 'y']), text()]]);
    const match = (): HttpMatch => ({
      ...anyMatch(''),
      uri: random() < 0.4 ? null : pick(PATTERNS),
      ignoreUriCase: random() < 0.3,
      method: random() < 0.7 ? null : { kind: 'exact', value: pick(['GET', 'POST']) },
      headers: named(),
      withoutHeaders: named(),
      queryParams: named(),
    });
    const map = (): Record<string, string> =>
      Object.fromEntries(['x', 'y'].flatMap((name) => (random() < 0.5 ? [] : [[name, pick(TEXTS.slice(0, -1))]])));
    const requests = Array.from({ length: 150 }, () =>
      requestOf('a', { path: pick(TEXTS.slice(1, -2)), method: pick(['GET', 'POST']), headers: map(), query: map() }),
    );
    let covered = 0;
    for (let round = 0; round < 30_000; round++) {
      const [outer, inner] = [match(), match()];
      if (!coversMatch(outer, inner, ['mesh'])) continue;
      covered++;
      const odd = requests.find((request) => requestMismatch(inner, request) === null && requestMismatch(outer, request) !== null);
      expect({ outer, inner, odd }).toEqual({ outer, inner, odd: undefined });
    }
    expect(covered).toBeGreaterThan(500);
  });

  it('minds gateways, labels and namespaces of the source, and ports', () => {
    const of = (parts: Partial<HttpMatch>): HttpMatch => ({ ...anyMatch(''), ...parts });
    const bound = ['mesh', 'a/g'];
    expect(coversMatch(of({ gateways: ['mesh'] }), of({}), bound)).toBe(false);
    expect(coversMatch(of({ gateways: ['mesh', 'a/g'] }), of({}), bound)).toBe(true);
    expect(coversMatch(of({ sourceLabels: { app: 'x' } }), of({}), bound)).toBe(false);
    expect(coversMatch(of({ sourceLabels: { app: 'x' } }), of({ sourceLabels: { app: 'x', v: '1' } }), bound)).toBe(true);
    // With gateways, the labels of an HTTP match are not looked at.
    expect(coversMatch(of({ sourceLabels: { app: 'x' } }), of({ sourceLabels: { app: 'x' }, gateways: ['mesh'] }), bound)).toBe(false);
    expect(coversMatch(of({ sourceNamespace: 'a' }), of({ sourceNamespace: 'b' }), bound)).toBe(false);
    expect(coversMatch(of({ port: 80 }), of({}), bound)).toBe(false);
    expect(coversMatch(of({}), of({ port: 80 }), bound)).toBe(true);
  });
});

describe('coversStream', () => {
  const of = (parts: Partial<Parameters<typeof coversStream>[0]>) => ({
    path: '',
    sniHosts: [],
    destinationSubnets: [],
    port: null,
    sourceLabels: {},
    sourceNamespace: null,
    gateways: [],
    ...parts,
  });

  it('compares server names and subnets', () => {
    expect(coversStream(of({ sniHosts: ['*.a.com'] }), of({ sniHosts: ['x.a.com'] }), [])).toBe(true);
    expect(coversStream(of({ sniHosts: ['x.a.com'] }), of({ sniHosts: ['*.a.com'] }), [])).toBe(false);
    expect(coversStream(of({ destinationSubnets: ['10.0.0.0/8'] }), of({ destinationSubnets: ['10.1.0.0/16', '10.2.0.1'] }), [])).toBe(
      true,
    );
    expect(coversStream(of({ destinationSubnets: ['10.0.0.0/16'] }), of({ destinationSubnets: ['10.0.0.0/8'] }), [])).toBe(false);
    expect(coversStream(of({ destinationSubnets: ['10.0.0.0/8'] }), of({}), [])).toBe(false);
  });
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
