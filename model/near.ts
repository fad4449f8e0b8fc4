// Names that somebody may have meant, in the words that tell what to do next, and out of them again for links. In: names, texts. Out: the other. Pure.

const OPENING = 'Named nearly so: ';

/** "Named nearly so: bookinfo/reviews-v2, bookinfo/reviews-v3. " before the rest; just the rest where there are none. */
export const wordNear = (names: readonly string[], rest: string): string =>
  names.length === 0 ? rest : `${OPENING}${names.join(', ')}. ${rest}`;

/** The names of such a text, and its rest. Names of Kubernetes have neither commas nor spaces. */
export function readNear(text: string): { readonly names: readonly string[]; readonly rest: string } {
  const end = text.indexOf('. ');
  if (!text.startsWith(OPENING) || end < 0) return { names: [], rest: text };
  return { names: text.slice(OPENING.length, end).split(', '), rest: text.slice(end + 2) };
}
