// The journal of changes in ConfigMaps, one a change, more where the objects of one are large. In: KeptMaps. Out: JournalStore.
// Parts are written before the entry that names them and removed after it: an entry is whole, or it is not there.
import { Failure } from '../../model/failure';
import { createTurns } from '../pause';
import type { JournalEntry, JournalStore } from '../ports';
import {
  decodeHead,
  encodeEntry,
  JOURNAL_LABEL,
  joinParts,
  NAME,
  OPEN_LABEL,
  PART_LABEL,
  type PartsRef,
  partNames,
  STEPS_KEY,
} from './journal-parts';
import type { KeptMap, KeptMaps, MapContent } from './kept-map';

/** Joined entries that are kept: a list of the journal is read often, and what is apart does not change. */
const KEPT_JOINS = 8;
/** Entries that are kept as they were decoded, by what they take in the cluster: a list is asked for every few seconds by every page. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Parts without an entry are another console's that is about to write it, or what one that died has left. */
const ORPHAN_MS = 3_600_000;

export function createJournal(maps: KeptMaps, onUnreadable: (name: string) => void): JournalStore {
  const joined = new Map<string, readonly (KeptMap | null)[]>();
  const decoded = new DecodedEntries();

  async function readParts(id: string, parts: PartsRef, signal: AbortSignal): Promise<readonly (KeptMap | null)[]> {
    const names = partNames(id, parts);
    const key = names.join();
    const known = joined.get(key);
    if (known !== undefined) return known;
    const found = await Promise.all(names.map((name) => maps.read(name, signal)));
    if (found.every((map) => map !== null)) {
      joined.set(key, found);
      const [oldest] = joined.keys();
      if (joined.size > KEPT_JOINS && oldest !== undefined) joined.delete(oldest);
    }
    return found;
  }
  async function entryOf(map: KeptMap, signal: AbortSignal): Promise<JournalEntry | null> {
    const decoded = decodeHead(map);
    if (decoded === null) return null;
    const record =
      decoded.kind === 'whole'
        ? decoded.record
        : joinParts(decoded.head, decoded.parts, await readParts(decoded.head.id, decoded.parts, signal));
    return record === null ? null : { record, version: map.version };
  }
  async function entries(found: readonly KeptMap[], signal: AbortSignal): Promise<readonly JournalEntry[]> {
    const read: JournalEntry[] = [];
    // Decoding takes long where there are many: others that are answered by this thread come between.
    const turn = createTurns();
    const apart = found.filter((map) => isParted(map) && decoded.find(map) === null);
    const joinedNow = new Map(await Promise.all(apart.map(async (map) => [map, await entryOf(map, signal)] as const)));
    for (const map of found) {
      const entry = joinedNow.get(map) ?? decoded.find(map) ?? (joinedNow.has(map) ? null : await entryOf(map, signal));
      if (entry === null) onUnreadable(map.name);
      else {
        read.push(entry);
        decoded.keep(map, entry);
      }
      await turn();
    }
    return read.sort((a, b) => b.record.createdAtMs - a.record.createdAtMs || (a.record.id < b.record.id ? 1 : -1));
  }
  async function required(map: KeptMap, signal: AbortSignal): Promise<JournalEntry> {
    const entry = await entryOf(map, signal);
    if (entry !== null) return entry;
    throw new Failure(
      'clusterMalformed',
      `the journal entry ${map.name} cannot be read`,
      `Look at it: kubectl get configmap ${map.name} -o yaml`,
    );
  }
  /** Writes the parts that are not there yet. A part of that name has that content, whoever wrote it. */
  async function writeParts(parts: readonly MapContent[], signal: AbortSignal): Promise<readonly KeptMap[]> {
    const written: KeptMap[] = [];
    for (const part of parts)
      try {
        written.push(await maps.create(part, signal));
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'conflict') throw error;
      }
    return written;
  }
  const removeParts = async (id: string, signal: AbortSignal): Promise<void> => {
    for (const { name } of await maps.list(`${PART_LABEL}=${id}`, signal)) await maps.remove(name, signal);
  };
  async function removeOrphans(nowMs: number, signal: AbortSignal): Promise<void> {
    const ids = new Set(
      (await maps.list(PART_LABEL, signal))
        .filter(({ createdAtMs }) => createdAtMs !== null && nowMs - createdAtMs > ORPHAN_MS)
        .map(({ labels }) => labels[PART_LABEL] ?? ''),
    );
    for (const id of ids) if (isId(id) && (await maps.read(NAME + id, signal)) === null) await removeParts(id, signal);
  }

  return {
    list: async (signal) => {
      const found = await maps.list(`${JOURNAL_LABEL}=true`, signal);
      decoded.retain(found);
      return entries(found, signal);
    },
    listOpen: async (signal) => entries(await maps.list(`${JOURNAL_LABEL}=true,${OPEN_LABEL}=true`, signal), signal),
    read: async (id, signal) => {
      const map = isId(id) ? await maps.read(NAME + id, signal) : null;
      // Whatever else has the name is no entry.
      return map?.labels[JOURNAL_LABEL] === 'true' ? required(map, signal) : null;
    },
    create: async (record, signal) => {
      const { head, parts } = encodeEntry(record);
      const written = await writeParts(parts, signal);
      const made = await maps.create(head, signal).catch(async (error: unknown) => {
        // Whether it was written is not known without an answer: then the parts stay.
        if (written.length > 0 && error instanceof Failure && (error.code === 'forbidden' || error.code === 'tooLarge'))
          await removeParts(record.id, signal).catch(() => undefined);
        throw error;
      });
      const [first] = written;
      if (first !== undefined && first.createdAtMs !== null) await removeOrphans(first.createdAtMs, signal).catch(() => undefined);
      return required(made, signal);
    },
    update: async (record, version, signal) => {
      const { head, parts } = encodeEntry(record);
      if (parts.length > 0 && !joined.has(parts.map(({ name }) => name).join())) await writeParts(parts, signal);
      return required(await maps.update(head, version, signal), signal);
    },
    remove: async (id, signal) => {
      if (!isId(id)) return;
      const map = await maps.read(NAME + id, signal);
      await maps.remove(NAME + id, signal);
      if (map !== null && decodeHead(map)?.kind !== 'whole') await removeParts(id, signal);
    },
  };
}

/** Entries by name, for the version that they were decoded of: content of one version is always the same. */
class DecodedEntries {
  readonly #known = new Map<string, { readonly entry: JournalEntry; readonly bytes: number }>();
  #bytes = 0;

  find({ name, version }: KeptMap): JournalEntry | null {
    const entry = this.#known.get(name)?.entry;
    return entry?.version === version ? entry : null;
  }

  keep(map: KeptMap, entry: JournalEntry): void {
    if (this.find(map) !== null) return;
    this.#forget(map.name);
    const bytes = bytesOf(map);
    if (this.#bytes + bytes > KEPT_BYTES) return;
    this.#known.set(map.name, { entry, bytes });
    this.#bytes += bytes;
  }

  /** Forgets what the journal does not have any more. */
  retain(maps: readonly KeptMap[]): void {
    const names = new Set(maps.map(({ name }) => name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#forget(name);
  }

  #forget(name: string): void {
    this.#bytes -= this.#known.get(name)?.bytes ?? 0;
    this.#known.delete(name);
  }
}

/** What an entry in parts counts for: a few of them are kept. */
const PARTED_BYTES = 8 * 1024 * 1024;

/** Compressed records count as what they open to, roughly. */
const bytesOf = (map: KeptMap): number => {
  const sum = (texts: KeptMap['data']): number => Object.values(texts).reduce((bytes, text) => bytes + text.length, 0);
  return isParted(map) ? PARTED_BYTES : sum(map.data) + 10 * sum(map.binaryData);
};

/** Known without decoding it. */
const isParted = ({ binaryData }: KeptMap): boolean => binaryData[STEPS_KEY] !== undefined;
const isId = (id: string): boolean => /^[a-z0-9-]{1,60}$/.test(id);
