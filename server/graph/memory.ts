// What the projection keeps between snapshots so that a refresh is cheap: interned names, nodes, edges, facts, codes, tolerances.
// In: snapshots and inventories as they come. Out: PreparedTraffic, from which any view is projected. One per stream of snapshots.
import type { HealthRules } from '../../model/health-rules';
import type { Inventory } from '../../model/inventory';
import type { TrafficSnapshot } from '../../model/traffic';
import { CodeBook } from './codes';
import { FactsBook } from './facts';
import { Identities } from './identities';
import { type InventoryIndex, indexInventory } from './inventory-index';
import { HealthLedger } from './ledger';
import { ToleranceBook } from './tolerance-book';
import { MODES, Topology } from './topology';
import { indexTraffic, type TrafficIndex } from './traffic-index';
import { type Mask, Masks } from './visible';

interface Tables {
  readonly topology: Topology;
  readonly codes: CodeBook;
  readonly facts: FactsBook;
  readonly tolerances: ToleranceBook;
  /** The traffic for which the tables were resolved last, and how much was interned then. */
  prepared: PreparedTraffic | null;
  resolvedFlows: number;
  resolvedWorkloads: number;
}

/** A snapshot and an inventory, ready for projection. */
export interface PreparedTraffic {
  readonly index: TrafficIndex;
  readonly facts: FactsBook;
  readonly tolerances: ToleranceBook;
  /** The memory that made it, and must project it. */
  readonly memory: GraphMemory;
  /** What its reader may see of it; null = everything. */
  readonly mask: Mask | null;
  /** Health from the whole traffic, whoever reads it. */
  ledger(): HealthLedger;
}

/** Encodes names beforehand. */
interface NameEncoder {
  warm(topology: Topology): void;
}

/** Flows that may be remembered beyond four times those of the snapshot before the tables are begun anew. */
const SLACK_FLOWS = 20_000;

export class GraphMemory {
  readonly #rules: HealthRules;
  readonly #masks = new Masks();
  #inventory: InventoryIndex | null = null;
  #tables: Tables | null = null;

  constructor(rules: HealthRules) {
    this.#rules = rules;
  }

  /** Makes a snapshot and the inventory of the moment ready. Old results stay usable through `prepare`. */
  read(snapshot: TrafficSnapshot, inventory: Inventory | null): PreparedTraffic {
    const index = indexInventory(inventory, this.#inventory);
    this.#inventory = index;
    const tables = this.#tablesFor(index, snapshot);
    const traffic = indexTraffic(snapshot, index, tables.topology, tables.codes);
    let ledger: HealthLedger | null = null;
    const prepared: PreparedTraffic = {
      index: traffic,
      facts: tables.facts,
      tolerances: tables.tolerances,
      memory: this,
      mask: null,
      ledger: () => {
        ledger ??= new HealthLedger(traffic, tables.facts);
        return ledger;
      },
    };
    return prepared;
  }

  /** Resolves apps, versions, ServiceEntries and primary services for this traffic; cheap when it was the last one prepared. */
  prepare(traffic: PreparedTraffic): void {
    const tables = this.#tables;
    const { topology, inventory, snapshot, flows } = traffic.index;
    const { identities } = topology;
    const own = tables !== null && tables.topology === topology ? tables : null;
    const last = own?.prepared?.index ?? null;
    const sameSize = own !== null && own.resolvedFlows === identities.flows.length && own.resolvedWorkloads === identities.workloads.length;
    if (last === traffic.index && sameSize) return;
    const sameInventory = last !== null && last.inventory === inventory;
    let changed = false;
    if (!sameInventory || !sameSize || last.snapshot.identities !== snapshot.identities)
      changed = identities.resolveWorkloads(inventory, snapshot.identities);
    if (!sameInventory || !sameSize) changed = identities.resolveEntries(inventory) || changed;
    if (changed) topology.forgetLegs();
    topology.resolvePrimaries(flows);
    if (own !== null) {
      own.prepared = traffic;
      own.resolvedFlows = identities.flows.length;
      own.resolvedWorkloads = identities.workloads.length;
    }
  }

  /**
   * Does beforehand, in pieces of some ten milliseconds each, what the first view of every kind of graph would have to do: resolves the
   * names that its nodes and edges have, looks up what is known of them.
   */
  *warm(traffic: PreparedTraffic, encoder: NameEncoder): Generator<void, void> {
    const { topology, flows, inventory } = traffic.index;
    const isCurrent = (): boolean => this.#tables?.topology === topology && this.#tables.prepared?.index === traffic.index;
    for (const mode of MODES) {
      this.prepare(traffic);
      topology.legs(mode, flows);
      topology.ranks();
      for (const identity of topology.nodes) traffic.facts.factsOf(identity, inventory);
      yield;
      if (!isCurrent()) return;
      encoder.warm(topology);
      yield;
      if (!isCurrent()) return;
    }
    const ledger = traffic.ledger();
    for (const identity of topology.nodes) ledger.healthOf(identity);
  }

  /** What may be seen of a traffic that was prepared just now. */
  see(traffic: PreparedTraffic, namespaces: ReadonlySet<string>): PreparedTraffic {
    const { flows } = traffic.index.topology.identities;
    const before = flows.length;
    const { index, mask } = this.#masks.apply(traffic.index, namespaces);
    // Masked flows need no resolving: they are made of names that are resolved already.
    if (this.#tables !== null && this.#tables.topology === traffic.index.topology && this.#tables.resolvedFlows === before)
      this.#tables.resolvedFlows = flows.length;
    return { ...traffic, index, mask };
  }

  #tablesFor(index: InventoryIndex, snapshot: TrafficSnapshot): Tables {
    const known = this.#tables;
    if (known !== null) {
      const { identities } = known.topology;
      const room = identities.flows.length <= snapshot.observations.length * 4 + SLACK_FLOWS;
      if (room && identities.homeCluster === index.homeCluster) return known;
    }
    const tolerances = new ToleranceBook(this.#rules);
    const made: Tables = {
      topology: new Topology(new Identities(index.homeCluster)),
      codes: new CodeBook(),
      facts: new FactsBook(tolerances),
      tolerances,
      prepared: null,
      resolvedFlows: -1,
      resolvedWorkloads: -1,
    };
    this.#tables = made;
    return made;
  }
}
