// Which rows pass which filters.
import { describe, expect, it } from 'vitest';
import { type ListRow, NO_RATES } from './list';
import { countChoices, filterList, type ListFilter, NO_LIST_FILTER, readTokens } from './list-filter';

const row = (name: string, more: Partial<ListRow> = {}): ListRow => ({
  cluster: 'one',
  namespace: 'shop',
  name,
  kind: 'Deployment',
  health: 'healthy',
  reason: null,
  reasonOf: null,
  inbound: NO_RATES,
  outbound: NO_RATES,
  p95Ms: null,
  mtlsShare: null,
  mode: 'sidecar',
  injection: null,
  unmeshedPods: 0,
  labels: {},
  pods: null,
  versions: [],
  proxies: [],
  refs: { count: 0, first: [] },
  findings: [0, 0, 0],
  known: true,
  ...more,
});
const ROWS = [
  row('cart-v1', {
    labels: { app: 'cart', 'app.kubernetes.io/part-of': 'shop' },
    versions: ['v1'],
    health: 'degraded',
    findings: [0, 1, 0],
  }),
  row('cart-v2', { labels: { app: 'cart' }, versions: ['v2'], mode: 'ambient', kind: 'StatefulSet' }),
  row('till', {
    namespace: 'pay',
    cluster: 'two',
    health: 'failure',
    findings: [1, 0, 0],
    refs: { count: 1, first: ['VirtualService/pay/till'] },
  }),
  row('idle', { namespace: 'pay', health: 'na', mode: 'none' }),
];
const names = (filter: Partial<ListFilter>): readonly string[] =>
  filterList(ROWS, { ...NO_LIST_FILTER, ...filter }).map(({ name }) => name);

describe('a filter of a list', () => {
  it('passes everything where nothing was chosen', () => expect(names({})).toEqual(['cart-v1', 'cart-v2', 'till', 'idle']));

  it.each<readonly [string, readonly string[]]>([
    ['CART', ['cart-v1', 'cart-v2']],
    ['cart v2', ['cart-v2']],
    ['pay', ['till', 'idle']],
    ['app=cart', ['cart-v1', 'cart-v2']],
    ['app=car', []],
    ['app!=cart', ['till', 'idle']],
    ['app.kubernetes.io/part-of=', ['cart-v1']],
    ['label:app=cart version:v1', ['cart-v1']],
    ['health:unhealthy', ['cart-v1', 'till']],
    ['health:na', ['idle']],
    ['kind:stateful', ['cart-v2']],
    ['mode:none', ['idle']],
    ['cluster:two', ['till']],
    ['namespace:pay name:id', ['idle']],
    ['ref:virtualservice', ['till']],
    ['color:red', []],
  ])('reads %s', (text, expected) => expect(names({ text })).toEqual(expected));

  it('combines choices', () => {
    expect(names({ namespaces: ['shop'], health: 'unhealthy' })).toEqual(['cart-v1']);
    expect(names({ mode: 'sidecar', kind: 'Deployment', cluster: 'one' })).toEqual(['cart-v1']);
    expect(names({ findings: 'any' })).toEqual(['cart-v1', 'till']);
    expect(names({ findings: 'warning' })).toEqual(['cart-v1']);
    expect(names({ findings: 'error', text: 'cart' })).toEqual([]);
    expect(names({ findings: 'none' })).toEqual(['cart-v2', 'idle']);
  });

  it('takes a key without a value, and one that is none, for plain words', () => {
    expect(readTokens('kind: a:b')).toEqual([
      { sort: 'word', word: 'kind:' },
      { sort: 'word', word: 'a:b' },
    ]);
  });

  it('does not find labels that every object has from JavaScript', () => expect(names({ text: 'constructor=' })).toEqual([]));

  it('counts what there is to choose', () => {
    const { modes, kinds, clusters } = countChoices(ROWS);
    expect([...modes]).toEqual([
      ['sidecar', 2],
      ['ambient', 1],
      ['none', 1],
    ]);
    expect(kinds).toEqual([
      ['Deployment', 3],
      ['StatefulSet', 1],
    ]);
    expect(clusters).toEqual([
      ['one', 3],
      ['two', 1],
    ]);
  });
});
