// A third opinion on which rule wins: the semantics of VirtualService written down once more, plainly and without anything shared with
// the evaluator. In: objects of a random mesh, a call. Out: object and index of the winning rule. Knows only what random-mesh writes.
import type { Json, JsonObject } from '../../../model/inventory';
import { hostOf, type RandomCall, type RandomObject } from './random-mesh';

export interface NaiveAnswer {
  readonly owner: string;
  /** Null: the host is taken, but no rule matches. */
  readonly rule: number | null;
}

const objectOf = (json: Json | undefined): JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
const listOf = (json: Json | undefined): readonly JsonObject[] => (Array.isArray(json) ? json.map(objectOf) : []);

function textHits(match: JsonObject, value: string): boolean {
  const { exact, prefix, regex } = match;
  if (typeof exact === 'string') return value === exact;
  if (typeof prefix === 'string') return value.startsWith(prefix);
  if (typeof regex === 'string') return new RegExp(`^(?:${regex})$`, 's').test(value);
  return true;
}

/** Conditions on the caller and its port decide what its proxy gets to know at all. */
function isForCaller(match: JsonObject, { caller }: RandomCall): boolean {
  const app = objectOf(match['sourceLabels'])['app'];
  if (app !== undefined && app !== caller.app) return false;
  if (match['sourceNamespace'] !== undefined && match['sourceNamespace'] !== caller.namespace) return false;
  return match['port'] === undefined || match['port'] === 9080;
}

function hits(match: JsonObject, call: RandomCall): boolean {
  const user = call.headers['end-user'];
  if (match['uri'] !== undefined && !textHits(objectOf(match['uri']), call.path)) return false;
  if (match['method'] !== undefined && !textHits(objectOf(match['method']), call.method)) return false;
  const wanted = objectOf(match['headers'])['end-user'];
  if (wanted !== undefined && (user === undefined || !textHits(objectOf(wanted), user))) return false;
  const excluded = objectOf(match['withoutHeaders'])['end-user'];
  return excluded === undefined || !textHits(objectOf(excluded), user ?? '');
}

/** Visible VirtualServices of the host: its own before wildcards, private before public, older before younger. */
function candidates(objects: readonly RandomObject[], call: RandomCall): readonly RandomObject[] {
  const isPrivate = (vs: RandomObject): boolean => Array.isArray(vs.spec['exportTo']);
  const visible = objects.filter((o) => o.kind === 'VirtualService' && (!isPrivate(o) || o.namespace === call.caller.namespace));
  const ordered = [...visible].sort((a, b) => Number(isPrivate(b)) - Number(isPrivate(a)) || a.createdAtMs - b.createdAtMs);
  const named = (host: string): readonly RandomObject[] =>
    ordered.filter((vs) => Array.isArray(vs.spec['hosts']) && vs.spec['hosts'][0] === host);
  const own = named(hostOf(call.service));
  return own.length > 0 ? own : named('*.bookinfo.svc.cluster.local').slice(0, 1);
}

/** The winning rule; null: no VirtualService has a say. */
export function routeNaively(objects: readonly RandomObject[], call: RandomCall): NaiveAnswer | null {
  for (const vs of candidates(objects, call)) {
    let known = false;
    for (const [index, rule] of listOf(vs.spec['http']).entries()) {
      const matches = listOf(rule['match']);
      const mine = matches.filter((match) => isForCaller(match, call));
      if (matches.length > 0 && mine.length === 0) continue;
      known = true;
      if (matches.length === 0 || mine.some((match) => hits(match, call))) return { owner: vs.name, rule: index };
    }
    if (known) return { owner: vs.name, rule: null };
  }
  return null;
}
