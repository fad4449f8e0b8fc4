// JSON Patch (RFC 6902) on plain values. In: a document and operations. Out: the new document, or an Error that names the failing operation.
import { assignKey, deepEqual, isList, isRecord, omit, textOf } from '../json';

/** Applies the operations in order; the document is not changed. Throws PatchError where an operation is malformed or cannot be applied. */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!isList(operations)) throw new PatchError('malformed', 'a JSON patch is a list of operations');
  return operations.reduce<unknown>((current, operation) => applyOperation(current, operation), document);
}

export class PatchError extends Error {
  readonly kind: 'malformed' | 'failed';

  constructor(kind: 'malformed' | 'failed', message: string) {
    super(message);
    this.name = 'PatchError';
    this.kind = kind;
  }
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw new PatchError('malformed', 'a JSON patch operation is an object');
  const op = textOf(operation['op']);
  const path = decodePointer(operation['path'], 'path');
  switch (op) {
    case 'add':
      return edit(document, path, 'add', () => requireValue(operation));
    case 'replace':
      return edit(document, path, 'replace', () => requireValue(operation));
    case 'remove':
      return edit(document, path, 'remove', () => undefined);
    case 'copy':
      return edit(document, path, 'add', () => readPointer(document, decodePointer(operation['from'], 'from')));
    case 'move': {
      const from = decodePointer(operation['from'], 'from');
      const value = readPointer(document, from);
      return edit(
        edit(document, from, 'remove', () => undefined),
        path,
        'add',
        () => value,
      );
    }
    case 'test': {
      const wanted = requireValue(operation);
      const actual = readPointer(document, path);
      if (!deepEqual(actual, wanted)) throw new PatchError('failed', `testing value ${String(operation['path'])} failed: test failed`);
      return document;
    }
    default:
      throw new PatchError('malformed', `unexpected kind of JSON patch operation: ${String(operation['op'])}`);
  }
}

function requireValue(operation: Readonly<Record<string, unknown>>): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new PatchError('malformed', `operation ${String(operation['op'])} lacks a value`);
  return operation['value'];
}

function decodePointer(pointer: unknown, name: string): readonly string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw new PatchError('malformed', `${name} is not a JSON pointer: ${String(pointer)}`);
  }
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readPointer(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const key of path) {
    if (isRecord(current) && Object.hasOwn(current, key)) current = current[key];
    else if (isList(current) && indexIn(current, key, current.length - 1) !== undefined) current = current[Number(key)];
    else throw missing(path);
  }
  return current;
}

function missing(path: readonly string[]): PatchError {
  return new PatchError('failed', `the path /${path.join('/')} does not exist: missing value`);
}

function indexIn(list: readonly unknown[], key: string, last: number): number | undefined {
  if (key === '-') return last === list.length ? list.length : undefined;
  return /^(0|[1-9]\d*)$/.test(key) && Number(key) <= last ? Number(key) : undefined;
}

function edit(document: unknown, path: readonly string[], how: 'add' | 'replace' | 'remove', value: () => unknown, depth = 0): unknown {
  const key = path[depth];
  if (key === undefined) return how === 'remove' ? null : value();
  const last = depth === path.length - 1;
  if (isList(document)) {
    const index = indexIn(document, key, last && how === 'add' ? document.length : document.length - 1);
    if (index === undefined) throw missing(path);
    if (!last) return document.with(index, edit(document[index], path, how, value, depth + 1));
    if (how === 'replace') return document.with(index, value());
    return how === 'add' ? document.toSpliced(index, 0, value()) : document.toSpliced(index, 1);
  }
  if (!isRecord(document)) throw missing(path);
  if ((!last || how !== 'add') && !Object.hasOwn(document, key)) throw missing(path);
  if (last && how === 'remove') return omit(document, key);
  const result = { ...document };
  assignKey(result, key, last ? value() : edit(document[key], path, how, value, depth + 1));
  return result;
}
