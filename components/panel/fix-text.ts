// Takes the text of a fix apart into sentences, commands and YAML, so that the last two can be copied. In: text. Out: parts. Pure.

export interface FixPart {
  readonly kind: 'text' | 'command' | 'yaml';
  readonly text: string;
}

const COMMAND = /^\s*\$?\s*(?:kubectl|istioctl|helm|curl)\s/;
const YAML_START = /^(?:apiVersion|kind):\s/;
/** Lines that belong to YAML once it began: keys, list items, indented lines, separators, comments. */
const YAML_LINE = /^(?:\s+\S|[A-Za-z][\w.-]*:(?:\s|$)|- |---|#)/;

/** Lines of one kind that follow each other become one part; a command that ends in "\" goes on in the next line. */
export function splitFix(fix: string): readonly FixPart[] {
  const parts: { kind: FixPart['kind']; lines: string[] }[] = [];
  let continued = false;
  for (const line of fix.split('\n')) {
    const last = parts.at(-1);
    const inYaml = last?.kind === 'yaml' && YAML_LINE.test(line);
    const kind: FixPart['kind'] = continued || COMMAND.test(line) ? 'command' : inYaml || YAML_START.test(line) ? 'yaml' : 'text';
    continued = kind === 'command' && line.trimEnd().endsWith('\\');
    if (line.trim() === '') continue;
    const text = kind === 'command' ? line.replace(/^\s*\$\s/, '') : line;
    if (last !== undefined && last.kind === kind && kind !== 'text') last.lines.push(text);
    else parts.push({ kind, lines: [text] });
  }
  return parts.map(({ kind, lines }) => ({ kind, text: lines.join('\n').trim() }));
}
