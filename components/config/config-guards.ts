// Outline checks of the documents about configuration: a proxy's page or an older server is caught, not every field.
// In: parsed JSON. Out: whether it is that document. Pure.
import type { CheckDocument } from '../../model/change';
import type { ConfigListDocument, ConfigObjectDocument, ExplainDocument, SavedCase } from '../../model/steering';
import type { GraphDocument } from '../../model/wire';
import { isConfigKind } from './config-kinds';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

const isRef = (value: unknown): boolean =>
  isRecord(value) && isText(value['kind']) && isConfigKind(value['kind']) && isText(value['namespace']) && isText(value['name']);

const isRow = (value: unknown): boolean =>
  isRecord(value) &&
  isRef(value['ref']) &&
  isText(value['summary']) &&
  isRecord(value['labels']) &&
  isRecord(value['findings']) &&
  typeof value['createdAtMs'] === 'number';

export const isConfigList = (body: unknown): body is ConfigListDocument =>
  isRecord(body) &&
  Array.isArray(body['rows']) &&
  body['rows'].every(isRow) &&
  Array.isArray(body['kinds']) &&
  body['kinds'].every(isRecord) &&
  Array.isArray(body['entities']) &&
  body['entities'].every((one) => isRecord(one) && isRecord(one['entity']) && isText(one['message']));

export const isConfigObject = (body: unknown): body is ConfigObjectDocument =>
  isRecord(body) &&
  isRef(body['ref']) &&
  isText(body['resourceVersion']) &&
  isText(body['yaml']) &&
  Array.isArray(body['owners']) &&
  Array.isArray(body['findings']);

/** Null: the cluster publishes none for the kind. */
export const isSchema = (body: unknown): body is Readonly<Record<string, unknown>> | null => body === null || isRecord(body);

export const isCheck = (body: unknown): body is CheckDocument =>
  isRecord(body) &&
  Array.isArray(body['problems']) &&
  Array.isArray(body['findings']) &&
  body['findings'].every((one) => isRecord(one) && isRecord(one['finding']));

const isExplanation = (value: unknown): boolean =>
  isRecord(value) &&
  isRecord(value['decision']) &&
  Array.isArray(value['decision']['tried']) &&
  Array.isArray(value['policies']) &&
  Array.isArray(value['mtls']) &&
  Array.isArray(value['authorization']) &&
  isText(value['summary']);

export const isExplainDocument = (body: unknown): body is ExplainDocument =>
  isRecord(body) && isExplanation(body['now']) && (body['then'] === null || isExplanation(body['then']));

export const isCases = (body: unknown): body is { readonly cases: readonly SavedCase[] } =>
  isRecord(body) &&
  Array.isArray(body['cases']) &&
  body['cases'].every((one) => isRecord(one) && isText(one['id']) && isText(one['name']) && isRecord(one['question']));

/** Of a graph only the nodes are read. */
export const isGraph = (body: unknown): body is Pick<GraphDocument, 'nodes'> =>
  isRecord(body) && Array.isArray(body['nodes']) && body['nodes'].every((one) => isRecord(one) && isText(one['kind']));
