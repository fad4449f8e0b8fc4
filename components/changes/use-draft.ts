'use client';
// The draft of one place (a service, an object) and one user, kept in this browser through reloads and logins. In: its name. Out: draft and verbs.
import { useCallback, useMemo } from 'react';
import type { Edit } from '../../model/edit';
import { useStored } from '../ui/use-stored';
import { type Draft, decodeDraft, dropEdit, encodeDraft, putEdit } from './draft';

export interface DraftState {
  readonly draft: Draft | null;
  readonly put: (edit: Edit) => void;
  readonly putAll: (edits: readonly Edit[]) => void;
  readonly drop: (index: number) => void;
  readonly discard: () => void;
}

const asText = (text: string): string => text;

/** `place`: `service/bookinfo/reviews`. `basis`: resourceVersions of the objects as they are shown now, by `refText`. */
export function useDraft(user: string, place: string, basis: Readonly<Record<string, string>>): DraftState {
  const [text, write] = useStored(`heddle.draft ${user} ${place}`, '', asText, asText);
  const draft = useMemo(() => decodeDraft(text), [text]);
  const save = useCallback((next: Draft | null) => write(encodeDraft(next)), [write]);
  const putAll = useCallback(
    (edits: readonly Edit[]) => {
      const atMs = Date.now();
      save(edits.reduce<Draft | null>((all, edit) => putEdit(all, edit, atMs, basis), draft));
    },
    [save, draft, basis],
  );
  return useMemo(
    () => ({
      draft,
      put: (edit) => putAll([edit]),
      putAll,
      drop: (index) => {
        if (draft !== null) save(dropEdit(draft, index));
      },
      discard: () => save(null),
    }),
    [draft, putAll, save],
  );
}
