// Parts that several Istio CRDs share: string matches, selectors, target references, status, ports (istio/api common types).
import { isList, isRecord } from '../json';
import {
  atMostOne,
  double,
  list,
  mapOf,
  object,
  oneOfTexts,
  type Properties,
  type Rule,
  type Schema,
  text,
  textMap,
  uint32,
} from './schema';

export const stringMatch: Schema = object({ exact: text(), prefix: text(), regex: text() }, { exclusive: [['exact', 'prefix', 'regex']] });
export const percent: Schema = object({ value: double });
export const portSelector: Schema = object({ number: uint32 });
export const destination: Schema = object(
  { host: text({ description: 'The name of a service from the service registry.' }), subset: text(), port: portSelector },
  { required: ['host'] },
);

const keyRules: readonly Rule[] = [
  {
    rule: 'self.all(key, !key.contains("*"))',
    message: 'wildcard not allowed in label key match',
    holds: (value) => isRecord(value) && Object.keys(value).every((key) => !key.includes('*')),
  },
  {
    rule: 'self.all(key, key.size() != 0)',
    message: 'key must not be empty',
    holds: (value) => isRecord(value) && Object.keys(value).every((key) => key !== ''),
  },
];

const labelValue: Schema = text({
  maxLength: 63,
  rules: [
    {
      rule: '!self.contains("*")',
      message: 'wildcard not allowed in label value match',
      holds: (value) => typeof value === 'string' && !value.includes('*'),
    },
  ],
});

/** type.v1beta1.WorkloadSelector. */
export const labelsSelector: Schema = object({ matchLabels: mapOf(labelValue, { maxProperties: 4096, rules: keyRules }) });
/** networking.v1.WorkloadSelector. */
export const workloadSelector: Schema = object({ labels: mapOf(labelValue, { maxProperties: 256, rules: keyRules }) });

const targetRef: Schema = object(
  {
    group: text({ maxLength: 253, pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' }),
    kind: text({ minLength: 1, maxLength: 63, pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$' }),
    name: text({ minLength: 1, maxLength: 253 }),
    namespace: text({
      rules: [
        { rule: 'self.size() == 0', message: 'cross namespace referencing is not currently supported', holds: (value) => value === '' },
      ],
    }),
  },
  { required: ['kind', 'name'] },
);

/** The fields that choose the workloads of a policy, with the rule that goes with them. */
export const policyTargets: Properties = { selector: labelsSelector, targetRef, targetRefs: list(targetRef, { maxItems: 16 }) };
export const oneTargetRule: Rule = atMostOne('only one of targetRefs or selector can be set', 'selector', 'targetRef', 'targetRefs');

export const portRule: Rule = {
  rule: '0 < self && self <= 65535',
  message: 'port must be between 1-65535',
  holds: (value) => typeof value === 'number' && value > 0 && value <= 65_535,
};
export const portNumber: Schema = { ...uint32, rules: [portRule] };

const istioCondition: Schema = object({
  type: text(),
  status: text(),
  reason: text(),
  message: text(),
  lastProbeTime: text({ format: 'date-time' }),
  lastTransitionTime: text({ format: 'date-time' }),
  observedGeneration: { intOrString: true },
});

/** meta.v1alpha1.IstioStatus; every Istio CRD keeps unknown fields of its status. */
export const istioStatus: Schema = object(
  {
    conditions: list(istioCondition),
    observedGeneration: { intOrString: true },
    validationMessages: list(
      object({
        documentationUrl: text(),
        level: oneOfTexts('UNKNOWN', 'ERROR', 'WARNING', 'INFO'),
        type: object({ code: text(), name: text() }),
      }),
    ),
    addresses: list(object({ value: text(), host: text() })),
  },
  { preserveUnknown: true },
);

/** networking.v1.WorkloadEntry, also the endpoints of a ServiceEntry. */
export const workloadEntry: Schema = object(
  {
    address: text({ maxLength: 256 }),
    ports: mapOf(portNumber, { maxProperties: 128 }),
    labels: { ...textMap, maxProperties: 256 },
    network: text({ maxLength: 2048 }),
    locality: text({ maxLength: 2048 }),
    weight: uint32,
    serviceAccount: text({ maxLength: 253 }),
  },
  {
    rules: [
      {
        rule: 'has(self.address) || has(self.network)',
        message: 'Address is required',
        holds: (value) => isRecord(value) && (value['address'] !== undefined || value['network'] !== undefined),
      },
      {
        rule: "(has(self.address) ? self.address : '').startsWith('unix://') ? !has(self.ports) : true",
        message: 'UDS may not include ports',
        holds: (value) => isRecord(value) && (!String(value['address']).startsWith('unix://') || value['ports'] === undefined),
      },
    ],
  },
);

/** True where no two items of a list agree on a field (CEL: self.all(l1, self.exists_one(l2, l1.x == l2.x))). */
export function allDistinct(value: unknown, field: string): boolean {
  if (!isList(value)) return false;
  const seen = value.map((item) => (isRecord(item) ? item[field] : undefined));
  return new Set(seen).size === seen.length;
}

const serverTlsModes = oneOfTexts('PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL');
const tlsVersion = oneOfTexts('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3');

/** networking.v1.ServerTLSSettings. */
export const serverTls: Schema = object({
  httpsRedirect: { type: 'boolean' },
  mode: serverTlsModes,
  serverCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  caCrl: text(),
  caCertCredentialName: text(),
  credentialName: text(),
  credentialNames: list(text(), { maxItems: 2, minItems: 1 }),
  tlsCertificates: list(object({ serverCertificate: text(), privateKey: text(), caCertificates: text() }), { maxItems: 2, minItems: 1 }),
  subjectAltNames: list(text()),
  verifyCertificateSpki: list(text()),
  verifyCertificateHash: list(text()),
  minProtocolVersion: tlsVersion,
  maxProtocolVersion: tlsVersion,
  cipherSuites: list(text()),
});
