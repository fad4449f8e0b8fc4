// JSON Patch and JSON Merge Patch, the hostile cases included.
import { describe, expect, it } from 'vitest';
import { isRecord } from '../json';
import { applyJsonPatch, PatchError } from './json-patch';
import { applyMergePatch } from './merge-patch';

const document = { a: { list: [1, 2, 3] }, 'x/y': { '~': 1 } };

describe('applyJsonPatch', () => {
  it.each([
    ['adds a key', [{ op: 'add', path: '/b', value: null }], { ...document, b: null }],
    ['inserts into a list', [{ op: 'add', path: '/a/list/1', value: 9 }], { ...document, a: { list: [1, 9, 2, 3] } }],
    ['appends with -', [{ op: 'add', path: '/a/list/-', value: 4 }], { ...document, a: { list: [1, 2, 3, 4] } }],
    ['removes from a list', [{ op: 'remove', path: '/a/list/0' }], { ...document, a: { list: [2, 3] } }],
    ['unescapes ~1 and ~0', [{ op: 'replace', path: '/x~1y/~0', value: 2 }], { ...document, 'x/y': { '~': 2 } }],
    ['moves', [{ op: 'move', from: '/a/list', path: '/list' }], { ...document, a: {}, list: [1, 2, 3] }],
    ['copies', [{ op: 'copy', from: '/a/list/2', path: '/last' }], { ...document, last: 3 }],
    ['replaces the whole', [{ op: 'replace', path: '', value: 1 }], 1],
    ['tests deeply', [{ op: 'test', path: '/a', value: { list: [1, 2, 3] } }], document],
  ])('%s', (_name, operations, expected) => {
    expect(applyJsonPatch(document, operations)).toEqual(expected);
  });

  it.each([
    ['replacing what is missing', [{ op: 'replace', path: '/nope', value: 1 }], 'failed'],
    ['adding under what is missing', [{ op: 'add', path: '/no/pe', value: 1 }], 'failed'],
    ['an index past the end', [{ op: 'add', path: '/a/list/5', value: 1 }], 'failed'],
    ['a leading zero', [{ op: 'remove', path: '/a/list/01' }], 'failed'],
    ['a failing test', [{ op: 'test', path: '/a/list/0', value: 2 }], 'failed'],
    ['an unknown operation', [{ op: 'swap', path: '/a' }], 'malformed'],
    ['no value', [{ op: 'add', path: '/a' }], 'malformed'],
    ['a bad pointer', [{ op: 'remove', path: 'a' }], 'malformed'],
    ['no list', { op: 'add' }, 'malformed'],
  ])('refuses %s', (_name, operations, kind) => {
    expect(() => applyJsonPatch(document, operations)).toThrow(expect.objectContaining({ kind, name: 'PatchError' }));
    expect(document).toEqual({ a: { list: [1, 2, 3] }, 'x/y': { '~': 1 } });
  });

  it('does not reach the prototype', () => {
    const result = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);
    expect(isRecord(result) && Object.hasOwn(result, '__proto__')).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(() => applyJsonPatch({}, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }])).toThrow(PatchError);
  });
});

describe('applyMergePatch', () => {
  it('merges objects, replaces lists and takes out nulls (RFC 7396)', () => {
    expect(applyMergePatch({ a: { b: 1, c: 2 }, l: [1] }, { a: { b: null, d: { e: null } }, l: [2] })).toEqual({
      a: { c: 2, d: {} },
      l: [2],
    });
    expect(applyMergePatch({ a: 1 }, [1])).toEqual([1]);
    expect(applyMergePatch([1], { a: 1 })).toEqual({ a: 1 });
  });
});
