// Saved questions to the evaluator, for those who see what they are about. In: CaseStore, Rights. Out: CaseDesk.
import type { ConfigRef } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { SavedCase } from '../../model/steering';
import type { CaseStore } from '../ports';
import type { ChangeSeat, Rights } from './context';
import { deedsOf } from './deeds';
import { requireDeeds } from './rights';
import { seesCase } from './visible';
import type { ChangeEvent } from './write-audit';

export interface CaseDesk {
  listCases(seat: ChangeSeat, signal: AbortSignal): Promise<readonly SavedCase[]>;
  /** @throws Failure notFound, forbidden, tooLarge */
  saveCase(value: SavedCase, seat: ChangeSeat, signal: AbortSignal): Promise<void>;
  removeCase(id: string, seat: ChangeSeat, signal: AbortSignal): Promise<void>;
}

/** Runs what somebody decided, and notes what came of it. */
export type Noted = <T>(
  event: ChangeEvent,
  seat: ChangeSeat,
  fields: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
) => Promise<T>;

export function createCaseDesk(cases: CaseStore, rights: Rights, noted: Noted): CaseDesk {
  /** Whoever may edit routes where a case begins may keep it: it is shown to all who plan there. */
  async function requireCase(value: SavedCase, seat: ChangeSeat, signal: AbortSignal): Promise<void> {
    if (!seesCase(seat, value))
      throw new Failure('notFound', 'the case is about a namespace that you may not see', 'Choose a source and a host that you may see.');
    const ref: ConfigRef = { kind: 'VirtualService', namespace: value.question.source.namespace, name: '-' };
    await requireDeeds(seat, deedsOf([{ action: 'update', ref }]), rights, signal);
  }
  const find = async (id: string, signal: AbortSignal): Promise<SavedCase | undefined> =>
    (await cases.list(signal)).find((one) => one.id === id);

  return {
    listCases: async (seat, signal) => (await cases.list(signal)).filter((one) => seesCase(seat, one)),
    saveCase: (value, seat, signal) =>
      noted('saveCase', seat, { case: value.id }, async () => {
        await requireCase(value, seat, signal);
        // An id is for all: nobody replaces a case of others that he does not see.
        const old = await find(value.id, signal);
        if (old !== undefined) await requireCase(old, seat, signal);
        await cases.save(value, signal);
      }),
    removeCase: (id, seat, signal) =>
      noted('removeCase', seat, { case: id }, async () => {
        const found = await find(id, signal);
        if (found === undefined || !seesCase(seat, found))
          throw new Failure('notFound', `there is no case ${id.slice(0, 80)}`, 'It may have been removed by somebody else.');
        await requireCase(found, seat, signal);
        await cases.remove(id, signal);
      }),
  };
}
