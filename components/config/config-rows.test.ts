// Tests of the list of configuration: filters that combine, the order of findings, CSV, choices of the filters.
import { describe, expect, it } from 'vitest';
import { encodeCsv, sortRows } from '../ui/table-rows';
import { CSV_COLUMNS, countChoices, listRows, NO_FILTERS, NO_OWNER, weighRow, wordFindings } from './config-rows';
import { sampleRow } from './sample-config';

const clean = sampleRow();
const broken = sampleRow({
  ref: { kind: 'DestinationRule', namespace: 'shop', name: 'cart' },
  findings: { error: 1, warning: 2, info: 0 },
  owner: 'Argo CD application shop',
  summary: 'cart: subsets v1',
  labels: { tier: 'web', team: 'a' },
});
const warned = sampleRow({ ref: { kind: 'VirtualService', namespace: 'shop', name: 'cart' }, findings: { error: 0, warning: 9, info: 3 } });
const cluster = sampleRow({ ref: { kind: 'GatewayClass', namespace: '', name: 'istio' }, summary: 'istio.io/gateway-controller' });
const all = [clean, broken, warned, cluster];
const names = (filters: Partial<typeof NO_FILTERS>): readonly string[] =>
  listRows(all, { ...NO_FILTERS, ...filters }).map(({ ref }) => `${ref.kind}/${ref.name}`);

describe('listRows', () => {
  it('filters by every word in name, namespace, kind, summary or owner', () => {
    expect(names({ text: 'CART argo' })).toEqual(['DestinationRule/cart']);
    expect(names({ text: 'virtual cart' })).toEqual(['VirtualService/cart']);
    expect(names({ text: 'nothing like it' })).toEqual([]);
  });

  it('filters by label as the other lists do, and by what a summary says is selected', () => {
    expect(names({ text: 'team=a' })).toEqual(['DestinationRule/cart']);
    expect(names({ text: 'team= cart' })).toEqual(['DestinationRule/cart']);
    expect(names({ text: 'team!=a namespace:shop' })).toEqual(['VirtualService/cart']);
    expect(names({ text: 'team=b' })).toEqual([]);
    expect(names({ text: 'kind:gatewayclass' })).toEqual(['GatewayClass/istio']);
    const policy = sampleRow({ summary: 'app=ratings: ALLOW, 1 rule' });
    expect(listRows([policy, clean], { ...NO_FILTERS, text: 'app=ratings' })).toEqual([policy]);
  });

  it('combines kind, namespaces, findings and owner', () => {
    expect(names({ namespaces: ['shop'], findings: 'warning' })).toEqual(['DestinationRule/cart', 'VirtualService/cart']);
    expect(names({ namespaces: ['shop'], findings: 'warning', kind: 'VirtualService' })).toEqual(['VirtualService/cart']);
    expect(names({ findings: 'error' })).toEqual(['DestinationRule/cart']);
    expect(names({ findings: 'none', namespaces: ['bookinfo'] })).toEqual(['VirtualService/reviews', 'GatewayClass/istio']);
    expect(names({ owner: 'Argo CD application shop' })).toEqual(['DestinationRule/cart']);
    expect(names({ owner: NO_OWNER, findings: 'any' })).toEqual(['VirtualService/cart']);
  });
});

describe('findings of a row', () => {
  it('weigh an error more than any number of warnings', () => {
    const columns = [{ key: 'f', title: 'F', value: weighRow }];
    expect(sortRows(all, columns, { key: 'f', descending: true }).slice(0, 2)).toEqual([broken, warned]);
  });

  it('are said in words', () => {
    expect(wordFindings(broken)).toBe('1 error, 2 warnings');
    expect(wordFindings(warned)).toBe('9 warnings, 3 remarks');
    expect(wordFindings(clean)).toBe('none');
  });
});

describe('the copied list', () => {
  it('has a header and a line per object, and no formulas', () => {
    const text = encodeCsv([{ ...broken, summary: '=HYPERLINK("x")' }], CSV_COLUMNS);
    expect(text.split('\r\n')).toEqual([
      'Kind,Namespace,Name,Summary,Errors,Warnings,Remarks,State,Owner,Labels,Created,API version',
      `DestinationRule,shop,cart,"'=HYPERLINK(""x"")",1,2,0,,Argo CD application shop,team=a tier=web,1970-01-01T00:00:01.000Z,networking.istio.io/v1`,
      '',
    ]);
  });
});

describe('countChoices', () => {
  it('counts kinds and owners that occur', () => {
    expect(countChoices(all)).toEqual({
      kinds: [
        ['DestinationRule', 1],
        ['GatewayClass', 1],
        ['VirtualService', 2],
      ],
      owners: [['Argo CD application shop', 1]],
    });
  });
});
