// Outline check of GET /api/me: a proxy's page or an older server is caught. In: parsed JSON. Out: whether it is a MeDocument. Pure.
import { LOGIN_STRATEGIES, type MeDocument } from '../../model/account';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isUser = (value: unknown): boolean => isRecord(value) && typeof value['name'] === 'string' && Array.isArray(value['groups']);
const isInstant = (value: unknown): boolean => value === null || typeof value === 'number';

export const isMeDocument = (body: unknown): body is MeDocument =>
  isRecord(body) &&
  LOGIN_STRATEGIES.some((strategy) => strategy === body['strategy']) &&
  (body['user'] === null || isUser(body['user'])) &&
  isInstant(body['endsAtMs']) &&
  isInstant(body['idleEndsAtMs']) &&
  typeof body['sees'] === 'string';
