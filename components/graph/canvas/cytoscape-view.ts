// Shapes and lines on cytoscape's canvas: the only file that knows cytoscape. Text, badges and dots are drawn above by others.
// In: drawn elements, a palette, a camera. Out: pixels, and a call after each drawing. It handles no input (see gesture.ts).
import cytoscape from 'cytoscape';
import type { Camera, ViewSize } from './camera';
import { type DrawnElement, type DrawnElements, diffDrawn, isNoChange } from './drawn';
import { MARK_TONES } from './marks';
import { markColor, type Palette } from './palette';
import type { Tone } from './tone';

const SHAPES: readonly (readonly [kind: string, shape: cytoscape.Css.NodeShape])[] = [
  ['workload', 'ellipse'],
  ['app', 'round-rectangle'],
  ['service', 'round-triangle'],
  ['serviceEntry', 'round-tag'],
  ['passthrough', 'round-octagon'],
  ['blackhole', 'round-octagon'],
  ['unknown', 'round-octagon'],
  ['namespace', 'round-rectangle'],
  ['hidden', 'round-diamond'],
];

/** A pattern per tone beside its colour, so that nobody has to tell colours apart. */
const LINES: Readonly<Record<Tone, { readonly style: cytoscape.Css.LineStyle; readonly dashes: number[] }>> = {
  healthy: { style: 'solid', dashes: [1, 0] },
  tcp: { style: 'solid', dashes: [1, 0] },
  degraded: { style: 'dashed', dashes: [14, 5] },
  failure: { style: 'dashed', dashes: [5, 4] },
  idle: { style: 'dashed', dashes: [3, 6] },
};

const MARKED = MARK_TONES.filter((tone) => tone !== 'dim');

const toneOf = (tone: Tone, palette: Palette): string => palette[tone];

function stylesheet(palette: Palette): cytoscape.StylesheetStyle[] {
  const tones = Object.keys(LINES).filter((tone): tone is Tone => tone in LINES);
  return [
    { selector: 'core', style: { 'active-bg-size': 0, 'active-bg-opacity': 0 } as unknown as cytoscape.Css.Core },
    {
      selector: 'node',
      style: {
        width: 'data(width)',
        height: 'data(height)',
        'background-color': palette.surface,
        'border-width': 2,
        'border-color': palette.idle,
        'z-index-compare': 'manual',
        'z-index': 20,
        events: 'no',
        'overlay-opacity': 0,
      },
    },
    ...SHAPES.map(([kind, shape]) => ({ selector: `node[kind="${kind}"]`, style: { shape } })),
    ...tones.map((tone) => ({ selector: `node[tone="${tone}"]`, style: { 'border-color': toneOf(tone, palette) } })),
    { selector: 'node[tone="degraded"]', style: { 'border-width': 3 } },
    { selector: 'node[tone="failure"]', style: { 'border-width': 4 } },
    {
      selector: 'node[kind="unknown"], node[kind="passthrough"], node[kind="blackhole"], node[kind="hidden"], node[tone="idle"]',
      style: { 'border-style': 'dashed' },
    },
    {
      selector: 'node.box',
      style: {
        shape: 'round-rectangle',
        'corner-radius': '12',
        'border-width': 1,
        'border-color': palette.boxBorder,
        'border-style': 'solid',
        'z-index': 0,
      },
    },
    { selector: 'node[kind="cluster-box"]', style: { 'background-color': palette.clusterFill, 'border-style': 'dashed', 'z-index': 0 } },
    { selector: 'node[kind="namespace-box"]', style: { 'background-color': palette.namespaceFill, 'z-index': 1 } },
    { selector: 'node[kind="app-box"]', style: { 'background-color': palette.appFill, 'corner-radius': '8', 'z-index': 2 } },
    {
      selector: 'edge',
      style: {
        width: 'data(width)',
        'curve-style': 'straight',
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.9,
        'line-cap': 'butt',
        'z-index-compare': 'manual',
        'z-index': 10,
        events: 'no',
        'overlay-opacity': 0,
        'line-opacity': 0.85,
      },
    },
    {
      selector: 'edge.bowed',
      style: {
        'curve-style': 'unbundled-bezier',
        'control-point-distances': 'data(bow)' as unknown as number,
        'control-point-weights': 0.5,
        'edge-distances': 'node-position',
      },
    },
    {
      selector: 'edge.loop',
      style: { 'curve-style': 'bezier', 'loop-direction': '0deg', 'loop-sweep': '40deg', 'control-point-step-size': 46 },
    },
    ...tones.map((tone) => ({
      selector: `edge[tone="${tone}"]`,
      style: {
        'line-color': toneOf(tone, palette),
        'target-arrow-color': toneOf(tone, palette),
        'line-style': LINES[tone].style,
        'line-dash-pattern': LINES[tone].dashes,
      },
    })),
    { selector: 'edge.far', style: { 'line-opacity': 0.5 } },
    { selector: 'node.outside', style: { opacity: 0.55 } },
    // The second shape of a pile, behind the first and before the edges.
    { selector: 'node.behind', style: { 'z-index': 15, 'border-width': 1.5 } },
    {
      selector: 'node.selected',
      style: { 'underlay-color': palette.accent, 'underlay-opacity': 0.35, 'underlay-padding': 7, 'underlay-shape': 'ellipse' },
    },
    { selector: 'node.box.selected', style: { 'border-color': palette.accent, 'border-width': 3, 'underlay-opacity': 0 } },
    {
      selector: 'edge.selected',
      style: { 'underlay-color': palette.accent, 'underlay-opacity': 0.35, 'underlay-padding': 5, 'line-opacity': 1 },
    },
    ...MARKED.map((tone) => ({
      selector: `edge.mark-${tone}`,
      style: { 'underlay-color': markColor(palette, tone), 'underlay-opacity': 0.45, 'underlay-padding': 5, 'line-opacity': 1 },
    })),
    { selector: 'edge.mark-removed', style: { 'line-style': 'dotted', 'line-dash-pattern': [2, 5] } },
    { selector: '.dim', style: { opacity: 0.18 } },
    { selector: 'node.box.dim', style: { opacity: 0.5 } },
  ];
}

const definitionOf = (element: DrawnElement): cytoscape.ElementDefinition => ({
  group: element.group,
  data: { ...element.data, id: element.id, ...element.ends },
  classes: element.classes,
  ...(element.at ? { position: { ...element.at } } : {}),
});

export interface CytoscapeOptions {
  readonly container: HTMLElement;
  readonly palette: Palette;
  readonly pixelRatio: number;
  /** How far the container reaches beyond the view on each side. */
  readonly margin: () => ViewSize;
  /** After each drawing. */
  readonly onDrawn: () => void;
}

export class CytoscapeView {
  readonly #cy: cytoscape.Core;
  readonly #margin: () => ViewSize;
  #shown: DrawnElements = new Map();

  constructor(options: CytoscapeOptions) {
    this.#margin = options.margin;
    this.#cy = cytoscape({
      container: options.container,
      style: stylesheet(options.palette),
      layout: { name: 'preset' },
      pixelRatio: options.pixelRatio,
      minZoom: 0.01,
      maxZoom: 10,
      autoungrabify: true,
      autounselectify: true,
      userPanningEnabled: false,
      userZoomingEnabled: false,
      boxSelectionEnabled: false,
    });
    this.#cy.on('render', options.onDrawn);
  }

  /** Makes the canvas show these elements; tells it only what differs. True when a drawing follows. */
  show(elements: DrawnElements): boolean {
    const change = diffDrawn(this.#shown, elements);
    this.#shown = elements;
    if (isNoChange(change)) return false;
    this.#cy.batch(() => {
      for (const id of change.drop) this.#cy.getElementById(id).remove();
      const nodes = change.add.filter((element) => element.group === 'nodes');
      const edges = change.add.filter((element) => element.group === 'edges');
      this.#cy.add([...nodes, ...edges].map(definitionOf));
      for (const element of change.data) this.#cy.getElementById(element.id).data(element.data);
      for (const element of change.classes) this.#cy.getElementById(element.id).classes(element.classes);
      for (const element of change.move) if (element.at) this.#cy.getElementById(element.id).position({ ...element.at });
    });
    return true;
  }

  /** Draws for a camera of the view; `onDrawn` follows. */
  setCamera(camera: Camera): void {
    const margin = this.#margin();
    this.#cy.viewport({ zoom: camera.zoom, pan: { x: camera.x + margin.width, y: camera.y + margin.height } });
  }

  /** The container has another size. */
  resize(): void {
    this.#cy.resize();
  }

  restyle(palette: Palette): void {
    this.#cy.style(stylesheet(palette));
  }

  destroy(): void {
    this.#cy.destroy();
  }
}
