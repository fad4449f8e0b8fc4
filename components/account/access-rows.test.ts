// Tests of access-rows and the guards: rows by resource, what was not asked, sums in words, hostile documents.
import { describe, expect, it } from 'vitest';
import { listAccessRows, wordAccess } from './access-rows';
import { isAccessDocument, isDoctorDocument } from './document-guards';
import { sampleAccess, sampleDoctor } from './sample-account';

describe('listAccessRows', () => {
  it('makes a row per resource, the core group first, null for what was not asked', () => {
    const rows = listAccessRows(sampleAccess());
    expect(rows.map((row) => row.resource)).toEqual(['services', 'destinationrules', 'virtualservices']);
    expect(rows[0]).toMatchObject({ sees: 'all', changes: 'unasked', allowed: { list: true, get: null, patch: null } });
    expect(rows[1]).toMatchObject({ sees: 'all', changes: 'none', allowed: { list: true, patch: false } });
    expect(rows[2]).toMatchObject({ sees: 'none', changes: 'all' });
  });

  it('takes one permission for enough where a deed is asked twice', () => {
    const deed = { verb: 'get', group: '', resource: 'pods', namespace: null } as const;
    const rows = listAccessRows(
      sampleAccess({
        deeds: [
          { deed, allowed: true },
          { deed: { ...deed, namespace: 'shop' }, allowed: false },
        ],
      }),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.allowed.get).toBe(true);
  });
});

describe('wordAccess', () => {
  const words = (change: Parameters<typeof sampleAccess>[0]) => wordAccess(sampleAccess(change), listAccessRows(sampleAccess(change)));
  const all = (allowed: boolean) => sampleAccess().deeds.map((one) => ({ ...one, allowed }));
  it('sums up', () => {
    expect(words({})).toBe('You see the namespace shop and may change 1 of the 2 kinds of objects that Heddle edits in it.');
    expect(words({ deeds: all(true) })).toBe('You see the namespace shop and may change everything that Heddle edits in it.');
    expect(words({ deeds: all(false), sees: false })).toBe('You do not see the namespace shop and may change nothing in it.');
    expect(words({ deeds: all(false) })).toBe('You see the namespace shop, but may change nothing in it.');
    expect(words({ deeds: [] })).toBe('You see the namespace shop.');
  });
});

describe('guards', () => {
  it('take the documents and nothing else', () => {
    expect(isAccessDocument(sampleAccess())).toBe(true);
    expect(isAccessDocument(sampleAccess({ request: null }))).toBe(true);
    expect(isDoctorDocument(sampleDoctor())).toBe(true);
    for (const bad of [
      null,
      [],
      {},
      'x',
      { ...sampleAccess(), deeds: [{ deed: { verb: 1 }, allowed: true }] },
      { ...sampleAccess(), request: 3 },
    ])
      expect(isAccessDocument(bad)).toBe(false);
    for (const bad of [
      null,
      {},
      { ...sampleDoctor(), findings: [{ severity: 'fatal' }] },
      { ...sampleDoctor(), claims: [{ name: 'a', value: 3 }] },
    ])
      expect(isDoctorDocument(bad)).toBe(false);
  });
});
