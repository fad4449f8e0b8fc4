// The options of a view as query strings: what is read back, what is refused in words, what is left out.
import { expect, it } from 'vitest';
import { DEFAULT_VIEW, decodeView, encodeView, type ViewSpec, viewKey } from './wire';

const NODE = 'workload/Kubernetes/shop/cart-v1';
const read = (query: string): ViewSpec => decodeView(new URLSearchParams(query));
const refusal = (query: string): string => {
  try {
    read(query);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

it('are read back as they were written, and only what differs is written', () => {
  const view: ViewSpec = {
    ...DEFAULT_VIEW,
    level: 'apps',
    open: ['pay', 'shop/cart'],
    fold: ['bulk'],
    hubs: ['auto', NODE],
    focus: NODE,
    up: 0,
    down: 10,
    from: NODE,
    to: 'service/Kubernetes/pay/bank',
    idleEdges: true,
    operations: true,
    rank: ['outbound'],
    boxes: [],
    waypoints: false,
    rateHttp: 'none',
    rateGrpc: 'total',
    rateTcp: 'sent',
    ambientTraffic: 'waypoint',
  };
  expect(decodeView(encodeView(view))).toEqual(view);
  expect([...encodeView(view).keys()]).toHaveLength(18);
  expect(encodeView(DEFAULT_VIEW).toString()).toBe('');
  expect(read('')).toEqual(DEFAULT_VIEW);
});

it('take lists in any order, which are one view', () => {
  expect(read('boxes=app,cluster').boxes).toEqual(['cluster', 'app']);
  expect(viewKey(read('rank=outbound,inbound&open=b,a&open=c'))).toBe(viewKey(read('rank=inbound,outbound&open=a,b')));
  expect([read('boxes=none').boxes, read('rank=none').rank]).toEqual([[], []]);
});

it.each([
  ['up=11', /: up="11" \(expected a whole number from 0 to 10\)/],
  ['down=-1', /: down="-1" \(expected a whole number from 0 to 10\)/],
  ['open=Shop', /: open="Shop" \(expected names of namespaces, or namespace\/app, separated by commas\)/],
  ['fold=shop/cart/x', /: fold=/],
  ['hubs=everything', /: hubs="everything" \(expected auto or ids of nodes, separated by commas\)/],
  ['focus=a%20b/c', /: focus="a b\/c" \(expected the id of a node\)/],
  ['boxes=pod', /: boxes="pod" \(expected none or a list of cluster, namespace, app\)/],
  ['rateGrpc=bytes', /: rateGrpc="bytes" \(expected one of requests, sent, received, total, none\)/],
  ['idleEdges=yes&waypoints=no', /: idleEdges="yes" \(expected true or false\); waypoints="no" \(expected true or false\)/],
])('%s is refused in words', (query, words) => {
  expect(refusal(query)).toMatch(words);
});
