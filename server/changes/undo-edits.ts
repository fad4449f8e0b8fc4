// A change backwards, as edits: they are planned, analysed, rehearsed and applied like any others. Pure.
// In: a record, the objects as they are. Out: edits; objects that somebody edited at the same place since.
import { stringify } from 'yaml';
import type { ChangeRecord, Manifest } from '../../model/change';
import { type ConfigRef, type Edit, refText } from '../../model/edit';
import type { ManagedObject } from '../ports';
import { threeWay } from './plan/three-way';

export interface UndoEdits {
  readonly edits: readonly Edit[];
  /** Of which nothing can be set back without taking somebody's later edit away. */
  readonly overlapping: readonly { readonly ref: ConfigRef; readonly paths: readonly string[] }[];
}

/** What each object was before the first step and after the last one that was written, last first. */
export function spansOf({ steps }: Pick<ChangeRecord, 'steps'>): readonly {
  readonly ref: ConfigRef;
  readonly before: Manifest | null;
  readonly after: Manifest | null;
}[] {
  const spans = new Map<string, { ref: ConfigRef; before: Manifest | null; after: Manifest | null }>();
  for (const { ref, before, after, state } of steps) {
    if (state === 'failed' || state === 'undone') continue;
    const key = refText(ref);
    const span = spans.get(key);
    if (span === undefined) spans.set(key, { ref, before, after });
    else span.after = after;
  }
  return [...spans.values()].reverse();
}

const yamlOf = (manifest: Manifest): string => stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 });

/** Edits that set the objects back, as far as nobody edited them at the same place since. */
export function undoEdits(record: Pick<ChangeRecord, 'steps'>, objects: ReadonlyMap<string, ManagedObject | null>): UndoEdits {
  const edits: Edit[] = [];
  const overlapping: { ref: ConfigRef; paths: readonly string[] }[] = [];
  for (const { ref, before, after } of spansOf(record)) {
    const current = objects.get(refText(ref)) ?? null;
    const { merged, conflicts } = threeWay(after, before, current?.manifest ?? null);
    if (conflicts.length > 0) {
      overlapping.push({ ref, paths: conflicts.map(({ path }) => path) });
    } else if (merged !== null)
      edits.push({
        type: 'yaml',
        ref: current === null ? null : ref,
        yaml: yamlOf(merged),
        resourceVersion: current?.object.resourceVersion ?? null,
      });
    else if (current !== null) edits.push({ type: 'delete', ref });
  }
  return { edits, overlapping };
}
