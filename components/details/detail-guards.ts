// Outline checks of the documents of pages: a proxy's page or an older server is caught. In: parsed JSON. Out: whether it is that document. Pure.
import type { DetailDocument, EventsDocument } from '../../model/detail';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isNumberOrNull = (value: unknown): boolean => value === null || isNumber(value);
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isList = (value: unknown, check: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(check);

const isEntity = (value: unknown): boolean =>
  isRecord(value) && typeof value['kind'] === 'string' && typeof value['namespace'] === 'string' && typeof value['name'] === 'string';
const isPeer = (value: unknown): boolean =>
  isRecord(value) && typeof value['label'] === 'string' && typeof value['edge'] === 'string' && isNumber(value['requestsPerSecond']);
const isTraffic = (value: unknown): boolean => isRecord(value) && isList(value['inbound'], isPeer) && isList(value['outbound'], isPeer);
const isObject = (value: unknown): boolean => isRecord(value) && isRecord(value['ref']) && isRecord(value['findings']);

export const isDetailDocument = (value: unknown): value is DetailDocument =>
  isRecord(value) &&
  isEntity(value['entity']) &&
  isTextOrNull(value['node']) &&
  isNumberOrNull(value['atMs']) &&
  isRecord(value['freshness']) &&
  isRecord(value['facts']) &&
  isRecord(value['health']) &&
  isRecord(value['mesh']) &&
  isList(value['members'], (one) => isRecord(one) && isEntity(one['entity'])) &&
  isList(value['pods'], (one) => isRecord(one) && typeof one['name'] === 'string') &&
  isList(value['ports'], (one) => isRecord(one) && isNumber(one['port']) && isRecord(one['mtls'])) &&
  isList(value['objects'], isObject) &&
  Array.isArray(value['findings']) &&
  (value['traffic'] === null || isTraffic(value['traffic']));

export const isEventsDocument = (value: unknown): value is EventsDocument =>
  isRecord(value) &&
  isNumber(value['more']) &&
  isList(value['events'], (one) => isRecord(one) && typeof one['reason'] === 'string' && isNumber(one['lastAtMs']));
