// The desk of changes: what the program may ask of previewing, applying, confirming, setting back and looking up. In: ChangeContext.
// Out: ChangeDesk. Each answer is cut to what its reader may see; each write is noted with who, from where, what, and what came of it.
import { stringify } from 'yaml';
import type { ApplyRequest, ChangeListDocument, ChangeRecord, Preview } from '../../model/change';
import { type ConfigRef, type Edit, refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { ConfigKind, JsonObject } from '../../model/inventory';
import type { ConfigObjectDocument } from '../../model/steering';
import type { JournalEntry, ManagedObject } from '../ports';
import { type CaseDesk, createCaseDesk } from './case-desk';
import { type ChangeFilter, pageOf } from './change-filter';
import type { ChangeContext, ChangeSeat } from './context';
import { deedsOf, undoingDeedsOf } from './deeds';
import { applyChange, prepareChange } from './flow';
import { Keeper } from './keeper';
import type { FlowContext, Refusal } from './outcomes';
import { findOwners } from './ownership';
import { readAs } from './prepare';
import { requireDeeds, requireSight } from './rights';
import { SeenObjects } from './seen-objects';
import { spansOf, undoEdits } from './undo-edits';
import { Vault } from './vault';
import { cutRecord } from './visible';
import { type ChangeEvent, ChangeLog } from './write-audit';

export interface ChangeDesk extends CaseDesk {
  /** Whether anything may be written at all. */
  readonly enabled: boolean;
  /** @throws Failure */
  preview(edits: readonly Edit[], seat: ChangeSeat, signal: AbortSignal): Promise<Preview | Refusal>;
  /** Begins a change; the record as far as it came in a few seconds. @throws Failure */
  apply(request: ApplyRequest, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord | Refusal>;
  list(filter: ChangeFilter, seat: ChangeSeat): Promise<ChangeListDocument>;
  /** @throws Failure notFound */
  read(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord>;
  /** @throws Failure notFound, forbidden, conflict (it does not wait any more) */
  confirm(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord>;
  /** Sets a change back that is under way, waits, or is incomplete. @throws Failure as confirm */
  revert(id: string, reason: string, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord>;
  previewUndo(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<Preview | Refusal>;
  undo(id: string, request: Omit<ApplyRequest, 'edits'>, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord | Refusal>;
  /** One object to edit. @throws Failure notFound, forbidden */
  readObject(ref: ConfigRef, seat: ChangeSeat, signal: AbortSignal): Promise<ConfigObjectDocument>;
  /** @throws Failure notFound where the cluster does not say */
  fetchSchema(kind: ConfigKind, signal: AbortSignal): Promise<JsonObject>;
  /** Looks for changes that nobody looks after, from now on. */
  start(): void;
  /** Prometheus' text format 0.0.4. */
  encodeMetrics(): string;
  close(): Promise<void>;
}

/** How long an answer waits for a change to come to rest. */
const PATIENCE_MS = 6_000;
const LISTED_MS = 1_500;

export function createChangeDesk(context: ChangeContext): ChangeDesk {
  const { journal, writer, engine, rights, cases, settings, clock, log } = context;
  const audit = new ChangeLog(log);
  const seen = new SeenObjects();
  const keeper = new Keeper(context, audit, new Vault(), (record) => {
    afterEnd(record).catch((error: unknown) => log.warn('the journal could not be tidied', { error }));
  });
  const flow: FlowContext = { ...context, keeper, seen };
  const stop = new AbortController();

  /** Links an undone change with what undid it, and removes the oldest entries beyond the limit. */
  async function afterEnd({ id, undoes, state }: ChangeRecord): Promise<void> {
    if (undoes !== null) await keeper.decide(undoes, (old) => ({ ...old, undoneBy: state === 'kept' ? id : null }), null, stop.signal);
    const ended = (await journal.list(stop.signal)).filter(({ record }) => record.endedAtMs !== null);
    for (const { record } of ended.slice(settings.keep)) await journal.remove(record.id, stop.signal);
  }

  function requireEnabled(): void {
    if (!settings.enabled)
      throw new Failure('forbidden', 'this console changes nothing', 'Whoever runs it has set changes.enabled to false.');
  }

  let listed: { readonly atMs: number; readonly entries: Promise<readonly JournalEntry[]> } | null = null;
  /** The journal as it was a moment ago: many pages ask at once. */
  function listJournal(): Promise<readonly JournalEntry[]> {
    if (listed === null || clock.now() - listed.atMs > LISTED_MS) {
      const entries = journal.list(stop.signal);
      const mine = { atMs: clock.now(), entries };
      listed = mine;
      entries.catch(() => {
        if (listed === mine) listed = null;
      });
    }
    return listed.entries;
  }

  /** Runs something that somebody decided, and notes what came of it. */
  async function noted<T>(
    event: ChangeEvent,
    seat: ChangeSeat,
    fields: Readonly<Record<string, unknown>>,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      requireEnabled();
      const result = await work();
      listed = null;
      const kind = typeof result === 'object' && result !== null && 'kind' in result ? String(result.kind) : 'ok';
      audit.note(event, kind === 'started' ? 'ok' : kind, seat.caller, fields);
      return result;
    } catch (error) {
      const isFailure = error instanceof Failure;
      audit.note(event, isFailure ? error.code : 'internal', seat.caller, { ...fields, why: isFailure ? error.detail : 'a defect' });
      throw error;
    }
  }

  const cut = (record: ChangeRecord, { access }: ChangeSeat): ChangeRecord => {
    const visible = cutRecord(record, access.sight);
    if (visible === null)
      throw new Failure('notFound', `there is no change ${record.id}`, 'The list of changes shows those that are kept.');
    return visible;
  };
  async function find(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord> {
    const entry = await journal.read(id, signal);
    if (entry === null)
      throw new Failure('notFound', `there is no change ${id.slice(0, 80)}`, 'The list of changes shows those that are kept.');
    cut(entry.record, seat);
    return entry.record;
  }
  /** The record once it has come to rest, or after a few seconds. */
  async function settled(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<ChangeRecord> {
    return cut((await keeper.rest(id, PATIENCE_MS)) ?? (await find(id, seat, signal)), seat);
  }

  const summary = (edits: readonly Edit[], digest: string) => ({ digest, edits: edits.map(({ type }) => type).slice(0, 20) });

  async function begin(
    event: 'apply' | 'undo',
    request: ApplyRequest,
    undoes: string | null,
    seat: ChangeSeat,
    signal: AbortSignal,
  ): Promise<ChangeRecord | Refusal> {
    const result = await noted(event, seat, { ...summary(request.edits, request.digest), ...(undoes === null ? {} : { undoes }) }, () =>
      applyChange(request, undoes, seat, flow, signal),
    );
    if (result.kind !== 'started') return result;
    const { id, steps } = result.record;
    audit.note('begin', 'ok', seat.caller, { change: id, objects: steps.map(({ action, ref }) => `${action} ${refText(ref)}`) });
    return settled(id, seat, signal);
  }

  async function editsToUndo(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<readonly Edit[] | Refusal> {
    const record = await find(id, seat, signal);
    if (record.endedAtMs === null)
      throw new Failure('conflict', `the change ${id} has not ended yet`, 'Set it back instead, or wait until it has ended.');
    const refs = spansOf(record).map(({ ref }) => ref);
    const found = await Promise.all(refs.map((ref) => readAs(seat, ref, writer, signal)));
    const objects = new Map<string, ManagedObject | null>(refs.map((ref, i) => [refText(ref), found[i] ?? null]));
    const { edits, overlapping } = undoEdits(record, objects);
    const [first] = overlapping;
    if (first === undefined) return edits;
    const stale = overlapping.map(({ ref }) => {
      const now = objects.get(refText(ref)) ?? null;
      return { ref, now: now?.manifest ?? null, resourceVersion: now?.object.resourceVersion ?? null };
    });
    return {
      kind: 'conflict',
      detail: `${refText(first.ref)} was edited by somebody else since, at the same place (${first.paths.slice(0, 3).join(', ')})`,
      conflict: { stale },
    };
  }

  const isRefusal = (result: readonly Edit[] | Refusal): result is Refusal => 'kind' in result;

  async function previewOf(edits: readonly Edit[], seat: ChangeSeat, signal: AbortSignal): Promise<Preview | Refusal> {
    const prepared = await prepareChange(edits, seat, flow, signal);
    return prepared.kind === 'prepared' ? prepared.preview : prepared;
  }

  return {
    enabled: settings.enabled,
    preview: previewOf,
    apply: (request, seat, signal) => begin('apply', request, null, seat, signal),
    list: async (filter, { access: { sight } }) => {
      const entries = await listJournal();
      return pageOf(
        entries.flatMap(({ record }) => cutRecord(record, sight) ?? []),
        filter,
      );
    },
    read: async (id, seat, signal) => cut(await find(id, seat, signal), seat),
    confirm: async (id, seat, signal) => {
      await noted('confirm', seat, { change: id }, async () => {
        const record = await find(id, seat, signal);
        await requireDeeds(seat, deedsOf(record.steps), rights, signal);
        const { name } = seat.caller.user;
        const written = await keeper.decide(
          id,
          (now) =>
            now.state === 'waiting' && (now.deadlineMs === null || clock.now() < now.deadlineMs)
              ? { ...now, state: 'kept', confirmedBy: name, deadlineMs: null, endedAtMs: clock.now(), outcome: `confirmed by ${name}` }
              : null,
          null,
          signal,
        );
        if (written === null)
          throw new Failure(
            'conflict',
            `the change ${id} does not wait for a confirmation`,
            'Look at it again: it may have been set back or kept by now.',
          );
      });
      return settled(id, seat, signal);
    },
    revert: async (id, reason, seat, signal) => {
      await noted('revert', seat, { change: id }, async () => {
        const record = await find(id, seat, signal);
        await requireDeeds(seat, undoingDeedsOf(record.steps), rights, signal);
        const { name } = seat.caller.user;
        const why = `set back by ${name}${reason.trim() === '' ? '' : `: ${reason.trim().slice(0, 2000)}`}`;
        const written = await keeper.decide(
          id,
          (now) =>
            now.state === 'applying' || now.state === 'waiting' || now.state === 'incomplete'
              ? { ...now, state: 'reverting', outcome: why, remains: [], endedAtMs: null }
              : null,
          seat.caller.credential,
          signal,
        );
        if (written === null)
          throw new Failure(
            'conflict',
            `the change ${id} is not under way any more`,
            'Undo it: that is a change of its own, with a preview.',
          );
      });
      return settled(id, seat, signal);
    },
    previewUndo: async (id, seat, signal) => {
      const edits = await editsToUndo(id, seat, signal);
      return isRefusal(edits) ? edits : previewOf(edits, seat, signal);
    },
    undo: async (id, request, seat, signal) => {
      const edits = await editsToUndo(id, seat, signal);
      return isRefusal(edits) ? edits : begin('undo', { ...request, edits }, id, seat, signal);
    },
    readObject: async (ref, seat, signal) => {
      requireSight(seat, [ref]);
      const found = await readAs(seat, ref, writer, signal);
      if (found === null)
        throw new Failure(
          'notFound',
          `there is no ${refText(ref)}`,
          'Look for it in the list of configuration: it may have been deleted, or be in a namespace that you do not see.',
        );
      const { resourceVersion, status } = found.object;
      seen.note(ref, resourceVersion, found.manifest);
      const owners = findOwners(ref, found, [{ action: 'delete', patch: [] }]);
      return {
        ref,
        resourceVersion,
        yaml: stringify(found.manifest, { aliasDuplicateObjects: false, lineWidth: 0 }),
        status,
        owners: owners.map(({ name, consequence, locked }) => ({ name, consequence, locked })),
        // The object is worth showing while the engine starts.
        findings: await engine.fetchConfigFindings(ref, seat.access.sight).catch(() => []),
      };
    },
    fetchSchema: async (kind, signal) => {
      const schema = await writer.fetchSchema(kind, signal);
      if (schema !== null) return schema;
      throw new Failure(
        'notFound',
        `the cluster serves no schema of ${kind}`,
        'Its objects can be edited all the same; the API server checks them.',
      );
    },
    ...createCaseDesk(cases, rights, noted),
    start: () => {
      if (settings.enabled) keeper.start();
    },
    encodeMetrics: () => audit.encode(),
    close: async () => {
      stop.abort();
      await keeper.close();
    },
  };
}
