// The list of all configuration. In: Inventory, findings, watches, filter. Out: ConfigListDocument: kind, owner, findings, a few words each.

import { readState } from '../../model/conditions';
import { type ConfigRef, refText } from '../../model/edit';
import type { EntityFinding, Finding } from '../../model/finding';
import type { ConfigKind, ConfigObject, Inventory, WatchState } from '../../model/inventory';
import type { ConfigFilter, ConfigListDocument, ConfigRow } from '../../model/steering';
import { STEERED_KINDS } from './config-kinds';
import { summarizeConfig } from './config-summary';
import { ownerWords } from './owner-words';

type Counts = ConfigRow['findings'];
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

/** Every object that passes the filter, by kind, namespace and name. */
export function listConfig(
  inventory: Inventory,
  { findings, entities }: { readonly findings: readonly Finding[]; readonly entities: readonly EntityFinding[] },
  watches: readonly WatchState[],
  { kinds, namespaces }: ConfigFilter,
): ConfigListDocument {
  const counts = countFindings(findings);
  const wanted = STEERED_KINDS.filter(({ kind }) => kinds === null || kinds.includes(kind));
  const rows = wanted.flatMap(({ kind }) =>
    (inventory.config.get(kind) ?? [])
      .filter(({ namespace }) => namespaces === null || namespaces.includes(namespace))
      .map((object): ConfigRow => {
        const ref: ConfigRef = { kind, namespace: object.namespace, name: object.name };
        return {
          ref,
          apiVersion: object.apiVersion,
          createdAtMs: object.createdAtMs,
          resourceVersion: object.resourceVersion,
          owner: ownerWords(object),
          findings: counts.get(refText(ref)) ?? NO_FINDINGS,
          state: readState(object.status),
          summary: summarizeConfig(kind, object),
        };
      })
      .sort((a, b) => compareText(a.ref.namespace, b.ref.namespace) || compareText(a.ref.name, b.ref.name)),
  );
  return {
    rows,
    kinds: STEERED_KINDS.map(({ kind, resource, apiVersion }) => kindRow(inventory, watches, kind, resource, apiVersion)),
    entities: entities.filter(({ entity }) => namespaces === null || namespaces.includes(entity.namespace)),
  };
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
