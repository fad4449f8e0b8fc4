// What is said above an exported picture: which graph, which window, when, how much of it is drawn, and the address that shows it again.
// In: a document, what is drawn of it. Out: Caption. Pure; instants are written in UTC, for whoever reads the file elsewhere.
import type { GraphType } from '../../model/graph';
import { DEFAULT_VIEW, encodeView, type GraphDocument } from '../../model/wire';
import { MARK_SIGNS, MARK_TONES, MARK_WORDS, type Marks } from '../graph/canvas/marks';
import { formatByteRate, formatRate, formatShare, formatWindow, plural } from '../ui/format';

export interface Caption {
  readonly title: string;
  readonly lines: readonly string[];
  /** Address that shows the same window again; '' where there is none. */
  readonly permalink: string;
}

export interface CaptionParts {
  readonly permalink: string;
  readonly marks: Marks | null;
}

export interface DrawnCounts {
  readonly nodes: number;
  readonly edges: number;
}

const TYPE_WORDS: Readonly<Record<GraphType, string>> = {
  versionedApp: 'Versioned app graph',
  app: 'App graph',
  service: 'Service graph',
  workload: 'Workload graph',
};
const MAX_NAMED = 6;

/** "2026-03-01 14:03:09 UTC". */
export const wordInstantUtc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** "of bookinfo, shop and 4 more namespaces", "of all namespaces". */
function wordNamespaces(names: readonly string[]): string {
  if (names.length === 0) return 'of all namespaces';
  const named = names.slice(0, MAX_NAMED).join(', ');
  return names.length > MAX_NAMED ? `of ${named} and ${plural(names.length - MAX_NAMED, 'more namespace')}` : `of ${named}`;
}

/** "Showing 12 of 240 nodes and 20 of 600 edges, with 70 % of the requests on edges; 3 folded boxes stand for 231 nodes." */
export function wordShown(document: Pick<GraphDocument, 'nodes' | 'edges' | 'totals'>, drawn: DrawnCounts): string {
  const { nodes, edges, totals } = document;
  const { ofNodes, ofEdges } = totals.shown ?? { ofNodes: nodes.length, ofEdges: edges.length };
  const share = drawn.edges === edges.length ? shareDrawn(totals) : null;
  const parts = [
    `Showing ${drawn.nodes} of ${plural(ofNodes, 'node')} and ${drawn.edges} of ${plural(ofEdges, 'edge')}${
      share === null ? '' : `, with ${formatShare(share)} of the requests on edges`
    }`,
  ];
  const folded = nodes.filter((node) => node.members > 1 && node.kind !== 'hidden');
  if (folded.length > 0) {
    const behind = folded.reduce((sum, node) => sum + node.members, 0);
    parts.push(
      `${plural(folded.length, 'folded box', 'folded boxes')} ${folded.length === 1 ? 'stands' : 'stand'} for ${plural(behind, 'node')}`,
    );
  }
  return `${parts.join('; ')}.`;
}

/** Share of the requests that is on drawn edges; null where all of it is, or nothing says so. */
function shareDrawn({ shown }: GraphDocument['totals']): number | null {
  if (shown === undefined) return null;
  const { drawn, folded, hubs, leftOut, hidden } = shown.requestsPerSecond;
  const all = drawn + folded + hubs + leftOut + hidden;
  return all > 0 && drawn < all ? drawn / all : null;
}

/** What the signs of a comparison or of paths mean, as far as there are any. */
function wordMarks(marks: Marks | null): readonly string[] {
  const tones = MARK_TONES.filter((tone) => tone !== 'dim' && [...(marks?.values() ?? [])].some((mark) => mark.tone === tone));
  if (tones.length === 0) return [];
  return [`Marked: ${tones.map((tone) => `${MARK_SIGNS[tone]} ${MARK_WORDS[tone]}`.trim()).join(', ')}.`];
}

/** The query of the graph page for the instant at which the document's window ends. */
export const pinnedQuery = (document: Pick<GraphDocument, 'view' | 'atMs'>): URLSearchParams =>
  encodeView({ ...document.view, atSeconds: Math.floor(document.atMs / 1000) }, { ...DEFAULT_VIEW, level: 'auto' });

export function buildCaption(document: GraphDocument, drawn: DrawnCounts, { permalink, marks }: CaptionParts): Caption {
  const { view, totals, atMs } = document;
  const failed = totals.requestsPerSecond > 0 ? totals.errorsPerSecond / totals.requestsPerSecond : null;
  const numbers = [
    formatRate(totals.requestsPerSecond),
    failed === null ? null : `${formatShare(failed)} errors`,
    totals.tcpBytesPerSecond > 0 ? `${formatByteRate(totals.tcpBytesPerSecond)} TCP` : null,
    totals.mtlsShare === null ? null : `${formatShare(totals.mtlsShare)} over mutual TLS`,
  ].filter((part) => part !== null);
  return {
    title: `${TYPE_WORDS[view.graphType]} ${wordNamespaces(view.namespaces)}`,
    lines: [
      `${formatWindow(view.windowSeconds)} up to ${wordInstantUtc(atMs)} · ${numbers.join(' · ')}`,
      wordShown(document, drawn),
      ...wordMarks(marks),
      ...document.notes.filter((note) => note.code !== 'folded').map((note) => note.text),
    ],
    permalink,
  };
}
