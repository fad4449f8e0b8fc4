'use client';
// The graph as two tables, nodes and edges: the same data and the same selection as the canvas, for keys, screen readers and copying.
// In: the document, the selection. Out: the tables; choosing a row selects the element.
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { type ReactNode, useMemo, useState } from 'react';
import type { GraphDocument } from '../../model/wire';
import { CopyButton } from '../ui/copy-button';
import { DataTable } from '../ui/data-table';
import { plural } from '../ui/format';
import { SearchBox } from '../ui/search-box';
import { encodeCsv, filterRows } from '../ui/table-rows';
import { EDGE_CSV, NODE_CSV } from './csv-columns';
import { EDGE_COLUMNS, NODE_COLUMNS } from './graph-columns';
import { type EdgeRow, listEdgeRows, listNodeRows, type NodeRow, textsOfEdge, textsOfNode } from './graph-rows';
import styles from './graph-tables.module.css';

export type TableKind = 'nodes' | 'edges';

interface Props {
  readonly document: GraphDocument;
  readonly selection: string | null;
  readonly onSelect: (id: string) => void;
  readonly kind: TableKind;
  readonly onKind: (kind: TableKind) => void;
  /** Ids that the page hides ("hide" box). */
  readonly hidden?: ReadonlySet<string> | undefined;
}

const nodeKey = (row: NodeRow): string => row.node.id;
const edgeKey = (row: EdgeRow): string => row.edge.id;

export function GraphTables({ document, selection, onSelect, kind, onKind, hidden }: Props): ReactNode {
  const [text, setText] = useState('');
  const nodes = useMemo(() => listNodeRows(document).filter((row) => hidden?.has(row.node.id) !== true), [document, hidden]);
  const edges = useMemo(
    () =>
      listEdgeRows(document).filter(
        ({ edge }) => hidden === undefined || !(hidden.has(edge.id) || hidden.has(edge.source) || hidden.has(edge.target)),
      ),
    [document, hidden],
  );
  const shownNodes = useMemo(() => filterRows(nodes, textsOfNode, text), [nodes, text]);
  const shownEdges = useMemo(() => filterRows(edges, textsOfEdge, text), [edges, text]);
  const count = kind === 'nodes' ? plural(shownNodes.length, 'node') : plural(shownEdges.length, 'edge');
  const empty = text === '' ? `There are no ${kind} in this graph.` : `No ${kind} match “${text}”.`;
  return (
    <section className={styles['tables']} aria-label="Graph as a table">
      <div className={styles['bar']}>
        <ToggleGroup aria-label="Rows of the table">
          <ToggleGroupItem
            text={`Nodes (${nodes.length})`}
            buttonId="table-nodes"
            isSelected={kind === 'nodes'}
            onChange={() => onKind('nodes')}
          />
          <ToggleGroupItem
            text={`Edges (${edges.length})`}
            buttonId="table-edges"
            isSelected={kind === 'edges'}
            onChange={() => onKind('edges')}
          />
        </ToggleGroup>
        <SearchBox className={styles['filter']} name={`Filter ${kind}`} placeholder={`Filter ${kind}`} text={text} onText={setText} />
        <span role="status" className={styles['subtle']}>
          {count}
        </span>
        <CopyButton
          text={() => (kind === 'nodes' ? encodeCsv(shownNodes, NODE_CSV) : encodeCsv(shownEdges, EDGE_CSV))}
          what={`the ${kind} as CSV`}
        >
          Copy as CSV
        </CopyButton>
      </div>
      {kind === 'nodes' ? (
        <DataTable
          key="nodes"
          name="Nodes of the graph"
          columns={NODE_COLUMNS}
          rows={shownNodes}
          keyOf={nodeKey}
          standardSort={{ key: 'health', descending: false }}
          selected={selection}
          onSelect={onSelect}
          empty={empty}
        />
      ) : (
        <DataTable
          key="edges"
          name="Edges of the graph"
          columns={EDGE_COLUMNS}
          rows={shownEdges}
          keyOf={edgeKey}
          standardSort={{ key: 'health', descending: false }}
          selected={selection}
          onSelect={onSelect}
          empty={empty}
        />
      )}
    </section>
  );
}
