// A graph of the engine in a form that leaves the console. In: the document's JSON, a DrawRequest. Out: a file's name and text. Pure.
import { pinnedQuery } from '../../components/export/caption';
import { writeExport } from '../../components/export/write-export';
import type { EdgeLabel, EdgeMode } from '../../components/live/screen-url';
import { type ExportTheme, exportFileName, type TextFormat } from '../../model/export-format';
import { Failure } from '../../model/failure';
import type { GraphDocument } from '../../model/wire';

/** Can be structured-cloned. */
export interface DrawRequest {
  readonly format: TextFormat;
  readonly labels: readonly EdgeLabel[];
  readonly edgeMode: EdgeMode;
  readonly theme: ExportTheme;
  /** Address of the graph page, for the permalink; '' where it is not known. */
  readonly page: string;
}

export interface DrawnFile {
  readonly name: string;
  readonly text: string;
}

/** Elements (nodes and edges) beyond which a picture helps nobody and takes minutes. */
export const MAX_DRAWN = 60_000;

/** @throws Failure tooLarge for a picture of more than MAX_DRAWN elements */
export function drawGraph(json: Uint8Array, request: DrawRequest): DrawnFile {
  // The engine of this process wrote it. Its memory is shared between threads, which no decoder takes as it is: copied first.
  const document = JSON.parse(new TextDecoder().decode(json.slice())) as GraphDocument;
  const { format, page } = request;
  const elements = document.nodes.length + document.edges.length;
  if (format === 'svg' && elements > MAX_DRAWN)
    throw new Failure(
      'tooLarge',
      `the graph has ${elements} nodes and edges, a picture is drawn of ${MAX_DRAWN} at most`,
      'Choose namespaces, fold them (level=namespaces), or take csv or json, which have no bound.',
    );
  const permalink = page === '' ? '' : `${page}?${pinnedQuery(document).toString()}`;
  const options = { ...request, permalink, hidden: null, picture: null, marks: null };
  return { name: exportFileName(document, format), text: writeExport(document, format, options) };
}
