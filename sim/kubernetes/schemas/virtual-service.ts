// VirtualService (networking.istio.io), as its CRD validates it.
import { destination, percent, stringMatch } from './istio-shared';
import { bool, duration, int32, list, mapOf, object, oneOfTexts, type Schema, text, textMap, texts, uint32 } from './schema';

const headerOperations: Schema = object({ set: textMap, add: textMap, remove: texts });
const headers: Schema = object({ request: headerOperations, response: headerOperations });

// The CRD itself has no minimum; istiod's webhook refuses a negative weight, and this server has no webhooks.
const weight: Schema = {
  ...int32,
  minimum: 0,
  description: 'Weight specifies the relative proportion of traffic to be forwarded to the destination.',
};

const l4Route: Schema = list(object({ destination, weight }, { required: ['destination'] }));

const httpMatch: Schema = object({
  name: text(),
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: mapOf(stringMatch),
  withoutHeaders: mapOf(stringMatch),
  queryParams: mapOf(stringMatch),
  port: uint32,
  sourceLabels: textMap,
  sourceNamespace: text(),
  gateways: texts,
  ignoreUriCase: bool,
  statPrefix: text(),
});

const redirect: Schema = object(
  {
    uri: text(),
    authority: text(),
    scheme: text(),
    port: uint32,
    derivePort: oneOfTexts('FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT'),
    redirectCode: uint32,
  },
  { exclusive: [['port', 'derivePort']] },
);

const fault: Schema = object({
  delay: object(
    { fixedDelay: duration, exponentialDelay: duration, percent: int32, percentage: percent },
    { exclusive: [['fixedDelay', 'exponentialDelay']] },
  ),
  abort: object(
    { httpStatus: int32, grpcStatus: text(), http2Error: text(), percentage: percent },
    { exclusive: [['httpStatus', 'grpcStatus', 'http2Error']] },
  ),
});

const corsPolicy: Schema = object({
  allowOrigin: texts,
  allowOrigins: list(stringMatch),
  allowMethods: texts,
  allowHeaders: texts,
  exposeHeaders: texts,
  maxAge: duration,
  allowCredentials: bool,
  unmatchedPreflights: oneOfTexts('UNSPECIFIED', 'FORWARD', 'IGNORE'),
});

const httpRoute: Schema = object({
  name: text({ description: 'The name assigned to the route for debugging purposes.' }),
  match: list(httpMatch, { description: 'Match conditions to be satisfied for the rule to be activated.' }),
  route: list(object({ destination, weight, headers }, { required: ['destination'] }), {
    description: 'A HTTP rule can either return a direct_response, redirect or forward (default) traffic.',
  }),
  redirect,
  directResponse: object(
    { status: uint32, body: object({ string: text(), bytes: text({ format: 'binary' }) }, { exclusive: [['string', 'bytes']] }) },
    { required: ['status'] },
  ),
  delegate: object({ name: text(), namespace: text() }),
  rewrite: object({ uri: text(), authority: text(), uriRegexRewrite: object({ match: text(), rewrite: text() }) }),
  timeout: duration,
  retries: object({
    attempts: int32,
    perTryTimeout: duration,
    retryOn: text(),
    retryRemoteLocalities: bool,
    retryIgnorePreviousHosts: bool,
    backoff: duration,
  }),
  fault,
  mirror: destination,
  mirrors: list(object({ destination, percentage: percent }, { required: ['destination'] })),
  mirrorPercent: uint32,
  mirror_percent: uint32,
  mirrorPercentage: percent,
  corsPolicy,
  headers,
});

const l4Match = {
  destinationSubnets: texts,
  port: uint32,
  sourceLabels: textMap,
  sourceSubnet: text(),
  gateways: texts,
  sourceNamespace: text(),
};

export const virtualServiceSpec: Schema = object(
  {
    hosts: list(text(), { description: 'The destination hosts to which traffic is being sent.' }),
    gateways: list(text(), { description: 'The names of gateways and sidecars that should apply these routes.' }),
    http: list(httpRoute, { description: 'An ordered list of route rules for HTTP traffic.' }),
    tls: list(
      object({ match: list(object({ sniHosts: texts, ...l4Match }, { required: ['sniHosts'] })), route: l4Route }, { required: ['match'] }),
      {
        description: 'An ordered list of route rule for non-terminated TLS & HTTPS traffic.',
      },
    ),
    tcp: list(object({ match: list(object(l4Match)), route: l4Route }), {
      description: 'An ordered list of route rules for opaque TCP traffic.',
    }),
    exportTo: list(text(), { description: 'A list of namespaces to which this virtual service is exported.' }),
  },
  { description: 'Configuration affecting label/content routing, sni routing, etc.' },
);
