// What a change would do, asked of everybody who knows: the plan on the objects as they are this moment, whose they are, whether the API
// server would take it. In: edits, ChangeSeat. Out: Prepared.
import type { DryRun, Manifest, PlanStep, Rehearsal, StaleObject } from '../../model/change';
import { type ConfigRef, type Edit, refText } from '../../model/edit';
import { Failure } from '../../model/failure';
import type { FreshObject, ManagedObject, WriteAnswer } from '../ports';
import type { ChangeContext, ChangeSeat } from './context';
import { deedOn, deedText } from './deeds';
import { wordsUnless } from './failure-words';
import { sameJson } from './plan/json-edit';
import { manifestJson } from './plan/manifest-of';
import { requireSight } from './rights';
import type { SeenObjects } from './seen-objects';
import { seesCase } from './visible';

export interface OnFresh {
  readonly rehearsal: Rehearsal;
  /** By refText, as they are now; null: there is none. */
  readonly objects: ReadonlyMap<string, ManagedObject | null>;
}

const uniqueRefs = (refs: readonly ConfigRef[]): readonly ConfigRef[] => [...new Map(refs.map((ref) => [refText(ref), ref])).values()];

/** Objects that edits name themselves. */
function namedBy(edit: Edit): readonly ConfigRef[] {
  switch (edit.type) {
    case 'yaml':
      return edit.ref === null ? [] : [edit.ref];
    case 'delete':
      return [edit.ref];
    case 'enableRule':
      return [edit.object];
    case 'trafficPolicy':
    case 'subsets':
    case 'expose':
      return [];
    default:
      return edit.rule.object === null ? [] : [edit.rule.object];
  }
}

export type Planned = OnFresh | { readonly stale: readonly StaleObject[] };

/**
 * The plan on what the API server says now of every object that it touches; or objects that somebody else edited since the editor of a YAML
 * read them, which would lose that edit unseen. @throws Failure notFound outside of somebody's sight; forbidden, cluster*
 */
export async function planOnFresh(
  asked: readonly Edit[],
  seat: ChangeSeat,
  { engine, writer, cases: store, seen }: Pick<ChangeContext, 'engine' | 'writer' | 'cases'> & { readonly seen: SeenObjects },
  signal: AbortSignal,
): Promise<Planned> {
  const { sight } = seat.access;
  const objects = new Map<string, ManagedObject | null>();
  const read = async (refs: readonly ConfigRef[]): Promise<void> => {
    requireSight(seat, refs);
    const found = await Promise.all(refs.map((ref) => readAs(seat, ref, writer, signal)));
    for (const [i, ref] of refs.entries()) {
      const one = found[i] ?? null;
      objects.set(refText(ref), one);
      if (one !== null) seen.note(ref, one.object.resourceVersion, one.manifest);
    }
  };
  const named = uniqueRefs(asked.flatMap(namedBy));
  // A plan is worth showing without them.
  const cases = (await store.list(signal).catch(() => [])).filter((one) => seesCase(seat, one));
  await read(named);
  const stale = findStale(asked, objects, seen);
  if (stale.length > 0) return { stale };
  const edits = asked.map((edit) => onVersionNow(edit, objects));
  let rehearsal = await engine.rehearse(edits, freshOf(objects, named), cases, sight);
  // A plan on newer objects may touch others; each round reads what is new to it.
  for (let round = 0; round < 4; round++) {
    const { steps } = rehearsal.plan;
    const refs = uniqueRefs(steps.map(({ ref }) => ref)).filter((ref) => !objects.has(refText(ref)));
    if (refs.length === 0) return { rehearsal, objects };
    await read(refs);
    if (refs.every((ref) => isPlannedOn(steps, ref, objects.get(refText(ref)) ?? null))) return { rehearsal, objects };
    rehearsal = await engine.rehearse(edits, freshOf(objects, uniqueRefs([...named, ...steps.map(({ ref }) => ref)])), cases, sight);
  }
  throw new Failure('conflict', 'the objects of this change are being edited by somebody else all the time', 'Try again in a moment.');
}

/** A YAML edit of an object whose version alone has changed (a status was written) is one of that version. */
function onVersionNow(edit: Edit, objects: OnFresh['objects']): Edit {
  if (edit.type !== 'yaml' || edit.ref === null || edit.resourceVersion === null) return edit;
  return { ...edit, resourceVersion: objects.get(refText(edit.ref))?.object.resourceVersion ?? edit.resourceVersion };
}

const freshOf = (objects: OnFresh['objects'], refs: readonly ConfigRef[]): readonly FreshObject[] =>
  refs.filter((ref) => objects.has(refText(ref))).map((ref) => ({ ref, object: objects.get(refText(ref))?.object ?? null }));

/** Reads an object in somebody's name. @throws Failure forbidden, cluster* */
export async function readAs(
  seat: ChangeSeat,
  ref: ConfigRef,
  writer: ChangeContext['writer'],
  signal: AbortSignal,
): Promise<ManagedObject | null> {
  const { credential } = seat.caller;
  const deed = deedOn('get', ref);
  if (credential.kind === 'console' && !seat.access.allows(deed))
    throw new Failure('forbidden', `you may not ${deedText(deed)}`, '/account shows what to ask an administrator for.');
  return writer.readObject(ref, credential, signal);
}

/** Whether the plan began with the object as it is. */
function isPlannedOn(steps: readonly PlanStep[], ref: ConfigRef, current: ManagedObject | null): boolean {
  const first = steps.find((step) => refText(step.ref) === refText(ref));
  if (first === undefined) return false;
  if (first.before === null || current === null) return first.before === null && current === null;
  return first.resourceVersion === current.object.resourceVersion && sameJson(manifestJson(first.before), manifestJson(current.manifest));
}

/** Objects that somebody else edited since the editor of a YAML read them. */
function findStale(edits: readonly Edit[], objects: OnFresh['objects'], seen: SeenObjects): readonly StaleObject[] {
  return edits.flatMap((edit) => {
    if (edit.type !== 'yaml' || edit.ref === null || edit.resourceVersion === null) return [];
    const now = objects.get(refText(edit.ref)) ?? null;
    if (now !== null && (now.object.resourceVersion === edit.resourceVersion || seen.isSame(edit.ref, edit.resourceVersion, now.manifest)))
      return [];
    return [{ ref: edit.ref, now: now?.manifest ?? null, resourceVersion: now?.object.resourceVersion ?? null }];
  });
}

export interface DryRunOfStep {
  readonly dryRun: DryRun;
  /** As the API server would store it, defaults included; null where it would not, or nothing is stored. */
  readonly stored: Manifest | null;
  readonly outcome: WriteAnswer['outcome'];
}

/** The steps rehearsed on the API server, or why they could not be. @throws Failure clusterUnauthorized: a new token may do */
export async function rehearseWrites(
  steps: readonly PlanStep[],
  planned: Pick<OnFresh, 'objects'>,
  seat: ChangeSeat,
  writer: ChangeContext['writer'],
  signal: AbortSignal,
): Promise<{ readonly dryRuns: readonly DryRunOfStep[]; readonly dryRun: readonly DryRun[] | null; readonly dryRunFault: string | null }> {
  try {
    const dryRuns = await dryRunSteps(steps, planned, seat, writer, signal);
    return { dryRuns, dryRun: dryRuns.map((one) => one.dryRun), dryRunFault: null };
  } catch (error) {
    return { dryRuns: [], dryRun: null, dryRunFault: wordsUnless('clusterUnauthorized', error) };
  }
}

/** Every step as the API server would take it now, in the name of who asks. @throws Failure cluster* when it cannot be asked */
const dryRunSteps = (
  steps: readonly PlanStep[],
  { objects }: Pick<OnFresh, 'objects'>,
  seat: ChangeSeat,
  writer: ChangeContext['writer'],
  signal: AbortSignal,
): Promise<readonly DryRunOfStep[]> =>
  Promise.all(
    steps.map(async (step): Promise<DryRunOfStep> => {
      const answer = await dryRunStep(step, objects.get(refText(step.ref)) ?? null, seat, writer, signal);
      switch (answer.outcome) {
        case 'done':
          return { dryRun: { ref: step.ref, ok: true, problems: [] }, stored: answer.object?.manifest ?? null, outcome: 'done' };
        case 'busy':
        case 'unknown':
          throw new Failure('clusterUnreachable', answer.detail, 'Try again in a moment.');
        case 'unauthorized':
          throw new Failure('clusterUnauthorized', answer.detail, 'Log in again.');
        case 'invalid':
          return { dryRun: { ref: step.ref, ok: false, problems: answer.problems }, stored: null, outcome: 'invalid' };
        case 'conflict':
        case 'missing':
        case 'forbidden':
          return {
            dryRun: { ref: step.ref, ok: false, problems: [{ path: null, message: answer.detail }] },
            stored: null,
            outcome: answer.outcome,
          };
        default:
          return answer satisfies never;
      }
    }),
  );

function dryRunStep(
  { action, ref, before, after, resourceVersion }: PlanStep,
  current: ManagedObject | null,
  { caller: { credential }, access }: ChangeSeat,
  writer: ChangeContext['writer'],
  signal: AbortSignal,
): Promise<WriteAnswer> {
  const options = { dryRun: true, signal };
  const deed = deedOn(action, ref);
  if (credential.kind === 'console' && !access.allows(deed))
    return Promise.resolve({ outcome: 'forbidden', detail: `you may not ${deedText(deed)}` });
  const gone = (): Promise<WriteAnswer> => Promise.resolve({ outcome: 'missing', detail: `${refText(ref)} is not there` });
  // A second write to an object is rehearsed on what it is now: the API server cannot be told of the first.
  const version = resourceVersion ?? current?.object.resourceVersion ?? null;
  switch (action) {
    case 'create':
      return after === null ? gone() : writer.create(ref, after, credential, options);
    case 'update':
      return before === null || after === null || version === null
        ? gone()
        : writer.update(ref, { before, after, resourceVersion: version }, credential, options);
    case 'delete':
      return current === null || version === null
        ? gone()
        : writer.remove(ref, { uid: current.object.uid, resourceVersion: version }, credential, options);
    default:
      return action satisfies never;
  }
}
