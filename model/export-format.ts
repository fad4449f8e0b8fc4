// The forms in which a graph leaves the console, and the names of their files. In: a document. Out: media types, file names. Pure.
import { encodeDuration, type GraphDocument } from './wire';

/** Themes in which a picture is drawn. */
export const EXPORT_THEMES = ['light', 'dark'] as const;
export type ExportTheme = (typeof EXPORT_THEMES)[number];

/** Text forms, that need no browser. `csv` is the table of edges, `nodes.csv` that of nodes. */
export const TEXT_FORMATS = ['json', 'mermaid', 'dot', 'csv', 'nodes.csv', 'svg'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];
export type ExportFormat = TextFormat | 'png';

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json',
  mermaid: 'text/vnd.mermaid',
  dot: 'text/vnd.graphviz',
  csv: 'text/csv; header=present',
  'nodes.csv': 'text/csv; header=present',
  svg: 'image/svg+xml',
  png: 'image/png',
};
const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  json: 'json',
  mermaid: 'mmd',
  dot: 'dot',
  csv: 'edges.csv',
  'nodes.csv': 'nodes.csv',
  svg: 'svg',
  png: 'png',
};

const MAX_NAMES_LENGTH = 60;

/** `heddle-workload-shop+web-5m-20260301T140309Z.svg`: the view and the instant, letters that every file system takes. */
export function exportFileName({ view, atMs }: Pick<GraphDocument, 'view' | 'atMs'>, format: ExportFormat): string {
  const all = view.namespaces.length === 0 ? 'all-namespaces' : view.namespaces.join('+');
  const names = all.length <= MAX_NAMES_LENGTH ? all : `${view.namespaces.length}-namespaces`;
  const at = new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  const stem = `heddle-${view.graphType}-${names}-${encodeDuration(view.windowSeconds)}-${at}Z`;
  return `${stem.replace(/[^A-Za-z0-9+-]/g, '-')}.${EXTENSIONS[format]}`;
}
