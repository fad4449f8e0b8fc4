// The whole graph as one SVG document: caption, boxes, edges, nodes, labels, legend. In: a picture, labels, a caption, a palette. Out: SVG. Pure.
// It needs no page: the same file comes from a browser and from the API.
import type { DrawnLabel } from '../graph/canvas/edge-labels';
import type { Marks } from '../graph/canvas/marks';
import type { Palette } from '../graph/canvas/palette';
import type { Picture } from '../graph/canvas/picture';
import { textWidth } from '../graph/layout/node-size';
import type { Caption } from './caption';
import { svgLabel, svgMark, svgNodeMarks, svgRank, svgTitle } from './svg-decorations';
import { svgLegend } from './svg-legend';
import { DIM_OPACITY, svgBox, svgEdge, svgShape } from './svg-shapes';
import { escapeXml, px, svgText } from './svg-text';

export interface SvgParts {
  readonly picture: Picture;
  readonly labels: ReadonlyMap<string, DrawnLabel>;
  readonly caption: Caption;
  readonly palette: Palette;
  readonly marks: Marks | null;
  /** Tooltips of nodes and edges by id. */
  readonly wordElement: (id: string) => string;
}

export interface SvgGraph {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 24;
const TITLE_PX = 18;
const LINE_PX = 13;
const LINE_STEP = 19;
/** Narrower pictures would break caption and legend too often. */
const MIN_WIDTH = 760;

/** Breaks a line between words at a width; words alone that are wider are cut. */
export function wrapText(text: string, widthPx: number, fontPx: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, fontPx) > widthPx) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((one) => {
    if (textWidth(one, fontPx) <= widthPx) return one;
    const letters = Array.from(one);
    while (letters.length > 1 && textWidth(`${letters.join('')}…`, fontPx) > widthPx) letters.pop();
    return `${letters.join('')}…`;
  });
}

export function writeSvg({ picture, labels, caption, palette, marks, wordElement }: SvgParts): SvgGraph {
  const { bounds } = picture;
  // Bows may lead around the outermost nodes, and loops above them.
  const reach = [...picture.edges.values()].reduce(
    (far, { curve: { from, control, to } }) => {
      const x = (from.x + 2 * control.x + to.x) / 4;
      const y = (from.y + 2 * control.y + to.y) / 4;
      return { left: Math.min(far.left, x), top: Math.min(far.top, y), right: Math.max(far.right, x), bottom: Math.max(far.bottom, y) };
    },
    { left: bounds.x, top: bounds.y, right: bounds.x + bounds.width, bottom: bounds.y + bounds.height },
  );
  const [graphWidth, graphHeight] = [reach.right - reach.left + 16, reach.bottom - reach.top + 16];
  const inner = Math.max(MIN_WIDTH, graphWidth);
  const head: string[] = [];
  let y = MARGIN + TITLE_PX * 0.85;
  for (const line of wrapText(caption.title, inner, TITLE_PX)) {
    head.push(svgText(line, MARGIN, y, { sizePx: TITLE_PX, color: palette.text, weight: 600 }));
    y += TITLE_PX * 1.3;
  }
  for (const line of caption.lines.flatMap((one) => wrapText(one, inner, LINE_PX))) {
    head.push(svgText(line, MARGIN, y, { sizePx: LINE_PX, color: palette.subtle }));
    y += LINE_STEP;
  }
  if (caption.permalink !== '') {
    const [short = ''] = wrapText(caption.permalink, inner, LINE_PX);
    const link = svgText(short, MARGIN, y, { sizePx: LINE_PX, color: palette.accent });
    head.push(`<a href="${escapeXml(caption.permalink)}">${link}</a>`);
    y += LINE_STEP;
  }
  const top = y + 4;
  const left = MARGIN + (inner - graphWidth) / 2;
  const legend = svgLegend(MARGIN, top + graphHeight + 28, inner, palette);
  const width = Math.ceil(inner + 2 * MARGIN);
  const height = Math.ceil(top + graphHeight + 28 + legend.height + MARGIN);
  const nodes = [...picture.nodes.values()].map((placed) => {
    const mark = marks?.get(placed.node.id);
    const { rank } = placed.node;
    const faded = mark?.tone === 'dim' ? ` opacity="${DIM_OPACITY}"` : placed.node.outside ? ' opacity="0.6"' : '';
    const signs = (mark === undefined ? '' : svgMark(placed, mark, palette)) + (rank === undefined ? '' : svgRank(placed, rank, palette));
    const words = escapeXml(wordElement(placed.node.id));
    return `<g${faded}><title>${words}</title>${svgShape(placed, palette)}${svgNodeMarks(placed, palette)}${signs}</g>`;
  });
  const edges = [...picture.edges.values()].map((placed) =>
    svgEdge(placed, palette, wordElement(placed.edge.id), marks?.get(placed.edge.id)),
  );
  const say = escapeXml([caption.title, ...caption.lines].join('\n'));
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="${escapeXml(palette.fontFamily)}">`,
    `<title id="title">${escapeXml(caption.title)}</title><desc id="desc">${say}</desc>`,
    caption.permalink === ''
      ? ''
      : `<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about=""><dc:title>${escapeXml(caption.title)}</dc:title><dc:source>${escapeXml(caption.permalink)}</dc:source></rdf:Description></rdf:RDF></metadata>`,
    `<rect width="${width}" height="${height}" fill="${palette.canvas}"/>`,
    head.join('\n'),
    `<g transform="translate(${px(left + 8 - reach.left)} ${px(top + 8 - reach.top)})">`,
    picture.boxes.map((box) => svgBox(box, palette)).join('\n'),
    edges.join('\n'),
    nodes.join('\n'),
    picture.boxes.map((box) => svgTitle(box, palette)).join('\n'),
    [...labels.values()].map((label) => svgLabel(label, palette)).join('\n'),
    '</g>',
    legend.svg,
    '</svg>',
    '',
  ].join('\n');
  return { svg, width, height };
}
