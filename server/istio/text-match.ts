// Matching one text as Envoy does for Istio's StringMatch: exact, prefix, RE2 regex over the whole text, presence.
// In: TextMatch. Out: yes or no, and the words to say it. A regex that RE2 refuses never matches and says so.
import { RE2JS } from 're2js';
import { memoByObject } from './memo';

export interface TextMatch {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present';
  readonly value: string;
}

/** Patterns of paths: `segments` is a Gateway API prefix, which ends at a segment. */
export interface PathMatch {
  readonly kind: TextMatch['kind'] | 'segments';
  readonly value: string;
}

type Compiled = { readonly regex: RE2JS } | { readonly fault: string };

const compiledOf = memoByObject((match: PathMatch): Compiled => {
  try {
    return { regex: RE2JS.compile(match.value) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'unreadable' };
  }
});

/** What RE2 says against the regex of a match, null if it is no regex or a good one. */
export function regexFault(match: PathMatch): string | null {
  if (match.kind !== 'regex') return null;
  const compiled = compiledOf(match);
  return 'fault' in compiled ? compiled.fault : null;
}

/** True when the whole text matches. */
export function matchesText(match: TextMatch, text: string): boolean {
  switch (match.kind) {
    case 'exact':
      return text === match.value;
    case 'prefix':
      return text.startsWith(match.value);
    case 'present':
      return true;
    case 'regex':
      return matchesRegex(match, text);
  }
}

function matchesRegex(match: PathMatch, text: string): boolean {
  const compiled = compiledOf(match);
  return 'regex' in compiled && compiled.regex.matches(text);
}

/** True when a path (without query) matches; `ignoreCase` acts on exact and prefix only, as in Envoy. */
export function matchesPath(match: PathMatch, path: string, ignoreCase: boolean): boolean {
  if (match.kind === 'present') return true;
  if (match.kind === 'regex') return matchesRegex(match, path);
  const [value, text] = ignoreCase ? [match.value.toLowerCase(), path.toLowerCase()] : [match.value, path];
  if (match.kind === 'exact') return text === value;
  if (match.kind === 'prefix') return text.startsWith(value);
  return text.startsWith(value) && (text.length === value.length || text[value.length] === '/' || value.endsWith('/'));
}

/** `exactly "jason"`, `a prefix "/api"`, ... for sentences such as "the rule wants ...". */
export function describeMatch(match: PathMatch): string {
  switch (match.kind) {
    case 'exact':
      return `exactly "${match.value}"`;
    case 'prefix':
      return `the prefix "${match.value}"`;
    case 'segments':
      return `"${match.value}" or a path below it`;
    case 'regex': {
      const fault = regexFault(match);
      return fault === null ? `the regex "${match.value}"` : `the regex "${match.value}", which is invalid (${fault}) and matches nothing`;
    }
    case 'present':
      return 'any value';
  }
}
