// Outline check of GET /api/namespaces. The server is the same build as the page: a proxy's page or an older server is caught, not every field.
// In: parsed JSON. Out: whether it is a NamespacesDocument. Pure.
import type { NamespacesDocument } from '../../model/wire';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSummary = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  typeof value['health'] === 'string' &&
  isRecord(value['apps']) &&
  isRecord(value['workloads']) &&
  isRecord(value['services']) &&
  isRecord(value['inbound']) &&
  isRecord(value['outbound']) &&
  isRecord(value['labels']) &&
  Array.isArray(value['recent']);

export function isNamespacesDocument(body: unknown): body is NamespacesDocument {
  return (
    isRecord(body) &&
    Array.isArray(body['namespaces']) &&
    body['namespaces'].every(isSummary) &&
    isRecord(body['freshness']) &&
    isRecord(body['freshness']['metrics']) &&
    isRecord(body['freshness']['cluster'])
  );
}
