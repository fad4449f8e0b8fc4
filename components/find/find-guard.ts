// Outline check of GET /api/graph/find. In: parsed JSON. Out: whether it is that document. Pure.
import type { FindDocument } from '../../model/find/document';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isHit = (value: unknown): boolean =>
  isRecord(value) &&
  (value['kind'] === 'node' || value['kind'] === 'edge') &&
  typeof value['id'] === 'string' &&
  typeof value['label'] === 'string';

export const isFindDocument = (value: unknown): value is FindDocument =>
  isRecord(value) &&
  typeof value['nodes'] === 'number' &&
  typeof value['edges'] === 'number' &&
  Array.isArray(value['hits']) &&
  value['hits'].every(isHit) &&
  Array.isArray(value['shown']) &&
  value['shown'].every((id) => typeof id === 'string');
