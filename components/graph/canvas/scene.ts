// Everything on the canvas, put together: places, picture, shapes, decorations, dots, camera, gestures. Framework-free.
// In: the elements of the stage, SceneProps. Out: pixels, and calls for what the user does.
import type { Arrangement, Point } from '../layout/arrangement';
import { createLayoutClient, type LayoutClient } from '../layout/layout-client';
import { DEFAULT_LAYOUT, decideLayout, dropsBoxes } from '../layout/layout-names';
import { type Arranged, Arranger, type Rearrangement } from './arranger';
import { type Camera, centreCamera, fitCamera, panCamera, revealRect, startCamera, toScreen, type ViewSize, zoomCamera } from './camera';
import { CytoscapeView } from './cytoscape-view';
import { shapeDocument } from './display';
import { DotLayer } from './dot-layer';
import { buildDrawn } from './drawn';
import { buildEdgeLabels, type DrawnLabel, keepLabels, layerGapFor, sameLabels } from './edge-labels';
import { brightOf } from './focus';
import { startGlide } from './glide';
import { brightUnder } from './marks';
import { type Decorations, Painter } from './paint';
import { type Palette, readPalette, watchTheme } from './palette';
import { buildPicture, EMPTY_PICTURE, type Picture, rectOf } from './picture';
import { Pointer } from './pointer';
import type { SceneListener, SceneProps } from './scene-props';
import { buildIsShown } from './shown';
import { type StageElements, sizeStage } from './stage';
import { browserStorage } from './stored-places';
import { Viewport } from './viewport';

const FIT_PADDING_PX = 36;
const OVERSCAN = 0.15;
const MAX_PIXEL_RATIO = 2;
/** Elements above which a high-density screen is drawn at one pixel per CSS pixel. */
const HEAVY_ELEMENTS = 450;
const MAX_ANIMATED = 160;

export class Scene {
  readonly #elements: StageElements;
  readonly #listener: SceneListener;
  readonly #view: CytoscapeView;
  readonly #viewport: Viewport;
  readonly #painter = new Painter();
  readonly #dots: DotLayer;
  readonly #client: LayoutClient = createLayoutClient();
  readonly #arranger: Arranger;
  readonly #pointer: Pointer;
  readonly #ends: (() => void)[] = [];
  readonly #pixelRatio: number;
  #props: SceneProps;
  #palette: Palette;
  #arranged: Arranged | null = null;
  #picture: Picture = EMPTY_PICTURE;
  #labels: ReadonlyMap<string, DrawnLabel> = new Map();
  #bright: ReadonlySet<string> | null = null;
  /** The camera that the shapes were last drawn for. */
  #rendered: Camera = { zoom: 1, x: 0, y: 0 };
  #size: ViewSize = { width: 0, height: 0 };
  #cursor: string | null = null;
  #repaintFrame = 0;
  #endGlide: () => void = () => undefined;
  /** The user has chosen a view: a change of size does not fit the graph again. */
  #isCameraChosen = false;

  constructor(elements: StageElements, props: SceneProps, listener: SceneListener) {
    this.#elements = elements;
    this.#listener = listener;
    this.#props = props;
    this.#palette = readPalette(elements.stage);
    const count = props.document.nodes.length + props.document.edges.length;
    this.#pixelRatio = count > HEAVY_ELEMENTS ? 1 : Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio || 1);
    this.#view = new CytoscapeView({
      container: elements.shapes,
      palette: this.#palette,
      pixelRatio: this.#pixelRatio,
      margin: () => this.#margin(),
      onDrawn: () => {
        this.#paint();
        this.#viewport.drawn();
      },
    });
    this.#viewport = new Viewport({
      movers: [elements.shapes, elements.decorations],
      size: () => this.#size,
      margin: () => this.#margin(),
      draw: (camera) => {
        if (!sameLabels(camera.zoom, this.#rendered.zoom)) this.#label(camera.zoom);
        this.#rendered = camera;
        this.#view.setCamera(camera);
      },
      onMove: (camera) => {
        listener.camera(camera, this.#size);
        this.#dots.moved();
      },
      prefersStill,
    });
    this.#dots = new DotLayer({
      host: elements.dots,
      camera: () => this.#viewport.camera,
      size: () => this.#size,
      palette: () => this.#palette,
      onGaveUp: (gaveUp) => listener.trafficGaveUp(gaveUp),
    });
    this.#arranger = new Arranger({
      client: this.#client,
      storage: browserStorage(),
      nowMs: () => Date.now(),
      onArranged: (arranged, how) => this.#take(arranged, how),
      onNote: (note) => {
        if (note !== null) listener.layoutNote(note);
      },
    });
    this.#pointer = new Pointer({
      stage: elements.stage,
      frame: elements.frame,
      picture: () => this.#picture,
      viewport: this.#viewport,
      arranger: this.#arranger,
      listener,
      onCameraChosen: () => {
        this.#isCameraChosen = true;
      },
      onRepaint: () => this.#repaint(),
      onRest: () => {
        if (this.#props.selection === null && this.#props.matches === null) this.#redraw();
      },
    });
    this.#listen();
  }

  update(props: SceneProps): void {
    const before = this.#props;
    this.#props = props;
    if (this.#size.width === 0) return;
    const differs = (...names: readonly (keyof SceneProps)[]): boolean => names.some((name) => props[name] !== before[name]);
    if (this.#arranged === null || differs('document', 'positionsKey', 'layout', 'badges')) this.#arrange();
    else if (differs('hidden', 'edgeMode')) this.#rebuild();
    else if (differs('selection', 'matches', 'labels', 'marks')) this.#redraw();
    this.#runDots();
  }

  destroy(): void {
    for (const end of this.#ends) end();
    this.#pointer.stop();
    cancelAnimationFrame(this.#repaintFrame);
    this.#endGlide();
    this.#dots.stop();
    this.#viewport.stop();
    this.#client.stop();
    this.#view.destroy();
  }

  fit(): void {
    this.#isCameraChosen = false;
    this.#viewport.fly(this.#fitted());
  }

  zoomBy(factor: number): void {
    this.#isCameraChosen = true;
    this.#viewport.fly(zoomCamera(this.#viewport.destination, { x: this.#size.width / 2, y: this.#size.height / 2 }, factor));
  }

  panBy(dx: number, dy: number): void {
    this.#isCameraChosen = true;
    this.#viewport.move(panCamera(this.#viewport.camera, dx, dy));
  }

  /** A model point in the middle of the view. */
  centre(at: Point): void {
    this.#isCameraChosen = true;
    this.#viewport.move(centreCamera(at, this.#size, this.#viewport.camera.zoom));
  }

  tidy(): void {
    this.#arranger.tidy();
  }

  flyTo(id: string): void {
    const rect = rectOf(this.#picture, id);
    if (!rect) return;
    this.#isCameraChosen = true;
    const whole = fitCamera(rect, this.#size, FIT_PADDING_PX * 2).zoom;
    const zoom = Math.min(whole, Math.max(this.#viewport.camera.zoom, 0.9));
    this.#viewport.fly(centreCamera({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 }, this.#size, zoom));
  }

  /** The keyboard cursor; null while the graph has no focus. Brings the node into view. */
  setCursor(id: string | null): void {
    this.#cursor = id;
    const rect = id === null ? null : rectOf(this.#picture, id);
    if (rect) {
      const camera = revealRect(this.#viewport.destination, rect, this.#size, 48);
      if (camera.x !== this.#viewport.destination.x || camera.y !== this.#viewport.destination.y) this.#viewport.fly(camera);
    }
    this.#repaint();
  }

  get picture(): Picture {
    return this.#picture;
  }

  /** Where a node or box is in the browser's viewport, for a menu beside it; the middle of the graph for anything else. */
  clientPointOf(id: string | null): Point {
    const rect = id === null ? null : rectOf(this.#picture, id);
    const stage = this.#elements.stage.getBoundingClientRect();
    const middle = { x: this.#size.width / 2, y: this.#size.height / 2 };
    const at = rect ? toScreen(this.#viewport.destination, { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 }) : middle;
    const within = (x: number, size: number): number => Math.min(size, Math.max(0, x));
    return { x: within(at.x, this.#size.width) + stage.left, y: within(at.y, this.#size.height) + stage.top };
  }

  #listen(): void {
    const { stage } = this.#elements;
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(stage);
    this.#ends.push(
      () => observer.disconnect(),
      watchTheme(() => this.#restyle()),
    );
    const still = window.matchMedia('(prefers-reduced-motion: reduce)');
    const onStill = (): void => this.#runDots();
    still.addEventListener('change', onStill);
    this.#ends.push(() => still.removeEventListener('change', onStill));
    // Fonts that arrive late change the text that has been drawn.
    document.fonts.ready.then(() => this.#repaint()).catch(() => undefined);
  }

  #margin(): ViewSize {
    return { width: Math.round(this.#size.width * OVERSCAN), height: Math.round(this.#size.height * OVERSCAN) };
  }

  #resize(): void {
    const size = { width: this.#elements.stage.clientWidth, height: this.#elements.stage.clientHeight };
    if (size.width === 0 || size.height === 0) return;
    const wasEmpty = this.#size.width === 0;
    const before = this.#size;
    this.#size = size;
    sizeStage(this.#elements, size, this.#margin(), this.#pixelRatio);
    this.#view.resize();
    if (wasEmpty) {
      this.#arrange();
      this.#runDots();
    } else if (!this.#isCameraChosen) this.#viewport.jump(this.#fitted());
    else this.#viewport.jump(panCamera(this.#viewport.camera, (size.width - before.width) / 2, (size.height - before.height) / 2));
  }

  #arrange(): void {
    const { document, labels, positionsKey, badges } = this.#props;
    const namespaces = document.boxes.filter((box) => box.kind === 'namespace').length;
    const { layout, note } = decideLayout(this.#props.layout, {
      nodes: document.nodes.length,
      boxes: document.boxes.length,
      namespaces,
    });
    this.#listener.layoutNote(note);
    const ratio = this.#size.width / this.#size.height;
    // Few steps, so that a resized window does not mean another picture.
    const aspect = ratio < 0.8 ? 0.6 : ratio < 1.3 ? 1.1 : 1.7;
    const key = `${positionsKey}|${aspect}${layout === DEFAULT_LAYOUT ? '' : `|${layout}`}`;
    const shaped = shapeDocument(document, { boxes: !dropsBoxes(layout), badges });
    this.#arranger.show(shaped, { layerGap: layerGapFor(labels), aspect, layout, key });
  }

  #take(arranged: Arranged, how: Rearrangement): void {
    const before = this.#arranged;
    this.#arranged = arranged;
    if (arranged.crowded !== before?.crowded) this.#listener.crowded(arranged.crowded);
    this.#endGlide();
    if (how === 'dragged') {
      // A mouse may report several moves within one frame.
      this.#endGlide = soon(() => this.#rebuild(true));
      return;
    }
    if (how === 'tidied' && before && arranged.document.nodes.length <= MAX_ANIMATED && !prefersStill()) {
      this.#animate(before.arrangement, arranged);
      return;
    }
    this.#rebuild();
    if (how === 'fresh') {
      this.#isCameraChosen = false;
      if (before) this.#viewport.fly(this.#fitted());
      else this.#viewport.jump(startCamera(this.#picture.bounds, this.#size, this.#padding()));
    } else if (how === 'tidied') this.fit();
  }

  /** Nodes glide to their new places. */
  #animate(from: Arrangement, to: Arranged): void {
    this.#endGlide = startGlide(
      from,
      to.arrangement,
      (between) => {
        this.#arranged = { ...to, bows: new Map(), arrangement: between };
        this.#rebuild(true);
      },
      () => {
        this.#arranged = to;
        this.#rebuild();
        this.fit();
      },
    );
  }

  /** From the arrangement to pixels; `moving`: another step follows at once, so what is not seen until then is left out. */
  #rebuild(moving = false): void {
    if (!this.#arranged) return;
    const before = this.#picture;
    const { document, arrangement, sizes, bows } = this.#arranged;
    const { hidden, edgeMode } = this.#props;
    const isShown = buildIsShown(document.edges, edgeMode, hidden);
    this.#picture = buildPicture({ document, arrangement, sizes, bows, isShown });
    if (!moving) this.#listener.picture(this.#picture);
    this.#redraw(moving ? before : null);
  }

  /** The same picture with other highlights or labels; `movedFrom`: the picture a step of movement before. */
  #redraw(movedFrom: Picture | null = null): void {
    const { selection, matches, marks } = this.#props;
    const { nodes, edges, boxes } = this.#picture;
    this.#bright = brightUnder(marks, brightOf(this.#picture, { matches, selection, hover: this.#pointer.restedOn }), () => [
      ...nodes.keys(),
      ...edges.keys(),
      ...boxes.map(({ box }) => box.id),
    ]);
    if (movedFrom) this.#labels = keepLabels(this.#labels, movedFrom, this.#picture);
    else this.#label(this.#rendered.zoom);
    this.#dots.show(this.#picture, this.#bright);
    const follows = this.#view.show(buildDrawn(this.#picture, { bright: this.#bright, selection, marks }));
    if (!follows) this.#repaint();
  }

  #label(zoom: number): void {
    const { labels, marks } = this.#props;
    this.#labels = buildEdgeLabels(this.#picture, { labels, marks, bright: this.#bright, zoom });
  }

  #decorations(): Decorations {
    const { matches, marks } = this.#props;
    const [picture, labels, palette, bright] = [this.#picture, this.#labels, this.#palette, this.#bright];
    return { picture, labels, palette, bright, matches, marks, hover: this.#pointer.hovered, cursor: this.#cursor };
  }

  #paint(): void {
    const { decorations } = this.#elements;
    const context = decorations.getContext('2d');
    if (!context || this.#size.width === 0) return;
    const margin = this.#margin();
    this.#painter.paint(
      {
        context,
        camera: panCamera(this.#rendered, margin.width, margin.height),
        width: this.#size.width + 2 * margin.width,
        height: this.#size.height + 2 * margin.height,
        pixelRatio: this.#pixelRatio,
      },
      this.#decorations(),
    );
  }

  #repaint(): void {
    cancelAnimationFrame(this.#repaintFrame);
    this.#repaintFrame = requestAnimationFrame(() => this.#paint());
  }

  #restyle(): void {
    this.#palette = readPalette(this.#elements.stage);
    this.#view.restyle(this.#palette);
    this.#dots.recolor();
    this.#listener.palette(this.#palette);
    this.#repaint();
  }

  #runDots(): void {
    if (this.#props.traffic && !prefersStill() && this.#size.width > 0) this.#dots.start();
    else this.#dots.stop();
  }

  #fitted(): Camera {
    return fitCamera(this.#picture.bounds, this.#size, this.#padding());
  }

  #padding(): number {
    return Math.min(FIT_PADDING_PX, this.#size.width * 0.04);
  }
}

/** Runs it in the next frame; the returned function prevents that. */
function soon(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  return () => cancelAnimationFrame(frame);
}

const prefersStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
