// Every write to the cluster and every decision about a change: a log line and a count each. In: events. Out: lines by Logger, exposition text.
import type { PlanStep } from '../../model/change';
import { refText } from '../../model/edit';
import type { Logger } from '../log';
import type { Caller, ClusterCredential, WriteAnswer } from '../ports';

export type ChangeEvent = 'apply' | 'begin' | 'confirm' | 'revert' | 'undo' | 'takeOver' | 'end' | 'saveCase' | 'removeCase';

/** Notes writes of one change. */
export interface WriteAudit {
  readonly change: string;
  /** Whose change it is. */
  readonly by: { readonly name: string; readonly subject: string };
  readonly log: ChangeLog;
}

const tame = (text: string, length = 200): string => text.slice(0, length);

export class ChangeLog {
  readonly #log: Logger;
  readonly #events = new Map<string, number>();
  readonly #writes = new Map<string, number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Somebody decided something. `outcome`: `ok`, a code of a Failure, or the state at the end. */
  note(event: ChangeEvent, outcome: string, caller: Caller | null, fields: Readonly<Record<string, unknown>>): void {
    const key = `event="${event}",outcome="${outcome}"`;
    this.#events.set(key, (this.#events.get(key) ?? 0) + 1);
    const who =
      caller === null
        ? { user: 'the console' }
        : { user: tame(caller.user.name), subject: tame(caller.user.subject), address: tame(caller.address, 64) };
    this.#log[outcome === 'ok' || outcome === 'kept' || outcome === 'reverted' ? 'info' : 'warn']('change', {
      action: event,
      outcome,
      ...who,
      ...fields,
    });
  }

  /** The API server answered a write. */
  noteWrite(
    { action, ref }: Pick<PlanStep, 'action' | 'ref'>,
    { change, by }: WriteAudit,
    as: ClusterCredential,
    answer: WriteAnswer,
  ): void {
    const key = `action="${action}",kind="${ref.kind}",outcome="${answer.outcome}"`;
    this.#writes.set(key, (this.#writes.get(key) ?? 0) + 1);
    const version =
      answer.outcome === 'done' ? { resourceVersion: answer.object?.object.resourceVersion ?? null } : { detail: tame(answer.detail, 400) };
    this.#log[answer.outcome === 'done' ? 'info' : 'warn']('write', {
      action,
      object: refText(ref),
      outcome: answer.outcome,
      change,
      user: tame(by.name),
      subject: tame(by.subject),
      as: as.kind,
      ...version,
    });
  }

  /** Prometheus' text format 0.0.4. */
  encode(): string {
    const lines = (name: string, counts: ReadonlyMap<string, number>): readonly string[] =>
      [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([labels, count]) => `${name}{${labels}} ${count}`);
    return [
      '# HELP heddle_changes_total Changes asked for, confirmed, reverted, taken over and ended, by outcome.',
      '# TYPE heddle_changes_total counter',
      ...lines('heddle_changes_total', this.#events),
      '# HELP heddle_change_writes_total Writes to objects of the mesh by outcome.',
      '# TYPE heddle_change_writes_total counter',
      ...lines('heddle_change_writes_total', this.#writes),
      '',
    ].join('\n');
  }
}

/** What to do with each answer to a step's writes. */
export const writeNote =
  (audit: WriteAudit, step: Pick<PlanStep, 'action' | 'ref'>, as: ClusterCredential) =>
  (answer: WriteAnswer): void =>
    audit.log.noteWrite(step, audit, as, answer);
