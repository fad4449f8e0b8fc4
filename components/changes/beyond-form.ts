// What a rule has that the forms cannot hold: it stays as it is and is edited as YAML. In: a rule as it is written. Out: places in its object. Pure.
import type { RuleRef } from '../../model/edit';
import type { Json } from '../../model/inventory';
import type { RoutingRule } from '../../model/steering';

export interface BeyondForm {
  /** Within the rule, `match[0].withoutHeaders`: for people. */
  readonly place: string;
  /** Within the object, `spec.http[1].match[0].withoutHeaders`: for the editor. */
  readonly path: string;
}

/** `true`: everything below is held. Of a list, each element is looked at alike. */
type Held = true | { readonly [key: string]: Held };

/** Istio, networking/v1 HTTPRoute: what `server/steering/rule-form` reads and the forms show. */
const MESH_HTTP: Held = {
  name: true,
  match: {
    name: true,
    uri: true,
    method: { exact: true },
    headers: true,
    queryParams: true,
    sourceLabels: true,
    sourceNamespace: true,
    port: true,
    gateways: true,
  },
  route: { destination: true, weight: true },
  timeout: true,
  retries: { attempts: true, perTryTimeout: true, retryOn: true },
  fault: {
    delay: { fixedDelay: true, percentage: true, percent: true },
    abort: { httpStatus: true, grpcStatus: true, percentage: true, percent: true },
  },
  mirror: true,
  mirrorPercentage: true,
  mirrorPercent: true,
  mirrors: true,
  rewrite: { uri: true, authority: true },
  headers: { request: true, response: true },
  corsPolicy: {
    allowOrigins: true,
    allowOrigin: true,
    allowMethods: true,
    allowHeaders: true,
    exposeHeaders: true,
    maxAge: true,
    allowCredentials: true,
  },
};

const MESH_STREAM: Held = {
  match: { port: true, sourceLabels: true, sourceNamespace: true, gateways: true },
  route: { destination: true, weight: true },
};

/** Gateway API, HTTPRouteRule; fields of other routes are beyond it. */
const API: Held = {
  name: true,
  matches: { path: true, method: true, headers: true, queryParams: true },
  backendRefs: { group: true, kind: true, name: true, namespace: true, port: true, weight: true },
  filters: { type: true, requestHeaderModifier: true, responseHeaderModifier: true, requestMirror: true, urlRewrite: true, cors: true },
  timeouts: true,
  retry: { attempts: true, codes: true },
};

function heldBy({ object, list }: RuleRef): Held {
  if (object !== null && object.kind !== 'VirtualService') return API;
  return list === 'http' ? MESH_HTTP : MESH_STREAM;
}

function walk(value: Json | undefined, held: Held, place: string): readonly string[] {
  if (held === true || value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one: Json, i) => walk(one, held, `${place}[${i}]`));
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const inner = held[key];
    const at = place === '' ? key : `${place}.${key}`;
    if (below === null) return [];
    return inner === undefined ? [at] : walk(below, inner, at);
  });
}

/** Path of a rule within its object. */
export const rulePath = ({ object, list, index }: RuleRef): string =>
  `spec.${object === null || object.kind === 'VirtualService' ? list : 'rules'}[${index}]`;

/** In the order in which they are written; of several mirrors the form shows the first. */
export function listBeyondForm({ rule, raw }: Pick<RoutingRule, 'rule' | 'raw'>): readonly BeyondForm[] {
  const mirrors = raw['mirrors'];
  const more = Array.isArray(mirrors) && mirrors.length > (raw['mirror'] === undefined ? 1 : 0) ? ['mirrors'] : [];
  const path = rulePath(rule);
  return [...walk(raw, heldBy(rule), ''), ...more].map((place) => ({ place, path: `${path}.${place}` }));
}
