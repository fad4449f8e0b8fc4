// Stored objects as JSON text, in the API version and view asked for. A frozen object is encoded once, however many watchers and lists show it.

import { nameColumn } from '../kinds/column';
import type { Kind } from '../kinds/kind';
import { joinApiVersion, type KubeObject } from '../object';
import type { View } from './negotiate';

const META = 'meta.k8s.io/v1';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export class ObjectEncoder {
  readonly #now: () => number;
  readonly #texts = new WeakMap<KubeObject, Map<string, string>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** One object with the API version of the request. */
  encodeObject(kind: Kind, version: string, object: KubeObject, view: View): string {
    const apiVersion = joinApiVersion(kind.group, version);
    switch (view) {
      case 'object':
        return this.#cached(object, apiVersion, () => JSON.stringify({ ...object, apiVersion, kind: kind.kind }));
      case 'partial':
        return JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: META, metadata: object.metadata });
      case 'table':
        return this.encodeTable(kind, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }, true);
    }
  }

  /** A list of objects; items of built-in lists carry no kind of their own, as real ones do not. */
  encodeList(kind: Kind, version: string, objects: readonly KubeObject[], metadata: ListMeta, view: View): string {
    if (view === 'table') return this.encodeTable(kind, objects, metadata, true);
    const partial = view === 'partial';
    const head = partial
      ? { kind: 'PartialObjectMetadataList', apiVersion: META, metadata }
      : { kind: kind.listKind, apiVersion: joinApiVersion(kind.group, version), metadata };
    const items = objects.map((object) => {
      if (partial || kind.custom) return this.encodeObject(kind, version, object, view);
      return this.#cached(object, '', () => JSON.stringify({ ...object, apiVersion: undefined, kind: undefined }));
    });
    return `${JSON.stringify(head).slice(0, -1)},"items":[${items.join(',')}]}`;
  }

  /** A meta.k8s.io Table; column definitions only where asked (a watch sends them once). */
  encodeTable(kind: Kind, objects: readonly KubeObject[], metadata: ListMeta, withColumns: boolean): string {
    const columns = [nameColumn, ...kind.columns];
    const nowMs = this.#now();
    const rows = objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, nowMs)),
      object: { kind: 'PartialObjectMetadata', apiVersion: META, metadata: object.metadata },
    }));
    const columnDefinitions = columns.map(({ name, type, format, description, priority }) => ({
      name,
      type,
      format,
      description,
      priority,
    }));
    return JSON.stringify({ kind: 'Table', apiVersion: META, metadata, columnDefinitions: withColumns ? columnDefinitions : null, rows });
  }

  #cached(object: KubeObject, form: string, encode: () => string): string {
    const texts = this.#texts.get(object) ?? new Map<string, string>();
    const known = texts.get(form);
    if (known !== undefined) return known;
    const text = encode();
    texts.set(form, text);
    this.#texts.set(object, texts);
    return text;
  }
}
