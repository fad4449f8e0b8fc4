// Queries that a backend refuses for their size are asked in parts: the values of one label in as many sets as it takes, which no two parts
// share. What was needed is remembered by query, and tried with less again after a while.
// In: queries with `splitBy`, how to ask one, how to list values. Out: their answers put together. Told the time.
import { Failure } from '../../model/failure';
import type { InstantVector, RangeColumns, VectorQuery } from '../ports';
import { addMatchers, quotePromql } from './scope';

export const MAX_PARTS = 32;
/** A backend that is slow with these is slow, not asked for too much at once. */
const MAX_PARTS_BY_TIME = 8;
/** After this long without a refusal half the parts are tried; twice as long after each time that this failed. */
const GROW_MS = 600_000;
const MAX_GROW_MS = 7_200_000;
/** Values of the label are listed again this often. */
const VALUES_MS = 600_000;
const MAX_KEYS = 200;

interface Split {
  parts: number;
  /** When fewer may be tried. */
  growMs: number;
  waitMs: number;
}

export interface SplittingOptions {
  readonly now: () => number;
  /** Values of a label on the mesh's metrics. */
  readonly listValues: (label: string) => Promise<readonly string[]>;
}

const escapePattern = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

/** A label and its values; none: they are not listed. */
export interface LabelValues {
  readonly label: string;
  readonly values: readonly string[];
}

/** The largest power of two that does not exceed a number; at least 1. */
const powerBelow = (most: number): number => 2 ** Math.floor(Math.log2(Math.max(1, most)));
const patternsOf = ({ values }: LabelValues): readonly string[] =>
  values.length > 0 ? [...values].sort().map(escapePattern) : LETTERS.map((letter) => `${letter}.*`);
const mostParts = (labels: readonly LabelValues[]): number =>
  Math.min(
    MAX_PARTS,
    labels.reduce((product, own) => product * powerBelow(patternsOf(own).length), 1),
  );

/** Matchers, one list for each part: together they match every series, no two of them the same one. As many labels as it takes. */
export function buildParts(labels: readonly LabelValues[], parts: number): readonly string[] {
  const [first, ...others] = labels;
  if (first === undefined || parts === 1) return [];
  const own = Math.min(parts, powerBelow(patternsOf(first).length));
  const coarse = buildLabelParts(first, own);
  const fine = buildParts(others, parts / own);
  return fine.length === 0 ? coarse : coarse.flatMap((matcher) => (matcher === '' ? fine : fine.map((more) => `${matcher},${more}`)));
}

function buildLabelParts(labelled: LabelValues, parts: number): readonly string[] {
  if (parts === 1) return [''];
  const { label } = labelled;
  const patterns = patternsOf(labelled);
  const sets = Array.from({ length: Math.min(parts, patterns.length) }, (_, part) => patterns.filter((_, i) => i % parts === part));
  const last = sets.length - 1;
  // The last one takes all the rest, what nobody has heard of included.
  return sets.map((own, part) =>
    part < last ? `${label}=~${quotePromql(own.join('|'))}` : `${label}!~${quotePromql(sets.slice(0, last).flat().join('|'))}`,
  );
}

const isTooLarge = (error: unknown): boolean => error instanceof Failure && error.code === 'metricsTooLarge';
const isTimeout = (error: unknown): boolean => error instanceof Failure && error.code === 'metricsTimeout';

export interface QuerySplit {
  readonly query: string;
  readonly parts: number;
}

export class Splitting {
  readonly #options: SplittingOptions;
  readonly #splits = new Map<string, Split>();
  readonly #values = new Map<string, { readonly atMs: number; readonly values: Promise<readonly string[]> }>();

  constructor(options: SplittingOptions) {
    this.#options = options;
  }

  /** Queries that are asked in parts now, by name; the most parts of each. */
  list(): readonly QuerySplit[] {
    const found = new Map<string, number>();
    for (const [key, { parts }] of this.#splits) {
      const [name = ''] = key.split('\n');
      if (parts > 1) found.set(name, Math.max(found.get(name) ?? 1, parts));
    }
    return [...found].map(([query, parts]) => ({ query, parts }));
  }

  /** Answers of all parts of a query, in the order of the parts. @throws Failure as `ask`, when even the smallest parts are refused */
  async ask<T>(query: VectorQuery, kind: string, signal: AbortSignal, ask: (part: VectorQuery) => Promise<T>): Promise<readonly T[]> {
    const { splitBy } = query;
    if (splitBy === undefined) return [await ask(query)];
    const key = [query.name, query.stream ?? '', kind].join('\n');
    for (;;) {
      const parts = this.#partsOf(key);
      try {
        const answers = parts === 1 ? [await ask(query)] : await this.#askParts(query, splitBy, parts, ask);
        this.#note(key, parts);
        return answers;
      } catch (error) {
        if (signal.aborted || (!isTooLarge(error) && !isTimeout(error))) throw error;
        if (isTimeout(error) && parts >= MAX_PARTS_BY_TIME) throw error;
        const grown = await this.#refused(key, parts, splitBy);
        // Who ran out of time has none left to try again: the next one is asked in parts.
        if (!grown || isTimeout(error)) throw error;
      }
    }
  }

  async #askParts<T>(
    query: VectorQuery,
    labels: readonly string[],
    parts: number,
    ask: (part: VectorQuery) => Promise<T>,
  ): Promise<readonly T[]> {
    const matchers = buildParts(await this.#list(labels), parts);
    return Promise.all(
      matchers.map((matcher, i) =>
        ask({
          ...query,
          promql: addMatchers(query.promql, matcher),
          ...(query.stream === undefined ? {} : { stream: `${query.stream} ${i + 1}/${parts}` }),
        }),
      ),
    );
  }

  /** How many parts to ask in; half as many as were needed, once their time has come. */
  #partsOf(key: string): number {
    const split = this.#splits.get(key);
    if (split === undefined) return 1;
    return split.parts > 1 && this.#options.now() >= split.growMs ? split.parts / 2 : split.parts;
  }

  #note(key: string, parts: number): void {
    const split = this.#splits.get(key);
    if (split === undefined) return;
    if (parts < split.parts) {
      split.parts = parts;
      split.growMs = this.#options.now() + split.waitMs;
    }
    if (split.parts === 1) this.#splits.delete(key);
  }

  /** Notes a refusal of so many parts; false if more would not help. */
  async #refused(key: string, parts: number, labels: readonly string[]): Promise<boolean> {
    const now = this.#options.now();
    const before = this.#splits.get(key);
    const wasTried = before !== undefined && parts < before.parts;
    const needed = Math.max(before?.parts ?? 1, parts * 2);
    if (needed > mostParts(await this.#list(labels))) return false;
    const waitMs = wasTried ? Math.min(MAX_GROW_MS, before.waitMs * 2) : (before?.waitMs ?? GROW_MS);
    this.#splits.delete(key);
    this.#splits.set(key, { parts: needed, growMs: now + waitMs, waitMs });
    const [oldest] = this.#splits.keys();
    if (this.#splits.size > MAX_KEYS && oldest !== undefined) this.#splits.delete(oldest);
    return true;
  }

  #list(labels: readonly string[]): Promise<readonly LabelValues[]> {
    return Promise.all(labels.map(async (label) => ({ label, values: await this.#listOne(label) })));
  }

  #listOne(label: string): Promise<readonly string[]> {
    const now = this.#options.now();
    const held = this.#values.get(label);
    if (held !== undefined && now - held.atMs < VALUES_MS) return held.values;
    const values = this.#options.listValues(label).catch(() => []);
    this.#values.set(label, { atMs: now, values });
    return values;
  }
}

/** The vectors of all parts as one. Slots are those of the parts, dealt out in turns. */
export function joinVectors(parts: readonly InstantVector[]): InstantVector {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const slots = new Int32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  parts.forEach((part, number) => {
    for (let i = 0; i < part.count; i++) {
      slots[at] = (part.slots[i] ?? 0) * parts.length + number;
      values[at] = part.values[i] ?? 0;
      at++;
    }
  });
  const labelsOf = (slot: number): readonly string[] => {
    const part = parts[slot % parts.length];
    if (part === undefined) throw new RangeError(`no slot ${slot} in this result`);
    return part.labelsOf(Math.floor(slot / parts.length));
  };
  return {
    count,
    slots,
    values,
    labelsOf,
    warnings: [...new Set(parts.flatMap((part) => part.warnings))],
    infos: [...new Set(parts.flatMap((part) => part.infos))],
    wallMs: Math.max(0, ...parts.map((part) => part.wallMs)),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}

/** The columns of all parts as one. */
export function joinColumns(parts: readonly RangeColumns[]): RangeColumns {
  const [first] = parts;
  if (first === undefined) throw new RangeError('there are no parts');
  if (parts.length === 1) return first;
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return {
    steps: first.steps,
    labels: parts.flatMap((part) => part.labels),
    values,
    warnings: [...new Set(parts.flatMap((part) => part.warnings))],
    wallMs: Math.max(0, ...parts.map((part) => part.wallMs)),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}
