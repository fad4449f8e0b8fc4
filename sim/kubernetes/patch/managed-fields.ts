// Who owns which field: managedFields kept by every write (Update operations) and by server-side apply, with its conflicts.
// Follows structured-merge-diff's merge.Updater and apimachinery's util/managedfields. In: live object, new object, manager. Out: the object to store.
import { isRecord, listOf, omit, recordOf, textOf } from '../json';
import { isKubeObject, type KubeObject, type ManagedFieldsEntry } from '../object';
import type { Schema } from '../schemas/schema';
import { StatusError } from '../status-error';
import {
  decodeFields,
  emptySet,
  encodeFields,
  equalSets,
  type FieldSet,
  formatPath,
  intersect,
  isEmptySet,
  listPaths,
  subtract,
  unite,
} from './field-set';
import { type Comparison, compareValues, fieldsOf, mergeApplied, removeUnowned } from './typed-value';

export interface FieldWriter {
  readonly manager: string;
  readonly apiVersion: string;
  /** "status" or "scale" where the write went through a subresource, else empty. */
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string;
  /** Schema of the whole object. */
  readonly schema: Schema;
  /** True where the kind serves its status apart: a write owns either the status or the rest. */
  readonly statusApart: boolean;
}

interface Owner {
  readonly entry: Omit<ManagedFieldsEntry, 'fieldsV1'>;
  readonly fields: FieldSet;
}

const ignoredMetadata = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

/** The part of an object that this write may own. */
function ownable(object: KubeObject | undefined, writer: FieldWriter): Readonly<Record<string, unknown>> {
  if (object === undefined) return {};
  if (writer.subresource === 'status') return object['status'] === undefined ? {} : { status: object['status'] };
  const rest = omit(object, 'apiVersion', 'kind', 'metadata', ...(writer.statusApart ? ['status'] : []));
  const metadata = omit(object.metadata, ...ignoredMetadata);
  return Object.keys(metadata).length === 0 ? rest : { ...rest, metadata };
}

/** Reads managedFields, stored or sent; entries that are not of their form are left out. */
function decodeOwners(object: KubeObject | undefined): readonly Owner[] {
  return listOf(object?.metadata.managedFields)
    .filter(isRecord)
    .flatMap((raw): readonly Owner[] => {
      const { manager, operation, apiVersion, time, subresource } = raw;
      if (typeof manager !== 'string' || typeof apiVersion !== 'string' || (operation !== 'Apply' && operation !== 'Update')) return [];
      const entry: Owner['entry'] = {
        manager,
        operation,
        apiVersion,
        ...(typeof time === 'string' ? { time } : {}),
        fieldsType: 'FieldsV1',
        ...(typeof subresource === 'string' && subresource !== '' ? { subresource } : {}),
      };
      return [{ entry, fields: decodeFields(raw['fieldsV1']) }];
    });
}

function encodeOwners(owners: readonly Owner[]): readonly ManagedFieldsEntry[] {
  const order = ({ entry }: Owner): string => `${entry.operation} ${entry.time ?? ''} ${entry.manager} ${entry.apiVersion}`;
  return owners
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted((left, right) => (order(left) < order(right) ? -1 : 1))
    .map(({ entry, fields }) => ({ ...entry, fieldsV1: encodeFields(fields) }));
}

/** An applier keeps its identity over API versions; an updater has one entry for each version. */
function isOwner(owner: Owner, writer: FieldWriter, operation: 'Apply' | 'Update'): boolean {
  const { entry } = owner;
  return (
    entry.manager === writer.manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === writer.subresource &&
    (operation === 'Apply' || entry.apiVersion === writer.apiVersion)
  );
}

function entryOf(writer: FieldWriter, operation: 'Apply' | 'Update'): Owner['entry'] {
  const { manager, apiVersion, time, subresource } = writer;
  return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', ...(subresource === '' ? {} : { subresource }) };
}

function reduceOthers(owners: readonly Owner[], comparison: Comparison, taken: FieldSet): readonly Owner[] {
  const lost = unite(comparison.removed, taken);
  return isEmptySet(lost) ? owners : owners.map((owner) => ({ ...owner, fields: subtract(owner.fields, lost) }));
}

/** managedFields after a create, PUT or patch: the writer owns what it changed, all others lose it. An entry that gained nothing keeps its time. */
export function trackUpdate(live: KubeObject | undefined, next: KubeObject, writer: FieldWriter): readonly ManagedFieldsEntry[] {
  const owners = decodeOwners(baseOf(live, next));
  const comparison = compareValues(ownable(live, writer), ownable(next, writer), writer.schema);
  const changed = unite(comparison.added, comparison.modified);
  const others = reduceOthers(
    owners.filter((owner) => !isOwner(owner, writer, 'Update')),
    comparison,
    changed,
  );
  const own = owners.find((owner) => isOwner(owner, writer, 'Update'));
  const fields = unite(subtract(own?.fields ?? emptySet, comparison.removed), changed);
  const same = own !== undefined && isEmptySet(changed);
  return encodeOwners([...others, { entry: same ? own.entry : entryOf(writer, 'Update'), fields }]);
}

/** A writer may send its own managedFields ([{}] empties them); none, or an empty list, keeps the live ones. */
function baseOf(live: KubeObject | undefined, next: KubeObject): KubeObject | undefined {
  return (next.metadata.managedFields ?? []).length > 0 ? next : live;
}

/** Server-side apply: the live object with the configuration merged in. Throws a 409 StatusError on conflicts unless forced. */
export function applyConfiguration(live: KubeObject | undefined, applied: KubeObject, writer: FieldWriter, force: boolean): KubeObject {
  const owners = live === undefined ? [] : ownersBeforeApply(live, writer);
  const previous = owners.find((owner) => isOwner(owner, writer, 'Apply'));
  const others = owners.filter((owner) => owner !== previous);
  const config = ownable(applied, writer);
  const fields = fieldsOf(config, writer.schema);

  const before = ownable(live, writer);
  const merged = mergeApplied(before, config, writer.schema);
  const owned = others.reduce((all, owner) => unite(all, owner.fields), fields);
  const pruned = removeUnowned(merged, writer.schema, previous?.fields ?? emptySet, owned);
  const comparison = compareValues(before, pruned, writer.schema);
  const taken = unite(comparison.added, comparison.modified);
  const conflicts = others.flatMap((owner) =>
    listPaths(intersect(owner.fields, taken)).map((path) => ({ manager: describeManager(owner.entry), path: formatPath(path) })),
  );
  if (conflicts.length > 0 && !force) {
    const contested = others.reduce((all, owner) => unite(all, intersect(owner.fields, taken)), emptySet);
    if (!isEmptySet(subtract(contested, lastAppliedFields(live, writer)))) throw applyConflict(conflicts);
  }

  const quiet = isEmptySet(taken) && isEmptySet(comparison.removed);
  const same = quiet && previous !== undefined && equalSets(previous.fields, fields) && previous.entry.apiVersion === writer.apiVersion;
  const managedFields = encodeOwners([
    ...reduceOthers(others, comparison, taken),
    { entry: same ? previous.entry : entryOf(writer, 'Apply'), fields },
  ]);
  return assemble(live, applied, recordOf(pruned), managedFields, writer);
}

/** What kubectl's client-side apply set last is kubectl's to take over (managedfields/internal/lastappliedmanager.go). */
function lastAppliedFields(live: KubeObject | undefined, writer: FieldWriter): FieldSet {
  const text = live?.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'];
  if (writer.manager !== 'kubectl' || text === undefined) return emptySet;
  try {
    const applied: unknown = JSON.parse(text);
    return isKubeObject(applied) ? fieldsOf(ownable(applied, writer), writer.schema) : emptySet;
  } catch {
    return emptySet;
  }
}

/** An object that nobody is recorded for belongs to "before-first-apply" when it is first applied to. */
function ownersBeforeApply(live: KubeObject, writer: FieldWriter): readonly Owner[] {
  const owners = decodeOwners(live);
  if (owners.length > 0) return owners;
  const fields = compareValues({}, ownable(live, writer), writer.schema).added;
  return [{ entry: entryOf({ ...writer, manager: 'before-first-apply' }, 'Update'), fields }];
}

/** Puts the ownable part back among what no writer owns (identity, and the status or the rest). */
function assemble(
  live: KubeObject | undefined,
  applied: KubeObject,
  part: Readonly<Record<string, unknown>>,
  managedFields: readonly ManagedFieldsEntry[],
  writer: FieldWriter,
): KubeObject {
  const base = live ?? applied;
  if (writer.subresource === 'status') return { ...base, ...part, metadata: { ...base.metadata, managedFields } };
  const identity = Object.fromEntries(Object.entries(base.metadata).filter(([key]) => ignoredMetadata.includes(key)));
  const status = writer.statusApart && live?.['status'] !== undefined ? { status: live['status'] } : {};
  return {
    ...part,
    ...status,
    apiVersion: applied.apiVersion,
    kind: applied.kind,
    metadata: { ...recordOf(part['metadata']), ...identity, name: base.metadata.name, managedFields },
  };
}

interface FieldConflict {
  readonly manager: string;
  readonly path: string;
}

function describeManager(entry: Owner['entry']): string {
  const manager = `${JSON.stringify(entry.manager)}${textOf(entry.subresource) === undefined ? '' : ` with subresource "${entry.subresource ?? ''}"`}`;
  return entry.operation === 'Update' ? `${manager} using ${entry.apiVersion}` : manager;
}

function applyConflict(conflicts: readonly FieldConflict[]): StatusError {
  const [first] = conflicts;
  const managers = [...new Set(conflicts.map((conflict) => conflict.manager))].sort();
  const grouped = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map((conflict) => `- ${conflict.path}`),
  ]);
  const text =
    conflicts.length === 1 && first !== undefined
      ? `1 conflict: conflict with ${first.manager}: ${first.path}`
      : `${conflicts.length} conflicts: ${grouped.join('\n')}`;
  return new StatusError(409, 'Conflict', `Apply failed with ${text}`, {
    causes: conflicts.map(({ manager, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field: path })),
  });
}
