// Where the nodes are, over time: first layout, insertion at each refresh, tidy-up, dragging, places kept in the browser.
// In: documents, wishes. Out: an Arranged after each change, and what kind of change it was. Pure parts do the work; this keeps the state.
import type { GraphDocument } from '../../../model/wire';
import type { Arrangement, LayoutInput, Point } from '../layout/arrangement';
import type { Bows } from '../layout/edge-routes';
import { insertNodes, isMostlyNew } from '../layout/insert';
import type { LayoutClient } from '../layout/layout-client';
import { DEFAULT_LAYOUT, type LayoutName } from '../layout/layout-names';
import { type DrawnSize, nodeSize } from '../layout/node-size';
import { buildBows, buildLayoutInput } from './picture';
import { forgetPlaces, readPlaces, writePlaces } from './stored-places';

export interface Arranged {
  readonly document: GraphDocument;
  readonly arrangement: Arrangement;
  readonly sizes: ReadonlyMap<string, DrawnSize>;
  readonly bows: Bows;
  readonly crowded: boolean;
}

/** `fresh`: everything has a new place; `inserted`: a refresh, nothing moved; `tidied`: fresh, asked for; `dragged`: one node moves. */
export type Rearrangement = 'fresh' | 'inserted' | 'tidied' | 'dragged';

export interface ArrangerOptions {
  readonly client: LayoutClient;
  readonly storage: Storage | null;
  readonly nowMs: () => number;
  readonly onArranged: (arranged: Arranged, how: Rearrangement) => void;
  /** Another layout than the chosen one had to be taken: why, in words; null: the chosen one. */
  readonly onNote: (note: string | null) => void;
}

export interface Frame {
  readonly layerGap: number;
  readonly aspect: number;
  readonly layout: LayoutName;
  /** Key of the stored places; differs for each layout. */
  readonly key: string;
}

const EMPTY: Arrangement = { nodes: new Map(), boxes: new Map(), annexes: new Map() };

/** A view that lost this share of its nodes is another view: its gaps would tell nothing. */
const LOST_SHARE = 0.4;

export class Arranger {
  readonly #options: ArrangerOptions;
  #arrangement: Arrangement | null = null;
  #document: GraphDocument | null = null;
  #frame: Frame = { layerGap: 64, aspect: 1.6, layout: DEFAULT_LAYOUT, key: '' };
  #sizes: ReadonlyMap<string, DrawnSize> = new Map();
  #bows: Bows = new Map();
  #crowded = false;
  /** Edges and places for which #bows hold. */
  #routed: { readonly edges: string; readonly nodes: ReadonlyMap<string, Point> } | null = null;
  #isWaiting = false;
  #beforeDrag: Arrangement | null = null;

  constructor(options: ArrangerOptions) {
    this.#options = options;
  }

  /** Takes a document over; calls back at once unless a layout has to be waited for. */
  show(document: GraphDocument, frame: Frame): void {
    const keyChanged = frame.key !== this.#frame.key;
    const layoutChanged = frame.layout !== this.#frame.layout;
    const first = this.#arrangement === null;
    this.#document = document;
    this.#frame = frame;
    this.#sizes = new Map(document.nodes.map((node) => [node.id, nodeSize(node)]));
    const input = this.#input(document);
    if (first || keyChanged) {
      const stored = this.#restore(input);
      if (stored) {
        this.#settle(document, { ...EMPTY, nodes: stored }, first ? 'fresh' : layoutChanged ? 'tidied' : 'inserted');
        return;
      }
    }
    const before = this.#arrangement;
    const lost = before !== null && keyChanged && input.nodes.length < before.nodes.size * (1 - LOST_SHARE);
    if (before === null || lost || isMostlyNew(before, input)) void this.#layOut('fresh');
    else if (layoutChanged) void this.#layOut('tidied');
    else if (!this.#isWaiting) {
      this.#settle(document, before, 'inserted');
      // Other boxes around the same nodes: where they do not fit, the nodes have to move.
      if (keyChanged && this.#crowded) void this.#layOut('tidied');
    }
  }

  /** A fresh arrangement; what was placed by hand is forgotten. */
  tidy(): void {
    forgetPlaces(this.#options.storage, this.#frame.key);
    void this.#layOut('tidied');
  }

  /** One node is held at a place; its boxes follow. */
  drag(id: string, at: Point): void {
    const { before, document } = { before: this.#arrangement, document: this.#document };
    if (!before || !document) return;
    this.#beforeDrag ??= before;
    this.#settle(document, { ...before, nodes: new Map(before.nodes).set(id, at) }, 'dragged');
  }

  /** Keeps the place where a drag ended, or puts everything back. */
  endDrag(cancelled: boolean): void {
    const before = this.#beforeDrag;
    this.#beforeDrag = null;
    if (!before || !this.#document || !this.#arrangement) return;
    if (!cancelled) writePlaces(this.#options.storage, this.#frame.key, this.#arrangement.nodes, this.#options.nowMs());
    this.#settle(this.#document, cancelled ? before : this.#arrangement, 'inserted');
  }

  #input(document: GraphDocument): LayoutInput {
    return buildLayoutInput(document, this.#sizes, this.#frame);
  }

  /** Stored places, if they say where most of the nodes are. */
  #restore(input: LayoutInput): ReadonlyMap<string, Point> | null {
    const stored = readPlaces(this.#options.storage, this.#frame.key);
    return stored.size > 0 && !isMostlyNew({ ...EMPTY, nodes: stored }, input) ? stored : null;
  }

  async #layOut(how: 'fresh' | 'tidied'): Promise<void> {
    const document = this.#document;
    if (!document) return;
    this.#isWaiting = true;
    const input = this.#input(document);
    if (how === 'fresh' && input.layout === 'layered') {
      // It takes seconds: until then the graph is there already.
      const quick = await this.#options.client.layout({ ...input, layout: DEFAULT_LAYOUT });
      if (quick === null) return;
      this.#settle(this.#document ?? document, quick.arrangement, 'fresh');
    }
    const laid = await this.#options.client.layout(input);
    if (laid === null) return;
    this.#isWaiting = false;
    this.#options.onNote(laid.note);
    // Newer documents may have come meanwhile: what they add is inserted.
    this.#settle(this.#document ?? document, laid.arrangement, input.layout === 'layered' ? 'tidied' : how);
  }

  #settle(document: GraphDocument, base: Arrangement, how: Rearrangement): void {
    const isWhole = base.nodes.size > 0 && base.boxes.size > 0 && how !== 'dragged' && how !== 'inserted';
    const { arrangement, crowded } =
      isWhole && document.nodes.every((node) => base.nodes.has(node.id)) && base.nodes.size === document.nodes.length
        ? { arrangement: base, crowded: false }
        : insertNodes(base, this.#input(document));
    this.#arrangement = arrangement;
    this.#crowded = crowded;
    // While a node is dragged its edges keep their bends; they are led anew when it rests.
    if (how !== 'dragged') this.#route(document, arrangement);
    this.#options.onArranged({ document, arrangement, sizes: this.#sizes, bows: this.#bows, crowded: this.#crowded }, how);
  }

  /** Leads the edges around the nodes, unless edges and places are those of the last time: most refreshes change only numbers. */
  #route(document: GraphDocument, arrangement: Arrangement): void {
    const edges = document.edges.map((edge) => edge.id).join('\n');
    const before = this.#routed;
    const unchanged =
      before !== null &&
      before.edges === edges &&
      before.nodes.size === arrangement.nodes.size &&
      [...arrangement.nodes].every(([id, at]) => {
        const was = before.nodes.get(id);
        return was !== undefined && was.x === at.x && was.y === at.y;
      });
    if (unchanged) return;
    this.#bows = buildBows(document.edges, arrangement, this.#sizes);
    this.#routed = { edges, nodes: arrangement.nodes };
  }
}
