// Match blocks of HTTPRoute and GRPCRoute. In: block, MatchEdit. Out: the block, or what the Gateway API cannot say.
import type { MatchEdit, TextCondition } from '../../../model/edit';
import type { Json, JsonObject } from '../../../model/inventory';
import { fieldOf, isObject, objectAt, textAt, withField, withFields } from './json-edit';
import { Refusal } from './refusal';
import type { RulePlace } from './rule-place';
import { apiNamedLike } from './text-conditions';

/** What only a VirtualService can match on. */
function beyondApi(edit: MatchEdit, place: RulePlace): Refusal | null {
  const { sourceLabels = {}, sourceNamespace, port, gateways = [] } = edit;
  const what =
    Object.keys(sourceLabels).length > 0 || sourceNamespace !== undefined
      ? 'who asks'
      : port !== undefined
        ? 'the port'
        : gateways.length > 0
          ? 'the gateway'
          : null;
  if (what === null) return null;
  return new Refusal(
    `${place.path}.matches`,
    `a rule of ${place.kind} cannot match on ${what}`,
    what === 'who asks' ? `Use a VirtualService for ${place.host}.` : 'Name it in the parentRefs of a route of its own.',
  );
}

const PATH_TYPES = { exact: 'Exact', prefix: 'PathPrefix', regex: 'RegularExpression' } as const;

export function layHttpMatch(block: JsonObject, edit: MatchEdit, place: RulePlace): JsonObject | Refusal {
  const refusal = beyondApi(edit, place);
  if (refusal !== null) return refusal;
  const pathed = withField(block, 'path', pathLike(fieldOf(block, 'path'), edit.path));
  const named = apiNamedLike(withField(pathed, 'method', edit.method), 'headers', edit.headers ?? [], true);
  return apiNamedLike(named, 'queryParams', edit.queryParams ?? [], false);
}

/** No path means the prefix `/`, and the prefix need not be named as such. */
function pathLike(written: Json | undefined, wanted: TextCondition | undefined): Json | undefined {
  const old = isObject(written) ? written : {};
  const type = wanted === undefined || wanted.type === 'present' ? 'PathPrefix' : PATH_TYPES[wanted.type];
  const value = wanted === undefined || wanted.type === 'present' ? '/' : wanted.value;
  if ((textAt(old, 'type') ?? 'PathPrefix') === type && (textAt(old, 'value') ?? '/') === value) return written;
  if (wanted === undefined || wanted.type === 'present') return undefined;
  return withFields(old, { type, value });
}

/** gRPC methods are paths `/package.Service/Method`. */
export function layGrpcMatch(block: JsonObject, edit: MatchEdit, place: RulePlace): JsonObject | Refusal {
  const refusal = beyondApi(edit, place);
  if (refusal !== null) return refusal;
  if (edit.method !== undefined || (edit.queryParams?.length ?? 0) > 0)
    return new Refusal(
      `${place.path}.matches`,
      'a GRPCRoute cannot match on the HTTP method or on parameters',
      'Match on the gRPC method (path /package.Service/Method) or on headers.',
    );
  const method = grpcMethod(objectAt(block, 'method'), edit.path);
  if (method === null)
    return new Refusal(
      `${place.path}.matches`,
      'a GRPCRoute matches on a service or method, not on any path',
      'Write the path as /package.Service/Method, or /package.Service/ as a prefix.',
    );
  return apiNamedLike(withField(block, 'method', method.json), 'headers', edit.headers ?? [], true);
}

function grpcMethod(old: JsonObject | null, path: TextCondition | undefined): { readonly json: JsonObject | undefined } | null {
  if (path === undefined || path.type === 'present' || (path.type === 'prefix' && path.value === '/')) return { json: undefined };
  const [, service, name] = /^\/([\w.]+)(?:\/(\w*))?$/.exec(path.value) ?? [];
  const whole = name !== undefined && name !== '';
  if (service === undefined || path.type === 'regex' || (path.type === 'exact') !== whole) return null;
  const typed = old !== null && (textAt(old, 'type') ?? 'Exact') !== 'Exact' ? withField(old, 'type', 'Exact') : (old ?? {});
  return { json: withField(withField(typed, 'service', service), 'method', whole ? name : undefined) };
}
