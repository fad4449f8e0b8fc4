// Saved views: names, what is part of them, files of others.
import { describe, expect, it } from 'vitest';
import { cleanName, decodeSaved, dropSaved, encodeSaved, importSaved, isChanged, putSaved, savedHref, savedQuery } from './saved-views';

const VIEW = { name: 'Failing', query: 'hide=healthy&graphType=app' };

describe('saved views', () => {
  it('keep what is looked at, not what is open beside it', () => {
    expect(savedQuery('?hide=healthy&select=x&saved=Old&legend=true&graphType=app')).toBe('hide=healthy&graphType=app');
    expect(savedHref('/graph', VIEW)).toBe('/graph?hide=healthy&graphType=app&saved=Failing');
    expect(isChanged(VIEW, '?graphType=app&hide=healthy&saved=Failing&select=x')).toBe(false);
    expect(isChanged(VIEW, '?graphType=app&saved=Failing')).toBe(true);
  });
  it('have one entry for each name', () => {
    const saved = putSaved(putSaved([], VIEW), { name: 'Failing', query: 'hide=idle' });
    expect(saved).toEqual([{ name: 'Failing', query: 'hide=idle' }]);
    expect(putSaved(saved, { name: 'All', query: '' }).map(({ name }) => name)).toEqual(['All', 'Failing']);
    expect(dropSaved(saved, 'Failing')).toEqual([]);
    expect(cleanName('  a \n  b ')).toBe('a b');
    expect(cleanName('   ')).toBe('');
  });
  it('go out and come in as files, whatever the file holds', () => {
    expect(decodeSaved(encodeSaved([VIEW]))).toEqual([VIEW]);
    expect(importSaved([{ name: 'All', query: '' }], encodeSaved([VIEW, { name: 'All', query: 'idle=true' }]))).toEqual({
      saved: [{ name: 'All', query: 'idle=true' }, VIEW],
      count: 2,
    });
    for (const text of ['', '{}', 'null', '[]', '[1,{"name":5,"query":""},{"name":" ","query":""}]'])
      expect(importSaved([], text)).toBeNull();
    expect(decodeSaved(JSON.stringify([{ name: 'x', query: 'y'.repeat(9000) }]))).toEqual([]);
  });
});
