// Gateway, ListenerSet, GatewayClass, BackendTLSPolicy and ReferenceGrant (gateway.networking.k8s.io), as the standard-channel CRDs validate them.
import { listOf, recordOf } from '../json';
import { conditions, DNS_LABELS, group, hostname, kind, namespace, objectName, port, sectionName } from './gateway-shared';
import { anyObject, int32, list, listByKeys, mapOf, object, oneOfTexts, type Rule, type Schema, text, textMap } from './schema';

export const gatewayClass = {
  spec: object(
    {
      controllerName: text({ minLength: 1, maxLength: 253, pattern: `^${DNS_LABELS}\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$` }),
      description: text({ maxLength: 64 }),
      parametersRef: object({ group: group(), kind: kind(), name: objectName, namespace }, { required: ['group', 'kind', 'name'] }),
    },
    { required: ['controllerName'] },
  ),
  status: object({ conditions, supportedFeatures: listByKeys(['name'], object({ name: text() }, { required: ['name'] })) }),
};

const labelSelector: Schema = object(
  {
    matchLabels: textMap,
    matchExpressions: list(object({ key: text(), operator: text(), values: list(text()) }, { required: ['key', 'operator'] })),
  },
  { mapType: 'atomic' },
);
const certificateRef: Schema = object({ group: group(''), kind: kind('Secret'), name: objectName, namespace }, { required: ['name'] });
const listener: Schema = object(
  {
    name: sectionName,
    hostname,
    port,
    protocol: text({ minLength: 1, maxLength: 255, pattern: `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${DNS_LABELS}\\/[A-Za-z0-9]+$` }),
    tls: object({
      mode: { ...oneOfTexts('Terminate', 'Passthrough'), default: 'Terminate' },
      certificateRefs: list(certificateRef, { maxItems: 64 }),
      options: mapOf(text({ maxLength: 4096 }), { maxProperties: 16 }),
      frontendValidation: anyObject,
    }),
    allowedRoutes: object(
      {
        namespaces: object(
          { from: { ...oneOfTexts('All', 'Selector', 'Same', 'None'), default: 'Same' }, selector: labelSelector },
          { default: { from: 'Same' } },
        ),
        kinds: list(object({ group: group('gateway.networking.k8s.io'), kind: kind() }, { required: ['kind'] }), { maxItems: 8 }),
      },
      { default: { namespaces: { from: 'Same' } } },
    ),
  },
  { required: ['name', 'port', 'protocol'] },
);

const listenerRules: readonly Rule[] = [
  {
    rule: "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
    message: "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    holds: (value) =>
      listOf(value).every(
        (item) => !['HTTP', 'TCP', 'UDP'].includes(String(recordOf(item)['protocol'])) || recordOf(item)['tls'] === undefined,
      ),
  },
  {
    rule: "self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",
    message: "hostname must not be specified for protocols ['TCP', 'UDP']",
    holds: (value) =>
      listOf(value).every(
        (item) => !['TCP', 'UDP'].includes(String(recordOf(item)['protocol'])) || recordOf(item)['hostname'] === undefined,
      ),
  },
  {
    rule: 'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
    message: 'Combination of port, protocol and hostname must be unique for each listener',
    holds: (value) => {
      const keys = listOf(value).map((item) => JSON.stringify(['port', 'protocol', 'hostname'].map((key) => recordOf(item)[key])));
      return new Set(keys).size === keys.length;
    },
  },
];

const address: Schema = object({
  type: { ...text({ minLength: 1, maxLength: 253 }), default: 'IPAddress' },
  value: text({ maxLength: 253 }),
});
export const gateway = {
  spec: object(
    {
      gatewayClassName: objectName,
      listeners: listByKeys(['name'], listener, { minItems: 1, maxItems: 64, rules: listenerRules }),
      addresses: list(address, { maxItems: 16 }),
      infrastructure: object({
        labels: { ...textMap, maxProperties: 8 },
        annotations: { ...textMap, maxProperties: 8 },
        parametersRef: object({ group: group(), kind: kind(), name: objectName }, { required: ['group', 'kind', 'name'] }),
      }),
      allowedListeners: anyObject,
      backendTLS: anyObject,
    },
    { required: ['gatewayClassName', 'listeners'] },
  ),
  status: object({
    addresses: list(object({ type: { ...text(), default: 'IPAddress' }, value: text() }, { required: ['value'] }), { maxItems: 16 }),
    conditions,
    attachedListenerSets: int32,
    listeners: listByKeys(
      ['name'],
      object(
        {
          name: sectionName,
          supportedKinds: list(object({ group: group('gateway.networking.k8s.io'), kind: kind() }, { required: ['kind'] }), {
            maxItems: 8,
          }),
          attachedRoutes: int32,
          conditions,
        },
        { required: ['attachedRoutes', 'conditions', 'name'] },
      ),
      { maxItems: 64 },
    ),
  }),
};

export const referenceGrant = {
  spec: object(
    {
      from: list(object({ group: group(), kind: kind(), namespace }, { required: ['group', 'kind', 'namespace'] }), {
        minItems: 1,
        maxItems: 16,
      }),
      to: list(object({ group: group(), kind: kind(), name: objectName }, { required: ['group', 'kind'] }), { minItems: 1, maxItems: 16 }),
    },
    { required: ['from', 'to'] },
  ),
};

const parentGateway: Schema = object(
  { group: group('gateway.networking.k8s.io'), kind: kind('Gateway'), name: objectName, namespace },
  { required: ['name'] },
);
export const listenerSet = {
  spec: object(
    { parentRef: parentGateway, listeners: listByKeys(['name'], listener, { minItems: 1, maxItems: 64, rules: listenerRules }) },
    { required: ['parentRef', 'listeners'] },
  ),
  status: object({ conditions, listeners: list(anyObject) }),
};

export const backendTlsPolicy = {
  spec: object(
    {
      targetRefs: list(object({ group: group(), kind: kind(), name: objectName, sectionName }, { required: ['group', 'kind', 'name'] }), {
        minItems: 1,
        maxItems: 16,
      }),
      validation: object(
        {
          hostname: text({ minLength: 1, maxLength: 253 }),
          caCertificateRefs: list(object({ group: group(), kind: kind(), name: objectName }, { required: ['group', 'kind', 'name'] }), {
            maxItems: 8,
          }),
          wellKnownCACertificates: oneOfTexts('System'),
          subjectAltNames: list(anyObject, { maxItems: 5 }),
        },
        { required: ['hostname'] },
      ),
      options: mapOf(text({ maxLength: 4096 }), { maxProperties: 16 }),
    },
    { required: ['targetRefs', 'validation'] },
  ),
  status: object({ ancestors: list(anyObject, { maxItems: 16 }) }),
};
