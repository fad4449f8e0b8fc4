// Outline checks of GET /api/auth/doctor and GET /api/access: a proxy's page or an older server is caught. In: parsed JSON. Out: whether it is that. Pure.
import { type AccessDocument, type DoctorDocument, ROLES } from '../../model/account';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const isClaim = (value: unknown): boolean => isRecord(value) && isText(value['name']) && isTextOrNull(value['value']);
const isRole = (value: unknown): boolean =>
  isRecord(value) && ROLES.some((role) => role === value['role']) && isTexts(value['namespaces']) && isTexts(value['matchedBy']);
const SEVERITIES: readonly unknown[] = ['ok', 'warning', 'error'];
const isFinding = (value: unknown): boolean =>
  isRecord(value) && SEVERITIES.includes(value['severity']) && isText(value['code']) && isText(value['text']) && isTextOrNull(value['fix']);

export const isDoctorDocument = (body: unknown): body is DoctorDocument =>
  isRecord(body) &&
  typeof body['atMs'] === 'number' &&
  Array.isArray(body['claims']) &&
  body['claims'].every(isClaim) &&
  isRecord(body['username']) &&
  isText(body['username']['claim']) &&
  isTextOrNull(body['username']['value']) &&
  isRecord(body['groups']) &&
  isText(body['groups']['claim']) &&
  isTexts(body['groups']['values']) &&
  Array.isArray(body['roles']) &&
  body['roles'].every(isRole) &&
  isRecord(body['redirectUri']) &&
  isTextOrNull(body['redirectUri']['used']) &&
  isTexts(body['redirectUri']['expected']) &&
  Array.isArray(body['findings']) &&
  body['findings'].every(isFinding);

const isAnswered = (value: unknown): boolean =>
  isRecord(value) &&
  isRecord(value['deed']) &&
  isText(value['deed']['verb']) &&
  isText(value['deed']['group']) &&
  isText(value['deed']['resource']) &&
  typeof value['allowed'] === 'boolean';

export const isAccessDocument = (body: unknown): body is AccessDocument =>
  isRecord(body) &&
  isText(body['namespace']) &&
  typeof body['sees'] === 'boolean' &&
  Array.isArray(body['deeds']) &&
  body['deeds'].every(isAnswered) &&
  (body['request'] === null || (isRecord(body['request']) && isText(body['request']['yaml'])));
