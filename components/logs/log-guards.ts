// Whether answers of /api/logs have the shape that the page reads. In: unknown JSON. Out: yes or no.
import type { LogPageDocument, LogPodsDocument } from '../../model/log';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

export const isLogPods = (body: unknown): body is LogPodsDocument =>
  isRecord(body) &&
  Array.isArray(body['pods']) &&
  typeof body['left'] === 'number' &&
  body['pods'].every((pod) => isRecord(pod) && typeof pod['name'] === 'string' && Array.isArray(pod['containers']));

export const isLogPage = (body: unknown): body is LogPageDocument =>
  isRecord(body) && Array.isArray(body['rows']) && Array.isArray(body['reports']) && typeof body['complete'] === 'boolean';
