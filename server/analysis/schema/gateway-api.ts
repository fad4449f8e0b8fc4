// The forms of Gateway, the routes and ReferenceGrant of gateway.networking.k8s.io.
import { any, count, filled, list, object, oneOf, percent, port, type Shape, text, textMap, texts } from './shape';

const reference = { group: text, kind: filled, namespace: filled, name: filled };
const weight: Shape = { type: 'number', whole: true, min: 0, max: 1_000_000 };
const parentRefs = list(object({ ...reference, sectionName: filled, port }, { required: ['name'] }));
const header = object({ name: filled, value: text }, { required: ['name', 'value'] });
const headerFilter = object({ set: list(header), add: list(header), remove: texts });
const path = object(
  { type: oneOf('ReplaceFullPath', 'ReplacePrefixMatch'), replaceFullPath: text, replacePrefixMatch: text },
  { required: ['type'] },
);

const filter = (...types: readonly string[]): Shape =>
  object(
    {
      type: oneOf(...types),
      requestHeaderModifier: headerFilter,
      responseHeaderModifier: headerFilter,
      requestMirror: object(
        { backendRef: object({ ...reference, port }, { required: ['name'] }), percent, fraction: any },
        { required: ['backendRef'] },
      ),
      requestRedirect: object({ scheme: oneOf('http', 'https'), hostname: filled, path, port, statusCode: count }),
      urlRewrite: object({ hostname: filled, path }),
      cors: any,
      externalAuth: any,
      extensionRef: any,
    },
    { required: ['type'] },
  );
const grpcFilters = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'ExtensionRef'];
const httpFilter = filter(...grpcFilters, 'RequestRedirect', 'URLRewrite', 'CORS', 'ExternalAuth');
const grpcFilter = filter(...grpcFilters);

const named = object({ type: oneOf('Exact', 'RegularExpression'), name: filled, value: filled }, { required: ['name', 'value'] });
const backends = (own: Shape): Shape => list(object({ ...reference, port, weight, filters: list(own) }, { required: ['name'] }));
const timeouts = object({ request: text, backendRequest: text });

export const httpRouteShape = object({
  parentRefs,
  useDefaultGateways: text,
  hostnames: list(filled),
  rules: list(
    object({
      name: text,
      matches: list(
        object({
          path: object({ type: oneOf('Exact', 'PathPrefix', 'RegularExpression'), value: text }),
          headers: list(named),
          queryParams: list(named),
          method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'),
        }),
      ),
      filters: list(httpFilter),
      backendRefs: backends(httpFilter),
      timeouts,
      retry: object({ codes: list(count), attempts: count, backoff: text }),
      sessionPersistence: any,
    }),
  ),
});

export const grpcRouteShape = object({
  parentRefs,
  useDefaultGateways: text,
  hostnames: list(filled),
  rules: list(
    object({
      name: text,
      matches: list(
        object({ method: object({ type: oneOf('Exact', 'RegularExpression'), service: text, method: text }), headers: list(named) }),
      ),
      filters: list(grpcFilter),
      backendRefs: backends(grpcFilter),
      sessionPersistence: any,
    }),
  ),
});

const streamRules = list(
  object(
    { name: text, backendRefs: list(object({ ...reference, port, weight }, { required: ['name'] }), 1) },
    { required: ['backendRefs'] },
  ),
  1,
);
export const tcpRouteShape = object({ parentRefs, useDefaultGateways: text, rules: streamRules }, { required: ['rules'] });
export const tlsRouteShape = object(
  { parentRefs, useDefaultGateways: text, hostnames: list(filled), rules: streamRules },
  { required: ['rules'] },
);

const listeners = list(
  object(
    {
      name: filled,
      hostname: filled,
      port,
      protocol: filled,
      tls: object({
        mode: oneOf('Terminate', 'Passthrough'),
        certificateRefs: list(object(reference, { required: ['name'] })),
        options: textMap,
        frontendValidation: any,
      }),
      allowedRoutes: object({
        namespaces: object({ from: oneOf('All', 'Selector', 'Same', 'None'), selector: any }),
        kinds: list(object({ group: text, kind: filled }, { required: ['kind'] })),
      }),
    },
    { required: ['name', 'port', 'protocol'] },
  ),
);

export const k8sGatewayShape = object(
  {
    gatewayClassName: filled,
    listeners,
    addresses: list(object({ type: filled, value: text })),
    infrastructure: any,
    allowedListeners: any,
    backendTLS: any,
    tls: any,
    defaultScope: any,
  },
  { required: ['gatewayClassName'] },
);

export const listenerSetShape = object(
  { parentRef: object({ ...reference }, { required: ['name'] }), listeners },
  { required: ['parentRef', 'listeners'] },
);

export const backendTlsPolicyShape = object(
  {
    targetRefs: list(object({ group: text, kind: filled, name: filled, sectionName: filled }, { required: ['group', 'kind', 'name'] }), 1),
    validation: object(
      {
        hostname: filled,
        caCertificateRefs: list(object({ group: text, kind: filled, name: filled }, { required: ['group', 'kind', 'name'] })),
        wellKnownCACertificates: text,
        subjectAltNames: any,
      },
      { required: ['hostname'] },
    ),
    options: textMap,
  },
  { required: ['targetRefs', 'validation'] },
);

export const referenceGrantShape = object(
  {
    from: list(object({ group: text, kind: filled, namespace: filled }, { required: ['group', 'kind', 'namespace'] }), 1),
    to: list(object({ group: text, kind: filled, name: filled }, { required: ['group', 'kind'] }), 1),
  },
  { required: ['from', 'to'] },
);
