// The URL is the whole state of the graph page: what is looked at (ViewSpec) and how (selection, find text, labels, ...).
// In: query strings. Out: Screen and its canonical query string. Pure; the theme is not part of it.
import { DEFAULT_VIEW, decodeView, encodeView, VIEW_PARAMETERS, type ViewSpec } from '../../model/wire';

/** Parts of an edge's label, in the order in which they are drawn. */
export const EDGE_LABELS = ['rate', 'errors', 'avg', 'p50', 'p95', 'p99', 'throughput', 'requestThroughput', 'share', 'mtls'] as const;
export type EdgeLabel = (typeof EDGE_LABELS)[number];

/** Which edges are drawn: all, only those that are not healthy, none. */
export const EDGE_MODES = ['all', 'unhealthy', 'none'] as const;
export type EdgeMode = (typeof EDGE_MODES)[number];

export interface Screen {
  readonly view: ViewSpec;
  /** Id of the selected node, box or edge. */
  readonly selection: string | null;
  readonly find: string;
  readonly labels: readonly EdgeLabel[];
  readonly edges: EdgeMode;
  /** Moving traffic dots. */
  readonly traffic: boolean;
  /** Name of an arrangement of the nodes, '' = the one of the view. */
  readonly positions: string;
  /** Name of the layout, '' = the standard one. */
  readonly layout: string;
  /** Groups of badges that are drawn; null = all. */
  readonly badges: readonly string[] | null;
}

/** What a page shows when its address says nothing: namespaces are folded where the graph would be too large to read. */
export const DEFAULT_SCREEN: Screen = {
  view: { ...DEFAULT_VIEW, level: 'auto' },
  selection: null,
  find: '',
  labels: ['rate', 'errors'],
  edges: 'all',
  traffic: false,
  positions: '',
  layout: '',
  badges: null,
};

const MAX_TEXT = 1000;
const cut = (text: string | null): string => (text ?? '').slice(0, MAX_TEXT);

function decodeLabels(text: string | null): readonly EdgeLabel[] {
  if (text === null) return DEFAULT_SCREEN.labels;
  const wanted = new Set(text.split(','));
  return EDGE_LABELS.filter((label) => wanted.has(label));
}

/** Words of letters only; the canvas knows which of them mean something. */
const decodeBadges = (text: string | null): readonly string[] | null =>
  text === null ? null : [...new Set(text.split(',').filter((word) => /^[a-zA-Z]{1,30}$/.test(word)))].sort();

/**
 * The screen that a query string describes; absent parameters take the default, unknown words of display parameters are ignored.
 * @throws Failure badRequest for a view that cannot be read.
 */
export function decodeScreen(query: URLSearchParams): Screen {
  const selection = cut(query.get('select'));
  const edges = query.get('edges');
  return {
    view: decodeView(query, DEFAULT_SCREEN.view),
    selection: selection === '' ? null : selection,
    find: cut(query.get('find')),
    labels: decodeLabels(query.get('labels')),
    edges: EDGE_MODES.find((mode) => mode === edges) ?? DEFAULT_SCREEN.edges,
    traffic: query.get('traffic') === 'true',
    positions: cut(query.get('positions')),
    layout: cut(query.get('layout')),
    badges: decodeBadges(query.get('badges')),
  };
}

const SCREEN_PARAMETERS = ['select', 'find', 'labels', 'edges', 'traffic', 'positions', 'layout', 'badges'] as const;

/** The query string of a screen, only what differs from the default; parameters of `kept` that are not of the screen stay. */
export function encodeScreen(screen: Screen, kept: URLSearchParams = new URLSearchParams()): URLSearchParams {
  const query = encodeView(screen.view, DEFAULT_SCREEN.view);
  if (screen.labels.join() !== DEFAULT_SCREEN.labels.join()) query.set('labels', screen.labels.join(','));
  if (screen.edges !== DEFAULT_SCREEN.edges) query.set('edges', screen.edges);
  if (screen.traffic) query.set('traffic', 'true');
  if (screen.find !== '') query.set('find', screen.find);
  if (screen.positions !== '') query.set('positions', screen.positions);
  if (screen.layout !== '') query.set('layout', screen.layout);
  if (screen.badges !== null) query.set('badges', screen.badges.join(','));
  if (screen.selection !== null) query.set('select', screen.selection);
  const own = new Set<string>([...VIEW_PARAMETERS, ...SCREEN_PARAMETERS]);
  for (const [name, value] of kept) if (!own.has(name)) query.append(name, value);
  return query;
}
