// The list of all configuration. In: Inventory, findings, watches, filter. Out: ConfigListDocument: kind, owner, findings, a few words each;
// and its JSON. Both in steps, for there are many objects in a large mesh.

import { readState } from '../../model/conditions';
import { refText } from '../../model/edit';
import type { EntityFinding, Finding } from '../../model/finding';
import type { ConfigKind, ConfigObject, Inventory, WatchState } from '../../model/inventory';
import type { ConfigFilter, ConfigListDocument, ConfigRow } from '../../model/steering';
import { type Listed, memoByListed } from '../analysis/object-memo';
import { memoByObject } from '../istio/memo';
import { STEERED_KINDS } from './config-kinds';
import { summarizeConfig } from './config-summary';
import { ownerWords } from './owner-words';

type Counts = ConfigRow['findings'];
const NO_OBJECTS: readonly ConfigObject[] = [];
const NO_FINDINGS: Counts = { error: 0, warning: 0, info: 0 };

function countFindings(findings: readonly Finding[]): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { object, severity } of findings) {
    const key = refText(object);
    const own = counts.get(key) ?? NO_FINDINGS;
    counts.set(key, { ...own, [severity]: own[severity] + 1 });
  }
  return counts;
}

/** By namespace and name. */
const sorted = memoByObject((objects: readonly ConfigObject[]): readonly ConfigObject[] =>
  [...objects].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name)),
);

/** An object without findings as it is listed. */
const plainRows = memoByListed(
  ({ kind, object }: Listed): ConfigRow => ({
    ref: { kind, namespace: object.namespace, name: object.name },
    apiVersion: object.apiVersion,
    createdAtMs: object.createdAtMs,
    resourceVersion: object.resourceVersion,
    owner: ownerWords(object),
    findings: NO_FINDINGS,
    state: readState(object.status),
    summary: summarizeConfig(kind, object),
    labels: object.labels,
  }),
);

/** Every object that passes the filter, by kind, namespace and name; in steps, one an object. */
export function* listConfig(
  inventory: Inventory,
  { findings, entities }: { readonly findings: readonly Finding[]; readonly entities: readonly EntityFinding[] },
  watches: readonly WatchState[],
  { kinds, namespaces }: ConfigFilter,
): Generator<void, ConfigListDocument> {
  const counts = countFindings(findings);
  yield;
  const asked = namespaces === null ? null : new Set(namespaces);
  const rows: ConfigRow[] = [];
  for (const { kind } of STEERED_KINDS) {
    if (kinds !== null && !kinds.includes(kind)) continue;
    for (const object of sorted(inventory.config.get(kind) ?? NO_OBJECTS)) {
      if (asked !== null && !asked.has(object.namespace)) continue;
      const row = plainRows({ kind, object }, inventory.mesh);
      const found = counts.get(refText(row.ref));
      rows.push(found === undefined ? row : { ...row, findings: found });
      yield;
    }
  }
  return {
    rows,
    kinds: STEERED_KINDS.map(({ kind, resource, apiVersion }) => kindRow(inventory, watches, kind, resource, apiVersion)),
    entities: asked === null ? entities : entities.filter(({ entity }) => asked.has(entity.namespace)),
  };
}

/** Texts of rows, as long as these live: those of objects without findings are the same from list to list. */
const rowText = memoByObject((row: ConfigRow): string => JSON.stringify(row));
const ROWS_A_PART = 200;

/** The document as JSON. */
export function* encodeConfigList({ rows, ...rest }: ConfigListDocument): Generator<void, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const parts = [encoder.encode(`${JSON.stringify(rest).slice(0, -1)},"rows":[`)];
  for (let i = 0; i < rows.length; i += ROWS_A_PART) {
    yield;
    parts.push(
      encoder.encode(
        `${i === 0 ? '' : ','}${rows
          .slice(i, i + ROWS_A_PART)
          .map(rowText)
          .join(',')}`,
      ),
    );
  }
  parts.push(encoder.encode(']}'));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function kindRow(
  inventory: Inventory,
  watches: readonly WatchState[],
  kind: ConfigKind,
  resource: string,
  apiVersion: string,
): ConfigListDocument['kinds'][number] {
  const watch = watches.find((state) => state.resource === resource);
  if (watch?.state === 'absent') return { kind, apiVersion: null, reason: `the cluster does not serve ${resource}` };
  if (watch?.state === 'forbidden') return { kind, apiVersion: null, reason: `the console may not read ${resource}` };
  const [first]: readonly ConfigObject[] = inventory.config.get(kind) ?? [];
  return { kind, apiVersion: first?.apiVersion ?? apiVersion, reason: null };
}
