// The graph as a Mermaid flowchart: subgraphs for boxes, shapes by kind, classes by health. In: a document, a caption. Out: text. Pure.
// Foreign text stands in quotes with every letter that Mermaid knows as markup written as an entity (`#35;`).
import type { NodeKind } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { edgeTone, nodeTone } from '../graph/canvas/tone';
import { buildEdgeText, wordEdgeText } from '../graph/edge-text';
import type { EdgeLabel } from '../live/screen-url';
import { wordNode } from '../ui/node-words';
import type { Caption } from './caption';
import { buildTree, writeTree } from './graph-tree';
import { EXPORT_PALETTES } from './palettes';

/** What Mermaid's own settings allow (maxEdges, maxTextSize); a page that draws more has to raise them. */
const MAX_EDGES = 500;
const MAX_TEXT = 50_000;

const BRACKETS: Readonly<Record<NodeKind, readonly [string, string]>> = {
  workload: ['([', '])'],
  app: ['[', ']'],
  service: ['[/', '\\]'],
  serviceEntry: ['>', ']'],
  passthrough: ['{{', '}}'],
  blackhole: ['{{', '}}'],
  unknown: ['{{', '}}'],
  namespace: ['[[', ']]'],
  hidden: ['{', '}'],
  operation: ['(', ')'],
};

/** Text for a quoted Mermaid label. */
export const escapeMermaid = (text: string): string =>
  `"${text
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ')
    .replace(/["#<>&`\\{}[\]|;]/g, (letter) => `#${letter.codePointAt(0) ?? 32};`)
    .trim()}"`;

/** Text for a comment, which ends with its line; `{` would begin a directive. */
const comment = (text: string): string => `  %% ${text.replace(/[\s\p{Cc}\p{Cs}{}]+/gu, ' ')}`;

export function writeMermaid(document: GraphDocument, labels: readonly EdgeLabel[], caption: Caption): string {
  const tree = buildTree(document);
  const { light } = EXPORT_PALETTES;
  const classes = new Map<string, string[]>();
  const join = (name: string, key: string): void => {
    const list = classes.get(name);
    if (list) list.push(key);
    else classes.set(name, [key]);
  };
  const contents = writeTree(
    tree,
    ({ key, box }) => [`subgraph ${key}[${escapeMermaid(box.label)}]`],
    'end',
    ({ key, node }) => {
      const tone = nodeTone(node);
      if (tone !== 'healthy') join(tone, key);
      const [open, close] = BRACKETS[node.kind];
      return `${key}${open}${escapeMermaid(wordNode(node))}${close}`;
    },
  );
  const styled = new Map<string, number[]>();
  const edges = tree.edges.map(({ source, target, edge }, i) => {
    const tone = edgeTone(edge);
    const list = styled.get(tone);
    if (list) list.push(i);
    else styled.set(tone, [i]);
    const words = wordEdgeText(buildEdgeText(edge, labels));
    const line = tone === 'idle' ? '-.->' : tone === 'failure' ? '==>' : '-->';
    return `  ${source} ${line}${words === '' ? '' : `|${escapeMermaid(words)}|`} ${target}`;
  });
  const body = [
    'flowchart LR',
    ...caption.lines.map(comment),
    ...(caption.permalink === '' ? [] : [comment(caption.permalink)]),
    ...contents,
    ...edges,
    `  classDef degraded stroke:${light.degraded},stroke-width:3px`,
    `  classDef failure stroke:${light.failure},stroke-width:4px`,
    `  classDef idle stroke:${light.idle},stroke-dasharray:4 2`,
    ...[...classes].map(([name, keys]) => `  class ${keys.join(',')} ${name}`),
    ...(['degraded', 'failure', 'tcp', 'idle'] as const).flatMap((tone) => {
      const list = styled.get(tone);
      return list === undefined ? [] : [`  linkStyle ${list.join(',')} stroke:${light[tone]}`];
    }),
  ].join('\n');
  const large = tree.edges.length > MAX_EDGES || body.length > MAX_TEXT;
  // The front matter is YAML, of which a JSON string is a part.
  return [
    '---',
    `title: ${JSON.stringify(caption.title)}`,
    '---',
    ...(large
      ? [
          `%% ${tree.edges.length} edges, ${body.length} characters: raise maxEdges and maxTextSize where Mermaid draws this (they are ${MAX_EDGES} and ${MAX_TEXT}).`,
        ]
      : []),
    body,
    '',
  ].join('\n');
}
