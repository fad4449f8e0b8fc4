// The changes of a comparison as rows of a table and of CSV. In: comparison, the drawn graph. Out: rows, CSV columns. Pure.
import type { ChangeTone, ComparisonDocument, EdgeChange, Measure, MeasureChange, NodeChange } from '../../model/comparison';
import { MEASURES } from '../../model/comparison';
import type { Graph, GraphNode } from '../../model/graph';
import { wordKind, wordNamespace, wordNode } from '../ui/node-words';
import type { Column } from '../ui/table-rows';
import { MEASURE_WORDS, TONE_WORDS } from './compare-words';

export interface ChangeRow {
  readonly id: string;
  readonly what: 'edge' | 'node';
  readonly tone: ChangeTone;
  readonly from: string;
  readonly fromNamespace: string;
  /** '' for a node. */
  readonly to: string;
  readonly toNamespace: string;
  /** Protocol of an edge, kind of a node. */
  readonly kind: string;
  readonly weight: number;
  readonly measures: ReadonlyMap<Measure, MeasureChange>;
}

export function listChangeRows(comparison: Pick<ComparisonDocument, 'edges' | 'nodes'>, graph: Pick<Graph, 'nodes'>): readonly ChangeRow[] {
  const nodes = new Map<string, GraphNode>(graph.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string): string => {
    const node = nodes.get(id);
    return node === undefined ? id : wordNode(node);
  };
  const namespaceOf = (id: string): string => {
    const node = nodes.get(id);
    return node === undefined ? '' : wordNamespace(node);
  };
  const common = ({ id, tone, weight, measures }: EdgeChange | NodeChange) => ({
    id,
    tone,
    weight,
    measures: new Map(measures.map((one) => [one.measure, one])),
  });
  return [
    ...comparison.edges.map(
      (change): ChangeRow => ({
        ...common(change),
        what: 'edge',
        from: nameOf(change.source),
        fromNamespace: namespaceOf(change.source),
        to: nameOf(change.target),
        toNamespace: namespaceOf(change.target),
        kind: change.protocol === 'grpc' ? 'gRPC' : change.protocol.toUpperCase(),
      }),
    ),
    ...comparison.nodes.map((change): ChangeRow => {
      const node = nodes.get(change.id);
      return {
        ...common(change),
        what: 'node',
        from: nameOf(change.id),
        fromNamespace: namespaceOf(change.id),
        to: '',
        toNamespace: '',
        kind: node === undefined ? '' : wordKind(node),
      };
    }),
  ];
}

export const textsOfChange = ({ from, fromNamespace, to, toNamespace, kind, tone }: ChangeRow): readonly string[] => [
  from,
  fromNamespace,
  to,
  toNamespace,
  kind,
  TONE_WORDS[tone],
];

/** Every number by itself, for a spreadsheet. */
export const CHANGE_CSV: readonly Column<ChangeRow>[] = [
  { key: 'tone', title: 'change', value: ({ tone }) => tone },
  { key: 'from', title: 'from', value: ({ from }) => from },
  { key: 'fromNamespace', title: 'from namespace', value: ({ fromNamespace }) => fromNamespace },
  { key: 'to', title: 'to', value: ({ to }) => to },
  { key: 'toNamespace', title: 'to namespace', value: ({ toNamespace }) => toNamespace },
  { key: 'kind', title: 'kind', value: ({ kind }) => kind },
  { key: 'weight', title: 'multiple of noise', value: ({ weight }) => weight },
  ...MEASURES.flatMap((measure): readonly Column<ChangeRow>[] =>
    (['before', 'after', 'change', 'relative', 'weight'] as const).map((field) => ({
      key: `${measure} ${field}`,
      title: `${MEASURE_WORDS[measure]} ${field === 'weight' ? 'multiple of noise' : field}`,
      value: ({ measures }) => measures.get(measure)?.[field] ?? null,
    })),
  ),
];
