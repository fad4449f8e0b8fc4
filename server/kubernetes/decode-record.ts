// A change record as it was stored -> ChangeRecord, field by field: whoever may write ConfigMaps may have written it.
// In: unknown JSON. Out: ChangeRecord or null. A field that a later version adds needs a default here, so that older entries stay readable.
import * as v from 'valibot';
import type { ChangeRecord } from '../../model/change';
import { CONFIG_KINDS, type Json, type JsonObject } from '../../model/inventory';

const isObject = (x: unknown): x is JsonObject => typeof x === 'object' && x !== null && !Array.isArray(x);
const jsonObject = v.custom<JsonObject>(isObject);
// JSON.parse gives nothing else.
const json = v.custom<Json>((x) => x !== undefined);
const texts = v.record(v.string(), v.string());
const number = v.pipe(v.number(), v.finite());
const orNull = <T extends v.GenericSchema>(schema: T) => v.nullable(schema);

// A Kubernetes name, or "" for the namespace of a kind that has none: these become parts of paths.
const name = v.pipe(v.string(), v.regex(/^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/));
const ref = v.object({ kind: v.picklist(CONFIG_KINDS), namespace: v.union([name, v.literal('')]), name });
const manifest = v.object({
  apiVersion: v.pipe(v.string(), v.regex(/^(?:[a-z0-9-]+\.)+[a-z]+\/v[a-z0-9]+$/)),
  kind: v.string(),
  metadata: v.object({
    name,
    namespace: v.union([name, v.literal('')]),
    labels: v.exactOptional(texts),
    annotations: v.exactOptional(texts),
  }),
  spec: jsonObject,
});
const wait = v.object({ host: v.string(), subset: orNull(v.string()), readyPods: number });
const step = v.object({
  action: v.picklist(['create', 'update', 'delete']),
  ref,
  resourceVersion: orNull(v.string()),
  before: orNull(manifest),
  after: orNull(manifest),
  patch: v.array(
    v.union([
      v.object({ op: v.picklist(['add', 'replace']), path: v.string(), value: json }),
      v.object({ op: v.literal('remove'), path: v.string() }),
    ]),
  ),
  words: v.array(v.string()),
  waitAfter: orNull(wait),
  waitAlso: v.exactOptional(v.array(wait)),
  state: v.picklist(['pending', 'written', 'undone', 'failed']),
  written: orNull(v.object({ resourceVersion: v.string(), uid: v.string() })),
});
const measure = v.object({
  atMs: number,
  requestsPerSecond: number,
  errorPercent: number,
  p95Ms: orNull(number),
  byDestination: v.array(v.object({ host: v.string(), workload: v.string(), requestsPerSecond: number })),
});
const record = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/)),
  state: v.picklist(['applying', 'waiting', 'kept', 'reverting', 'reverted', 'incomplete']),
  by: v.object({ name: v.string(), subject: v.string() }),
  createdAtMs: number,
  reason: v.string(),
  override: orNull(v.string()),
  steps: v.array(step),
  acceptedFindings: v.array(v.object({ code: v.string(), object: ref, message: v.string() })),
  hosts: v.array(v.string()),
  confirm: v.object({
    revertAfterSeconds: orNull(number),
    guard: orNull(v.object({ errorPercentPoints: orNull(number), latencyFactor: orNull(number) })),
  }),
  revertBy: orNull(v.picklist(['console', 'user'])),
  deadlineMs: orNull(number),
  confirmedBy: orNull(v.string()),
  endedAtMs: orNull(number),
  outcome: orNull(v.string()),
  remains: v.array(v.object({ ref, message: v.string() })),
  before: orNull(measure),
  after: orNull(measure),
  measures: v.array(measure),
  undoes: orNull(v.string()),
  undoneBy: orNull(v.string()),
});

/** The record; null where it is none. */
export function decodeRecord(value: unknown): ChangeRecord | null {
  const parsed = v.safeParse(record, value);
  return parsed.success ? parsed.output : null;
}
