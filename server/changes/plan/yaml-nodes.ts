// What is looked at in a parsed YAML text before a value is made of it, each in one pass: the parser's own checks cost the square of the size.
// In: document, text. Out: places of what is not allowed.
import { type Document, isAlias, isNode, isScalar, Lexer, visit } from 'yaml';

export interface BadNode {
  readonly offset: number;
  readonly problem: 'duplicateKey' | 'badKey' | 'mergeKey' | 'tooManyAliases';
}

/** Each alias is looked up in the whole text. */
const MAX_ALIASES = 100;

export function findBadNodes(document: Document.Parsed): readonly BadNode[] {
  const found: BadNode[] = [];
  const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  let aliases = 0;
  visit(document, {
    Map: (_, map) => {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        const value: unknown = isScalar(key) ? key.value : undefined;
        const name = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
        if (name === null) found.push({ offset: offsetOf(key), problem: 'badKey' });
        else if (name === '<<') found.push({ offset: offsetOf(key), problem: 'mergeKey' });
        else if (keys.has(name)) found.push({ offset: offsetOf(key), problem: 'duplicateKey' });
        else keys.add(name);
      }
    },
    Alias: (_, alias) => {
      aliases += isAlias(alias) ? 1 : 0;
      if (aliases > MAX_ALIASES) {
        found.push({ offset: offsetOf(alias), problem: 'tooManyAliases' });
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

const MAX_OPEN = 500;
/** `- - - -` and `? ? ? ?` open a level each. */
const COMPACT = /^[ ]*(?:[-?:][ \t]+){100}/m;

/** True where the text opens so many levels that the parser would need its whole stack. Brackets in texts count as well: nobody has so many. */
export function isTooDeep(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if (code === 0x5d || code === 0x7d) open -= 1;
    if (open > MAX_OPEN) return true;
  }
  return COMPACT.test(text);
}

/** A large object of a megabyte has two thirds of this; each may cost the parser an error with its stack. */
const MAX_TOKENS = 300_000;

/** True where the parser would be busy for seconds. */
export function hasTooManyTokens(text: string): boolean {
  const tokens = new Lexer().lex(text);
  for (let count = 0; count <= MAX_TOKENS; count += 1) if (tokens.next().done === true) return false;
  return true;
}
