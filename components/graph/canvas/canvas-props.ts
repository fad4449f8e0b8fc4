// What the canvas wants from its page and what it offers: the contract of <GraphCanvas>.
// In: nothing. Out: types only.
import type { Ref } from 'react';
import type { GraphDocument } from '../../../model/wire';
import type { EdgeLabel, EdgeMode } from '../../live/screen-url';
import type { LayoutName } from '../layout/layout-names';
import type { BadgeGroup } from './display';
import type { Marks } from './marks';
import type { Picture } from './picture';

/** What a page may ask of a mounted canvas. Camera moves are animated unless the user prefers reduced motion. */
export interface GraphCanvasApi {
  /** The whole graph into view. */
  fit(): void;
  zoomIn(): void;
  zoomOut(): void;
  /** A fresh arrangement of all nodes; forgets the places chosen by hand. */
  tidy(): void;
  /** Brings a node, box or edge into the middle; does nothing for an id that is not drawn. */
  flyTo(id: string): void;
  /** What is drawn, with its geometry; empty until the first layout. */
  picture(): Picture;
  /** Moves keyboard focus into the graph. */
  focus(): void;
}

export interface GraphCanvasProps {
  readonly document: GraphDocument;
  /** Id of the selected node, box or edge. */
  readonly selection: string | null;
  /** A click or tap: id of the element, null on the background or Escape. */
  readonly onSelect: (id: string | null) => void;
  /** A double click or Enter on an element: open its details (or unfold a folded namespace). */
  readonly onOpen?: (id: string) => void;
  /**
   * A right click, a long press, the menu key or Shift+F10: id of the element (null: the background), and where to put a menu, in pixels
   * of the browser's viewport. Without it the browser's own menu opens.
   */
  readonly onContext?: (id: string | null, at: { readonly x: number; readonly y: number }) => void;
  /** The keyboard cursor moved to this node. */
  readonly onFocus?: (id: string) => void;
  /** `/` was pressed: put the focus into the search box. */
  readonly onFindRequest?: () => void;
  /** Parts of the edge labels; empty = no labels. */
  readonly labels: readonly EdgeLabel[];
  readonly edgeMode?: EdgeMode;
  /** Moving dots. */
  readonly traffic: boolean;
  /** Ids found by the search box: these are marked, the rest is dimmed; null = no search. */
  readonly matches?: ReadonlySet<string> | null;
  /** Colours, signs and texts on nodes and edges: differences, paths; null = none. */
  readonly marks?: Marks | null;
  /** Groups of badges that are drawn; all without it. */
  readonly badges?: readonly BadgeGroup[];
  /** How the nodes are arranged; another name arranges them anew. Places chosen by hand are kept for each. */
  readonly layout?: LayoutName;
  /** Ids that are not drawn (their places stay). */
  readonly hidden?: ReadonlySet<string>;
  /** Name under which places chosen by hand are kept in this browser (the key of the view). */
  readonly positionsKey: string;
  /** The arrangement has become crowded: offer "Tidy up". */
  readonly onCrowded?: (crowded: boolean) => void;
  readonly onReady?: (api: GraphCanvasApi) => void;
  readonly ref?: Ref<GraphCanvasApi>;
}
