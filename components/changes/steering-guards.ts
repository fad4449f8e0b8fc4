// Outline checks of the documents of steering: a proxy's page or an older server is caught. In: parsed JSON. Out: whether it is that document. Pure.
import type { AccessDocument } from '../../model/account';
import type { ChangeListDocument, ChangeRecord, Preview } from '../../model/change';
import type { EditProblem } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { isConfigRef, isRuleRef } from './edit-guard';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);
const isList = (value: unknown, check: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(check);

const isDestination = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value['host']) &&
  isTextOrNull(value['subset']) &&
  isNumber(value['share']) &&
  Array.isArray(value['workloads']);
const isRule = (value: unknown): boolean =>
  isRecord(value) &&
  isRuleRef(value['rule']) &&
  isRecord(value['words']) &&
  isText(value['words']['when']) &&
  isText(value['words']['what']) &&
  isList(value['words']['also'], isText) &&
  isList(value['destinations'], isDestination) &&
  isNumberOrNull(value['liveShare']);
const isVersion = (value: unknown): boolean =>
  isRecord(value) && isTextOrNull(value['subset']) && isRecord(value['labels']) && isNumber(value['readyEndpoints']);

export const isServiceRoutingDocument = (body: unknown): body is ServiceRoutingDocument =>
  isRecord(body) &&
  isText(body['host']) &&
  isList(body['ports'], isRecord) &&
  isList(body['objects'], (one) => isRecord(one) && isConfigRef(one['ref']) && isText(one['resourceVersion'])) &&
  isList(body['rules'], isRule) &&
  isList(body['disabledRules'], (one) => isRecord(one) && isConfigRef(one['object']) && isText(one['words'])) &&
  isList(body['versions'], isVersion) &&
  isRecord(body['policy']) &&
  isRecord(body['policy']['whole']) &&
  Array.isArray(body['policy']['bySubset']) &&
  Array.isArray(body['exposedBy']) &&
  Array.isArray(body['gateways']) &&
  Array.isArray(body['findings']) &&
  isNumberOrNull(body['requestsPerSecond']);

const isStep = (value: unknown): boolean =>
  isRecord(value) && isText(value['action']) && isConfigRef(value['ref']) && isList(value['words'], isText);
const isJudged = (value: unknown): boolean =>
  isRecord(value) && isText(value['origin']) && isRecord(value['finding']) && isConfigRef(value['finding']['object']);

export const isPreview = (body: unknown): body is Preview =>
  isRecord(body) &&
  isRecord(body['plan']) &&
  isText(body['plan']['digest']) &&
  isList(body['plan']['steps'], isStep) &&
  isList(body['findings'], isJudged) &&
  Array.isArray(body['ownership']) &&
  isList(body['effects'], (one) => isRecord(one) && isText(one['kind']) && isRecord(one['source'])) &&
  Array.isArray(body['forecast']) &&
  Array.isArray(body['cases']) &&
  (body['dryRun'] === null || Array.isArray(body['dryRun'])) &&
  isRecord(body['revertBy']);

/** The problems of edits that cannot be planned, where the body of an answer holds some; else null. */
export function decodeEditProblems(body: unknown): readonly EditProblem[] | null {
  if (!isRecord(body) || !Array.isArray(body['problems'])) return null;
  const problems: readonly unknown[] = body['problems'];
  const found = problems.filter(isRecord).map(({ edit, ref, path, message, next }) => ({
    edit: typeof edit === 'number' ? edit : -1,
    ref: isConfigRef(ref) ? (ref as EditProblem['ref']) : null,
    path: typeof path === 'string' ? path : '',
    message: typeof message === 'string' ? message : 'This edit cannot be planned.',
    next: typeof next === 'string' ? next : '',
  }));
  return found.length === 0 ? null : found;
}

export const isChangeRecord = (body: unknown): body is ChangeRecord =>
  isRecord(body) &&
  isText(body['id']) &&
  isText(body['state']) &&
  isRecord(body['by']) &&
  isText(body['by']['name']) &&
  isNumber(body['createdAtMs']) &&
  isList(body['steps'], isStep) &&
  isList(body['hosts'], isText) &&
  isRecord(body['confirm']) &&
  isNumberOrNull(body['deadlineMs']) &&
  Array.isArray(body['remains']) &&
  Array.isArray(body['measures']);

/** A server of before pages says nothing of a next one. */
export type ChangeList = Pick<ChangeListDocument, 'changes'> & Partial<Pick<ChangeListDocument, 'next'>>;
export const isChangeList = (body: unknown): body is ChangeList =>
  isRecord(body) && isList(body['changes'], isChangeRecord) && (body['next'] === undefined || isTextOrNull(body['next']));

export const isAccess = (body: unknown): body is AccessDocument =>
  isRecord(body) &&
  typeof body['sees'] === 'boolean' &&
  isList(
    body['deeds'],
    (one) =>
      isRecord(one) &&
      isRecord(one['deed']) &&
      isText(one['deed']['verb']) &&
      isText(one['deed']['resource']) &&
      typeof one['allowed'] === 'boolean',
  );
