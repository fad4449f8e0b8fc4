// The pages' documents from what the engine has at hand: the shared snapshot and the inventory; where they are new enough no query is sent.
// In: inventory, graphs by view, sights. Out: DetailDocument. A source that is away leaves its part of the document empty.
import type { Sight } from '../../model/account';
import type { DetailDocument, DetailQuery } from '../../model/detail';
import type { EntityKind, EntityRef } from '../../model/entity';
import { Failure } from '../../model/failure';
import type { Inventory } from '../../model/inventory';
import { wordNear } from '../../model/near';
import { DEFAULT_VIEW, type ViewSpec } from '../../model/wire';
import { describeEntity, type EntityGraphs } from '../details/describe';
import { findEntity, findNear } from '../details/entities';
import { findNode } from '../details/peers';
import type { Projection } from '../graph/project';
import type { ClusterReader } from '../ports';
import { indexOf } from '../steering/rehearse';
import { buildVeil, OPEN_VEIL, type Veil } from '../steering/veil';
import type { Analyses } from './analyses';
import type { LiveFlow } from './flow';
import { whyUnread } from './freshness';

export interface DetailsParts {
  readonly analyses: Pick<Analyses, 'fetch'>;
  readonly cluster: Pick<ClusterReader, 'watches'>;
  readonly flow: Pick<LiveFlow, 'sights' | 'feedOf' | 'freshnessOf'>;
  /** A view as somebody sees it. @throws Failure where no traffic is known */
  readonly see: (spec: ViewSpec, sight: Sight) => Promise<{ readonly projection: Projection }>;
}

/** One view of a namespace serves the pages of everything in it. */
function viewsOf(
  kind: EntityKind,
  namespace: string,
  { windowSeconds, overlays }: DetailQuery,
): { readonly whole: ViewSpec; readonly peers: ViewSpec } {
  const base: ViewSpec = { ...DEFAULT_VIEW, namespaces: [namespace], windowSeconds, overlays, idle: true, boxes: [] };
  const whole: ViewSpec = { ...base, graphType: 'workload', serviceNodes: true };
  switch (kind) {
    case 'namespace':
    case 'service':
      return { whole, peers: whole };
    case 'workload':
      return { whole, peers: { ...base, graphType: 'workload', serviceNodes: false } };
    case 'app':
      return { whole, peers: { ...base, graphType: 'app', serviceNodes: false } };
    default:
      return kind satisfies never;
  }
}

const EMPTY_NEXT = 'Correct the address; it may have been removed, or be in a namespace that you do not see.';

export class Details {
  readonly #parts: DetailsParts;
  readonly #veils = new WeakMap<Inventory, WeakMap<ReadonlySet<string>, Veil>>();

  constructor(parts: DetailsParts) {
    this.#parts = parts;
  }

  /** @throws Failure notFound; starting, metrics* where nothing at all is known */
  async fetchDetails(entity: EntityRef, query: DetailQuery, sight: Sight): Promise<DetailDocument> {
    const { analyses, cluster, flow } = this.#parts;
    const reader = flow.sights.read(sight);
    const visible = reader?.namespaces ?? null;
    // The same words for what is not there and what may not be seen.
    if (visible !== null && !visible.has(entity.namespace)) throw missing(entity, []);
    let away = null as Failure | null;
    const graphs = await this.#fetchGraphs(entity, query, sight).catch((error: unknown) => {
      if (!(error instanceof Failure && isAway(error))) throw error;
      away = error;
      return null;
    });
    const known = await analyses.fetch();
    const inventory = known?.inventory ?? null;
    const veil = this.#veilOf(inventory, visible);
    const index = inventory === null ? null : indexOf(inventory);
    const parts = index === null ? null : findEntity(index, entity);
    const seen = graphs !== null && isThere(graphs, entity);
    if (parts === null && !seen) {
      if (index === null && away !== null) throw away;
      if (index === null) throw whyUnread(cluster.watches(), sight === null);
      throw missing(entity, findNear(index, entity, veil.sees));
    }
    return describeEntity({
      entity,
      windowSeconds: query.windowSeconds,
      freshness: flow.freshnessOf(flow.feedOf(query.windowSeconds), reader),
      graphs,
      known:
        known === null || index === null || parts === null ? null : { index, parts, findings: known.findings, remarks: known.entities },
      cluster: inventory?.cluster ?? null,
      veil,
    });
  }

  async #fetchGraphs({ kind, namespace }: EntityRef, query: DetailQuery, sight: Sight): Promise<EntityGraphs> {
    const { see } = this.#parts;
    const views = viewsOf(kind, namespace, query);
    const { projection: whole } = await see(views.whole, sight);
    const { projection: peers } = views.peers === views.whole ? { projection: whole } : await see(views.peers, sight);
    return { whole: whole.graph, peers: peers.graph, atMs: whole.trace.traffic.index.snapshot.atMs };
  }

  #veilOf(inventory: Inventory | null, visible: ReadonlySet<string> | null): Veil {
    // Nothing of the cluster is told then: nothing is to be hidden.
    if (inventory === null || visible === null) return OPEN_VEIL;
    const veils = this.#veils.get(inventory) ?? new WeakMap<ReadonlySet<string>, Veil>();
    this.#veils.set(inventory, veils);
    const veil = veils.get(visible) ?? buildVeil(inventory, visible);
    veils.set(visible, veil);
    return veil;
  }
}

const isAway = ({ code }: Failure): boolean => code.startsWith('metrics') || code === 'starting';

/** Whether the traffic knows it; namespaces by anything of theirs. */
const isThere = ({ whole, peers }: EntityGraphs, entity: EntityRef): boolean =>
  entity.kind === 'namespace'
    ? whole.nodes.some(({ kind, namespace }) => kind !== 'hidden' && namespace === entity.namespace)
    : findNode(peers, entity, null) !== null;

const NAMES = { namespace: 'namespace', app: 'application', workload: 'workload', service: 'service' } as const;

function missing({ kind, namespace, name }: EntityRef, near: readonly string[]): Failure {
  const asked = kind === 'namespace' ? name : `${namespace}/${name}`;
  return new Failure('notFound', `there is no ${NAMES[kind]} ${asked}`, wordNear(near, EMPTY_NEXT));
}
