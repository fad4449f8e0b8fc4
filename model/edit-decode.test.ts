// What comes over the network is what it should be, or is refused with its place.
import { describe, expect, it } from 'vitest';
import type { Edit } from './edit';
import { decodeEdits, MAX_EDITS, MAX_YAML } from './edit-decode';
import { Failure } from './failure';

const host = 'reviews.bookinfo.svc.cluster.local';
const object = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } as const;
const rule = { object, list: 'http', index: 0, host } as const;
const destination = { host, subset: 'v1', port: null, weight: 80 } as const;

/** One of each type, every field used. */
const EVERY: readonly Edit[] = [
  { type: 'weights', rule: { ...rule, object: null, as: 'HTTPRoute', port: 9080 }, destinations: [destination] },
  {
    type: 'match',
    rule,
    matches: [
      {
        path: { type: 'prefix', value: '/a' },
        method: 'GET',
        headers: [{ name: 'end-user', condition: { type: 'present' } }],
        queryParams: [{ name: 'q[]', condition: { type: 'regex', value: '.*' } }],
        sourceLabels: { app: 'productpage', 'app.kubernetes.io/name': '' },
        sourceNamespace: 'bookinfo',
        port: 9080,
        gateways: ['mesh', 'istio-system/gw'],
      },
      {},
    ],
  },
  { type: 'fault', rule, fault: { delay: { milliseconds: 7000, percent: 0.5 }, abort: { httpStatus: 503, percent: 100 } } },
  { type: 'fault', rule, fault: { delay: null, abort: { grpcStatus: 'UNAVAILABLE', percent: 1 } } },
  { type: 'fault', rule, fault: null },
  { type: 'timeout', rule, milliseconds: 2000 },
  { type: 'retries', rule, retries: { attempts: 3, perTryTimeoutMs: 500, retryOn: ['5xx', '503'] } },
  { type: 'mirror', rule, mirror: { host, subset: 'v2', port: 9080, percent: 12.5 } },
  { type: 'rewrite', rule, rewrite: { path: '/b', authority: null } },
  { type: 'headers', rule, headers: { request: { set: { 'x-a': 'b' }, add: {}, remove: ['x-c'] }, response: {} } },
  {
    type: 'cors',
    rule,
    cors: {
      allowOrigins: [{ type: 'exact', value: 'https://a.example' }],
      allowMethods: ['GET'],
      allowHeaders: ['x-a'],
      exposeHeaders: [],
      maxAgeSeconds: 60,
      allowCredentials: true,
    },
  },
  {
    type: 'addRule',
    rule,
    name: 'canary',
    matches: [],
    action: { type: 'route', destinations: [destination] },
    fault: null,
    timeoutMs: null,
  },
  { type: 'addRule', rule, name: null, matches: [], action: { type: 'redirect', path: '/x', authority: null, status: 301 } },
  { type: 'addRule', rule, name: null, matches: [], action: { type: 'respond', status: 404, body: 'gone\n' } },
  { type: 'moveRule', rule, to: 2 },
  { type: 'removeRule', rule },
  { type: 'disableRule', rule },
  { type: 'enableRule', object, position: 0 },
  { type: 'trafficPolicy', host, namespace: 'bookinfo', subset: null, policy: { loadBalancer: { simple: 'RANDOM' }, tls: null } },
  { type: 'subsets', host, namespace: 'bookinfo', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  {
    type: 'expose',
    host,
    port: 9080,
    namespace: 'bookinfo',
    gateway: { kind: 'Gateway', namespace: 'istio-system', name: 'gw' },
    hostnames: ['*', '*.example.com'],
    pathPrefix: '/',
    name: 'reviews',
  },
  { type: 'yaml', ref: null, yaml: 'kind: X', resourceVersion: null },
  { type: 'delete', ref: object },
];

const refusal = (json: unknown): string => {
  try {
    decodeEdits(json);
  } catch (error) {
    if (error instanceof Failure && error.code === 'badRequest') return error.detail;
    throw error;
  }
  return 'accepted';
};
const weights = (change: object): unknown => [{ type: 'weights', rule, destinations: [{ ...destination, ...change }] }];
const onRule = (change: object): unknown => [{ type: 'removeRule', rule: { ...rule, ...change } }];
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
const policy = (loadBalancer: unknown): unknown => [
  { type: 'trafficPolicy', host, namespace: 'bookinfo', subset: null, policy: { loadBalancer } },
];

describe('decodeEdits', () => {
  it('takes every edit as it is, through JSON', () => {
    expect(decodeEdits(JSON.parse(JSON.stringify(EVERY)))).toEqual(EVERY);
  });

  it.each<[string, unknown, string]>([
    ['no list', { type: 'delete' }, 'edits: expected a list of edits'],
    ['null', null, 'edits: expected a list of edits'],
    ['a list of nothing', [null], 'edits[0]'],
    ['no type', [{}], 'edits[0].type: expected a type of edit'],
    ['an unknown type', [{ type: 'drop' }], 'edits[0].type: expected a type of edit'],
    ['a type that every object has', [{ type: 'constructor' }], 'edits[0].type: expected a type of edit'],
    ['too many', Array.from({ length: MAX_EDITS + 1 }, () => ({ type: 'delete', ref: object })), 'edits: expected at most 50 edits'],
    ['a field too much', [{ type: 'delete', ref: object, force: true }], 'edits[0].force: unknown field'],
    ['a field too few', [{ type: 'delete' }], 'edits[0].ref'],
    ['half a weight', weights({ weight: 0.5 }), 'edits[0].destinations[0].weight: expected a whole number from 0 to 1,000,000'],
    ['a negative weight', weights({ weight: -1 }), 'edits[0].destinations[0].weight: expected a whole number'],
    ['a huge weight', weights({ weight: 1e9 }), 'edits[0].destinations[0].weight: expected a whole number'],
    ['a weight as text', weights({ weight: '80' }), 'edits[0].destinations[0].weight: expected a whole number'],
    ['no number', weights({ weight: Number.NaN }), 'edits[0].destinations[0].weight: expected a whole number'],
    ['no weight', [{ type: 'weights', rule, destinations: [] }], 'edits[0].destinations: expected a list of 1 to 100'],
    ['a port out of range', weights({ port: 70_000 }), 'edits[0].destinations[0].port: expected a whole number from 1 to 65,535'],
    ['a host with a path', weights({ host: 'a/b' }), 'edits[0].destinations[0].host: expected a host name'],
    ['a host of 300 letters', weights({ host: 'a'.repeat(300) }), 'edits[0].destinations[0].host: expected a host name'],
    ['a subset with spaces', weights({ subset: 'v 1' }), 'edits[0].destinations[0].subset: expected a DNS label'],
    ['a name that climbs', onRule({ object: { ...object, name: '../secrets' } }), 'edits[0].rule.object.name: expected the name'],
    [
      'a namespace in capitals',
      onRule({ object: { ...object, namespace: 'Book' } }),
      'edits[0].rule.object.namespace: expected a namespace',
    ],
    ['a kind that is not steered', onRule({ object: { ...object, kind: 'Secret' } }), 'edits[0].rule.object.kind: expected a kind'],
    ['a negative index', onRule({ index: -1 }), 'edits[0].rule.index: expected a whole number'],
    ['a list of another kind', onRule({ list: 'udp' }), 'edits[0].rule.list: expected http, tls or tcp'],
    [
      'more than everything',
      [{ type: 'mirror', rule, mirror: { host, subset: null, port: null, percent: 101 } }],
      'edits[0].mirror.percent: expected a number from 0 to 100',
    ],
    [
      'two kinds of abort',
      [{ type: 'fault', rule, fault: { delay: null, abort: { httpStatus: 500, grpcStatus: 'UNAVAILABLE', percent: 1 } } }],
      'edits[0].fault.abort: expected either httpStatus or grpcStatus',
    ],
    [
      'a header with a line break',
      [{ type: 'headers', rule, headers: { request: { set: { 'x-a': 'b\r\nx-admin: 1' } }, response: {} } }],
      'edits[0].headers.request.set.x-a: expected a text',
    ],
    [
      'the name of a prototype',
      [{ type: 'subsets', host, namespace: 'n', subsets: [{ name: 'v1', labels: JSON.parse('{"__proto__":"x"}') }] }],
      'edits[0].subsets[0].labels: expected other names',
    ],
    ['a policy that is a list', policy([]), 'edits[0].policy.loadBalancer: expected an object as Istio writes it'],
    ['a policy too deep', policy(deep(100)), 'edits[0].policy.loadBalancer: expected an object as Istio writes it'],
    ['a policy too large', policy({ a: 'x'.repeat(70_000) }), 'edits[0].policy.loadBalancer: expected an object as Istio writes it'],
    ['a policy for a prototype', policy(JSON.parse('{"__proto__":{}}')), 'edits[0].policy.loadBalancer: expected an object'],
    [
      'too much YAML in all',
      Array.from({ length: 2 }, () => ({ type: 'yaml', ref: null, yaml: 'x'.repeat(MAX_YAML / 2 + 1), resourceVersion: null })),
      'edits: expected at most 1 MiB of YAML in all edits together',
    ],
    ['a YAML that is none', [{ type: 'yaml', ref: null, yaml: {}, resourceVersion: null }], 'edits[0].yaml: expected a text'],
  ])('refuses %s', (_, json, expected) => {
    expect(refusal(json)).toContain(expected);
  });

  it('does not repeat what it was sent', () => {
    expect(refusal([{ type: 'delete', ref: { ...object, name: '<script>alert(1)</script>' } }])).not.toContain('script');
  });

  it('names no more than a few of many faults', () => {
    expect(refusal(Array.from({ length: 50 }, () => ({ type: 'drop' }))).split(';')).toHaveLength(5);
  });
});
