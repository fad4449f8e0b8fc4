// Kiali-compatible health: tolerances, which of them apply to whom, and the judgement of request rates and pod counts.
// In: health types, rates by code, pod counts, rules of the configuration, the text of annotations. Out: Health, HealthStatus.
// Source: Kiali's health configuration (`health_config.rate`) and the annotation `health.kiali.io/rate`. Pure; a fault in a rule is data.
import { type Health, type HealthReason, type HealthStatus, NO_HEALTH, type Tolerance, worstHealth } from './health';
import type { PodCounts } from './inventory';

/** Annotation on a service or workload that replaces every configured tolerance. */
export const RATE_ANNOTATION = 'health.kiali.io/rate';

export type HealthKind = 'app' | 'service' | 'workload';
export type Direction = 'inbound' | 'outbound';
export type RequestProtocol = 'http' | 'grpc';

/** Tolerances for all items whose namespace, kind (`app`, `service`, `workload`) and name match the anchored regular expressions. */
export interface HealthRule {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly tolerances: readonly Tolerance[];
}

/** What Kiali appends after the rules of its user. Code `-` is "no response". */
export const DEFAULT_TOLERANCES: readonly Tolerance[] = [
  { code: '5XX', protocol: 'http', direction: '.*', degradedPercent: 0, failurePercent: 10 },
  { code: '4XX', protocol: 'http', direction: '.*', degradedPercent: 10, failurePercent: 20 },
  { code: '^[1-9]$|^1[0-6]$', protocol: 'grpc', direction: '.*', degradedPercent: 0, failurePercent: 10 },
  { code: '^-$', protocol: 'http|grpc', direction: '.*', degradedPercent: 0, failurePercent: 10 },
];

export const DEFAULT_HEALTH_RULES: readonly HealthRule[] = [{ namespace: '.*', kind: '.*', name: '.*', tolerances: DEFAULT_TOLERANCES }];

/** Longest pattern and longest subject that are matched: rules are foreign text and JavaScript's engine backtracks. */
const MAX_PATTERN = 200;
const MAX_SUBJECT = 253;
const ANYTHING = /^.*$/;

const compilePattern = (pattern: string): RegExp => {
  if (pattern.length > MAX_PATTERN) return ANYTHING;
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return ANYTHING; // Kiali: an invalid expression is `.*`
  }
};
const matches = (pattern: RegExp, subject: string): boolean => subject.length <= MAX_SUBJECT && pattern.test(subject);

/** A tolerance ready for use. */
export interface CompiledTolerance {
  readonly tolerance: Tolerance;
  matchesCode(code: string): boolean;
  readonly protocols: readonly RequestProtocol[];
  readonly directions: readonly Direction[];
}

const PROTOCOLS: readonly RequestProtocol[] = ['http', 'grpc'];
const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound'];

/** Tolerances with their expressions compiled; `X` in a code is a digit, an invalid expression matches everything. */
export function compileTolerances(tolerances: readonly Tolerance[]): readonly CompiledTolerance[] {
  return tolerances.map((tolerance) => {
    const code = compilePattern(tolerance.code.replace(/[xX]/g, '\\d'));
    const protocol = compilePattern(tolerance.protocol);
    const direction = compilePattern(tolerance.direction);
    return {
      tolerance,
      matchesCode: (text) => matches(code, text),
      protocols: PROTOCOLS.filter((p) => matches(protocol, p)),
      directions: DIRECTIONS.filter((d) => matches(direction, d)),
    };
  });
}

/** Configured rules ready for use; the defaults stand behind them. The first rule that matches an item decides alone. */
export interface HealthRules {
  tolerancesOf(kind: HealthKind, namespace: string, name: string): readonly Tolerance[];
}

export function compileHealthRules(rules: readonly HealthRule[]): HealthRules {
  const compiled = [...rules, ...DEFAULT_HEALTH_RULES].map((rule) => ({
    namespace: compilePattern(rule.namespace),
    kind: compilePattern(rule.kind),
    name: compilePattern(rule.name),
    tolerances: rule.tolerances,
  }));
  return {
    tolerancesOf: (kind, namespace, name) =>
      compiled.find((r) => matches(r.namespace, namespace) && matches(r.kind, kind) && matches(r.name, name))?.tolerances ??
      DEFAULT_TOLERANCES,
  };
}

/** Tolerances of an annotation and what is wrong with it; a part with a fault is left out. */
export interface RateAnnotation {
  readonly tolerances: readonly Tolerance[];
  readonly errors: readonly string[];
}

/** Reads `code,degraded,failure,protocol,direction;…`, e.g. `4XX,20,30,http,inbound;5XX,0,5,http,.*`. Never throws. */
export function decodeRateAnnotation(text: string): RateAnnotation {
  const tolerances: Tolerance[] = [];
  const errors: string[] = [];
  for (const part of text.split(';').slice(0, 50)) {
    if (part.trim() === '') continue;
    const shown = JSON.stringify(part.trim().slice(0, 80));
    const fields = part.split(',').map((f) => f.trim());
    if (fields.length !== 5) {
      errors.push(`${shown}: expected code,degraded,failure,protocol,direction, found ${fields.length} fields`);
      continue;
    }
    const [code = '', degraded = '', failure = '', protocol = '', direction = ''] = fields;
    const fault = [code, protocol, direction].map(patternFault).find((f) => f !== null);
    const [degradedPercent, failurePercent] = [decodePercent(degraded), decodePercent(failure)];
    if (fault) errors.push(`${shown}: ${fault}`);
    else if (degradedPercent === null || failurePercent === null)
      errors.push(`${shown}: degraded and failure are percentages from 0 to 100`);
    else if (degradedPercent > failurePercent) errors.push(`${shown}: degraded (${degraded}) is above failure (${failure})`);
    else tolerances.push({ code, protocol, direction, degradedPercent, failurePercent });
  }
  if (tolerances.length === 0 && errors.length === 0) errors.push('the annotation is empty');
  return { tolerances, errors };
}

const decodePercent = (text: string): number | null => {
  const value = /^\d{1,3}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  return value <= 100 ? value : null;
};
const patternFault = (pattern: string): string | null => {
  if (pattern === '') return 'an expression is empty';
  if (pattern.length > MAX_PATTERN) return `an expression is longer than ${MAX_PATTERN} characters`;
  try {
    new RegExp(pattern);
    return null;
  } catch {
    return `${JSON.stringify(pattern.slice(0, 40))} is no regular expression`;
  }
};

/** Status of a share of matching codes: none is healthy, whatever the limits. */
export function judgeErrors(errorPercent: number, tolerance: Tolerance): HealthStatus {
  if (errorPercent <= 0) return 'healthy';
  if (errorPercent >= tolerance.failurePercent) return 'failure';
  return errorPercent >= tolerance.degradedPercent ? 'degraded' : 'healthy';
}

/** Requests per second that ended with one code (`-` = no response; gRPC: its status, or the HTTP code of an HTTP error). */
export interface CodeRate {
  readonly protocol: RequestProtocol;
  readonly code: string;
  readonly requestsPerSecond: number;
}

/** Health of the requests of one direction: per protocol and tolerance the share of matching codes; the worst wins; no traffic is `na`. */
export function requestHealth(rates: readonly CodeRate[], direction: Direction, tolerances: readonly CompiledTolerance[]): Health {
  let status: HealthStatus = 'na';
  const reasons: HealthReason[] = [];
  for (const protocol of PROTOCOLS) {
    const own = rates.filter((r) => r.protocol === protocol);
    const total = own.reduce((sum, r) => sum + r.requestsPerSecond, 0);
    if (total <= 0) continue;
    status = worstHealth(status, 'healthy');
    for (const compiled of tolerances) {
      if (!compiled.protocols.includes(protocol) || !compiled.directions.includes(direction)) continue;
      const matching = own.reduce((sum, r) => (compiled.matchesCode(r.code) ? sum + r.requestsPerSecond : sum), 0);
      const reason = requestReason(direction, protocol, compiled.tolerance, (matching / total) * 100);
      if (reason === null) continue;
      reasons.push(reason);
      status = worstHealth(status, reason.status);
    }
  }
  return { status, reasons };
}

/** The reason that a share of errors gives, null where it is tolerated. Percentages are rounded to two decimals. */
export function requestReason(
  direction: Direction,
  protocol: RequestProtocol,
  tolerance: Tolerance,
  errorPercent: number,
): HealthReason | null {
  const status = judgeErrors(errorPercent, tolerance);
  if (status === 'healthy') return null;
  return {
    kind: 'requests',
    direction,
    protocol,
    code: tolerance.code,
    errorPercent: Math.round(errorPercent * 100) / 100,
    degradedPercent: tolerance.degradedPercent,
    failurePercent: tolerance.failurePercent,
    status,
  };
}

/** Status of an edge: the worst of the source's outbound and the target's inbound tolerances; null stands for an end without rules. */
export function edgeHealth(
  rates: readonly CodeRate[],
  source: readonly CompiledTolerance[] | null,
  target: readonly CompiledTolerance[] | null,
): HealthStatus {
  const out = source ? requestHealth(rates, 'outbound', source).status : 'na';
  const into = target ? requestHealth(rates, 'inbound', target).status : 'na';
  return worstHealth(out, into);
}

/** Status of a workload from its pods, as Kiali's workload status; no pods wanted is `notReady`. */
export function podStatus(pods: PodCounts): HealthStatus {
  if (pods.desired === 0) return 'notReady';
  if (pods.available === 0) return 'failure';
  if (pods.available < pods.desired) return 'degraded';
  return pods.desired === pods.available && pods.available !== pods.current ? 'failure' : 'healthy';
}

/** Health of one workload's pods. */
export function podHealth(workload: string, pods: PodCounts): Health {
  const status = podStatus(pods);
  if (status === 'healthy') return { status, reasons: [] };
  return { status, reasons: [{ kind: 'pods', workload, available: pods.available, desired: pods.desired, status }] };
}

/** The worst of several, with the reasons of all. App = requests and pods of all its workloads; service = requests only. */
export function combineHealth(parts: readonly Health[]): Health {
  let status: HealthStatus = 'na';
  let reasons: readonly HealthReason[] = NO_HEALTH.reasons;
  for (const part of parts) {
    status = worstHealth(status, part.status);
    if (part.reasons.length > 0) reasons = reasons.length > 0 ? [...reasons, ...part.reasons] : part.reasons;
  }
  return { status, reasons };
}

/** How many of each status. */
export type HealthCounts = Readonly<Record<HealthStatus, number>>;

/** Counts statuses (Kiali's inError, inWarning, inNotReady, inSuccess, notAvailable). */
export function countHealth(statuses: Iterable<HealthStatus>): HealthCounts {
  const counts: Record<HealthStatus, number> = { failure: 0, degraded: 0, notReady: 0, healthy: 0, na: 0 };
  for (const status of statuses) counts[status] += 1;
  return counts;
}

/** Status of a namespace: the worst of which there is at least one. */
export function worstOf(counts: readonly HealthCounts[]): HealthStatus {
  for (const status of ['failure', 'degraded', 'notReady', 'healthy'] as const) if (counts.some((c) => c[status] > 0)) return status;
  return 'na';
}
