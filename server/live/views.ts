// All views that somebody looks at or did a short while ago. In: specs. Out: LiveView per key; bounded.
import { Failure } from '../../model/failure';
import { completeHide } from '../../model/find/server-query';
import { type ViewSpec, viewKey } from '../../model/wire';
import type { Clock } from '../ports';
import type { Hub } from './hub';
import { LiveView, type ViewTools } from './live-view';
import type { VisibleNamespaces } from './sights';

export interface ViewsOptions {
  readonly clock: Clock;
  readonly hub: Hub;
  readonly tools: ViewTools;
  readonly maxViews: number;
  readonly interestMs: number;
  readonly keptEdges: number;
}

export class Views {
  readonly #options: ViewsOptions;
  readonly #views = new Map<string, LiveView>();

  constructor(options: ViewsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#views.size;
  }

  /**
   * The view of a spec, asked for now, by somebody who may see these namespaces (null = all). Equal views are shared, but only among those
   * who may see the same.
   * @throws Failure badRequest for a hide text that cannot be read; tooManyRequests when all the views that may be kept are being watched.
   */
  open(asked: ViewSpec, visible: VisibleNamespaces | null): LiveView {
    const { clock, tools, maxViews, hub } = this.#options;
    // No key of a view holds a space.
    const key = visible === null ? viewKey(asked) : `${viewKey(asked)} seen by ${visible.id}`;
    let view = this.#views.get(key);
    if (view === undefined) {
      const spec = completeHide(asked);
      if (this.#views.size >= maxViews) this.#evict();
      if (this.#views.size >= maxViews)
        throw new Failure(
          'tooManyRequests',
          `${maxViews} different views are being watched already`,
          'Close some graphs, or raise the limit of views in the configuration.',
        );
      view = new LiveView(key, { asked, spec }, visible, tools);
      hub.drop(key);
    } else this.#views.delete(key);
    // Last in the map: least likely to be evicted.
    this.#views.set(key, view);
    view.lastAskedMs = clock.now();
    return view;
  }

  /** Views that somebody listens to, or asked for within the time of interest. */
  wanted(): readonly LiveView[] {
    return [...this.#views.values()].filter((view) => this.#isWanted(view));
  }

  /** Has views to which nobody ever listened forget what they show, but for those that were asked for last. */
  trim(): void {
    let edges = 0;
    for (const view of [...this.#views.values()].reverse()) {
      if (this.#options.hub.has(view.key)) continue;
      edges += view.keptEdges;
      if (edges > this.#options.keptEdges) view.forget();
    }
  }

  /** Forgets views that nobody wants any more. */
  sweep(): void {
    for (const view of this.#views.values()) if (!this.#isWanted(view)) this.#forget(view);
  }

  #isWanted(view: LiveView): boolean {
    const { hub, clock, interestMs } = this.#options;
    return hub.count(view.key) > 0 || clock.now() - view.lastAskedMs < interestMs;
  }

  #evict(): void {
    this.sweep();
    if (this.#views.size < this.#options.maxViews) return;
    for (const view of this.#views.values())
      if (this.#options.hub.count(view.key) === 0) {
        this.#forget(view);
        return;
      }
  }

  #forget(view: LiveView): void {
    this.#views.delete(view.key);
    this.#options.hub.drop(view.key);
  }
}
