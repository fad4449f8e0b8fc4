// What this folder is given: ports, settings, and who asks. In: nothing. Out: ChangeContext, ChangeEngine, ChangeSeat.
import type { Deed, Sight } from '../../model/account';
import type { Rehearsal, TrafficMeasure } from '../../model/change';
import type { ConfigRef, Edit } from '../../model/edit';
import type { Finding } from '../../model/finding';
import type { SavedCase } from '../../model/steering';
import type { Logger } from '../log';
import type { Access, Caller, CaseStore, Clock, ClusterCredential, ClusterWriter, FreshObject, JournalStore, LeaseStore } from '../ports';

/** What is asked of the engine, always for somebody who may see so much; server/engine-rpc's EngineApi is one. */
export interface ChangeEngine {
  /** The plan of edits and what it does, on the inventory with `fresh` objects in the place of its own. @throws Failure forbidden, starting */
  rehearse(edits: readonly Edit[], fresh: readonly FreshObject[], cases: readonly SavedCase[], sight: Sight): Promise<Rehearsal>;
  /** Traffic of hosts on the newest snapshot; null where none is known. @throws Failure */
  measureTraffic(hosts: readonly string[], sight: Sight): Promise<TrafficMeasure | null>;
  /** Ready pods behind a subset (null: the whole host), as the newest inventory has it. @throws Failure */
  awaitEndpoints(host: string, subset: string | null, sight: Sight): Promise<number>;
  /** Findings about one object. @throws Failure */
  fetchConfigFindings(ref: ConfigRef, sight: Sight): Promise<readonly Finding[]>;
}

/** Asks the API server what a credential may do. */
export interface Rights {
  /** @throws Failure cluster* */
  may(credential: ClusterCredential, deed: Deed, signal: AbortSignal): Promise<boolean>;
}

export interface ChangeSettings {
  /** False: nothing is written at all. */
  readonly enabled: boolean;
  /** Entries of the journal that are kept once they have ended. */
  readonly keep: number;
  /** How often the traffic of a waiting change is measured: as often as it is read. */
  readonly sampleMs: number;
}

/** Who asks for a change, and what they may. */
export interface ChangeSeat {
  readonly caller: Caller;
  readonly access: Access;
}

export interface ChangeContext {
  readonly writer: ClusterWriter;
  readonly journal: JournalStore;
  readonly leases: LeaseStore;
  readonly cases: CaseStore;
  readonly engine: ChangeEngine;
  readonly rights: Rights;
  readonly settings: ChangeSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Random letters and digits, for ids. */
  readonly random: () => string;
}
