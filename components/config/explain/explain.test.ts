// Tests of the pure parts of the explain page: the question in the address, its faults, words of outcomes, policies as text.
import { describe, expect, it } from 'vitest';
import type { RouteDecision } from '../../../model/routing';
import { groupOutcomes, listExtras, wordEndpoints, wordOutcome } from './explanation-words';
import { encodePolicy } from './policy-text';
import {
  decodeQuestion,
  draftOf,
  EMPTY_QUESTION,
  encodeQuestion,
  explainHref,
  readHeaders,
  readQuestion,
  wordQuestion,
} from './question-url';

const DRAFT = {
  ...EMPTY_QUESTION,
  namespace: 'bookinfo',
  workload: 'productpage-v1',
  host: 'reviews',
  port: '9080',
  path: '/reviews/1?a=b',
  headers: 'End-User: jason\n\nx-b3: 1: 2',
};

describe('the question in the address', () => {
  it('comes back as it went, beside what others keep there', () => {
    const query = encodeQuestion(DRAFT, new URLSearchParams('namespaces=a&port=1'));
    expect(query.get('namespaces')).toBe('a');
    expect(decodeQuestion(query)).toEqual(DRAFT);
    expect(encodeQuestion(EMPTY_QUESTION, query).toString()).toBe('namespaces=a');
    expect(explainHref({ host: 'reviews' })).toBe('/explain?host=reviews');
  });

  it('is read, with names of headers in lower case', () => {
    const { question } = readQuestion(DRAFT);
    expect(question).toEqual({
      source: { namespace: 'bookinfo', workload: 'productpage-v1' },
      host: 'reviews',
      port: 9080,
      protocol: 'http',
      method: 'GET',
      path: '/reviews/1?a=b',
      headers: { 'end-user': 'jason', 'x-b3': '1: 2' },
    });
    if (question !== null) expect(readQuestion(draftOf(question)).question).toEqual(question);
  });

  it('says field by field what is missing or wrong', () => {
    expect(Object.keys(readQuestion({ ...EMPTY_QUESTION, path: 'x' }).faults ?? {})).toEqual([
      'namespace',
      'workload',
      'host',
      'port',
      'path',
    ]);
    expect(readQuestion({ ...DRAFT, host: 'http://reviews/' }).faults?.host).toMatch(/no blanks, slashes or scheme/);
    expect(readQuestion({ ...DRAFT, port: '70000' }).faults?.port).toBeDefined();
    expect(readQuestion({ ...DRAFT, headers: 'no header' }).faults?.headers).toMatch(/“no header” is no header/);
    expect(readHeaders('a:b').headers).toEqual({ a: 'b' });
  });

  it('carries no path or headers for connections', () => {
    const { question } = readQuestion({ ...DRAFT, protocol: 'tcp', path: 'x', headers: 'bad' });
    expect(question).toMatchObject({ protocol: 'tcp', path: '/', headers: {} });
    if (question !== null) expect(wordQuestion(question)).toBe('TCP reviews:9080 from bookinfo/productpage-v1');
  });
});

const ROUTE = {
  tried: [],
  rule: null,
  virtualHost: 'reviews',
  outcome: 'route',
  destinations: [],
  timeoutMs: null,
  retries: { attempts: 0, perTryTimeoutMs: null, retryOn: [] },
  fault: null,
  mirrors: [],
  rewrite: null,
} as unknown as Extract<RouteDecision, { readonly outcome: 'route' }>;

describe('outcomes in words', () => {
  it('say what becomes of the request', () => {
    expect(wordOutcome(ROUTE)).toMatch(/default route/);
    expect(wordOutcome({ ...ROUTE, outcome: 'noRoute', status: 404 })).toMatch(/404/);
    expect(wordOutcome({ ...ROUTE, outcome: 'blackHole' })).toMatch(/REGISTRY_ONLY/);
    expect(wordEndpoints({ state: 'empty', endpoints: [] })).toMatch(/503 \(UH\)/);
    expect(wordEndpoints({ state: 'ok', endpoints: null })).toBe('outside of the cluster');
    expect(wordEndpoints({ state: 'ok', endpoints: ['a'] })).toBe('1 ready endpoint');
  });

  it('list timeout, retries, fault and rewrite', () => {
    const extras = listExtras({
      ...ROUTE,
      timeoutMs: 2000,
      retries: { attempts: 3, perTryTimeoutMs: 500, retryOn: ['5xx'] },
      fault: { delay: { milliseconds: 7000, percent: 100 }, abort: { httpStatus: 503, grpcStatus: null, percent: 5 } },
      rewrite: { path: '/v2', authority: null },
    });
    const said = extras.map(({ name, text }) => `${name} ${text}`.replaceAll('\u00a0', ' '));
    expect(said).toEqual([
      'Timeout 2 s',
      'Retries 3 at most, 500 ms each, on 5xx',
      'Delay 7 s for 100 %',
      'Abort 503 for 5 %',
      'Rewrite path /v2',
    ]);
    expect(listExtras({ ...ROUTE, outcome: 'passthrough' })).toEqual([]);
  });
});

describe('groupOutcomes', () => {
  it('says once what is alike', () => {
    const same = { a: 1 };
    expect(
      groupOutcomes([
        { workload: 'x', outcome: same },
        { workload: 'y', outcome: { a: 2 } },
        { workload: 'z', outcome: { a: 1 } },
      ]),
    ).toEqual([
      { workloads: ['x', 'z'], outcome: same },
      { workloads: ['y'], outcome: { a: 2 } },
    ]);
  });
});

describe('encodePolicy', () => {
  it('is YAML of mappings, lists and odd texts', () => {
    expect(encodePolicy({ a: { b: [1, { c: 'x', d: [] }] }, e: 'two words', f: {} })).toBe(
      'a:\n  b:\n    - 1\n    - c: x\n      d: []\ne: "two words"\nf: {}',
    );
  });
});
