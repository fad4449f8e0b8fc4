// A document as an SVG: laid out anew, or as a canvas has it. In: a document, labels, what is drawn, a theme. Out: SvgGraph. Pure.
import type { ExportTheme } from '../../model/export-format';
import type { GraphDocument } from '../../model/wire';
import { buildEdgeLabels, layerGapFor } from '../graph/canvas/edge-labels';
import { brightUnder, type Marks } from '../graph/canvas/marks';
import { buildBows, buildLayoutInput, buildPicture, type Picture } from '../graph/canvas/picture';
import { buildIsShown } from '../graph/canvas/shown';
import { buildEdgeText, wordEdgeText } from '../graph/edge-text';
import type { Arrangement, LayoutInput } from '../graph/layout/arrangement';
import { layoutGraph } from '../graph/layout/layout-graph';
import { type DrawnSize, nodeSize } from '../graph/layout/node-size';
import type { EdgeLabel, EdgeMode } from '../live/screen-url';
import { HEALTH_WORDS } from '../ui/health-words';
import { wordKind, wordNamespace, wordNode } from '../ui/node-words';
import { buildCaption } from './caption';
import { EXPORT_PALETTES } from './palettes';
import { type SvgGraph, writeSvg } from './svg-graph';

export interface DrawOptions {
  readonly marks: Marks | null;
  readonly labels: readonly EdgeLabel[];
  readonly theme: ExportTheme;
  /** Address that shows the same window again, '' = none. */
  readonly permalink: string;
}

export interface LayOutOptions {
  readonly labels: readonly EdgeLabel[];
  readonly edgeMode: EdgeMode;
  readonly hidden: ReadonlySet<string> | null;
}

/** Wanted width / height of a picture that is no screen. */
const ASPECT = 1.5;

const sizesOf = (document: GraphDocument): ReadonlyMap<string, DrawnSize> =>
  new Map(document.nodes.map((node) => [String(node.id), nodeSize(node)]));

/** What a layout is asked for. */
export const arrangementInput = (document: GraphDocument, { labels }: LayOutOptions): LayoutInput =>
  buildLayoutInput(document, sizesOf(document), { layerGap: layerGapFor(labels), aspect: ASPECT, layout: 'flow' });

/** The picture of a document in an arrangement. */
export function pictureOf(document: GraphDocument, arrangement: Arrangement, { edgeMode, hidden }: LayOutOptions): Picture {
  const sizes = sizesOf(document);
  const bows = buildBows(document.edges, arrangement, sizes);
  return buildPicture({ document, arrangement, sizes, bows, isShown: buildIsShown(document.edges, edgeMode, hidden) });
}

/** The picture of a document with a layout of its own. */
export const layOutPicture = (document: GraphDocument, options: LayOutOptions): Picture =>
  pictureOf(document, layoutGraph(arrangementInput(document, options)), options);

/** Words for the tooltip of each node and edge of a picture. */
function buildWords(picture: Picture, labels: readonly EdgeLabel[]): (id: string) => string {
  const name = (id: string): string => {
    const node = picture.nodes.get(id)?.node;
    return node === undefined ? id : wordNode(node);
  };
  return (id) => {
    const node = picture.nodes.get(id)?.node;
    if (node !== undefined) {
      const where = wordNamespace(node);
      return `${wordKind(node)} ${wordNode(node)}${where === '' ? '' : ` in ${where}`}: ${HEALTH_WORDS[node.health.status].toLowerCase()}`;
    }
    const edge = picture.edges.get(id)?.edge;
    if (edge === undefined) return id;
    return `${name(edge.source)} → ${name(edge.target)} (${edge.protocol}): ${wordEdgeText(buildEdgeText(edge, [...new Set<EdgeLabel>(['rate', 'errors', ...labels])]))}`;
  };
}

/** A picture as an SVG with caption and legend. */
export function drawPicture(document: GraphDocument, picture: Picture, { labels, theme, permalink, marks }: DrawOptions): SvgGraph {
  const counts = { nodes: picture.nodes.size, edges: picture.edges.size };
  return writeSvg({
    picture,
    labels: buildEdgeLabels(picture, { labels, marks, bright: brightUnder(marks, null, () => picture.edges.keys()), zoom: 1 }),
    caption: buildCaption(document, counts, { permalink, marks }),
    palette: EXPORT_PALETTES[theme],
    marks,
    wordElement: buildWords(picture, labels),
  });
}
