// The kinds of security.istio.io and telemetry.istio.io, as their CRDs validate them.
import { isRecord, recordOf } from '../json';
import { labelsSelector, oneTargetRule, policyTargets } from './istio-shared';
import { bool, double, duration, list, mapOf, object, oneOfTexts, type Schema, text, texts } from './schema';

const mtlsMode: Schema = object(
  { mode: oneOfTexts('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') },
  { description: 'Mutual TLS settings for workload.' },
);

export const peerAuthenticationSpec: Schema = object(
  {
    selector: labelsSelector,
    mtls: mtlsMode,
    portLevelMtls: mapOf(mtlsMode, {
      minProperties: 1,
      rules: [
        {
          rule: 'self.all(key, 0 < int(key) && int(key) <= 65535)',
          message: 'port must be between 1-65535',
          holds: (value) =>
            isRecord(value) && Object.keys(value).every((key) => /^\d+$/.test(key) && Number(key) > 0 && Number(key) <= 65_535),
        },
      ],
    }),
  },
  {
    description: 'Peer authentication configuration for workloads.',
    rules: [
      {
        rule: '(has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0) || !has(self.portLevelMtls)',
        message: 'portLevelMtls requires selector',
        holds: (spec) =>
          recordOf(spec)['portLevelMtls'] === undefined ||
          Object.keys(recordOf(recordOf(recordOf(spec)['selector'])['matchLabels'])).length > 0,
      },
    ],
  },
);

const source: Schema = object(
  {
    principals: texts,
    notPrincipals: texts,
    requestPrincipals: texts,
    notRequestPrincipals: texts,
    namespaces: texts,
    notNamespaces: texts,
    serviceAccounts: list(text({ maxLength: 320 }), { maxItems: 16 }),
    notServiceAccounts: list(text({ maxLength: 320 }), { maxItems: 16 }),
    trustDomains: texts,
    notTrustDomains: texts,
    ipBlocks: texts,
    notIpBlocks: texts,
    remoteIpBlocks: texts,
    notRemoteIpBlocks: texts,
  },
  {
    rules: [
      {
        rule: '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && !has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true',
        message: 'Cannot set serviceAccounts with namespaces or principals',
        holds: (value) =>
          isRecord(value) &&
          ((value['serviceAccounts'] === undefined && value['notServiceAccounts'] === undefined) ||
            ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'].every((key) => value[key] === undefined)),
      },
    ],
  },
);

const operation: Schema = object({
  hosts: texts,
  notHosts: texts,
  ports: texts,
  notPorts: texts,
  methods: texts,
  notMethods: texts,
  paths: texts,
  notPaths: texts,
});

export const authorizationPolicySpec: Schema = object(
  {
    ...policyTargets,
    rules: list(
      object({
        from: list(object({ source }), { maxItems: 512 }),
        to: list(object({ operation }), { maxItems: 512 }),
        when: list(object({ key: text(), values: texts, notValues: texts }, { required: ['key'] })),
      }),
      { maxItems: 512 },
    ),
    action: oneOfTexts('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: object({ name: text() }),
  },
  { description: 'Configuration for access control on workloads.', rules: [oneTargetRule] },
);

const urlRule = {
  rule: "url(self).getScheme() in ['http', 'https']",
  message: 'url must have scheme http:// or https://',
  holds: (value: unknown): boolean => typeof value === 'string' && /^https?:\/\//.test(value),
};

const jwtRule: Schema = object(
  {
    issuer: text({ minLength: 1 }),
    audiences: list(text({ minLength: 1 })),
    jwksUri: text({ minLength: 1, maxLength: 2048, rules: [urlRule] }),
    jwks_uri: text({ minLength: 1, maxLength: 2048, rules: [urlRule] }),
    jwks: text(),
    fromHeaders: list(object({ name: text({ minLength: 1 }), prefix: text() }, { required: ['name'] })),
    fromParams: list(text({ minLength: 1 })),
    fromCookies: list(text({ minLength: 1 })),
    outputPayloadToHeader: text(),
    forwardOriginalToken: bool,
    outputClaimToHeaders: list(
      object(
        { header: text({ minLength: 1, pattern: '^[-_A-Za-z0-9]+$' }), claim: text({ minLength: 1 }) },
        { required: ['header', 'claim'] },
      ),
    ),
    spaceDelimitedClaims: list(text({ minLength: 1 })),
    timeout: duration,
  },
  {
    required: ['issuer'],
    rules: [
      {
        rule: '(has(self.jwksUri) ? 1 : 0) + (has(self.jwks_uri) ? 1 : 0) + (has(self.jwks) ? 1 : 0) <= 1',
        message: 'only one of jwks or jwksUri can be set',
        holds: (value) => isRecord(value) && ['jwksUri', 'jwks_uri', 'jwks'].filter((key) => value[key] !== undefined).length <= 1,
      },
    ],
  },
);

export const requestAuthenticationSpec: Schema = object(
  { ...policyTargets, jwtRules: list(jwtRule, { maxItems: 4096 }) },
  { description: 'Request authentication configuration for workloads.', rules: [oneTargetRule] },
);

const providers: Schema = list(object({ name: text({ minLength: 1 }) }, { required: ['name'] }));
const workloadMode = oneOfTexts('CLIENT_AND_SERVER', 'CLIENT', 'SERVER');
const metrics = [
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
];

const metricMatch: Schema = object(
  { metric: oneOfTexts(...metrics), customMetric: text({ minLength: 1 }), mode: workloadMode },
  { exclusive: [['metric', 'customMetric']] },
);

const tagOverride: Schema = object(
  { operation: oneOfTexts('UPSERT', 'REMOVE'), value: text() },
  {
    rules: [
      {
        rule: "((has(self.operation) ? self.operation : '') == 'UPSERT') ? (self.value != '') : true",
        message: 'value must be set when operation is UPSERT',
        holds: (value) => isRecord(value) && (value['operation'] !== 'UPSERT' || (value['value'] ?? '') !== ''),
      },
      {
        rule: "((has(self.operation) ? self.operation : '') == 'REMOVE') ? !has(self.value) : true",
        message: 'value must not be set when operation is REMOVE',
        holds: (value) => isRecord(value) && (value['operation'] !== 'REMOVE' || value['value'] === undefined),
      },
    ],
  },
);

const customTag: Schema = object(
  {
    literal: object({ value: text({ minLength: 1 }) }, { required: ['value'] }),
    environment: object({ name: text({ minLength: 1 }), defaultValue: text() }, { required: ['name'] }),
    header: object({ name: text({ minLength: 1 }), defaultValue: text() }, { required: ['name'] }),
    formatter: object({ value: text({ minLength: 1 }) }, { required: ['value'] }),
  },
  { exclusive: [['literal', 'environment', 'header', 'formatter']] },
);

export const telemetrySpec: Schema = object(
  {
    ...policyTargets,
    tracing: list(
      object({
        match: object({ mode: workloadMode }),
        providers,
        randomSamplingPercentage: { ...double, minimum: 0, maximum: 100 },
        disableSpanReporting: bool,
        customTags: mapOf(customTag),
        useRequestIdForTraceSampling: bool,
        enableIstioTags: bool,
        disableContextPropagation: bool,
      }),
    ),
    metrics: list(
      object({
        providers,
        overrides: list(object({ match: metricMatch, disabled: bool, tagOverrides: mapOf(tagOverride) })),
        reportingInterval: duration,
      }),
    ),
    accessLogging: list(
      object({
        match: object({ mode: workloadMode }),
        providers,
        disabled: bool,
        filter: object({ expression: text() }),
      }),
    ),
  },
  { description: 'Telemetry configuration for workloads.', rules: [oneTargetRule] },
);
