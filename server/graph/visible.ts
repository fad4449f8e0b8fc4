// What one reader may see of a snapshot. Before anything is made of the traffic, whatever belongs to a namespace outside his sight is
// replaced by one nameless stand-in, and traffic that touches nothing of his is left out: no later step has a hidden name to give away.
// In: prepared traffic, visible namespaces. Out: the same traffic with masked flows. A namespace is the same in all clusters, as in Istio.
import type { Inventory } from '../../model/inventory';
import { UNKNOWN } from '../../model/traffic';
import type { BadgeSources } from './facts';
import { Hosts } from './hosts';
import type { Flow, Identities, KnownService, KnownWorkload } from './identities';
import { indexInventory } from './inventory-index';
import type { TrafficIndex } from './traffic-index';

export interface Mask {
  /** Namespaces that may be seen. */
  readonly namespaces: ReadonlySet<string>;
  /** Flow.index of each observation as it was before masking: for counting only, it names what is hidden. */
  readonly origins: Int32Array;
  /** The part of the inventory that may be seen; the root namespace is called "" when it is hidden. */
  inventory(): Inventory | null;
  /** What makes badges in that part: an object in a hidden namespace marks nothing, or its mark would tell of it. */
  badgeSources(): BadgeSources;
}

/** `nowhere`: it belongs to no namespace (unknown, PassthroughCluster, an undeclared host): seen at the end of what is seen. */
type Place = 'seen' | 'hidden' | 'nowhere';

/** A traffic with masked flows: -1 for those of which nothing may be seen. */
export interface MaskedIndex {
  readonly index: TrafficIndex;
  readonly mask: Mask;
}

interface Seen {
  readonly masked: MaskedIndex;
  readonly generation: number;
}

export class Masks {
  readonly #seen = new WeakMap<TrafficIndex, WeakMap<ReadonlySet<string>, Seen>>();
  readonly #inventories = new WeakMap<Inventory, WeakMap<ReadonlySet<string>, Inventory>>();
  readonly #sources = new WeakMap<Inventory, BadgeSources>();

  /** The traffic as somebody sees it who may see these namespaces. The traffic must be resolved (GraphMemory.prepare). */
  apply(index: TrafficIndex, namespaces: ReadonlySet<string>): MaskedIndex {
    let own = this.#seen.get(index);
    if (own === undefined) {
      own = new WeakMap();
      this.#seen.set(index, own);
    }
    const { generation } = index.topology;
    const known = own.get(namespaces);
    if (known !== undefined && known.generation === generation) return known.masked;
    const masked = this.#mask(index, namespaces);
    own.set(namespaces, { masked, generation });
    return masked;
  }

  #mask(index: TrafficIndex, namespaces: ReadonlySet<string>): MaskedIndex {
    const { inventory } = index.inventory;
    const { identities } = index.topology;
    const masker = new Masker(index, namespaces);
    const cover = (own: number): number => {
      const flow = identities.flows[own];
      return flow === undefined ? -1 : (masker.mask(flow)?.index ?? -1);
    };
    const [flows, extraFlows] = [index.flows.map(cover), index.extraFlows.map(cover)];
    const mask: Mask = {
      namespaces,
      origins: index.flows,
      inventory: () => (inventory === null ? null : this.#visibleInventory(inventory, namespaces)),
      badgeSources: () => this.#visibleSources(inventory, namespaces),
    };
    return { index: { ...index, flows, extraFlows }, mask };
  }

  #visibleSources(inventory: Inventory | null, namespaces: ReadonlySet<string>): BadgeSources {
    if (inventory === null) return indexInventory(null, null);
    const visible = this.#visibleInventory(inventory, namespaces);
    const made = this.#sources.get(visible) ?? indexInventory(visible, null);
    this.#sources.set(visible, made);
    return made;
  }

  #visibleInventory(inventory: Inventory, namespaces: ReadonlySet<string>): Inventory {
    let own = this.#inventories.get(inventory);
    if (own === undefined) {
      own = new WeakMap();
      this.#inventories.set(inventory, own);
    }
    let made = own.get(namespaces);
    if (made === undefined) {
      made = cutInventory(inventory, namespaces);
      own.set(namespaces, made);
    }
    return made;
  }
}

/** The objects of an inventory that are in these namespaces; what belongs to the cluster is left out. */
function cutInventory(inventory: Inventory, namespaces: ReadonlySet<string>): Inventory {
  const cut = <K, T extends { readonly namespace: string }>(objects: ReadonlyMap<K, T>): ReadonlyMap<K, T> =>
    new Map([...objects].filter(([, object]) => namespaces.has(object.namespace)));
  const { rootNamespace } = inventory.mesh;
  return {
    ...inventory,
    mesh: { ...inventory.mesh, rootNamespace: namespaces.has(rootNamespace) ? rootNamespace : '' },
    namespaces: new Map([...inventory.namespaces].filter(([name]) => namespaces.has(name))),
    services: cut(inventory.services),
    workloads: cut(inventory.workloads),
    pods: cut(inventory.pods),
    config: new Map([...inventory.config].map(([kind, objects]) => [kind, objects.filter((o) => namespaces.has(o.namespace))] as const)),
  };
}

/** Masks the flows of one traffic for one set of namespaces. */
class Masker {
  readonly #namespaces: ReadonlySet<string>;
  readonly #identities: Identities;
  readonly #hosts: Hosts;
  readonly #services: (KnownService | null | undefined)[] = [];

  constructor({ topology, inventory }: TrafficIndex, namespaces: ReadonlySet<string>) {
    this.#namespaces = namespaces;
    this.#identities = topology.identities;
    this.#hosts = new Hosts(namespaces, inventory.inventory, (name) => this.#identities.knowsNamespace(name));
  }

  /** The flow as it may be seen: itself where nothing is hidden, null where nothing may be seen. */
  mask(flow: Flow): Flow | null {
    const { hiddenWorkload, hiddenService } = this.#identities;
    const source = this.#placeOf(flow.source);
    const destination = this.#placeOf(flow.destination);
    const called = this.#placeOfService(flow);
    if (source !== 'seen' && destination !== 'seen' && called !== 'seen') return null;
    const service = called === 'hidden' ? hiddenService : this.#withoutHiddenNames(flow.service);
    if (source !== 'hidden' && destination !== 'hidden' && service === flow.service) return flow;
    // A hidden service that nobody is seen to answer for is itself what was called.
    const nobody = called === 'hidden' && flow.service.sort === 'service' && !flow.destination.known;
    return this.#identities.maskedFlow(
      source === 'hidden' ? hiddenWorkload : flow.source,
      destination === 'hidden' || nobody ? hiddenWorkload : flow.destination,
      service,
      flow.protocol,
      called === 'hidden' ? null : flow.entry,
    );
  }

  #placeOf({ known, namespace }: KnownWorkload): Place {
    if (!known && namespace === UNKNOWN) return 'nowhere';
    return this.#namespaces.has(namespace) ? 'seen' : 'hidden';
  }

  #placeOfService({ service, entry }: Flow): Place {
    if (service.sort !== 'service') return 'nowhere';
    if (entry !== null) return this.#namespaces.has(entry.namespace) ? 'seen' : 'hidden';
    if (service.namespace !== UNKNOWN) return this.#namespaces.has(service.namespace) ? 'seen' : 'hidden';
    return this.#hosts.isHidden(service.name) || this.#hosts.isHidden(service.host) ? 'hidden' : 'nowhere';
  }

  /** A service that may be seen, or none, may still come with a host or namespace that may not. */
  #withoutHiddenNames(service: KnownService): KnownService {
    const known = this.#services[service.index];
    if (known !== undefined) return known ?? service;
    const { cluster, namespace, name, host, sort } = service;
    const misplaced = sort !== 'service' && namespace !== UNKNOWN && !this.#namespaces.has(namespace);
    const nameless = sort === 'none' && this.#hosts.isHidden(name);
    const hostless = this.#hosts.isHidden(host);
    const clean = !misplaced && !nameless && !hostless;
    const made = clean
      ? null
      : this.#identities.serviceOf(cluster, misplaced ? UNKNOWN : namespace, nameless ? UNKNOWN : name, hostless ? UNKNOWN : host);
    this.#services[service.index] = made;
    return made ?? service;
  }
}
