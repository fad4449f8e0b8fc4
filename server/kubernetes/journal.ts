// The journal of changes in ConfigMaps, one a change. In: KeptMaps. Out: JournalStore.
// A large record is compressed: an object of the API server holds about a mebibyte, and a change may bring two versions of a large object.
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { ChangeRecord, ChangeState } from '../../model/change';
import { Failure } from '../../model/failure';
import type { JournalEntry, JournalStore } from '../ports';
import { decodeRecord } from './decode-record';
import type { KeptMap, KeptMaps, MapContent } from './kept-map';

export const JOURNAL_LABEL = 'heddle.dev/journal';
const OPEN_LABEL = 'heddle.dev/open';
const NAME = 'heddle-change-';
const KEY = 'record';
/** Larger records are compressed; a list of the journal is read often. */
const PLAIN_BYTES = 32 * 1024;
/** A ConfigMap holds 1 MiB (Kubernetes, "ConfigMap"); names and labels need some. */
const MAX_BYTES = 900_000;
const MAX_OPENED_BYTES = 32 * 1024 * 1024;

const OPEN_STATES: readonly ChangeState[] = ['applying', 'waiting', 'reverting'];
/** Whether somebody still has to do something about a change. */
export const isOpen = ({ state }: Pick<ChangeRecord, 'state'>): boolean => OPEN_STATES.includes(state);

export function createJournal(maps: KeptMaps, onUnreadable: (name: string) => void): JournalStore {
  const entries = (found: readonly KeptMap[]): readonly JournalEntry[] =>
    found
      .flatMap((map) => {
        const entry = entryOf(map);
        if (entry === null) onUnreadable(map.name);
        return entry === null ? [] : [entry];
      })
      .sort((a, b) => b.record.createdAtMs - a.record.createdAtMs || (a.record.id < b.record.id ? 1 : -1));
  const required = (map: KeptMap): JournalEntry => {
    const entry = entryOf(map);
    if (entry !== null) return entry;
    throw new Failure(
      'clusterMalformed',
      `the journal entry ${map.name} cannot be read`,
      `Look at it: kubectl get configmap ${map.name} -o yaml`,
    );
  };
  return {
    list: async (signal) => entries(await maps.list(`${JOURNAL_LABEL}=true`, signal)),
    listOpen: async (signal) => entries(await maps.list(`${JOURNAL_LABEL}=true,${OPEN_LABEL}=true`, signal)),
    read: async (id, signal) => {
      const map = isId(id) ? await maps.read(NAME + id, signal) : null;
      // Whatever else has the name is no entry.
      return map?.labels[JOURNAL_LABEL] === 'true' ? required(map) : null;
    },
    create: async (record, signal) => required(await maps.create(encodeRecord(record), signal)),
    update: async (record, version, signal) => required(await maps.update(encodeRecord(record), version, signal)),
    remove: (id, signal) => maps.remove(NAME + id, signal),
  };
}

const isId = (id: string): boolean => /^[a-z0-9-]{1,60}$/.test(id);

/** A record as a ConfigMap. @throws Failure tooLarge */
export function encodeRecord(record: ChangeRecord): MapContent {
  const head = {
    name: NAME + record.id,
    labels: { 'app.kubernetes.io/managed-by': 'heddle', [JOURNAL_LABEL]: 'true', [OPEN_LABEL]: String(isOpen(record)) },
  };
  const text = JSON.stringify(record);
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= PLAIN_BYTES) return { ...head, data: { [KEY]: text } };
  // A window that holds the whole: the object before the change and after it are mostly the same text.
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  if (packed.length > MAX_BYTES)
    throw new Failure(
      'tooLarge',
      `the journal entry of this change has ${packed.length} bytes, of ${MAX_BYTES} that fit`,
      'Make the change in smaller parts, one object at a time.',
    );
  return { ...head, binaryData: { [KEY]: packed.toString('base64') } };
}

function entryOf({ version, data, binaryData }: KeptMap): JournalEntry | null {
  try {
    const packed = binaryData[KEY];
    const text =
      packed === undefined
        ? (data[KEY] ?? '')
        : brotliDecompressSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_OPENED_BYTES }).toString('utf8');
    const record = decodeRecord(JSON.parse(text));
    return record === null ? null : { record, version };
  } catch {
    // Cut, foreign or written by hand: it is told by its name.
    return null;
  }
}
