// A change that is not written yet: edits in the order in which they are done, and what they were begun on. In: edits. Out: Draft, its text. Pure.
// A later edit of the same part of the same rule replaces the one before it, unless rules changed their places in between.
import { type ConfigRef, type Edit, type Intent, type RuleRef, refText } from '../../model/edit';
import { isEdit } from './edit-guard';

export interface Draft {
  readonly edits: readonly Edit[];
  readonly startedAtMs: number;
  /** resourceVersions of the objects as the first edit saw them, by `refText`. */
  readonly basis: Readonly<Record<string, string>>;
}

type RuleIntent = Extract<Intent, { readonly rule: RuleRef }>;
type PartIntent = Exclude<RuleIntent, { readonly type: 'addRule' | 'moveRule' | 'removeRule' | 'disableRule' }>;

const PLACES: ReadonlySet<Edit['type']> = new Set(['addRule', 'moveRule', 'removeRule', 'disableRule', 'enableRule']);

/** Whether the edit changes which rule stands where, so that positions after it mean something else. */
export const changesPlaces = (edit: Edit): boolean => PLACES.has(edit.type);

const isRuleIntent = (edit: Edit): edit is RuleIntent => 'rule' in edit;
const isPart = (edit: Edit): edit is PartIntent => isRuleIntent(edit) && !changesPlaces(edit);

const objectOf = (edit: Edit): ConfigRef | null => ('rule' in edit ? edit.rule.object : 'object' in edit ? edit.object : null);
/** Rules are counted per list of an object; a list that is yet to be made is one as well. */
const listKey = (object: ConfigRef | null): string => (object === null ? 'new' : refText(object));
const sameRule = (a: RuleRef, b: RuleRef): boolean =>
  listKey(a.object) === listKey(b.object) && a.list === b.list && a.index === b.index && a.host === b.host;

/** Position of the edit that the new one replaces, or -1. */
function findReplaced(edits: readonly Edit[], edit: Edit): number {
  for (let i = edits.length - 1; i >= 0; i--) {
    const old = edits[i];
    if (old === undefined) break;
    if (isPart(edit)) {
      if (isPart(old) && old.type === edit.type && sameRule(old.rule, edit.rule)) return i;
      if (changesPlaces(old) && listKey(objectOf(old)) === listKey(edit.rule.object)) return -1;
    } else if (edit.type === 'trafficPolicy' && old.type === 'trafficPolicy') {
      if (old.host === edit.host && old.subset === edit.subset) return i;
    } else if (edit.type === 'subsets' && old.type === 'subsets') {
      if (old.host === edit.host && old.namespace === edit.namespace) return i;
    } else if (edit.type === 'expose' && old.type === 'expose') {
      if (old.name === edit.name && old.namespace === edit.namespace) return i;
    } else if (edit.type === 'yaml' && old.type === 'yaml') {
      if (edit.ref !== null && old.ref !== null && refText(old.ref) === refText(edit.ref)) return i;
    } else if (edit.type === 'delete' && old.type === 'delete') {
      if (refText(old.ref) === refText(edit.ref)) return i;
    }
  }
  return -1;
}

/** Both in one, where the old one says more than the new one does. */
function merge(old: Edit, edit: Edit): Edit {
  if (old.type === 'trafficPolicy' && edit.type === 'trafficPolicy') return { ...edit, policy: { ...old.policy, ...edit.policy } };
  if (old.type === 'subsets' && edit.type === 'subsets') {
    const names = new Set(edit.subsets.map(({ name }) => name));
    return { ...edit, subsets: [...old.subsets.filter(({ name }) => !names.has(name)), ...edit.subsets] };
  }
  return edit;
}

/** Steps of one rule through its list are one move; back at its place it is none. Null: not such a pair. */
function foldMoves(old: Edit | undefined, edit: Edit): readonly Edit[] | null {
  if (old?.type !== 'moveRule' || edit.type !== 'moveRule') return null;
  if (!sameRule({ ...old.rule, index: old.to }, edit.rule)) return null;
  return old.rule.index === edit.to ? [] : [{ ...old, to: edit.to }];
}

/** A rule that was added last and is taken out again leaves nothing behind. Null: not such a case. */
function foldRemoval(edits: readonly Edit[], edit: Edit): readonly Edit[] | null {
  if (edit.type !== 'removeRule') return null;
  for (let i = edits.length - 1; i >= 0; i--) {
    const old = edits[i];
    if (old === undefined) break;
    if (old.type === 'addRule' && sameRule(old.rule, edit.rule))
      return edits.filter((one, k) => k < i || (k > i && !(isRuleIntent(one) && sameRule(one.rule, edit.rule))));
    if (changesPlaces(old) && listKey(objectOf(old)) === listKey(edit.rule.object)) return null;
  }
  return null;
}

function fold(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const moved = foldMoves(edits.at(-1), edit);
  if (moved !== null) return [...edits.slice(0, -1), ...moved];
  const removed = foldRemoval(edits, edit);
  if (removed !== null) return removed;
  const at = findReplaced(edits, edit);
  const old = edits[at];
  return old === undefined ? [...edits, edit] : edits.map((one, i) => (i === at ? merge(old, edit) : one));
}

/** The draft with one more edit; null when nothing is left to do. `basis` counts for objects that the draft does not know yet. */
export function putEdit(draft: Draft | null, edit: Edit, atMs: number, basis: Readonly<Record<string, string>> = {}): Draft | null {
  const edits = fold(draft?.edits ?? [], edit);
  if (edits.length === 0) return null;
  return { edits, startedAtMs: draft?.startedAtMs ?? atMs, basis: { ...basis, ...draft?.basis } };
}

/** Whether the edit can be taken out alone: no edit after it counts on the places that it made. */
export function canDrop(edits: readonly Edit[], index: number): boolean {
  const edit = edits[index];
  if (edit === undefined) return false;
  if (!changesPlaces(edit)) return true;
  const list = listKey(objectOf(edit));
  return !edits.slice(index + 1).some((later) => ('rule' in later || 'object' in later) && listKey(objectOf(later)) === list);
}

/** The draft without one edit; without all that count on its places where it cannot go alone. Null when nothing is left. */
export function dropEdit(draft: Draft, index: number): Draft | null {
  const edit = draft.edits[index];
  if (edit === undefined) return draft;
  const list = listKey(objectOf(edit));
  const alone = canDrop(draft.edits, index);
  const edits = draft.edits.filter(
    (one, i) => i !== index && (alone || i < index || !('rule' in one || 'object' in one) || listKey(objectOf(one)) !== list),
  );
  return edits.length === 0 ? null : { ...draft, edits };
}

/** Objects that somebody changed since the draft was begun, by `refText`. */
export const findChangedBasis = (
  draft: Draft,
  objects: readonly { readonly ref: ConfigRef; readonly resourceVersion: string }[],
): readonly string[] =>
  Object.entries(draft.basis)
    .filter(([text, version]) => objects.find(({ ref }) => refText(ref) === text)?.resourceVersion !== version)
    .map(([text]) => text);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDraft = (value: unknown): value is Draft =>
  isRecord(value) &&
  Array.isArray(value['edits']) &&
  value['edits'].length > 0 &&
  value['edits'].every(isEdit) &&
  typeof value['startedAtMs'] === 'number' &&
  isRecord(value['basis']) &&
  Object.values(value['basis']).every((version) => typeof version === 'string');

/** Null for a text that is no draft of this version. */
export function decodeDraft(text: string): Draft | null {
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : null;
  } catch {
    return null;
  }
}

export const encodeDraft = (draft: Draft | null): string => (draft === null ? '' : JSON.stringify(draft));
