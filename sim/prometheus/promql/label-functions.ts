// label_replace, label_join, and the labels of absent(): functions that write labels.
import { RE2JS } from 're2js';
import { Labels, METRIC_NAME } from '../storage/labels';
import type { Matcher } from '../storage/matcher';
import type { Matrix } from './matrix';
import { QueryError } from './query-error';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

interface Match {
  group(reference: string | number): string | null;
  groupCount(): number;
}

function groupText(match: Match, reference: string, namedGroups: Readonly<Record<string, number>>): string {
  if (/^\d+$/.test(reference)) {
    const number = Number(reference);
    return number <= match.groupCount() ? (match.group(number) ?? '') : '';
  }
  return reference in namedGroups ? (match.group(reference) ?? '') : '';
}

// Go's Regexp.Expand: $name takes the longest run of word characters, ${name} is exact, $$ is a dollar, and a dollar that
// begins no reference stays.
function expandTemplate(template: string, match: Match, namedGroups: Readonly<Record<string, number>>): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar?: string, bare?: string, braced?: string) =>
    dollar === undefined ? groupText(match, bare ?? braced ?? '', namedGroups) : '$',
  );
}

/** label_replace(input, target, replacement, source, expression). */
export function evaluateLabelReplace(input: Matrix, target: string, replacement: string, source: string, expression: string): Matrix {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(`^(?:${expression})$`);
  } catch {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${expression}`);
  }
  if (!LABEL_NAME.test(target)) throw new QueryError('execution', `invalid destination label name in label_replace(): ${target}`);
  const namedGroups = compiled.namedGroups();
  return input.relabel((labels) => {
    const matcher = compiled.matcher(labels.value(source));
    return matcher.find() ? labels.with(target, expandTemplate(replacement, matcher, namedGroups)) : labels;
  });
}

/** label_join(input, target, separator, sources…). */
export function evaluateLabelJoin(input: Matrix, target: string, separator: string, sources: readonly string[]): Matrix {
  const badSource = sources.find((source) => !LABEL_NAME.test(source));
  if (badSource !== undefined) throw new QueryError('execution', `invalid source label name in label_join(): ${badSource}`);
  if (!LABEL_NAME.test(target)) throw new QueryError('execution', `invalid destination label name in label_join(): ${target}`);
  return input.relabel((labels) => labels.with(target, sources.map((source) => labels.value(source)).join(separator)));
}

/** The labels that absent() can know: those fixed by exactly one equality matcher. */
export function labelsOfAbsent(matchers: readonly Matcher[]): Labels {
  let labels = Labels.empty;
  const seen = new Set<string>();
  for (const matcher of matchers) {
    if (matcher.name === METRIC_NAME) continue;
    if (matcher.operator === '=' && !seen.has(matcher.name)) {
      labels = labels.with(matcher.name, matcher.operand);
      seen.add(matcher.name);
    } else labels = labels.without([matcher.name]);
  }
  return labels;
}
