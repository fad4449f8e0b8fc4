// What one may do in a namespace as rows, one per resource, one column per verb. In: AccessDocument. Out: rows, sums in words. Pure.
import type { AccessDocument, Deed } from '../../model/account';

/** In the order in which rights grow. */
export const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const satisfies readonly Deed['verb'][];
const SEEING: readonly Deed['verb'][] = ['get', 'list', 'watch'];

export interface AccessRow {
  readonly group: string;
  readonly resource: string;
  /** Null: was not asked. */
  readonly allowed: Readonly<Record<Deed['verb'], boolean | null>>;
  readonly sees: 'all' | 'some' | 'none';
  readonly changes: 'all' | 'some' | 'none' | 'unasked';
}

function sumUp(allowed: AccessRow['allowed'], verbs: readonly Deed['verb'][]): AccessRow['changes'] {
  const asked = verbs.map((verb) => allowed[verb]).filter((one) => one !== null);
  if (asked.length === 0) return 'unasked';
  return asked.every(Boolean) ? 'all' : asked.some(Boolean) ? 'some' : 'none';
}

const NOT_ASKED: AccessRow['allowed'] = { get: null, list: null, watch: null, create: null, update: null, patch: null, delete: null };

/** Rows by API group and resource, the core group (pods, services) first. */
export function listAccessRows(document: AccessDocument): readonly AccessRow[] {
  const rows = new Map<string, { group: string; resource: string; allowed: Record<Deed['verb'], boolean | null> }>();
  for (const { deed, allowed } of document.deeds) {
    const key = `${deed.group}/${deed.resource}`;
    const row = rows.get(key) ?? { group: deed.group, resource: deed.resource, allowed: { ...NOT_ASKED } };
    rows.set(key, row);
    // The same deed twice (in a namespace, in the cluster): one permission is enough.
    row.allowed[deed.verb] = row.allowed[deed.verb] === true || allowed;
  }
  return [...rows.values()]
    .map((row) => {
      const sees = sumUp(row.allowed, SEEING);
      return {
        ...row,
        sees: sees === 'unasked' ? ('none' as const) : sees,
        changes: sumUp(
          row.allowed,
          VERBS.filter((verb) => !SEEING.includes(verb)),
        ),
      };
    })
    .sort((a, b) => (a.group === b.group ? (a.resource < b.resource ? -1 : 1) : a.group < b.group ? -1 : 1));
}

/** "You may see it, and change 3 of 7 kinds of configuration." */
export function wordAccess(document: AccessDocument, rows: readonly AccessRow[]): string {
  const changeable = rows.filter((row) => row.changes !== 'unasked');
  const changed = changeable.filter((row) => row.changes === 'all').length;
  const sees = document.sees ? `You see the namespace ${document.namespace}` : `You do not see the namespace ${document.namespace}`;
  if (changeable.length === 0) return `${sees}.`;
  if (changed === 0) return `${sees}${document.sees ? ', but may change nothing in it' : ' and may change nothing in it'}.`;
  if (changed === changeable.length) return `${sees} and may change everything that Heddle edits in it.`;
  return `${sees} and may change ${changed} of the ${changeable.length} kinds of objects that Heddle edits in it.`;
}
