// Variables of a dashboard put into its PromQL. In: PromQL with $name, ${name}, ${name:format} or [[name]], chosen values. Out: PromQL.
// Inside of a string literal values are escaped for it and for RE2; elsewhere only numbers, durations and names may stand. Pure.
import type { VariableChoice } from '../../model/dashboard';
import { Failure } from '../../model/failure';

/** What Grafana fills in by itself, as durations: `$__rate_interval`, `$__interval`, `$__range`. */
export interface Intervals {
  readonly rateSeconds: number;
  readonly stepSeconds: number;
  readonly rangeSeconds: number;
}

const REFERENCE = /\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::\w+)?\]\]|\$(\w+)/y;
const BARE = /^[A-Za-z0-9_:.]+$/;

const escapeRegex = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** Text as it stands inside of a literal with this quote; a raw literal takes no escapes, and no backtick. */
function inLiteral(text: string, quote: string): string {
  if (quote === '`') return text.replaceAll('`', '');
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll(quote, `\\${quote}`);
}

function intervalOf(name: string, { rateSeconds, stepSeconds, rangeSeconds }: Intervals): string | null {
  switch (name) {
    case '__rate_interval':
      return `${rateSeconds}s`;
    case '__interval':
      return `${stepSeconds}s`;
    case '__interval_ms':
      return `${stepSeconds * 1000}`;
    case '__range':
      return `${rangeSeconds}s`;
    case '__range_s':
      return `${rangeSeconds}`;
    case '__range_ms':
      return `${rangeSeconds * 1000}`;
    default:
      return null;
  }
}

/** What a variable says: no value = any. `isPattern`: it is matched as a regular expression. */
function wordValues(values: readonly string[], isPattern: boolean): string {
  if (values.length === 0) return '.*';
  if (!isPattern) return values.join('|');
  return values.length === 1 ? escapeRegex(values[0] ?? '') : `(${values.map(escapeRegex).join('|')})`;
}

/** @throws Failure badRequest for a variable that is not known, or a value that cannot stand where it would. */
export function bindVariables(promql: string, choice: VariableChoice, intervals: Intervals): string {
  let bound = '';
  let quote: string | null = null;
  let isPattern = false;
  for (let i = 0; i < promql.length; ) {
    REFERENCE.lastIndex = i;
    const found = REFERENCE.exec(promql);
    if (found !== null) {
      const name = found[1] ?? found[3] ?? found[4] ?? '';
      bound += fill(name, found[2], choice, intervals, quote, isPattern);
      i += found[0].length;
      continue;
    }
    const c = promql.charAt(i);
    if (quote !== null && c === '\\' && quote !== '`') {
      bound += promql.slice(i, i + 2);
      i += 2;
      continue;
    }
    if (quote === null && (c === '"' || c === "'" || c === '`')) {
      quote = c;
      isPattern = /[=!]~\s*$/.test(promql.slice(0, i));
    } else if (c === quote) quote = null;
    bound += c;
    i += 1;
  }
  return bound;
}

function fill(
  name: string,
  format: string | undefined,
  choice: VariableChoice,
  intervals: Intervals,
  quote: string | null,
  isPattern: boolean,
): string {
  const interval = intervalOf(name, intervals);
  if (interval !== null) return interval;
  if (!Object.hasOwn(choice, name))
    throw new Failure(
      'badRequest',
      `the query names a variable $${name.slice(0, 80)} that the dashboard does not have`,
      'Correct the dashboard.',
    );
  const values = choice[name] ?? [];
  if (quote !== null) return inLiteral(wordValues(values, isPattern && format !== 'raw'), quote);
  const [only] = values;
  if (values.length === 1 && only !== undefined && BARE.test(only)) return only;
  throw new Failure(
    'badRequest',
    `the variable $${name.slice(0, 80)} stands outside of quotes, where ${values.length === 1 ? JSON.stringify((only ?? '').slice(0, 80)) : 'one value'} cannot`,
    'Choose one value of letters, digits and underscores, or put the variable into quotes.',
  );
}
