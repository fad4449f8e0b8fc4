// The route kinds of gateway.networking.k8s.io, as the standard-channel CRDs validate them.
import { isRecord, listOf, recordOf } from '../json';
import {
  conditions,
  gatewayDuration,
  group,
  hostname,
  kind,
  namespace,
  objectName,
  port,
  preciseHostname,
  sectionName,
} from './gateway-shared';
import { anyObject, int32, list, listByKeys, object, oneOfTexts, type Rule, type Schema, text } from './schema';

const parentRef: Schema = object(
  { group: group('gateway.networking.k8s.io'), kind: kind('Gateway'), namespace, name: objectName, sectionName, port },
  { required: ['name'] },
);
const parentRefs: Schema = list(parentRef, {
  maxItems: 32,
  rules: [
    {
      rule: 'self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && p1.namespace == p2.namespace && p1.sectionName == p2.sectionName))',
      message: 'sectionName must be unique when parentRefs includes 2 or more references to the same parent',
      holds: (value) => {
        const keys = listOf(value).map((item) =>
          JSON.stringify(['group', 'kind', 'name', 'namespace', 'sectionName', 'port'].map((key) => recordOf(item)[key])),
        );
        return new Set(keys).size === keys.length;
      },
    },
  ],
});

const servicePortRule: Rule = {
  rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
  message: 'Must have port for Service reference',
  holds: (value) => {
    const reference = recordOf(value);
    return (reference['group'] ?? '') !== '' || (reference['kind'] ?? 'Service') !== 'Service' || reference['port'] !== undefined;
  },
};
const objectReference = { group: group(''), kind: kind('Service'), name: objectName, namespace, port };
const weight: Schema = { ...int32, minimum: 0, maximum: 1_000_000, default: 1 };
const backendReference: Schema = object(objectReference, { required: ['name'], rules: [servicePortRule] });

const header: Schema = object(
  {
    name: text({ minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$" }),
    value: text({ minLength: 1, maxLength: 4096 }),
  },
  { required: ['name', 'value'] },
);
const headerFilter: Schema = object({
  set: listByKeys(['name'], header, { maxItems: 16 }),
  add: listByKeys(['name'], header, { maxItems: 16 }),
  remove: list(text(), { listType: 'set', maxItems: 16 }),
});
const pathModifier: Schema = object(
  {
    type: oneOfTexts('ReplaceFullPath', 'ReplacePrefixMatch'),
    replaceFullPath: text({ maxLength: 1024 }),
    replacePrefixMatch: text({ maxLength: 1024 }),
  },
  {
    required: ['type'],
    rules: [
      {
        rule: "self.type == 'ReplaceFullPath' ? has(self.replaceFullPath) : true",
        message: "replaceFullPath must be specified when type is set to 'ReplaceFullPath'",
        holds: (value) => isRecord(value) && (value['type'] !== 'ReplaceFullPath' || value['replaceFullPath'] !== undefined),
      },
      {
        rule: "self.type == 'ReplacePrefixMatch' ? has(self.replacePrefixMatch) : true",
        message: "replacePrefixMatch must be specified when type is set to 'ReplacePrefixMatch'",
        holds: (value) => isRecord(value) && (value['type'] !== 'ReplacePrefixMatch' || value['replacePrefixMatch'] !== undefined),
      },
    ],
  },
);
const mirrorFilter: Schema = object(
  {
    backendRef: backendReference,
    percent: { ...int32, minimum: 0, maximum: 100 },
    fraction: object(
      { numerator: { ...int32, minimum: 0 }, denominator: { ...int32, minimum: 1, default: 100 } },
      { required: ['numerator'] },
    ),
  },
  { required: ['backendRef'], exclusive: [['percent', 'fraction']] },
);

/** A filter's type names the one field that must be set with it, and no other may be. */
function filterRules(fields: Readonly<Record<string, string>>): readonly Rule[] {
  return Object.entries(fields).flatMap(([type, field]) => [
    {
      rule: `!(has(self.${field}) && self.type != '${type}')`,
      message: `filter.${field} must be nil if the filter.type is not ${type}`,
      holds: (value: unknown) => isRecord(value) && !(value[field] !== undefined && value['type'] !== type),
    },
    {
      rule: `!(!has(self.${field}) && self.type == '${type}')`,
      message: `filter.${field} must be specified for ${type} filter.type`,
      holds: (value: unknown) => isRecord(value) && !(value[field] === undefined && value['type'] === type),
    },
  ]);
}

const grpcFilterFields = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  ExtensionRef: 'extensionRef',
};
const httpFilterFields = { ...grpcFilterFields, RequestRedirect: 'requestRedirect', URLRewrite: 'urlRewrite', CORS: 'cors' };
const extensionRef: Schema = object({ group: group(), kind: kind(), name: objectName }, { required: ['group', 'kind', 'name'] });
const sharedFilters = {
  requestHeaderModifier: headerFilter,
  responseHeaderModifier: headerFilter,
  requestMirror: mirrorFilter,
  extensionRef,
};

const httpFilter: Schema = object(
  {
    type: oneOfTexts(...Object.keys(httpFilterFields)),
    ...sharedFilters,
    requestRedirect: object({
      scheme: oneOfTexts('http', 'https'),
      hostname: preciseHostname,
      path: pathModifier,
      port,
      statusCode: { type: 'integer', default: 302 },
    }),
    urlRewrite: object({ hostname: preciseHostname, path: pathModifier }),
    cors: anyObject,
  },
  { required: ['type'], rules: filterRules(httpFilterFields) },
);

const pathValue: Schema = text({ maxLength: 1024, default: '/' });
const pathMatch: Schema = object(
  { type: { ...oneOfTexts('Exact', 'PathPrefix', 'RegularExpression'), default: 'PathPrefix' }, value: pathValue },
  {
    default: { type: 'PathPrefix', value: '/' },
    rules: [
      {
        rule: "(self.type in ['Exact','PathPrefix']) ? self.value.startsWith('/') : true",
        message: "value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
        holds: (value) => isRecord(value) && (value['type'] === 'RegularExpression' || String(value['value']).startsWith('/')),
      },
      {
        rule: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('//') : true",
        message: "must not contain '//' when type one of ['Exact', 'PathPrefix']",
        holds: (value) => isRecord(value) && (value['type'] === 'RegularExpression' || !String(value['value']).includes('//')),
      },
    ],
  },
);
const namedMatch = (maxLength: number): Schema =>
  object(
    {
      type: { ...oneOfTexts('Exact', 'RegularExpression'), default: 'Exact' },
      name: text({ minLength: 1, maxLength: 256, pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$" }),
      value: text({ minLength: 1, maxLength }),
    },
    { required: ['name', 'value'] },
  );
const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const httpMatch: Schema = object({
  path: pathMatch,
  headers: listByKeys(['name'], namedMatch(4096), { maxItems: 16 }),
  queryParams: listByKeys(['name'], namedMatch(1024), { maxItems: 16 }),
  method: oneOfTexts(...httpMethods),
});

const backends = (filter: Schema): Schema =>
  list(object({ ...objectReference, weight, filters: list(filter, { maxItems: 16 }) }, { required: ['name'], rules: [servicePortRule] }), {
    maxItems: 16,
  });

const redirectRule: Rule = {
  rule: '(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))) : true',
  message: 'RequestRedirect filter must not be used together with backendRefs',
  holds: (value) => {
    const rule = recordOf(value);
    return (
      listOf(rule['backendRefs']).length === 0 ||
      listOf(rule['filters']).every((filter) => recordOf(filter)['requestRedirect'] === undefined)
    );
  },
};
const timeouts: Schema = object({ request: gatewayDuration, backendRequest: gatewayDuration });

const httpRule: Schema = object(
  {
    name: sectionName,
    matches: list(httpMatch, { maxItems: 64, default: [{ path: { type: 'PathPrefix', value: '/' } }] }),
    filters: list(httpFilter, { maxItems: 16 }),
    backendRefs: backends(httpFilter),
    timeouts,
    retry: object({ codes: list(int32), attempts: int32, backoff: gatewayDuration }),
    sessionPersistence: anyObject,
  },
  { rules: [redirectRule] },
);

const routeStatus: Schema = object(
  {
    parents: list(object({ parentRef, controllerName: text(), conditions }, { required: ['conditions', 'controllerName', 'parentRef'] }), {
      maxItems: 32,
    }),
  },
  { required: ['parents'] },
);
const hostnames: Schema = list(hostname, { maxItems: 16 });

export const httpRoute = {
  spec: object({
    parentRefs,
    hostnames,
    rules: list(httpRule, { minItems: 1, maxItems: 16, default: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] }),
  }),
  status: routeStatus,
};

const grpcFilter: Schema = object(
  { type: oneOfTexts(...Object.keys(grpcFilterFields)), ...sharedFilters },
  { required: ['type'], rules: filterRules(grpcFilterFields) },
);
const grpcMatch: Schema = object({
  method: object(
    {
      type: { ...oneOfTexts('Exact', 'RegularExpression'), default: 'Exact' },
      service: text({ maxLength: 1024 }),
      method: text({ maxLength: 1024 }),
    },
    {
      rules: [
        {
          rule: 'has(self.type) ? has(self.service) || has(self.method) : true',
          message: "One or both of 'service' or 'method' must be specified",
          holds: (value) => isRecord(value) && (value['service'] !== undefined || value['method'] !== undefined),
        },
      ],
    },
  ),
  headers: listByKeys(['name'], namedMatch(4096), { maxItems: 16 }),
});
export const grpcRoute = {
  spec: object({
    parentRefs,
    hostnames,
    rules: list(
      object({
        name: sectionName,
        matches: list(grpcMatch, { maxItems: 64 }),
        filters: list(grpcFilter, { maxItems: 16 }),
        backendRefs: backends(grpcFilter),
      }),
      { maxItems: 16 },
    ),
  }),
  status: routeStatus,
};

const l4Rule: Schema = object(
  {
    name: sectionName,
    backendRefs: list(object({ ...objectReference, weight }, { required: ['name'], rules: [servicePortRule] }), {
      minItems: 1,
      maxItems: 16,
    }),
  },
  { required: ['backendRefs'] },
);
export const tcpRoute = {
  spec: object({ parentRefs, rules: list(l4Rule, { minItems: 1, maxItems: 16 }) }, { required: ['rules'] }),
  status: routeStatus,
};
export const tlsRoute = {
  spec: object({ parentRefs, hostnames, rules: list(l4Rule, { minItems: 1, maxItems: 16 }) }, { required: ['rules'] }),
  status: routeStatus,
};
