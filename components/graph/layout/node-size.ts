// How large a node is drawn: shape, label lines, badges. The one source for the layout, the canvas and hit tests.
// In: a GraphNode. Out: DrawnSize in model pixels. Pure: text is measured with a table, so that a worker and every browser agree.
import type { Badge, GraphNode, NodeKind } from '../../../model/graph';
import { plural } from '../../ui/format';

export const NODE_FONT_PX = 13;
export const NODE_LINE_PX = 15;
export const EDGE_FONT_PX = 12;
/** Title of namespace boxes; app boxes are titled in NODE_FONT_PX. */
export const TITLE_FONT_PX = 15;
export const BADGE_PX = 16;
export const MAX_BADGES = 4;

export interface DrawnSize {
  readonly shapeWidth: number;
  readonly shapeHeight: number;
  /** Label, broken into lines. */
  readonly lines: readonly string[];
  /** The whole: shape, label, badges. */
  readonly width: number;
  readonly above: number;
  readonly below: number;
}

// Advance widths of Red Hat Text (and, a little narrower, Helvetica and Arial) in em, by groups of letters.
const WIDTHS: readonly (readonly [letters: string, em: number])[] = [
  ["iljI.,:;'|!", 0.28],
  ['ftr()[]/-\u00a0 ', 0.38],
  ['mwMW%@', 0.88],
  ['ABCDEFGHKLNOPQRSTUVXYZ_&', 0.7],
  ['…–', 0.9],
];
const DEFAULT_EM = 0.58;
const ADVANCE = new Map(WIDTHS.flatMap(([letters, em]) => Array.from(letters).map((letter) => [letter, em] as const)));
/** The same by code for the letters of ASCII, which nearly all names and numbers are made of. */
const ASCII = Float64Array.from({ length: 128 }, (_, code) => ADVANCE.get(String.fromCharCode(code)) ?? DEFAULT_EM);
const NON_ASCII = /[^\0-\x7f]/;

/** Width of a text in pixels at a font size; never less than what browsers draw with the console's fonts, a few percent more. */
export function textWidth(text: string, fontPx: number): number {
  let em = 0;
  if (!NON_ASCII.test(text)) {
    for (let i = 0; i < text.length; i++) em += ASCII[text.charCodeAt(i)] ?? DEFAULT_EM;
    return em * fontPx;
  }
  for (const letter of text) em += ADVANCE.get(letter) ?? ((letter.codePointAt(0) ?? 0) > 0x2e80 ? 1 : DEFAULT_EM);
  return em * fontPx;
}

const MAX_LINE_PX = 168;

function cutTo(text: string, widthPx: number, fontPx: number): string {
  if (textWidth(text, fontPx) <= widthPx) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, fontPx) > widthPx) letters.pop();
  return `${letters.join('')}…`;
}

/** Breaks a name after - . _ / or a space into at most two lines; what does not fit ends with an ellipsis. */
export function breakLabel(label: string, widthPx = MAX_LINE_PX, fontPx = NODE_FONT_PX): readonly string[] {
  if (label === '') return [];
  if (textWidth(label, fontPx) <= widthPx) return [label];
  const parts = label.split(/(?<=[-._/ ])/);
  let first = '';
  while (parts.length > 1 && textWidth(first + (parts[0] ?? ''), fontPx) <= widthPx) first += parts.shift() ?? '';
  if (first === '') return [cutTo(label, widthPx, fontPx)];
  return [first.trimEnd(), cutTo(parts.join(''), widthPx, fontPx)];
}

const SHAPES: Readonly<Record<Exclude<NodeKind, 'namespace'>, readonly [width: number, height: number]>> = {
  workload: [40, 40],
  app: [40, 40],
  service: [44, 40],
  serviceEntry: [46, 36],
  passthrough: [40, 40],
  blackhole: [40, 40],
  unknown: [40, 40],
  hidden: [48, 48],
  operation: [40, 30],
};

/** Badges in the order of their weight; `external`, `idle` and `dead` are shown by the node itself. */
const BADGE_ORDER: readonly Badge[] = [
  'gateway',
  'waypoint',
  'faultInjection',
  'circuitBreaker',
  'trafficShifting',
  'tcpTrafficShifting',
  'mirroring',
  'requestTimeout',
  'requestRouting',
  'virtualService',
  'noSidecar',
  'ambient',
  'workloadEntry',
  'trafficSource',
];

/** What a badge already says by a more exact one. */
const IMPLIED: readonly Badge[] = [
  'trafficShifting',
  'tcpTrafficShifting',
  'requestRouting',
  'faultInjection',
  'requestTimeout',
  'mirroring',
];

/** The badges that are drawn above a node, the weightiest first. */
export function drawnBadges(badges: readonly Badge[]): readonly Badge[] {
  const exact = badges.some((badge) => IMPLIED.includes(badge));
  return BADGE_ORDER.filter((badge) => badges.includes(badge) && !(badge === 'virtualService' && exact));
}

/** Label of a node, its version on a line of its own unless the name says it. */
function labelLines(node: Pick<GraphNode, 'kind' | 'label' | 'version'>): readonly string[] {
  const lines = breakLabel(node.label);
  const { version } = node;
  const said = version === null || version === '' || version === 'unknown' || node.label.toLowerCase().includes(version.toLowerCase());
  return said || (node.kind !== 'app' && node.kind !== 'workload') ? lines : [...lines, cutTo(version, MAX_LINE_PX, NODE_FONT_PX)];
}

export type SizedNode = Pick<GraphNode, 'kind' | 'label' | 'version' | 'badges' | 'members' | 'hub'>;

/** How far the second shape of a pile stands out to the right and above. */
export const PILE_PX = 5;

/** Folded namespaces, apps and hubs are drawn as piles. */
export const isPile = (node: Pick<GraphNode, 'kind' | 'members' | 'hub'>): boolean =>
  node.kind === 'namespace' || (node.kind === 'app' && node.members > 1) || node.hub !== undefined;

/** What a pile stands for, in words; none for other nodes. */
function pileLines(node: SizedNode): readonly string[] {
  if (node.hub !== undefined) return [`${plural(node.hub.edges, 'edge')} folded`];
  return isPile(node) ? [plural(node.members, 'node')] : [];
}

/** Drawn size of a node. */
export function nodeSize(node: SizedNode): DrawnSize {
  const badges = Math.min(MAX_BADGES + 1, drawnBadges(node.badges).length);
  const badgeWidth = badges * (BADGE_PX + 2);
  if (node.kind === 'namespace') {
    const lines = [cutTo(node.label, 180, TITLE_FONT_PX), plural(node.members, 'node')];
    const shapeWidth = Math.max(96, Math.ceil(textWidth(lines[0] ?? '', TITLE_FONT_PX)) + 32);
    return { shapeWidth, shapeHeight: 54, lines, width: shapeWidth + 2 * PILE_PX, above: 31 + (badges > 0 ? 10 : PILE_PX), below: 31 };
  }
  const [shapeWidth, shapeHeight] = SHAPES[node.kind];
  const lines = [...labelLines(node), ...pileLines(node)];
  const pile = isPile(node) ? PILE_PX : 0;
  const textPx = lines.reduce((widest, line) => Math.max(widest, textWidth(line, NODE_FONT_PX)), 0);
  return {
    shapeWidth,
    shapeHeight,
    lines,
    width: Math.ceil(Math.max(shapeWidth + 8 + pile, textPx + 10, badgeWidth)),
    above: shapeHeight / 2 + 3 + (badges > 0 ? 11 : pile),
    below: shapeHeight / 2 + 5 + lines.length * NODE_LINE_PX + 3,
  };
}
