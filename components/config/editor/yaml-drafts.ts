// Texts that somebody began to change and did not apply, kept in this browser, so that a reload or a crash loses nothing.
// In: a storage, who writes, which object. Out: YamlDraft. Pure but for the storage that it is given.
import type { ConfigRef } from '../../../model/edit';

/** An object's text at one version. */
export interface ObjectVersion {
  readonly yaml: string;
  readonly resourceVersion: string;
}

export interface YamlDraft {
  readonly text: string;
  /** The object as it was when the text was begun, and its version; null for a new object. */
  readonly base: ObjectVersion | null;
  readonly atMs: number;
}

interface SubjectDraft {
  readonly subject: DraftSubject;
  readonly draft: YamlDraft;
}

/** What of a browser's localStorage is used. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** Names a draft: an object, or a new one (`name` null), which may begin as a copy of the object `like`. */
export type DraftSubject =
  | ConfigRef
  | { readonly kind: ConfigRef['kind']; readonly namespace: string; readonly name: null; readonly like?: string };

const PREFIX = 'heddle.yaml.';
/** Older ones make room. */
const MAX_DRAFTS = 30;

function keyOf(owner: string, subject: DraftSubject): string {
  const { kind, namespace, name } = subject;
  const like = 'like' in subject ? subject.like : undefined;
  return `${PREFIX}${JSON.stringify([owner, kind, namespace, name, ...(like === undefined ? [] : [like])])}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function decode(stored: string | null): YamlDraft | null {
  if (stored === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return null;
  }
  if (!isRecord(value) || typeof value['text'] !== 'string' || typeof value['atMs'] !== 'number') return null;
  const { text, atMs, base } = value;
  if (base === null) return { text, atMs, base: null };
  if (!isRecord(base) || typeof base['yaml'] !== 'string' || typeof base['resourceVersion'] !== 'string') return null;
  return { text, atMs, base: { yaml: base['yaml'], resourceVersion: base['resourceVersion'] } };
}

function listKeys(storage: DraftStorage): readonly string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((key) => key?.startsWith(PREFIX) === true) as string[];
}

/** The draft of `owner` (the name of the user; a browser may be shared) for a subject. */
export function readDraft(storage: DraftStorage, owner: string, subject: DraftSubject): YamlDraft | null {
  try {
    return decode(storage.getItem(keyOf(owner, subject)));
  } catch {
    // Storage is blocked by the browser's settings.
    return null;
  }
}

/** Keeps a draft; false where the browser does not (blocked, full). */
export function writeDraft(storage: DraftStorage, owner: string, subject: DraftSubject, draft: YamlDraft): boolean {
  const key = keyOf(owner, subject);
  try {
    const others = listKeys(storage).filter((one) => one !== key);
    if (others.length >= MAX_DRAFTS) {
      const oldest = others
        .map((one) => ({ one, atMs: decode(storage.getItem(one))?.atMs ?? 0 }))
        .sort((a, b) => a.atMs - b.atMs)
        .slice(0, others.length - MAX_DRAFTS + 1);
      for (const { one } of oldest) storage.removeItem(one);
    }
    storage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function removeDraft(storage: DraftStorage, owner: string, subject: DraftSubject): void {
  try {
    storage.removeItem(keyOf(owner, subject));
  } catch {
    // Nothing was kept there.
  }
}

/** The objects that `owner` has drafts of, newest first. */
export function listDrafts(
  storage: DraftStorage,
  owner: string,
  isKind: (text: string) => text is ConfigRef['kind'],
): readonly SubjectDraft[] {
  try {
    return listKeys(storage)
      .flatMap((key): readonly SubjectDraft[] => {
        const named: unknown = JSON.parse(key.slice(PREFIX.length));
        const draft = decode(storage.getItem(key));
        if (draft === null || !Array.isArray(named)) return [];
        const [who, kind, namespace, name, like] = named as readonly unknown[];
        if (who !== owner || typeof kind !== 'string' || !isKind(kind) || typeof namespace !== 'string') return [];
        if (typeof name === 'string') return [{ subject: { kind, namespace, name }, draft }];
        return name === null ? [{ subject: { kind, namespace, name, ...(typeof like === 'string' ? { like } : {}) }, draft }] : [];
      })
      .sort((a, b) => b.draft.atMs - a.draft.atMs);
  } catch {
    return [];
  }
}
