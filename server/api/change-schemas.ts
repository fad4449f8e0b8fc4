// JSON Schemas of changes: previews, the journal, objects to edit, saved cases. In: model's constants. Out: CHANGE_SCHEMAS by name.
import { described, flag, list, number, object, oneOf, orNull, ref, type Schema, stringMap, text } from './schema-parts';

const anyObject: Schema = { type: 'object' };
/** Members beside the required ones may be absent. */
const partly = (required: Record<string, Schema>, optional: Record<string, Schema>): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
  additionalProperties: false,
});

const stepParts = {
  action: oneOf('create', 'update', 'delete'),
  ref: ref('ConfigRef'),
  resourceVersion: orNull(text),
  before: orNull(ref('Manifest')),
  after: orNull(ref('Manifest')),
  patch: list(anyObject),
  words: described(list(text), 'What changes, a line each.'),
  waitAfter: orNull(ref('StepWait')),
};
const share = object({ host: text, subset: orNull(text), workloads: list(text), requestsPerSecond: number });
const confirm = object({
  revertAfterSeconds: described(orNull(number), 'Null: kept at once; else 30 to 86400.'),
  guard: orNull(object({ errorPercentPoints: orNull(number), latencyFactor: orNull(number) })),
});

export const CHANGE_SCHEMAS: Readonly<Record<string, Schema>> = {
  Manifest: object({
    apiVersion: text,
    kind: text,
    metadata: partly({ name: text, namespace: text }, { labels: stringMap, annotations: stringMap }),
    spec: anyObject,
  }),
  StepWait: object({ host: text, subset: orNull(text), readyPods: number }, 'What must be ready before the next step is taken.'),
  PlanStep: partly(stepParts, { waitAlso: list(ref('StepWait')) }),
  Effect: object({
    kind: oneOf('kept', 'moves', 'slower', 'fails', 'cut', 'unknown'),
    source: anyObject,
    host: text,
    protocol: text,
    requestsPerSecond: number,
    before: list(share),
    after: list(share),
    movedPerSecond: number,
    failingPerSecond: number,
    delayed: orNull(object({ milliseconds: number, requestsPerSecond: number })),
    why: text,
    rules: object({ before: orNull(ref('ConfigPointer')), after: orNull(ref('ConfigPointer')) }),
  }),
  PreviewRequest: object({ edits: list(ref('Edit')) }),
  Preview: object({
    plan: object({ steps: list(ref('PlanStep')), digest: described(text, 'To be sent with what is applied.') }),
    findings: list(object({ finding: ref('Finding'), origin: oneOf('existing', 'new', 'mended') })),
    ownership: list(
      object({
        ref: ref('ConfigRef'),
        owner: oneOf('argocd', 'flux', 'argoRollouts', 'flagger', 'helm', 'controller', 'manager'),
        name: text,
        paths: list(text),
        consequence: text,
        locked: flag,
      }),
    ),
    effects: list(ref('Effect')),
    forecast: list(
      object({
        host: text,
        subset: orNull(text),
        workloads: list(text),
        readyEndpoints: number,
        nowPerSecond: number,
        predictedPerSecond: orNull(number),
      }),
    ),
    cases: list(object({ name: text, before: text, after: text, changed: flag })),
    dryRun: orNull(list(object({ ref: ref('ConfigRef'), ok: flag, problems: list(object({ path: orNull(text), message: text })) }))),
    dryRunFault: orNull(text),
    trafficAtMs: orNull(number),
    windowSeconds: number,
    revertBy: partly({ identity: orNull(oneOf('console', 'user')) }, { validUntilMs: orNull(number), why: text }),
  }),
  ChangeConflict: {
    ...partly(
      { type: text, title: text, status: number, code: text, detail: text, next: text },
      {
        preview: ref('Preview'),
        stale: list(object({ ref: ref('ConfigRef'), now: orNull(ref('Manifest')), resourceVersion: orNull(text) })),
      },
    ),
    description: 'A Problem with the plan as it is now, or the objects that somebody else edited.',
  },
  Confirm: confirm,
  ApplyRequest: object({ edits: list(ref('Edit')), digest: text, reason: text, confirm: ref('Confirm'), override: orNull(text) }),
  UndoRequest: object({ digest: text, reason: text, confirm: ref('Confirm'), override: orNull(text) }),
  RevertRequest: { type: 'object', required: ['reason'], properties: { reason: text } },
  TrafficMeasure: object({
    atMs: number,
    requestsPerSecond: number,
    errorPercent: number,
    p95Ms: orNull(number),
    byDestination: list(object({ host: text, workload: text, requestsPerSecond: number })),
  }),
  Change: object({
    id: text,
    state: oneOf('applying', 'waiting', 'kept', 'reverting', 'reverted', 'incomplete'),
    by: object({ name: text, subject: text }),
    createdAtMs: number,
    reason: text,
    override: orNull(text),
    steps: list(
      partly(
        {
          ...stepParts,
          state: oneOf('pending', 'written', 'undone', 'failed'),
          written: orNull(object({ resourceVersion: text, uid: text })),
        },
        { waitAlso: list(ref('StepWait')) },
      ),
    ),
    acceptedFindings: list(object({ code: text, object: ref('ConfigRef'), message: text })),
    hosts: list(text),
    confirm: ref('Confirm'),
    revertBy: orNull(oneOf('console', 'user')),
    deadlineMs: orNull(number),
    confirmedBy: orNull(text),
    endedAtMs: orNull(number),
    outcome: orNull(text),
    remains: list(object({ ref: ref('ConfigRef'), message: text })),
    before: orNull(ref('TrafficMeasure')),
    after: orNull(ref('TrafficMeasure')),
    measures: list(ref('TrafficMeasure')),
    undoes: orNull(text),
    undoneBy: orNull(text),
  }),
  ChangeList: object({ changes: list(ref('Change')), next: orNull(text) }),
  ConfigObject: object({
    ref: ref('ConfigRef'),
    resourceVersion: text,
    yaml: text,
    status: orNull(anyObject),
    owners: list(object({ name: text, consequence: text, locked: flag })),
    findings: list(ref('Finding')),
  }),
  KindSchema: {
    type: 'object',
    required: ['definitions'],
    properties: { definitions: anyObject },
    description: 'A JSON Schema that stands alone.',
  },
  SavedCase: object({ id: text, name: text, question: ref('ExplainQuestion'), expected: text }),
  SaveCaseRequest: object({ name: text, question: ref('ExplainQuestion'), expected: text }),
  CaseList: object({ cases: list(ref('SavedCase')) }),
  Removed: { type: 'object', required: ['removed'], properties: { removed: text }, additionalProperties: false },
};
