// Changes that are begun and not applied, under which a request can be explained. In: this browser's storage, the user. Out: OpenDraft[].
import type { Edit } from '../../../model/edit';
import { decodeDraft } from '../../changes/draft';
import { isConfigKind, wordRef } from '../config-kinds';
import { type DraftStorage, listDrafts } from '../editor/yaml-drafts';

export interface OpenDraft {
  /** Names it in the address. */
  readonly id: string;
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Drafts of the routing of services, as components/changes keeps them: `heddle.draft <user> service/<namespace>/<name>`. */
function listRoutingDrafts(storage: DraftStorage, owner: string): readonly OpenDraft[] {
  const prefix = `heddle.draft ${owner} service/`;
  try {
    return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '')
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => {
        const draft = decodeDraft(storage.getItem(key) ?? '');
        const service = key.slice(prefix.length);
        return draft === null ? [] : [{ id: `service/${service}`, title: `the routing of ${service}`, edits: draft.edits }];
      });
  } catch {
    // Storage is blocked by the browser's settings.
    return [];
  }
}

export function listOpenDrafts(storage: DraftStorage, owner: string): readonly OpenDraft[] {
  return [...listRoutingDrafts(storage, owner), ...listYamlDrafts(storage, owner)];
}

function listYamlDrafts(storage: DraftStorage, owner: string): readonly OpenDraft[] {
  return listDrafts(storage, owner, isConfigKind).map(({ subject, draft }) => {
    const { kind, namespace, name } = subject;
    const ref = name === null || draft.base === null ? null : { kind, namespace, name };
    return {
      id: `${kind}/${namespace}/${name ?? ''}${'like' in subject && subject.like !== undefined ? `?like=${subject.like}` : ''}`,
      title: name === null ? `New ${kind} in ${namespace}` : wordRef({ kind, namespace, name }),
      edits: [{ type: 'yaml', ref, yaml: draft.text, resourceVersion: ref === null ? null : (draft.base?.resourceVersion ?? null) }],
    };
  });
}
