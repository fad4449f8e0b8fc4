// What a step changes, in words. In: manifests before and after. Out: a line each.
import type { Manifest } from '../../../model/change';
import type { ConfigRef } from '../../../model/edit';
import type { Json } from '../../../model/inventory';
import { diffJson } from './diff-manifest';
import { manifestJson } from './manifest-of';

/** Lines that say what changes. */
export function describeChange(ref: ConfigRef, before: Manifest | null, after: Manifest | null, _domain: string): readonly string[] {
  const name = `${ref.kind} ${ref.namespace}/${ref.name}`;
  if (before === null) return [`${name} is new`];
  if (after === null) return [`${name} is deleted`];
  return diffJson(manifestJson(before), manifestJson(after)).map((operation) =>
    operation.op === 'remove' ? `${operation.path} is removed` : `${operation.path}: ${shortText(operation.value)}`,
  );
}

const shortText = (value: Json): string => JSON.stringify(value).slice(0, 80);
