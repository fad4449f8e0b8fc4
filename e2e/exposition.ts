// Prometheus' text format, read strictly. In: the text of /metrics. Out: samples; anything that is not the format is an error.
// Source: Prometheus exposition formats, text-based format 0.0.4.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Type of its family. */
  readonly type: string;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

function decodeLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const found = LABEL.exec(text);
    if (found === null) throw new Error(`bad labels: ${line}`);
    labels[found[1] ?? ''] = (found[2] ?? '').replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

function decodeValue(text: string, line: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (Number.isNaN(value) && text !== 'NaN') throw new Error(`bad value: ${line}`);
  return value;
}

/** Every sample of a text. @throws Error naming the first line that is not the format, a series given twice, a family in two pieces. */
export function decodeSamples(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const closed = new Set<string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  let family = '';
  const enter = (name: string, line: string): void => {
    if (name === family) return;
    if (closed.has(name)) throw new Error(`the family is in two pieces: ${line}`);
    closed.add(family);
    family = name;
  };
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const comment = COMMENT.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      enter(name, line);
      if (kind === 'HELP') helped.add(name);
      else if (!TYPES.includes(rest) || types.has(name)) throw new Error(`bad type: ${line}`);
      else types.set(name, rest);
      continue;
    }
    const found = SAMPLE.exec(line);
    if (found === null) throw new Error(`not a line of the format: ${line}`);
    const [, name = '', labelText = '', valueText = ''] = found;
    const base = name.replace(/_(bucket|sum|count)$/, '');
    const own = types.get(base) === 'histogram' ? base : name;
    const type = types.get(own);
    if (type === undefined || !helped.has(own)) throw new Error(`no TYPE and HELP before ${line}`);
    enter(own, line);
    const key = `${name}{${labelText}}`;
    if (seen.has(key)) throw new Error(`given twice: ${line}`);
    seen.add(key);
    samples.push({ name, labels: decodeLabels(labelText, line), value: decodeValue(valueText, line), type });
  }
  return samples;
}
