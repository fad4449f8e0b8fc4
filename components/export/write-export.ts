// One document in one text form. In: a document, a format, how it is drawn. Out: text. Pure; the same in a browser and behind the API.
import type { ExportTheme, TextFormat } from '../../model/export-format';
import type { GraphDocument } from '../../model/wire';
import type { Marks } from '../graph/canvas/marks';
import type { Picture } from '../graph/canvas/picture';
import { buildIsShown } from '../graph/canvas/shown';
import type { EdgeLabel, EdgeMode } from '../live/screen-url';
import { EDGE_CSV, NODE_CSV } from '../tables/csv-columns';
import { listEdgeRows, listNodeRows } from '../tables/graph-rows';
import { encodeCsv } from '../ui/table-rows';
import { buildCaption } from './caption';
import { writeDot } from './dot';
import { drawPicture, layOutPicture } from './draw-document';
import { writeMermaid } from './mermaid';

export interface ExportOptions {
  readonly labels: readonly EdgeLabel[];
  readonly edgeMode: EdgeMode;
  /** Ids that are left out. */
  readonly hidden: ReadonlySet<string> | null;
  readonly theme: ExportTheme;
  /** Address that shows the same window again, '' = none. */
  readonly permalink: string;
  /** What a canvas has drawn of this document; null: it is laid out anew. */
  readonly picture: Picture | null;
  /** What the page has marked in the picture; null = nothing. */
  readonly marks: Marks | null;
}

/** The document with what is shown of it only. */
function cutDocument(document: GraphDocument, { edgeMode, hidden }: Pick<ExportOptions, 'edgeMode' | 'hidden'>): GraphDocument {
  if (edgeMode === 'all' && hidden === null) return document;
  const isShown = buildIsShown(document.edges, edgeMode, hidden);
  return {
    ...document,
    nodes: document.nodes.filter((node) => isShown(node.id)),
    edges: document.edges.filter((edge) => isShown(edge.id) && isShown(edge.source) && isShown(edge.target)),
  };
}

export function writeExport(document: GraphDocument, format: TextFormat, options: ExportOptions): string {
  const { labels, permalink, marks } = options;
  const shown = cutDocument(document, options);
  const caption = buildCaption(document, { nodes: shown.nodes.length, edges: shown.edges.length }, { permalink, marks });
  switch (format) {
    case 'json':
      return `${JSON.stringify(shown, null, 1)}\n`;
    case 'mermaid':
      return writeMermaid(shown, labels, caption);
    case 'dot':
      return writeDot(shown, labels, caption);
    case 'csv':
      return encodeCsv(listEdgeRows(shown), EDGE_CSV);
    case 'nodes.csv':
      return encodeCsv(listNodeRows(shown), NODE_CSV);
    case 'svg':
      return drawPicture(document, options.picture ?? layOutPicture(document, options), options).svg;
  }
}
