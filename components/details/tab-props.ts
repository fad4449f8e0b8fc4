// What every tab of a page is given. In: nothing. Out: TabProps, for tabs that show the page's document DetailTabProps.
import type { DetailDocument } from '../../model/detail';
import type { EntityRef } from '../../model/entity';
import type { SessionState } from '../live/session-store';

export interface TabProps {
  readonly entity: EntityRef;
  readonly session: SessionState;
  /** 0 = paused. */
  readonly refreshSeconds: number;
  /** Grows when everything is to be read anew. */
  readonly refreshCount: number;
  /** Instead of the browser's fetch. */
  readonly fetch?: typeof fetch;
}

export interface DetailTabProps extends TabProps {
  readonly document: DetailDocument;
  /** Parameters that go along: the window. */
  readonly query: string;
}
