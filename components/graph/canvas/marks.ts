// Marks that a page puts on nodes and edges: what a comparison found, what lies on a path. In: Marks. Out: signs, words, what is dimmed. Pure.
// A mark is told by a sign and a line pattern as well as by its colour.

export const MARK_TONES = ['added', 'removed', 'worse', 'better', 'changed', 'path', 'dim'] as const;
export type MarkTone = (typeof MARK_TONES)[number];

export interface Mark {
  readonly tone: MarkTone;
  /** Stands beside the sign, on the label of an edge or at a node: "+12 %". */
  readonly text?: string;
}

/** Marks by the id of a node or an edge; what is not in it is drawn as ever. */
export type Marks = ReadonlyMap<string, Mark>;

export const MARK_SIGNS: Readonly<Record<MarkTone, string>> = {
  added: '+',
  removed: '−',
  worse: '▲',
  better: '▼',
  changed: '◆',
  path: '',
  dim: '',
};

export const MARK_WORDS: Readonly<Record<MarkTone, string>> = {
  added: 'added',
  removed: 'removed',
  worse: 'worse',
  better: 'better',
  changed: 'changed',
  path: 'on the path',
  dim: 'not part of it',
};

/** Sign and text as they are drawn; '' for a mark without either. */
export const markText = (mark: Mark): string => [MARK_SIGNS[mark.tone], mark.text ?? ''].filter((part) => part !== '').join(' ');

/** What stays bright when marks dim something: `bright` (null = everything) without what is marked `dim`. */
export function brightUnder(
  marks: Marks | null,
  bright: ReadonlySet<string> | null,
  all: () => Iterable<string>,
): ReadonlySet<string> | null {
  if (marks === null) return bright;
  const dimmed = new Set([...marks].flatMap(([id, mark]) => (mark.tone === 'dim' ? [id] : [])));
  if (dimmed.size === 0) return bright;
  return new Set([...(bright ?? all())].filter((id) => !dimmed.has(id)));
}
