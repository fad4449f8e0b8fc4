// Documents of configuration for the tests of what shows them. In: what differs. Out: ConfigRow, ConfigListDocument, ConfigObjectDocument, a schema.
import type { ConfigRef } from '../../model/edit';
import type { Finding } from '../../model/finding';
import type { ConfigListDocument, ConfigObjectDocument, ConfigRow } from '../../model/steering';

export const REVIEWS: ConfigRef = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };

export const sampleRow = (change: Partial<ConfigRow> = {}): ConfigRow => ({
  ref: REVIEWS,
  apiVersion: 'networking.istio.io/v1',
  createdAtMs: 1_000,
  resourceVersion: '7',
  owner: null,
  findings: { error: 0, warning: 0, info: 0 },
  state: null,
  summary: 'reviews: 2 rules',
  labels: {},
  ...change,
});

export const sampleList = (rows: readonly ConfigRow[]): ConfigListDocument => ({
  rows,
  kinds: [
    { kind: 'VirtualService', apiVersion: 'networking.istio.io/v1', reason: null },
    { kind: 'TCPRoute', apiVersion: null, reason: 'the cluster does not serve tcproutes.gateway.networking.k8s.io' },
  ],
  entities: [],
});

export const sampleFinding = (change: Partial<Finding> = {}): Finding => ({
  code: 'IST0101',
  aliases: ['KIA1107'],
  severity: 'error',
  object: REVIEWS,
  path: 'spec.http[0].route[0].destination.subset',
  message: 'subset v9 is defined by no DestinationRule',
  consequence: 'requests that this route takes are answered 503',
  fix: null,
  ...change,
});

export const sampleObject = (change: Partial<ConfigObjectDocument> = {}): ConfigObjectDocument => ({
  ref: REVIEWS,
  resourceVersion: '7',
  yaml: 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\n  namespace: bookinfo\nspec:\n  hosts:\n    - reviews\n',
  status: null,
  owners: [],
  findings: [],
  ...change,
});

/** A small schema with each form that those of Istio have. */
export const virtualServiceSchema = (): unknown => ({
  type: 'object',
  components: { schemas: { Port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } } },
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      properties: {
        hosts: { type: 'array', items: { type: 'string' }, description: 'The destination hosts to which traffic is being sent.' },
        port: { $ref: '#/components/schemas/Port' },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: { type: 'string' } } },
        http: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              mode: { type: 'string', enum: ['STRICT', 'PERMISSIVE'] },
              match: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    headers: {
                      type: 'object',
                      additionalProperties: { type: 'object', properties: { exact: { type: 'string' } } },
                    },
                    uri: {
                      type: 'object',
                      oneOf: [
                        { not: { anyOf: [{ required: ['exact'] }, { required: ['prefix'] }] } },
                        { required: ['exact'] },
                        { required: ['prefix'] },
                      ],
                      properties: { exact: { type: 'string' }, prefix: { type: 'string' } },
                    },
                  },
                },
              },
              route: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    weight: { type: 'integer', format: 'int32' },
                    destination: { type: 'object', required: ['host'], properties: { host: { type: 'string' } } },
                  },
                },
              },
            },
          },
        },
      },
    },
    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
});
