// What somebody may do about a change, and in whose name it could be reverted when he is gone. In: ChangeSeat, steps, Rights. Out: answers.
// By configured roles the console decides and acts in its own name; by RBAC the API server decides, each time anew.
import type { Deed } from '../../model/account';
import type { PlanStep, Preview } from '../../model/change';
import type { ConfigRef } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { ClusterCredential } from '../ports';
import type { ChangeSeat, Rights } from './context';
import { deedText, undoingDeedsOf } from './deeds';
import { tokenEndMs } from './vault';

type Actions = readonly Pick<PlanStep, 'action' | 'ref'>[];

/** Whether somebody sees where an object is. An object without a namespace concerns everybody. */
export const sees = ({ access: { sight } }: ChangeSeat, { namespace }: Pick<ConfigRef, 'namespace'>): boolean =>
  sight === null || sight.includes(namespace);

/** @throws Failure notFound for what somebody does not see: the same as for what is not there */
export function requireSight(seat: ChangeSeat, refs: readonly ConfigRef[]): void {
  const hidden = refs.find((ref) => !sees(seat, ref));
  if (hidden !== undefined)
    throw new Failure(
      'notFound',
      `there is no namespace ${hidden.namespace === '' ? '(the cluster)' : hidden.namespace} that you may see`,
      '/account shows what you may see and what to ask for.',
    );
}

/** The first deed that somebody may not do; null: he may do all. By RBAC the API server is asked. @throws Failure cluster* */
export async function findForbidden(seat: ChangeSeat, deeds: readonly Deed[], rights: Rights, signal: AbortSignal): Promise<Deed | null> {
  const { credential } = seat.caller;
  if (credential.kind === 'console') return deeds.find((deed) => !seat.access.allows(deed)) ?? null;
  return firstDenied(credential, deeds, rights, signal);
}

async function firstDenied(
  credential: ClusterCredential,
  deeds: readonly Deed[],
  rights: Rights,
  signal: AbortSignal,
): Promise<Deed | null> {
  const answers = await Promise.all(deeds.map((deed) => rights.may(credential, deed, signal)));
  return deeds.find((_, i) => answers[i] === false) ?? null;
}

/** @throws Failure forbidden */
export async function requireDeeds(seat: ChangeSeat, deeds: readonly Deed[], rights: Rights, signal: AbortSignal): Promise<void> {
  const denied = await findForbidden(seat, deeds, rights, signal);
  if (denied !== null)
    throw new Failure('forbidden', `you may not ${deedText(denied)}`, '/account shows what to ask an administrator for.');
}

/** In whose name a change would be set back by itself: the console's own where it may, else that of who makes the change, while it lasts. */
export async function findRevertIdentity(
  seat: ChangeSeat,
  steps: Actions,
  rights: Rights,
  signal: AbortSignal,
): Promise<Preview['revertBy']> {
  const deeds = undoingDeedsOf(steps);
  let why: string;
  try {
    const denied = await firstDenied({ kind: 'console' }, deeds, rights, signal);
    if (denied === null) return { identity: 'console', validUntilMs: null };
    why = `the console's own account may not ${deedText(denied)}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    why = `it cannot be asked what the console's own account may do: ${error.detail}`;
  }
  const { credential } = seat.caller;
  if (credential.kind === 'console') return { identity: null, why };
  try {
    const denied = await firstDenied(credential, deeds, rights, signal);
    if (denied === null) return { identity: 'user', validUntilMs: tokenEndMs(credential) };
    return { identity: null, why: `${why}, and you may not ${deedText(denied)}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { identity: null, why: `${why}, and it cannot be asked what you may do: ${error.detail}` };
  }
}
