// Changes that are begun and not applied, under which a request can be explained. In: this browser's storage, the user. Out: OpenDraft[].
import type { Edit } from '../../../model/edit';
import { isConfigKind, wordRef } from '../config-kinds';
import { type DraftStorage, listDrafts } from '../editor/yaml-drafts';

export interface OpenDraft {
  /** Names it in the address. */
  readonly id: string;
  readonly title: string;
  readonly edits: readonly Edit[];
}

export function listOpenDrafts(storage: DraftStorage, owner: string): readonly OpenDraft[] {
  return listDrafts(storage, owner, isConfigKind).map(({ subject, draft }) => {
    const { kind, namespace, name } = subject;
    const ref = name === null || draft.base === null ? null : { kind, namespace, name };
    return {
      id: `${kind}/${namespace}/${name ?? ''}`,
      title: name === null ? `New ${kind} in ${namespace}` : wordRef({ kind, namespace, name }),
      edits: [{ type: 'yaml', ref, yaml: draft.text, resourceVersion: ref === null ? null : (draft.base?.resourceVersion ?? null) }],
    };
  });
}
