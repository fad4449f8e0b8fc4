// An operation of an application: its own work and failures, then its calls one after the other. In: behaviour, plans of the calls.
// Out: Served. What a failing call does to the answer is as the application's source code has it (fail or degrade). Pure.
import type { CallSpec, OperationSpec, WorkloadBehaviour } from '../world/behaviour';
import { add, type Distribution, logNormal, mix, repeat } from './distribution';
import type { Group } from './group';
import { type Answer, passedOn } from './outcome';
import type { CallPlan, Served } from './plan';

const NEGLIGIBLE = 1e-9;

/** The operation that takes a request; null where the application has none (it answers 404 or UNIMPLEMENTED). */
export function findOperation(
  behaviour: WorkloadBehaviour,
  port: number,
  call: Pick<CallSpec, 'protocol' | 'method'>,
  path: string,
): OperationSpec | null {
  let best: OperationSpec | null = null;
  for (const o of behaviour.operations) {
    if (o.port !== port || o.protocol !== call.protocol || !path.startsWith(o.path)) continue;
    const rank = o.path.length * 2 + (o.method === null ? 0 : 1);
    const fits = o.method === null || o.method === call.method;
    if (fits && (best === null || rank > best.path.length * 2 + (best.method === null ? 0 : 1))) best = o;
  }
  return best;
}

interface Tried {
  /** Expected calls, the application's own repetitions included. */
  readonly calls: number;
  readonly failing: number;
  readonly good: Distribution | null;
  readonly bad: Distribution | null;
  readonly worst: Answer | null;
}

const latencyOf = (answers: readonly Answer[]): Distribution | null =>
  answers.length === 0 ? null : mix(answers.map((a) => ({ share: a.share, distribution: a.latency })));

// One call with the application's own repetitions after failures.
function tryCall(plan: CallPlan, repeats: number): Tried {
  const bad = plan.answers.filter((a) => !a.ok);
  const failing = bad.reduce((sum, a) => sum + a.share, 0);
  const good = latencyOf(plan.answers.filter((a) => a.ok));
  const lost = latencyOf(bad);
  const worst = bad.reduce<Answer | null>((w, a) => (w === null || a.share > w.share ? a : w), null);
  if (repeats === 0 || failing < NEGLIGIBLE || lost === null) return { calls: 1, failing, good, bad: lost, worst };
  let calls = 0;
  let waited: Distribution | null = null;
  const goods: { share: number; distribution: Distribution }[] = [];
  for (let k = 0; k <= repeats; k++) {
    calls += failing ** k;
    if (good) goods.push({ share: failing ** k * (1 - failing), distribution: waited ? add(waited, good) : good });
    waited = waited ? add(waited, lost) : lost;
  }
  return { calls, failing: failing ** (repeats + 1), good: goods.length > 0 && failing < 1 ? mix(goods) : good, bad: waited, worst };
}

/** Runs an operation in expectation: answers with shares and durations, and how often each call is made. */
export function runOperation(group: Group, operation: OperationSpec, planOf: (call: CallSpec) => CallPlan): Served {
  const grpc = operation.protocol === 'grpc';
  const answers: Answer[] = [];
  const calls: { plan: CallPlan; perOperation: number }[] = [];
  let elapsed = logNormal(operation.latency);
  let reached = 1;
  for (const failure of operation.failures) {
    const grpcStatus = grpc ? String(failure.grpcStatus ?? 2) : null;
    answers.push({ share: failure.share, ok: false, code: String(failure.httpStatus), grpcStatus, latency: elapsed });
    reached -= failure.share;
  }
  for (const call of operation.calls) {
    if (reached < NEGLIGIBLE) break;
    const plan = planOf(call);
    const tried = tryCall(plan, call.repeats ?? 0);
    calls.push({ plan, perOperation: reached * call.times * tried.calls });
    const all = mix([
      ...(tried.good ? [{ share: 1 - tried.failing, distribution: tried.good }] : []),
      ...(tried.bad ? [{ share: tried.failing, distribution: tried.bad }] : []),
    ]);
    if (call.onFailure === 'degrade' || tried.failing < NEGLIGIBLE) {
      const spent = repeat(call.onFailure === 'degrade' ? all : (tried.good ?? all), call.times);
      if (spent) elapsed = add(elapsed, spent);
      continue;
    }
    const failing = 1 - (1 - tried.failing) ** call.times;
    if (tried.worst && tried.bad) {
      const passed = passedOn(operation.protocol, tried.worst);
      answers.push({ share: reached * failing, ok: false, ...passed, latency: add(elapsed, tried.bad) });
    }
    reached *= 1 - failing;
    const spent = tried.good ? repeat(tried.good, call.times) : null;
    if (spent) elapsed = add(elapsed, spent);
  }
  if (reached > NEGLIGIBLE)
    answers.push({
      share: reached,
      ok: operation.status < 400,
      code: operation.protocol === 'tcp' ? '0' : String(operation.status),
      grpcStatus: grpc ? '0' : null,
      latency: elapsed,
    });
  return { group, operation, answers, calls };
}
