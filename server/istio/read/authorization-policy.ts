// Reads security.istio.io AuthorizationPolicy. In: ConfigObject. Out: AuthorizationPolicyView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import { isEmpty, type Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';
import { readTargetRefs, type TargetRef } from './target-refs';

/** One attribute of a rule: some value matches (if any is written) and no notValue does. */
export interface Condition {
  /** A key as `when` writes it, or `operation.hosts`, `operation.methods`, `operation.paths`, `source.serviceAccount`. */
  readonly key: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

/** (any of `from`) and (any of `to`) and (all of `when`); an empty list asks nothing. */
export interface PolicyRule {
  readonly pointer: ConfigPointer;
  readonly from: readonly (readonly Condition[])[];
  readonly to: readonly (readonly Condition[])[];
  readonly when: readonly Condition[];
}

export interface AuthorizationPolicyView {
  readonly object: ConfigObject;
  readonly action: 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT';
  /** External authorizer of a CUSTOM policy. */
  readonly provider: string | null;
  /** Null = every workload. */
  readonly selector: Labels | null;
  readonly targetRefs: readonly TargetRef[];
  readonly dryRun: boolean;
  /** Absent rules never match; `[{}]` matches everything. */
  readonly rules: readonly PolicyRule[];
  readonly notes: readonly string[];
}

const SOURCE: readonly (readonly [key: string, field: string, negated: string])[] = [
  ['source.principal', 'principals', 'notPrincipals'],
  ['request.auth.principal', 'requestPrincipals', 'notRequestPrincipals'],
  ['source.namespace', 'namespaces', 'notNamespaces'],
  ['source.serviceAccount', 'serviceAccounts', 'notServiceAccounts'],
  ['source.trustDomain', 'trustDomains', 'notTrustDomains'],
  ['source.ip', 'ipBlocks', 'notIpBlocks'],
  ['remote.ip', 'remoteIpBlocks', 'notRemoteIpBlocks'],
];
const OPERATION: typeof SOURCE = [
  ['operation.hosts', 'hosts', 'notHosts'],
  ['operation.methods', 'methods', 'notMethods'],
  ['operation.paths', 'paths', 'notPaths'],
  ['destination.port', 'ports', 'notPorts'],
];

function readConditions(fields: Fields | null, table: typeof SOURCE): readonly Condition[] {
  if (fields === null) return [];
  return table.flatMap(([key, field, negated]) => {
    const condition = { key, values: fields.texts(field), notValues: fields.texts(negated) };
    return condition.values.length + condition.notValues.length === 0 ? [] : [condition];
  });
}

/** What Go's ParseBool takes for true. */
const TRUE: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];

export const readAuthorizationPolicy: (object: ConfigObject) => AuthorizationPolicyView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const action = spec.text('action');
  const selector = spec.object('selector')?.labels('matchLabels') ?? {};
  return {
    object,
    action: action === 'DENY' || action === 'CUSTOM' || action === 'AUDIT' ? action : 'ALLOW',
    provider: spec.object('provider')?.text('name') ?? null,
    selector: isEmpty(selector) ? null : selector,
    targetRefs: readTargetRefs(spec),
    dryRun: TRUE.includes(object.annotations['istio.io/dry-run'] ?? ''),
    rules: spec.objects('rules').map(
      (rule): PolicyRule => ({
        pointer: pointerTo(object, rule.path),
        from: rule.objects('from').map((from) => readConditions(from.object('source'), SOURCE)),
        to: rule.objects('to').map((to) => readConditions(to.object('operation'), OPERATION)),
        when: rule.objects('when').flatMap((when) => {
          const condition = { key: when.text('key') ?? '', values: when.texts('values'), notValues: when.texts('notValues') };
          return condition.values.length + condition.notValues.length === 0 ? [] : [condition];
        }),
      }),
    ),
    notes: spec.notes,
  };
});
