// Views that a reader saved under names, in this browser. In: texts of addresses. Out: SavedView lists; files to give to others. Pure.
// The address is the whole state of the graph; a saved view is a name for one.

export interface SavedView {
  readonly name: string;
  /** Query string without `?`, without the name. */
  readonly query: string;
}

export const MAX_SAVED = 100;
export const MAX_NAME = 60;
const MAX_QUERY = 8000;
/** Parameters that are not part of a saved view: its own name, and what is open beside the graph. */
const NOT_SAVED = ['saved', 'select', 'legend', 'login'] as const;

/** One blank between words, cut; '' is no name. */
export const cleanName = (name: string): string => name.trim().replace(/\s+/g, ' ').slice(0, MAX_NAME);

/** What is saved of an address. */
export function savedQuery(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of NOT_SAVED) query.delete(name);
  return query.toString();
}

/** The list with this view, under its name once; sorted by name. */
export const putSaved = (saved: readonly SavedView[], view: SavedView): readonly SavedView[] =>
  [...saved.filter(({ name }) => name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name)).slice(0, MAX_SAVED);

export const dropSaved = (saved: readonly SavedView[], name: string): readonly SavedView[] => saved.filter((one) => one.name !== name);

/** The address that opens it, with its name in it. */
export function savedHref(path: string, { name, query }: SavedView): string {
  const parameters = new URLSearchParams(query);
  parameters.set('saved', name);
  return `${path}?${parameters.toString()}`;
}

/** True where the address shows something else than what was saved under its name. */
export const isChanged = (saved: SavedView, search: string): boolean => sortedQuery(saved.query) !== sortedQuery(savedQuery(search));

const sortedQuery = (query: string): string => {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return parameters.toString();
};

export const encodeSaved = (saved: readonly SavedView[]): string => JSON.stringify(saved);

/** Whatever of a text is a saved view; null where it is no list at all. */
export function decodeSaved(text: string): readonly SavedView[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(value)) return null;
  return value.flatMap((one: unknown): readonly SavedView[] => {
    if (typeof one !== 'object' || one === null || !('name' in one) || !('query' in one)) return [];
    const { name, query } = one;
    if (typeof name !== 'string' || typeof query !== 'string' || query.length > MAX_QUERY) return [];
    const clean = cleanName(name);
    return clean === '' ? [] : [{ name: clean, query: savedQuery(query) }];
  });
}

/** Adds the views of a file; those of the same name are replaced. Null where the text holds none. */
export function importSaved(
  saved: readonly SavedView[],
  text: string,
): { readonly saved: readonly SavedView[]; readonly count: number } | null {
  const read = decodeSaved(text);
  if (read === null || read.length === 0) return null;
  return { saved: read.reduce(putSaved, saved), count: read.length };
}
