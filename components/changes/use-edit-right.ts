'use client';
// Whether this reader may write routing in a namespace, asked before anything is typed. In: a namespace. Out: yes, or why not.
import { useMemo } from 'react';
import type { AccessDocument } from '../../model/account';
import { useJson } from '../ui/use-json';
import { isAccess } from './steering-guards';

export interface EditRight {
  /** Null: may, or it is not known yet and the server will say. */
  readonly refusal: string | null;
  readonly known: boolean;
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch']);
const ROUTES: ReadonlySet<string> = new Set(['virtualservices', 'destinationrules', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes']);

/** Why routing cannot be written there; null: at least one kind can. */
export function findRefusal(document: AccessDocument): string | null {
  const writes = document.deeds.filter(({ deed }) => WRITES.has(deed.verb) && ROUTES.has(deed.resource));
  // An answer that does not speak of routing says nothing about it.
  if (writes.length === 0 || writes.some(({ allowed }) => allowed)) return null;
  return `You may look at the routing in ${document.namespace}, but not change it.`;
}

export function useEditRight(namespace: string, ask?: typeof fetch): EditRight {
  const { data } = useJson(`/api/access?namespace=${encodeURIComponent(namespace)}`, {
    guard: isAccess,
    dropOnChange: true,
    ...(ask === undefined ? {} : { fetch: ask }),
  });
  return useMemo(() => ({ refusal: data === null ? null : findRefusal(data), known: data !== null }), [data]);
}
