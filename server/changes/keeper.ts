// All changes that this replica looks after: those that it began, and those of replicas that died. In: ChangeContext. Out: Keeper.
// It looks for orphans at start and every few seconds, and lets go of everything when the console stops, so that another can go on at once.
import { setMaxListeners } from 'node:events';
import type { ChangeRecord } from '../../model/change';
import { Failure } from '../../model/failure';
import { isAborted, pause } from '../pause';
import type { ClusterCredential, JournalEntry } from '../ports';
import type { KnownUids } from './apply';
import { attendChange } from './attend';
import type { ChangeContext } from './context';
import { type Advance, Ledger } from './ledger';
import { type Tenure, Tenures } from './tenure';
import type { Vault } from './vault';
import type { ChangeLog } from './write-audit';

interface Attended {
  readonly ledger: Ledger;
  /** Ends the pause of the loop. */
  wake: AbortController;
  done: Promise<void>;
  /** Who waits for the next state. */
  readonly waiting: Set<() => void>;
}

const SWEEP_MS = 5_000;
/** A process that is told to end does so in four seconds. */
const LAST_MS = 2_500;
/** Sweeps between two looks for leases that nobody needs. */
const PRUNE_EVERY = 12;
/** Where the journal may not be read, that is said and asked again seldom. */
const FORBIDDEN_SWEEP_MS = 60_000;

export class Keeper {
  readonly #context: ChangeContext;
  readonly #log: ChangeLog;
  readonly #vault: Vault;
  readonly #stop = new AbortController();
  readonly #tenures: Tenures;
  readonly #attended = new Map<string, Attended>();
  readonly #onEnd: (record: ChangeRecord) => void;
  #sweeping: Promise<void> | null = null;
  #sweeps = 0;
  #toldOf: string | null = null;

  constructor(context: ChangeContext, log: ChangeLog, vault: Vault, onEnd: (record: ChangeRecord) => void) {
    this.#context = context;
    this.#log = log;
    this.#vault = vault;
    this.#onEnd = onEnd;
    // Every change that is looked after listens to it.
    setMaxListeners(0, this.#stop.signal);
    this.#tenures = new Tenures(context.leases, context.clock, `heddle-${context.random()}`, this.#stop.signal);
  }

  /** Begins to look for orphans. */
  start(): void {
    this.#sweeping ??= this.#sweepForEver();
  }

  /**
   * Writes the change into the journal, then sees to it until its end. Resolves when it is in the journal.
   * @throws Failure when it cannot be written there: nothing was done then
   */
  async begin(record: ChangeRecord, credential: ClusterCredential, uids: KnownUids): Promise<void> {
    const { journal } = this.#context;
    const tenure = await this.#tenures.take(record.id);
    if (tenure === null) throw new Failure('internal', `the lease of ${record.id} is taken`, 'Try again.');
    if (record.revertBy === 'user') this.#vault.keep(record.id, credential);
    let entry: JournalEntry;
    try {
      entry = await journal.create(record, this.#stop.signal);
    } catch (error) {
      this.#vault.forget(record.id);
      await tenure.release();
      throw error;
    }
    this.#attend(entry, tenure, { credential, uids });
  }

  /** Resolves when a change has come to rest (waiting or at its end) here, or after `ms`; with its record as known here, null = not here. */
  async rest(id: string, ms: number): Promise<ChangeRecord | null> {
    const { clock } = this.#context;
    const untilMs = clock.now() + ms;
    for (;;) {
      const attended = this.#attended.get(id);
      if (attended === undefined) return null;
      const { record } = attended.ledger;
      const isMoving = record.state === 'applying' || record.state === 'reverting';
      if (!isMoving || clock.now() >= untilMs) return record;
      const over = new AbortController();
      const end = (): void => over.abort();
      attended.waiting.add(end);
      await Promise.race([pause(clock, untilMs - clock.now(), over.signal), attended.done]);
      attended.waiting.delete(end);
      over.abort();
    }
  }

  /**
   * Advances a change as somebody decided, and has whoever looks after it go on. `revertAs`: in whose name it may be reverted where nobody
   * else's is known. Resolves with the record as written; null where `change` declined. @throws Failure notFound, or of the journal
   */
  async decide(id: string, change: Advance, revertAs: ClusterCredential | null, signal: AbortSignal): Promise<ChangeRecord | null> {
    const attended = this.#attended.get(id);
    const entry = await this.#context.journal.read(id, signal);
    if (entry === null) throw new Failure('notFound', `there is no change ${id}`, 'The list of changes shows those that are kept.');
    if (revertAs !== null && this.#vault.read(id) === null) this.#vault.keep(id, revertAs);
    // A ledger of its own: each write is guarded by the version, so that the loop that looks after it is not disturbed.
    const ledger = new Ledger(this.#context.journal, this.#context.clock, signal, entry);
    const written = await ledger.advance(change);
    if (attended !== undefined) {
      await attended.ledger.refresh();
      attended.wake.abort();
      attended.wake = new AbortController();
    } else if (written && ledger.record.endedAtMs === null) {
      // Where another replica looks after it, that one sees it in the journal in a few seconds.
      await this.#takeOver(id).catch(() => undefined);
      if (!this.#attended.has(id)) this.#vault.forget(id);
    }
    return written ? ledger.record : null;
  }

  /** Looks for orphans once. */
  async sweep(): Promise<void> {
    const open = (await this.#context.journal.listOpen(this.#stop.signal)).map(({ record }) => record.id);
    for (const id of open) {
      if (isAborted(this.#stop.signal)) return;
      if (!this.#attended.has(id)) await this.#takeOver(id);
    }
    if (this.#sweeps++ % PRUNE_EVERY === 0) await this.#tenures.prune((id) => open.includes(id) || this.#attended.has(id));
  }

  /** What is being written or set back has a moment to come to rest; the rest is let go of. */
  async close(): Promise<void> {
    await Promise.all([...this.#attended.keys()].map((id) => this.rest(id, LAST_MS)));
    this.#stop.abort();
    await this.#sweeping;
    await Promise.allSettled([...this.#attended.values()].map(({ done }) => done));
  }

  async #sweepForEver(): Promise<void> {
    const { clock, log } = this.#context;
    while (!isAborted(this.#stop.signal)) {
      let waitMs = SWEEP_MS;
      try {
        await this.sweep();
        this.#toldOf = null;
      } catch (error) {
        if (isAborted(this.#stop.signal)) return;
        const why = error instanceof Failure ? error.code : 'internal';
        if (why === 'forbidden' || why === 'notFound') waitMs = FORBIDDEN_SWEEP_MS;
        if (why !== this.#toldOf) log.warn('the journal of changes cannot be read', { error });
        this.#toldOf = why;
      }
      await pause(clock, waitMs, this.#stop.signal);
    }
  }

  async #takeOver(id: string): Promise<void> {
    const { journal } = this.#context;
    const tenure = await this.#tenures.take(id);
    if (tenure === null) return;
    // It may have gone on since it was listed.
    const entry = await journal.read(id, this.#stop.signal).catch(async (error: unknown) => {
      await tenure.release();
      throw error;
    });
    if (entry === null || this.#attended.has(id)) {
      await tenure.release();
      return;
    }
    this.#log.note('takeOver', 'ok', null, { change: id, state: entry.record.state });
    this.#attend(entry, tenure, null);
  }

  #attend(entry: JournalEntry, tenure: Tenure, applyAs: { readonly credential: ClusterCredential; readonly uids: KnownUids } | null): void {
    const { writer, engine, clock, journal, log } = this.#context;
    const { record } = entry;
    const signal = this.#stop.signal;
    const ledger = new Ledger(journal, clock, signal, entry);
    const run = async (): Promise<void> => {
      try {
        await attendChange({
          writer,
          engine,
          clock,
          ledger,
          tenure,
          applyAs,
          sampleMs: this.#context.settings.sampleMs,
          revertAs: () => this.#revertIdentity(ledger.record, applyAs?.credential ?? null),
          audit: { change: record.id, by: record.by, log: this.#log },
          signal,
          wake: () => attended.wake.signal,
          onState: (now) => {
            for (const told of attended.waiting) told();
            if (now.state !== 'kept' && now.state !== 'reverted' && now.state !== 'incomplete') return;
            this.#vault.forget(now.id);
            this.#log.note('end', now.state, null, { change: now.id, by: now.by.name, why: now.outcome });
            this.#onEnd(now);
          },
        });
      } catch (error) {
        // It stays open in the journal: the next sweep, here or elsewhere, goes on from what is in the cluster.
        if (!isAborted(signal)) log.warn('a change was let go', { change: record.id, error });
      } finally {
        this.#attended.delete(record.id);
        await tenure.release();
      }
    };
    const attended: Attended = { ledger, wake: new AbortController(), done: Promise.resolve(), waiting: new Set() };
    this.#attended.set(record.id, attended);
    attended.done = run();
  }

  /**
   * Who asked to revert it, or who made the change where the console was found not to have the right, while they are known here; else the
   * console itself, which then does what it may and tells what remains.
   */
  #revertIdentity({ id, revertBy }: ChangeRecord, applying: ClusterCredential | null): ClusterCredential {
    return this.#vault.read(id) ?? (revertBy === 'console' ? null : applying) ?? { kind: 'console' };
  }
}
