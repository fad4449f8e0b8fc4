// Outline checks of the documents about time: a proxy's page or an older server is caught. In: parsed JSON. Out: whether it is it. Pure.
import type { ComparisonDocument } from '../../model/comparison';
import type { RateHistoryDocument, ReplayDocument } from '../../model/replay';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isPointList = (value: unknown): boolean => Array.isArray(value) && value.every((point) => Array.isArray(point) && isNumber(point[0]));
const isChange = (value: unknown): boolean =>
  isRecord(value) && typeof value['id'] === 'string' && typeof value['tone'] === 'string' && Array.isArray(value['measures']);

export const isComparisonDocument = (body: unknown): body is ComparisonDocument =>
  isRecord(body) &&
  isRecord(body['before']) &&
  isRecord(body['after']) &&
  Array.isArray(body['edges']) &&
  body['edges'].every(isChange) &&
  Array.isArray(body['nodes']) &&
  body['nodes'].every(isChange) &&
  isRecord(body['edgeCounts']) &&
  isRecord(body['ghosts']) &&
  Array.isArray(body['ghosts']['nodes']) &&
  Array.isArray(body['ghosts']['edges']) &&
  Array.isArray(body['ghosts']['boxes']);

export const isRateHistoryDocument = (body: unknown): body is RateHistoryDocument =>
  isRecord(body) && isNumber(body['fromMs']) && isNumber(body['toMs']) && isPointList(body['requests']) && isPointList(body['errors']);

export const isReplayDocument = (body: unknown): body is ReplayDocument =>
  isRecord(body) && isNumber(body['frames']) && Array.isArray(body['warnings']) && isRecord(body['cost']);
