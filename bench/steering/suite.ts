// Suite `steering`: what a change costs before anything is written: plan, findings, blast radius; and a check while somebody types.
// In: services. Out: wall time of warm runs, each of another edit. In memory: neither a cluster nor Prometheus is asked.

import { finish } from '../../server/istio/memo';
import { explainRequest } from '../../server/steering/explain';
import { findInSteps } from '../../server/steering/mesh-findings';
import { checkPlan, foresee, rehearse } from '../../server/steering/rehearse';
import { describeServiceRouting } from '../../server/steering/service-routing';
import type { Measurement } from '../report';
import { median, most, quantile } from '../statistics';
import type { BenchOptions, Suite } from '../suite';
import { buildSteeringWorld } from './world';

const WARM_UP = 10;
const RUNS = 20;

/** Milliseconds of each run. */
async function time(runs: number, run: (i: number) => void): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedMs = performance.now();
    run(i);
    times.push(performance.now() - startedMs);
    // As between requests: the collector may run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}

const told = (name: string, times: readonly number[], atMost: number | null, note = ''): Measurement => ({
  name,
  value: quantile(times, 0.95),
  unit: 'ms',
  budget: atMost === null ? null : { atMost },
  note: `P95 of ${times.length}; median ${median(times).toFixed(1)}, most ${most(times).toFixed(1)}${note === '' ? '' : `; ${note}`}`,
});

async function run(options: BenchOptions) {
  const { inventory, snapshot, weights, typed } = buildSteeringWorld(options.services);
  if (weights.length < WARM_UP + RUNS) return `a mesh of ${options.services} services has too few with several versions`;
  options.say(`steering: ${snapshot.observations.length} observations, ${weights.length} services with several versions`);
  const at = <T>(list: readonly T[], i: number): T[] => list.slice(i % list.length, (i % list.length) + 1);
  const rehearsal = (i: number) =>
    rehearse({ inventory, snapshot, windowSeconds: 60, nowMs: 0, edits: at(weights, i), cases: [], tell: (explanation) => explanation });
  const cold = await time(1, () => void rehearsal(WARM_UP + RUNS));
  await time(WARM_UP, (i) => void rehearsal(RUNS + i));
  let effects = 0;
  let findings = 0;
  let problems = 0;
  const rehearsals = await time(RUNS, (i) => {
    const result = rehearsal(i);
    effects += result.effects.length;
    findings += result.findings.length;
    problems += result.problems.length;
  });
  if (problems > 0) return `${problems} of the edits cannot be planned`;
  const check = (i: number) => checkPlan(foresee(inventory, at(typed, i)), 0);
  await time(WARM_UP, (i) => void check(RUNS + i));
  let faults = 0;
  const checks = await time(RUNS, (i) => {
    faults += check(i).problems.length;
  });
  if (faults > 0) return `${faults} of the typed objects cannot be planned`;
  let { findings: known } = finish(findInSteps({ ...inventory }, 0));
  const allFindings = await time(5, () => {
    known = finish(findInSteps({ ...inventory }, 0)).findings;
  });
  const [service] = inventory.services.values();
  if (service === undefined) return 'the mesh has no services';
  const { before } = foresee(inventory, []);
  const routing = await time(RUNS, () => void describeServiceRouting({ index: before, service, snapshot, findings: known }));
  const question = {
    source: { namespace: service.namespace, workload: service.name },
    host: service.host,
    port: 80,
    protocol: 'http',
    method: 'GET',
    path: '/',
    headers: {},
  } as const;
  const explain = await time(RUNS, () => void explainRequest(before, question));
  const measurements: Measurement[] = [
    told('rehearsal, warm', rehearsals, 300, `${(effects / RUNS).toFixed(0)} effects each, ${(findings / RUNS).toFixed(0)} findings`),
    told('rehearsal, first', cold, null),
    told('check of a typed object, warm', checks, 40),
    told('routing of a service', routing, null),
    told('one request explained', explain, null),
    told('findings of the whole mesh', allFindings, null),
  ];
  return { measurements, raw: { rehearsals, checks, routing, explain, allFindings, cold } };
}

export const steeringSuite: Suite = { name: 'steering', about: 'a change before anything is written', run };
