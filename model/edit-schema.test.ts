// Edits and questions of the network: every kind passes as it is, what is none is refused with its place. In: JSON. Out: Edit[], or Failure.
import { describe, expect, it } from 'vitest';
import type { Edit, RuleRef } from './edit';
import { decodeConfigFilter, decodeEdits, decodeQuestion } from './edit-schema';
import { Failure } from './failure';

const ref = { kind: 'VirtualService', namespace: 'shop', name: 'reviews' } as const;
const rule: RuleRef = { object: ref, list: 'http', index: 0, host: 'reviews.shop.svc.cluster.local' };
const destination = { host: 'reviews', subset: 'v1', port: null, weight: 80 };
const condition = { type: 'exact', value: 'jason' } as const;

const EVERY_KIND: readonly Edit[] = [
  { type: 'weights', rule, destinations: [destination] },
  {
    type: 'match',
    rule: { ...rule, as: 'HTTPRoute' },
    matches: [{}, { path: { type: 'present' }, headers: [{ name: 'x', condition }], sourceLabels: { a: 'b' } }],
  },
  { type: 'fault', rule, fault: { delay: { milliseconds: 5, percent: 1 }, abort: { grpcStatus: 'ABORTED', percent: 2 } } },
  { type: 'timeout', rule, milliseconds: null },
  { type: 'retries', rule, retries: { attempts: 2, perTryTimeoutMs: null, retryOn: ['5xx'] } },
  { type: 'mirror', rule, mirror: { host: 'a', subset: null, port: 80, percent: 5 } },
  { type: 'rewrite', rule, rewrite: { path: '/', authority: null } },
  { type: 'headers', rule, headers: { request: { set: { a: 'b' } }, response: { remove: ['c'] } } },
  { type: 'cors', rule, cors: null },
  {
    type: 'addRule',
    rule: { ...rule, object: null },
    name: null,
    matches: [],
    action: { type: 'respond', status: 503, body: null },
    fault: null,
  },
  { type: 'moveRule', rule, to: 2 },
  { type: 'removeRule', rule },
  { type: 'disableRule', rule },
  { type: 'enableRule', object: ref, position: 0 },
  {
    type: 'trafficPolicy',
    host: 'a',
    namespace: 'b',
    subset: null,
    policy: { tls: null, loadBalancer: { simple: 'RANDOM', deep: [{ x: [1, null] }] } },
  },
  { type: 'subsets', host: 'a', namespace: 'b', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  {
    type: 'expose',
    host: 'a',
    port: 80,
    namespace: 'b',
    gateway: { ...ref, kind: 'K8sGateway' },
    hostnames: ['x.example'],
    pathPrefix: '/',
    name: 'a',
  },
  { type: 'yaml', ref: null, yaml: 'kind: Sidecar', resourceVersion: null },
  { type: 'delete', ref },
];

function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.detail}`;
  }
  return 'taken';
}

describe('edits', () => {
  it('of every kind pass as they are', () => {
    expect(decodeEdits(JSON.parse(JSON.stringify(EVERY_KIND)))).toEqual(EVERY_KIND);
  });

  it('lose what is none of theirs', () => {
    expect(decodeEdits([{ type: 'delete', ref: { ...ref, extra: 1 }, more: 2 }])).toEqual([{ type: 'delete', ref }]);
  });

  it.each([
    [undefined, 'the whole'],
    [{}, 'the whole'],
    [[{ type: 'format' }], '0.type'],
    [[{ type: 'delete', ref: { ...ref, kind: 'Secret' } }], '0.ref.kind'],
    [[{ type: 'weights', rule: { ...rule, index: -1 }, destinations: [] }], '0.rule.index'],
    [[{ type: 'weights', rule, destinations: [{ ...destination, weight: '80' }] }], '0.destinations.0.weight'],
    [[{ type: 'timeout', rule }], '0.milliseconds'],
    [[{ type: 'delete', ref: { ...ref, name: 'x'.repeat(300) } }], '0.ref.name'],
    [Array.from({ length: 201 }, () => ({ type: 'delete', ref })), 'the whole'],
  ])('%j is refused at its place', (edits, place) => {
    const refusal = refusalOf(() => decodeEdits(edits));
    expect(refusal).toContain('badRequest');
    expect(refusal).toContain(place);
  });

  it('nested without end are refused, not a fall', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    const edit = { type: 'trafficPolicy', host: 'a', namespace: 'b', subset: null, policy: { tls: { deep } } };
    expect(refusalOf(() => decodeEdits([edit]))).toContain('nested too deeply');
  });
});

it('questions name a source, a host and what is sent', () => {
  const question = {
    source: { namespace: 'shop', workload: 'web' },
    host: 'reviews',
    port: 80,
    protocol: 'http',
    method: 'GET',
    path: '/a?b=c',
    headers: { X: 'y' },
  };
  expect(decodeQuestion(question)).toEqual(question);
  expect(refusalOf(() => decodeQuestion({ ...question, port: 70_000 }))).toContain('port');
  expect(refusalOf(() => decodeQuestion({ ...question, protocol: 'udp' }))).toContain('protocol');
});

it('filters are lists of kinds and namespaces', () => {
  const read = (query: string) => decodeConfigFilter(new URLSearchParams(query));
  expect(read('')).toEqual({ kinds: null, namespaces: null });
  expect(read('kinds=Gateway,K8sGateway,Gateway&namespaces=a,b')).toEqual({ kinds: ['Gateway', 'K8sGateway'], namespaces: ['a', 'b'] });
  expect(refusalOf(() => read('kinds=Pod'))).toContain('"Pod" is no kind');
});
