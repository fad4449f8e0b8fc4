'use client';
// One file of the graph, made in this browser: what is shown, or everything unfolded. In: an ExportJob. Out: a named Blob.
import { type ExportFormat, type ExportTheme, exportFileName, MEDIA_TYPES } from '../../model/export-format';
import { encodeView, type GraphDocument } from '../../model/wire';
import type { Marks } from '../graph/canvas/marks';
import type { Picture } from '../graph/canvas/picture';
import { createLayoutClient } from '../graph/layout/layout-client';
import { encodeScreen, type Screen } from '../live/screen-url';
import { withBase } from '../ui/base-path';
import { fetchJson } from '../ui/fetch-json';
import { buildCaption } from './caption';
import { arrangementInput, drawPicture, pictureOf } from './draw-document';
import { pngSize } from './png-size';
import { renderPng } from './render-png';
import { writeExport } from './write-export';

export interface ExportJob {
  readonly format: ExportFormat;
  readonly theme: ExportTheme;
  readonly document: GraphDocument;
  readonly screen: Screen;
  /** What the canvas has drawn; null where there is none (the table is shown). */
  readonly picture: Picture | null;
  readonly marks: Marks | null;
  /** Everything that the view holds, nothing folded or left out. */
  readonly whole: boolean;
}

export interface ExportFile {
  readonly name: string;
  readonly content: Blob;
  /** What the reader of the file must know; null where there is nothing. */
  readonly note: string | null;
}

const DEADLINE_MS = 60_000;

const isGraph = (body: unknown): body is GraphDocument =>
  typeof body === 'object' && body !== null && 'nodes' in body && Array.isArray(body.nodes) && 'edges' in body && Array.isArray(body.edges);

/** Where the page is: `window.location`. What its address says beside the screen (a comparison, a table) stays. */
export type Place = Pick<Location, 'origin' | 'search'>;

/** Address of the page for the instant of a document. */
export function pinnedAddress(screen: Screen, atMs: number, { origin, search }: Place): string {
  const pinned = { ...screen, view: { ...screen.view, atSeconds: Math.floor(atMs / 1000) } };
  return `${origin}${withBase('/graph')}?${encodeScreen(pinned, new URLSearchParams(search)).toString()}`;
}

/** The view in full, as it was at the document's instant. */
async function fetchWhole({ document }: ExportJob, signal: AbortSignal): Promise<GraphDocument> {
  const { view, atMs } = document;
  const whole = { ...view, level: 'full', fold: [], hubs: [], atSeconds: Math.floor(atMs / 1000) } as const;
  return fetchJson(`/api/graph?${encodeView(whole).toString()}`, { guard: isGraph, signal, deadlineMs: DEADLINE_MS });
}

/** Lays a document out in a thread of its own. */
async function layOut(document: GraphDocument, screen: Screen): Promise<Picture> {
  const client = createLayoutClient();
  try {
    const options = { labels: screen.labels, edgeMode: screen.edges, hidden: null };
    const laid = await client.layout(arrangementInput(document, options));
    if (laid === null) throw new Error('The layout was given up. Try again.');
    return pictureOf(document, laid.arrangement, options);
  } finally {
    client.stop();
  }
}

/** @throws ProblemError, or an Error in words */
export async function makeExport(job: ExportJob, place: Place, signal: AbortSignal): Promise<ExportFile> {
  const { format, theme, screen, marks } = job;
  const document = job.whole ? await fetchWhole(job, signal) : job.document;
  const shown = job.whole ? { ...screen, view: { ...screen.view, level: 'full' as const, fold: [], hubs: [] } } : screen;
  const permalink = pinnedAddress(shown, document.atMs, place);
  const name = exportFileName(document, format);
  const options = { labels: screen.labels, edgeMode: screen.edges, hidden: null, theme, permalink, marks };
  if (format !== 'svg' && format !== 'png') {
    const text = writeExport(document, format, { ...options, picture: null });
    return { name, content: new Blob([text], { type: `${MEDIA_TYPES[format]};charset=utf-8` }), note: null };
  }
  const drawn = job.whole ? null : job.picture;
  const picture = drawn !== null && drawn.nodes.size > 0 ? drawn : await layOut(document, screen);
  const svg = drawPicture(document, picture, options);
  if (format === 'svg') return { name, content: new Blob([svg.svg], { type: MEDIA_TYPES.svg }), note: null };
  const caption = buildCaption(document, { nodes: picture.nodes.size, edges: picture.edges.size }, { permalink, marks });
  const content = await renderPng(svg, { Title: caption.title, Description: caption.lines.join('\n'), Source: permalink });
  return { name, content, note: pngSize(svg.width, svg.height).note };
}
