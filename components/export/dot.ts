// The graph in Graphviz' DOT language: clusters for boxes, attributes for every number, so that other tools can read them.
// In: a document, a caption. Out: text. Pure. All foreign text stands in double-quoted strings, where only " and \ mean something.
import type { NodeKind } from '../../model/graph';
import type { GraphDocument } from '../../model/wire';
import { edgeTone, edgeWidth, nodeTone } from '../graph/canvas/tone';
import { buildEdgeText, wordEdgeText } from '../graph/edge-text';
import type { EdgeLabel } from '../live/screen-url';
import { wordKind, wordNamespace, wordNode } from '../ui/node-words';
import type { Caption } from './caption';
import { buildTree, writeTree } from './graph-tree';
import { EXPORT_PALETTES } from './palettes';

const SHAPES: Readonly<Record<NodeKind, string>> = {
  workload: 'ellipse',
  app: 'box',
  service: 'triangle',
  serviceEntry: 'cds',
  passthrough: 'octagon',
  blackhole: 'octagon',
  unknown: 'octagon',
  namespace: 'box3d',
  hidden: 'diamond',
  operation: 'component',
};
const DASHED: ReadonlySet<NodeKind> = new Set(['passthrough', 'blackhole', 'unknown', 'hidden']);

/** A DOT string; line breaks are the two letters \n, other controls a space. */
export const quoteDot = (text: string): string =>
  `"${text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]|\p{Cs}/gu, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')}"`;

type Attributes = readonly (readonly [name: string, value: string | number | null])[];

/** Attributes that have a value. */
const attributes = (list: Attributes): string =>
  `[${list
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'number' ? value : quoteDot(value ?? '')}`)
    .join(', ')}]`;

export function writeDot(document: GraphDocument, labels: readonly EdgeLabel[], caption: Caption): string {
  const { light } = EXPORT_PALETTES;
  const tree = buildTree(document);
  const title = [caption.title, ...caption.lines].join('\n');
  const contents = writeTree(
    tree,
    ({ key, box }) => [
      `subgraph cluster_${key} {`,
      `graph ${attributes([
        ['label', box.label],
        ['style', box.kind === 'cluster' ? 'rounded,dashed' : 'rounded,filled'],
        ['fillcolor', box.kind === 'namespace' ? light.namespaceFill : light.appFill],
        ['color', box.health === 'failure' ? light.failure : box.health === 'degraded' ? light.degraded : light.boxBorder],
        ['kind', box.kind],
        ['id', box.id],
      ])};`,
    ],
    '}',
    ({ key, node }) => {
      const tone = nodeTone(node);
      return `${key} ${attributes([
        ['label', wordNode(node)],
        ['tooltip', `${wordKind(node)} ${wordNode(node)}`],
        ['shape', SHAPES[node.kind]],
        ['color', light[tone]],
        ['penwidth', tone === 'failure' ? 3 : tone === 'degraded' ? 2 : 1],
        ['style', DASHED.has(node.kind) || tone === 'idle' ? 'filled,dashed' : 'filled'],
        ['kind', node.kind],
        ['namespace', wordNamespace(node)],
        ['cluster', node.cluster],
        ['health', node.health.status],
        ['badges', node.badges.join(' ')],
        ['id', node.id],
      ])};`;
    },
  );
  const edges = tree.edges.map(({ source, target, edge }) => {
    const tone = edgeTone(edge);
    const tcp = edge.protocol === 'tcp';
    return `  ${source} -> ${target} ${attributes([
      ['label', wordEdgeText(buildEdgeText(edge, labels))],
      ['color', light[tone]],
      ['penwidth', edgeWidth(edge)],
      ['style', tone === 'degraded' || tone === 'failure' ? 'dashed' : tone === 'idle' ? 'dotted' : 'solid'],
      ['protocol', edge.protocol],
      ['health', edge.health],
      ['requests_per_second', tcp ? null : edge.requestsPerSecond],
      ['errors_per_second', tcp ? null : edge.errorsPerSecond],
      ['sent_bytes_per_second', tcp ? edge.sentBytesPerSecond : null],
      ['received_bytes_per_second', tcp ? edge.receivedBytesPerSecond : null],
      ['average_ms', edge.latency?.averageMs ?? null],
      ['p95_ms', edge.latency?.p95Ms ?? null],
      ['mtls_share', edge.mtlsShare],
      ['id', edge.id],
    ])};`;
  });
  return [
    'digraph heddle {',
    `  graph ${attributes([
      ['label', title],
      ['labelloc', 't'],
      ['labeljust', 'l'],
      ['rankdir', 'LR'],
      ['fontname', 'Helvetica'],
      ['bgcolor', light.canvas],
      ['URL', caption.permalink],
    ])};`,
    `  node ${attributes([
      ['fontname', 'Helvetica'],
      ['fontsize', 11],
      ['fillcolor', light.surface],
      ['style', 'filled'],
    ])};`,
    `  edge ${attributes([
      ['fontname', 'Helvetica'],
      ['fontsize', 9],
      ['arrowsize', 0.7],
    ])};`,
    ...contents,
    ...edges,
    '}',
    '',
  ].join('\n');
}
