// What a scene is told and what it tells: the contract between Scene and its component. In: nothing. Out: types only.
import type { GraphDocument } from '../../../model/wire';
import type { EdgeLabel, EdgeMode } from '../../live/screen-url';
import type { Point } from '../layout/arrangement';
import type { LayoutName } from '../layout/layout-names';
import type { Camera, ViewSize } from './camera';
import type { BadgeGroup } from './display';
import type { Marks } from './marks';
import type { Palette } from './palette';
import type { Picture } from './picture';

export interface SceneProps {
  readonly document: GraphDocument;
  readonly selection: string | null;
  readonly labels: readonly EdgeLabel[];
  readonly edgeMode: EdgeMode;
  readonly traffic: boolean;
  readonly matches: ReadonlySet<string> | null;
  readonly hidden: ReadonlySet<string> | null;
  readonly marks: Marks | null;
  /** Null = all. */
  readonly badges: readonly BadgeGroup[] | null;
  readonly layout: LayoutName;
  readonly positionsKey: string;
}

export interface SceneListener {
  select(id: string | null): void;
  open(id: string): void;
  /** A menu is wanted, `at` pixels from the top left corner of the browser's viewport; false: nobody has one, the browser's own opens. */
  context(id: string | null, at: Point): boolean;
  /** The drawn things changed. */
  picture(picture: Picture): void;
  camera(camera: Camera, view: ViewSize): void;
  crowded(crowded: boolean): void;
  palette(palette: Palette): void;
  trafficGaveUp(gaveUp: boolean): void;
  /** What the arrangement is not, and why, in words; null = nothing to say. */
  layoutNote(note: string | null): void;
}
