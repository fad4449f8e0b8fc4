// One row of the kind table: how a kind is named, versioned, served, shown and validated. In: a short row. Out: the complete Kind.
import type { KubeObject } from '../object';
import type { Schema } from '../schemas/schema';
import type { Column } from './column';

export const ALL_VERBS: readonly string[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
export const READ_VERBS: readonly string[] = ['get', 'list', 'watch'];

export type Subresource = 'status' | 'scale' | 'log';

/** A field that a field selector may name besides metadata.name and metadata.namespace. */
export type SelectableField = (object: KubeObject) => string;

export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Served versions, preferred first; all show the same object. */
  readonly versions: readonly string[];
  readonly storageVersion: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly columns: readonly Column[];
  /** True for a kind defined by a CRD: pruned, no strategic merge patch, no unconditional update. */
  readonly custom: boolean;
  /** A review: answered when created, never stored. */
  readonly review: boolean;
  readonly tracksGeneration: boolean;
  readonly selectableFields: Readonly<Record<string, SelectableField>>;
  readonly schema: () => Schema;
  /** The key of this kind's objects in the store: "services", "virtualservices.networking.istio.io". */
  readonly resource: string;
}

export interface KindRow {
  readonly group: string;
  readonly kind: string;
  readonly plural?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly clusterScoped?: true;
  readonly versions: readonly string[];
  readonly storageVersion?: string;
  readonly verbs?: readonly string[];
  readonly subresources?: readonly Subresource[];
  readonly columns?: readonly Column[];
  readonly custom?: true;
  readonly review?: true;
  readonly tracksGeneration?: true;
  readonly selectableFields?: Readonly<Record<string, SelectableField>>;
  readonly schema: () => Schema;
}

/** Completes a row with what follows from it. */
export function completeKind(row: KindRow): Kind {
  const singular = row.kind.toLowerCase();
  const plural = row.plural ?? `${singular}s`;
  const preferred = row.versions[0] ?? 'v1';
  return {
    group: row.group,
    kind: row.kind,
    plural,
    singular,
    listKind: `${row.kind}List`,
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.clusterScoped !== true,
    versions: row.versions,
    storageVersion: row.storageVersion ?? preferred,
    verbs: row.verbs ?? (row.review === true ? ['create'] : ALL_VERBS),
    subresources: row.subresources ?? [],
    columns: row.columns ?? [],
    custom: row.custom === true,
    review: row.review === true,
    tracksGeneration: row.custom === true || row.tracksGeneration === true,
    selectableFields: row.selectableFields ?? {},
    schema: row.schema,
    resource: row.group === '' ? plural : `${plural}.${row.group}`,
  };
}
