// A journal entry as ConfigMaps: whole where it fits into one, else the objects of its steps apart. What goes apart never changes after the
// entry was made, so the entry itself stays one object, written in one piece and guarded by its version. In: ChangeRecord. Out: MapContents.
// Parts are named by what is in them: whoever finds one of that name finds that content, and a head that names it can be read or is refused.
import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { ChangeRecord, ChangeState } from '../../model/change';
import { Failure } from '../../model/failure';
import { decodeRecord } from './decode-record';
import type { KeptMap, MapContent } from './kept-map';

export const JOURNAL_LABEL = 'heddle.dev/journal';
export const OPEN_LABEL = 'heddle.dev/open';
/** On parts: the id of the entry that they belong to. */
export const PART_LABEL = 'heddle.dev/journal-part-of';
export const NAME = 'heddle-change-';
const KEY = 'record';
/** Of heads whose objects are in parts. */
export const STEPS_KEY = 'steps';
/** Larger records are compressed; a list of the journal is read often. */
const PLAIN_BYTES = 32 * 1024;
/** A ConfigMap holds 1 MiB (Kubernetes, "ConfigMap"); names and labels need some. */
const MAX_BYTES = 900_000;
const MAX_OPENED_BYTES = 64 * 1024 * 1024;
/** What one change may bring in all. */
const MAX_PARTS = 16;

const OPEN_STATES: readonly ChangeState[] = ['applying', 'waiting', 'reverting'];
/** Whether somebody still has to do something about a change. */
export const isOpen = ({ state }: Pick<ChangeRecord, 'state'>): boolean => OPEN_STATES.includes(state);

export interface EncodedEntry {
  readonly head: MapContent;
  /** Written before the head; empty where everything fits into it. */
  readonly parts: readonly MapContent[];
}

/** What the head says of its parts. */
export interface PartsRef {
  readonly count: number;
  readonly sha256: string;
}

const LABELS = { 'app.kubernetes.io/managed-by': 'heddle' } as const;

// A window that holds the whole: an object before the change and after it are mostly the same text.
const pack = (bytes: Buffer): Buffer =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
const unpack = (bytes: Buffer): string => brotliDecompressSync(bytes, { maxOutputLength: MAX_OPENED_BYTES }).toString('utf8');

const partName = (id: string, { sha256 }: PartsRef, index: number): string => `${NAME}${id}.${sha256.slice(0, 12)}.${index}`;
/** Names of the parts of an entry, in order. */
export const partNames = (id: string, parts: PartsRef): readonly string[] =>
  Array.from({ length: parts.count }, (_, index) => partName(id, parts, index));

/** @throws Failure tooLarge, before anything was written */
export function encodeEntry(record: ChangeRecord): EncodedEntry {
  const plain = Buffer.from(JSON.stringify(record), 'utf8');
  if (plain.length <= PLAIN_BYTES) return { head: headOf(record, { data: { [KEY]: plain.toString('utf8') } }), parts: [] };
  const packed = pack(plain);
  if (packed.length <= MAX_BYTES) return { head: headOf(record, { binaryData: { [KEY]: packed.toString('base64') } }), parts: [] };
  const objects = record.steps.map(({ before, after, patch }) => ({ before, after, patch }));
  const large = pack(Buffer.from(JSON.stringify(objects), 'utf8'));
  const parts: PartsRef = {
    count: Math.ceil(large.length / MAX_BYTES),
    sha256: createHash('sha256').update(large).digest('hex'),
  };
  const rest = { ...record, steps: record.steps.map((step) => ({ ...step, before: null, after: null, patch: [] })) };
  const small = pack(Buffer.from(JSON.stringify({ record: rest, parts }), 'utf8'));
  if (parts.count > MAX_PARTS || small.length > MAX_BYTES) throw tooLarge(record, packed.length);
  return {
    head: headOf(record, { binaryData: { [STEPS_KEY]: small.toString('base64') } }),
    parts: partNames(record.id, parts).map((name, i) => ({
      name,
      labels: { ...LABELS, [PART_LABEL]: record.id },
      binaryData: { part: large.subarray(i * MAX_BYTES, (i + 1) * MAX_BYTES).toString('base64') },
    })),
  };
}

const headOf = (record: ChangeRecord, content: Pick<MapContent, 'data' | 'binaryData'>): MapContent => ({
  name: NAME + record.id,
  labels: { ...LABELS, [JOURNAL_LABEL]: 'true', [OPEN_LABEL]: String(isOpen(record)) },
  ...content,
});

function tooLarge({ steps }: ChangeRecord, bytes: number): Failure {
  const megabytes = (n: number): string => (n / 1_000_000).toFixed(1);
  return new Failure(
    'tooLarge',
    `the journal entry of this change would have ${megabytes(bytes)} MB, compressed, of ${megabytes(MAX_PARTS * MAX_BYTES)} MB that the journal takes; it brings ${steps.length} ${steps.length === 1 ? 'write' : 'writes'}, each with the object before and after it`,
    'Nothing was written. Make the change in smaller parts, fewer objects at a time.',
  );
}

/** What a ConfigMap of the journal says: a whole record, a head whose parts are to be read, or nothing that can be read. */
export type DecodedHead =
  | { readonly kind: 'whole'; readonly record: ChangeRecord }
  | { readonly kind: 'parted'; readonly head: ChangeRecord; readonly parts: PartsRef }
  | null;

const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === 'object' && x !== null && !Array.isArray(x);

export function decodeHead({ data, binaryData }: Pick<KeptMap, 'data' | 'binaryData'>): DecodedHead {
  try {
    const parted = binaryData[STEPS_KEY];
    if (parted !== undefined) return decodeParted(JSON.parse(unpack(Buffer.from(parted, 'base64'))));
    const packed = binaryData[KEY];
    const record = decodeRecord(JSON.parse(packed === undefined ? (data[KEY] ?? '') : unpack(Buffer.from(packed, 'base64'))));
    return record === null ? null : { kind: 'whole', record };
  } catch {
    // Cut, foreign or written by hand: it is told by its name.
    return null;
  }
}

function decodeParted(value: unknown): DecodedHead {
  if (!isObject(value) || !isObject(value['parts'])) return null;
  const { count, sha256 } = value['parts'];
  const head = decodeRecord(value['record']);
  if (head === null || typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MAX_PARTS) return null;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { kind: 'parted', head, parts: { count, sha256 } };
}

/** The record of a head with the content of its parts, in order; null where one is missing or is not what the head was written with. */
export function joinParts(head: ChangeRecord, { sha256 }: PartsRef, parts: readonly (KeptMap | null)[]): ChangeRecord | null {
  try {
    const packed = Buffer.concat(parts.map((map) => Buffer.from(map?.binaryData['part'] ?? '', 'base64')));
    if (createHash('sha256').update(packed).digest('hex') !== sha256) return null;
    const objects: unknown = JSON.parse(unpack(packed));
    if (!Array.isArray(objects) || objects.length !== head.steps.length) return null;
    const steps = head.steps.map((step, i) => {
      const own: unknown = objects[i];
      return { ...step, ...(isObject(own) ? own : {}) };
    });
    return decodeRecord({ ...head, steps });
  } catch {
    return null;
  }
}
