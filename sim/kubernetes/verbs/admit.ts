// From a decoded body to an object fit to store: kind checked, unknown fields found and cut, defaults filled in, everything validated.
// In: target + JSON. Out: the object, or a StatusError in the API server's words.
import { isRecord, recordOf, textOf, withoutNulls } from '../json';
import { isKubeObject, joinApiVersion, type KubeObject } from '../object';
import { applyDefaults, checkValue, pruneUnknown, unknownFields } from '../schemas/check';
import { badRequest, invalid, type StatusCause } from '../status-error';
import { checkBuiltin } from './builtin-rules';
import { readFieldValidation, type Target } from './target';

/** Checks that a body is an object of the target's kind and version, and of its name where one is given in both. */
export function decodeObject(raw: unknown, target: Target): KubeObject {
  const { kind, version } = target;
  if (!isRecord(raw)) throw badRequest(`the body is not a ${kind.kind} object: it must be a JSON object`);
  const apiVersion = joinApiVersion(kind.group, version);
  const given = { apiVersion: textOf(raw['apiVersion']), kind: textOf(raw['kind']) };
  if (kind.custom && given.kind === undefined)
    throw badRequest(`Object 'Kind' is missing in the body: ${kind.kind} of ${apiVersion} was expected`);
  if ((given.apiVersion ?? apiVersion) !== apiVersion) {
    throw badRequest(`the API version in the data (${given.apiVersion ?? ''}) does not match the expected API version (${apiVersion})`);
  }
  if ((given.kind ?? kind.kind) !== kind.kind) {
    throw badRequest(`${given.kind ?? ''} in version "${version}" cannot be handled as a ${kind.kind}: the kind does not match`);
  }
  const metadata = recordOf(raw['metadata']);
  const name = textOf(metadata['name']) ?? target.name;
  if (target.name !== '' && name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  const namespace = textOf(metadata['namespace']) ?? target.namespace;
  if (kind.namespaced && namespace !== target.namespace && namespace !== '') {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const placed = { ...metadata, name, namespace: kind.namespaced ? target.namespace : undefined };
  const object = withoutNulls({ ...raw, apiVersion, kind: kind.kind, metadata: placed });
  if (!isKubeObject(object)) throw badRequest('metadata.name must be a string');
  return object;
}

/** The object cut to its schema, defaulted and validated. Throws 400 (strict decoding, wrong Go type) or 422 (invalid). */
export function admitObject(object: KubeObject, target: Target): KubeObject {
  const { kind } = target;
  const schema = kind.schema();
  reportUnknown(unknownFields(schema, object), target);
  const known = applyDefaults(schema, pruneUnknown(schema, object));
  const complete = isKubeObject(known) ? known : object;
  const causes = checkValue(schema, complete);
  const wrongType = causes.find((cause) => cause.reason === 'FieldValueTypeInvalid');
  if (wrongType !== undefined && (!kind.custom || (wrongType.field ?? '').startsWith('metadata'))) throw wrongGoType(target, wrongType);
  const all = [...checkMetadata(complete), ...causes, ...(kind.custom ? [] : checkBuiltin(kind.kind, complete))];
  if (all.length > 0) throw invalid(kind.group, kind.kind, complete.metadata.name, all);
  return complete;
}

function reportUnknown(paths: readonly string[], target: Target): void {
  if (paths.length === 0) return;
  const texts = paths.map((path) => `unknown field "${path}"`);
  switch (readFieldValidation(target)) {
    case 'Ignore':
      return;
    case 'Warn':
      for (const text of texts) target.warn(text);
      return;
    case 'Strict': {
      const { kind, version } = target;
      throw badRequest(
        `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: strict decoding error: ${texts.join(', ')}`,
      );
    }
  }
}

function wrongGoType({ kind, version }: Target, cause: StatusCause): Error {
  const [, actual = '', , wanted = ''] = /"(\w+)": (.*) in body must be of type (\S+):/.exec(cause.message) ?? [];
  const go = new Map([
    ['boolean', 'bool'],
    ['object', 'object'],
    ['array', '[]'],
    ['integer', 'number'],
  ]);
  const field = `${kind.kind}.${cause.field ?? ''}`;
  return badRequest(
    `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${go.get(actual) ?? actual} into Go struct field ${field} of type ${wanted}`,
  );
}

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const ANNOTATION_BYTES = 256 * 1024;

function fieldInvalid(field: string, value: string, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

function checkMetadata({ kind, apiVersion, metadata }: KubeObject): readonly StatusCause[] {
  const labels = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => checkLabel(key, value));
  const annotations = Object.keys(metadata.annotations ?? {}).flatMap((key) =>
    checkQualifiedKey('metadata.annotations', key.toLowerCase()),
  );
  const bytes = Object.entries(metadata.annotations ?? {}).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const tooLong: StatusCause = {
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${ANNOTATION_BYTES} bytes`,
    field: 'metadata.annotations',
  };
  return [...checkName(kind, apiVersion, metadata.name), ...labels, ...annotations, ...(bytes > ANNOTATION_BYTES ? [tooLong] : [])];
}

function checkName(kind: string, apiVersion: string, name: string): readonly StatusCause[] {
  const field = 'metadata.name';
  if (name === '') return [{ reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field }];
  if (apiVersion.startsWith('rbac.authorization.k8s.io/')) {
    return /[/%]/.test(name) || name === '.' || name === '..' ? [fieldInvalid(field, name, "may not contain '/' or '%'")] : [];
  }
  if (kind === 'Namespace') {
    const why = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`;
    return new RegExp(`^${LABEL}$`).test(name) && name.length <= 63 ? [] : [fieldInvalid(field, name, why)];
  }
  if (kind === 'Service' && apiVersion === 'v1') {
    const pattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
    const why = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${pattern}')`;
    return new RegExp(`^${pattern}$`).test(name) && name.length <= 63 ? [] : [fieldInvalid(field, name, why)];
  }
  const why = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
  return new RegExp(`^${SUBDOMAIN}$`).test(name) && name.length <= 253 ? [] : [fieldInvalid(field, name, why)];
}

function checkLabel(key: string, value: string): readonly StatusCause[] {
  const why = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`;
  const bad = new RegExp(`^${LABEL_VALUE}$`).test(value) && value.length <= 63 ? [] : [fieldInvalid('metadata.labels', value, why)];
  return [...checkQualifiedKey('metadata.labels', key), ...bad];
}

function checkQualifiedKey(field: string, key: string): readonly StatusCause[] {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 1 ? [undefined, parts[0] ?? ''] : [parts[0] ?? '', parts[1] ?? ''];
  const goodPrefix = prefix === undefined || (new RegExp(`^${SUBDOMAIN}$`).test(prefix) && prefix.length <= 253);
  if (parts.length <= 2 && goodPrefix && name.length <= 63 && new RegExp(`^${LABEL_KEY}$`).test(name)) return [];
  const why = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${LABEL_KEY}')`;
  return [fieldInvalid(field, key, why)];
}
