// Which content an object had at a version that an editor was given, by a hash: tells an edit by somebody else from a new status, which
// changes the version too. In: objects that were read. Out: SeenObjects. Bounded; what is forgotten counts as edited.
import { createHash } from 'node:crypto';
import type { Manifest } from '../../model/change';
import { type ConfigRef, refText } from '../../model/edit';
import { canonicalJson } from './plan/json-edit';
import { manifestJson } from './plan/manifest-of';

const MAX_KEPT = 5_000;

const hashOf = (manifest: Manifest): string =>
  createHash('sha256')
    .update(canonicalJson(manifestJson(manifest)))
    .digest('base64');

export class SeenObjects {
  readonly #hashes = new Map<string, string>();

  note(ref: ConfigRef, resourceVersion: string, manifest: Manifest): void {
    const key = `${refText(ref)} ${resourceVersion}`;
    this.#hashes.delete(key);
    this.#hashes.set(key, hashOf(manifest));
    for (const oldest of this.#hashes.keys()) {
      if (this.#hashes.size <= MAX_KEPT) return;
      this.#hashes.delete(oldest);
    }
  }

  /** Whether the object had this content at that version, as far as is known. */
  isSame(ref: ConfigRef, resourceVersion: string, manifest: Manifest): boolean {
    return this.#hashes.get(`${refText(ref)} ${resourceVersion}`) === hashOf(manifest);
  }
}
