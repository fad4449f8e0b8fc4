// Lists of the journal: what is asked for, what is refused, and pages that lose and repeat nothing.
import { describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../model/change';
import { ALL_CHANGES, decodeChangeFilter, pageOf } from './change-filter';
import { sampleRecord } from './testing/sample-record';

const decode = (text: string) => decodeChangeFilter(new URLSearchParams(text));
const RECORDS: readonly ChangeRecord[] = [
  sampleRecord('e', { createdAtMs: 1_700_000_005_000, state: 'waiting', by: { name: 'Alice', subject: 'a' } }),
  sampleRecord('d', { createdAtMs: 1_700_000_004_000, hosts: ['ratings.bookinfo.svc.cluster.local'] }),
  sampleRecord('c', { createdAtMs: 1_700_000_004_000, state: 'incomplete' }),
  sampleRecord('b', { createdAtMs: 1_700_000_002_000, state: 'reverted', by: { name: 'bob', subject: 'b' } }),
  sampleRecord('a', { createdAtMs: 1_700_000_001_000, hosts: ['reviews.bookinfo.svc.cluster.local', 'x.example.com'] }),
];
const idsOf = (text: string): string =>
  pageOf(RECORDS, decode(text))
    .changes.map(({ id }) => id)
    .join('');

describe('a list of the journal', () => {
  it.each([
    ['', 'edcba'],
    ['host=reviews.bookinfo.svc.cluster.local', 'ecba'],
    ['host=reviews.bookinfo', 'ecba'],
    ['host=reviews.book', ''],
    ['service=bookinfo/ratings', 'd'],
    ['service=bookinfo/rating', ''],
    ['namespace=bookinfo', 'edcba'],
    ['namespace=shop', ''],
    ['who=ALI', 'e'],
    ['who=bo', 'b'],
    ['state=kept', 'da'],
    ['state=kept,reverted', 'dba'],
    ['state=open', 'ec'],
    ['since=1700000004', 'edc'],
    ['since=1700000002&until=1700000004', 'b'],
    ['limit=2', 'ed'],
    ['who=&state=&since=&cursor=&service=', 'edcba'],
  ])('of %s holds %s', (query, ids) => {
    expect(idsOf(query)).toBe(ids);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'state=open,gone',
    'since=yesterday',
    'since=1700000004000',
    'cursor=e',
    'service=reviews',
    'brief=1',
  ])('refuses %s, naming the parameter', (query) => {
    const name = query.split('=')[0] ?? '';
    expect(() => decode(query)).toThrow(expect.objectContaining({ code: 'badRequest', detail: expect.stringContaining(name) as unknown }));
  });

  it('comes in pages that join to the whole, also when the entry of a cursor is gone', () => {
    const seen: string[] = [];
    let left = RECORDS;
    let query = 'limit=2';
    for (;;) {
      const page = pageOf(left, decode(query));
      seen.push(...page.changes.map(({ id }) => id));
      if (page.next === null) break;
      query = `limit=2&cursor=${page.next}`;
      // The last of the page is removed before the next is asked for.
      left = left.filter(({ id }) => id !== seen.at(-1));
    }
    expect(seen.join('')).toBe('edcba');
    expect(pageOf(RECORDS, { ...ALL_CHANGES, limit: 5 }).next).toBeNull();
  });

  it('in brief leaves out what is large, and keeps the words', () => {
    const [record] = pageOf(RECORDS, decode('brief=true&limit=1')).changes;
    expect(record?.steps[0]).toMatchObject({ before: null, after: null, patch: [], words: ['text'] });
    expect(RECORDS[0]?.steps[0]?.before).not.toBeNull();
  });
});
