// The form of a VirtualService's spec.
import { any, count, duration, filled, flag, list, mapOf, object, oneOf, percent, port, text, textMap, texts, whole } from './shape';

const stringMatch = object({ exact: text, prefix: text, regex: text }, { exclusive: [['exact', 'prefix', 'regex']] });
const portSelector = object({ number: port });
const destination = object({ host: filled, subset: text, port: portSelector }, { required: ['host'] });
const percentage = object({ value: percent });
const operations = object({ set: textMap, add: textMap, remove: texts });
const headers = object({ request: operations, response: operations });
const source = { port, sourceLabels: textMap, sourceNamespace: text, gateways: texts };
const streamRoute = list(object({ destination, weight: count }, { required: ['destination'] }));

const httpMatch = object({
  ...source,
  name: text,
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: mapOf(stringMatch),
  withoutHeaders: mapOf(stringMatch),
  queryParams: mapOf(stringMatch),
  ignoreUriCase: flag,
  statPrefix: text,
});

const httpRule = object({
  name: text,
  match: list(httpMatch),
  route: list(object({ destination, weight: count, headers }, { required: ['destination'] })),
  redirect: object(
    {
      uri: text,
      authority: text,
      scheme: text,
      port,
      derivePort: oneOf('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
      redirectCode: count,
    },
    { exclusive: [['port', 'derivePort']] },
  ),
  directResponse: object({ status: { type: 'number', whole: true, min: 200, max: 599 }, body: any }, { required: ['status'] }),
  delegate: object({ name: filled, namespace: text }, { required: ['name'] }),
  rewrite: object({ uri: text, authority: text, uriRegexRewrite: object({ match: text, rewrite: text }) }),
  timeout: { type: 'text' },
  retries: object({
    attempts: count,
    perTryTimeout: duration,
    retryOn: text,
    retryRemoteLocalities: flag,
    retryIgnorePreviousHosts: flag,
    backoff: duration,
  }),
  fault: object({
    delay: object(
      { fixedDelay: duration, exponentialDelay: duration, percent: whole, percentage },
      { exclusive: [['fixedDelay', 'exponentialDelay']] },
    ),
    abort: object(
      { httpStatus: { type: 'number', whole: true, min: 200, max: 599 }, grpcStatus: text, http2Error: text, percentage },
      { exclusive: [['httpStatus', 'grpcStatus', 'http2Error']] },
    ),
  }),
  mirror: destination,
  mirrors: list(object({ destination, percentage }, { required: ['destination'] })),
  mirrorPercent: count,
  mirror_percent: count,
  mirrorPercentage: percentage,
  corsPolicy: object({
    allowOrigin: texts,
    allowOrigins: list(stringMatch),
    allowMethods: texts,
    allowHeaders: texts,
    exposeHeaders: texts,
    maxAge: duration,
    allowCredentials: flag,
    unmatchedPreflights: oneOf('UNSPECIFIED', 'FORWARD', 'IGNORE'),
  }),
  headers,
});

const subnets = { destinationSubnets: texts, sourceSubnet: text };

export const virtualServiceShape = object({
  hosts: list(filled),
  gateways: list(filled),
  http: list(httpRule),
  tls: list(
    object(
      { match: list(object({ ...source, ...subnets, sniHosts: list(filled, 1) }, { required: ['sniHosts'] }), 1), route: streamRoute },
      { required: ['match'] },
    ),
  ),
  tcp: list(object({ match: list(object({ ...source, ...subnets })), route: streamRoute })),
  exportTo: texts,
});
