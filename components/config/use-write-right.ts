'use client';
// Whether this reader may write objects of a kind in a namespace, asked before anything is typed. In: kind, namespace. Out: why not, or null.
import { useMemo } from 'react';
import type { AccessDocument } from '../../model/account';
import type { ConfigKind } from '../../model/inventory';
import { isAccess } from '../changes/steering-guards';
import { useJson } from '../ui/use-json';
import { KIND_FACTS, kubernetesKind, wordConfigKind } from './config-kinds';

/** Kubernetes' plural of the kind. */
const resourceOf = (kind: ConfigKind): string => {
  const word = kubernetesKind(kind).toLowerCase();
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? `${word}es` : `${word}s`;
};

/** Null: may, or the answer does not speak of it and the server will say. */
export function findWriteRefusal(document: AccessDocument, kind: ConfigKind, verbs: ReadonlySet<string>): string | null {
  const resource = resourceOf(kind);
  const group = KIND_FACTS[kind].apiVersion.split('/')[0];
  const asked = document.deeds.filter(({ deed }) => deed.resource === resource && deed.group === group && verbs.has(deed.verb));
  if (asked.length === 0 || asked.some(({ allowed }) => allowed)) return null;
  return `You may look at ${wordConfigKind(kind)} objects in ${document.namespace}, but not change them.`;
}

const CHANGES: ReadonlySet<string> = new Set(['update', 'patch']);
const CREATES: ReadonlySet<string> = new Set(['create']);

export function useWriteRight(kind: ConfigKind, namespace: string, makes: boolean, fetch?: typeof globalThis.fetch): string | null {
  const { data } = useJson(namespace === '' ? null : `/api/access?namespace=${encodeURIComponent(namespace)}`, {
    guard: isAccess,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return useMemo(() => (data === null ? null : findWriteRefusal(data, kind, makes ? CREATES : CHANGES)), [data, kind, makes]);
}
