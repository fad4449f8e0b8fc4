// Outline checks of what the panel reads of configuration: the routing of a service, the objects of a namespace.
// In: parsed JSON. Out: whether it has these parts. Pure.
import type { ConfigListDocument, ServiceRoutingDocument } from '../../model/steering';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRef = (value: unknown): boolean =>
  isRecord(value) && typeof value['kind'] === 'string' && typeof value['namespace'] === 'string' && typeof value['name'] === 'string';

export type RoutingOutline = Pick<ServiceRoutingDocument, 'objects' | 'findings'>;

export const isRoutingOutline = (body: unknown): body is RoutingOutline =>
  isRecord(body) &&
  Array.isArray(body['objects']) &&
  body['objects'].every((one: unknown) => isRecord(one) && isRef(one['ref']) && typeof one['effective'] === 'boolean') &&
  Array.isArray(body['findings']) &&
  body['findings'].every((one: unknown) => isRecord(one) && isRef(one['object']) && typeof one['message'] === 'string');

export const isConfigOutline = (body: unknown): body is Pick<ConfigListDocument, 'rows'> =>
  isRecord(body) &&
  Array.isArray(body['rows']) &&
  body['rows'].every((row: unknown) => isRecord(row) && isRef(row['ref']) && isRecord(row['findings']));
