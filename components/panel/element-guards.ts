// Outline checks of GET /api/graph/element and /api/graph/charts; the server is the same build, a proxy's page or an older server is caught.
// In: parsed JSON. Out: whether it is that document. Pure.
import type { ElementChartsDocument, ElementDocument } from '../../model/wire';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRow = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['code'] === 'string' &&
  typeof value['flags'] === 'string' &&
  typeof value['host'] === 'string' &&
  typeof value['requestsPerSecond'] === 'number';
const isRows = (value: unknown): boolean => Array.isArray(value) && value.every(isRow);

export const isElementDocument = (body: unknown): body is ElementDocument =>
  isRecord(body) && typeof body['id'] === 'string' && isRows(body['inbound']) && isRows(body['outbound']);

const isSeries = (value: unknown): boolean => isRecord(value) && typeof value['name'] === 'string' && Array.isArray(value['points']);
const isChart = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['title'] === 'string' &&
  typeof value['unit'] === 'string' &&
  Array.isArray(value['series']) &&
  value['series'].every(isSeries) &&
  Array.isArray(value['promql']);

export const isElementChartsDocument = (body: unknown): body is ElementChartsDocument =>
  isRecord(body) && typeof body['id'] === 'string' && Array.isArray(body['charts']) && body['charts'].every(isChart);
