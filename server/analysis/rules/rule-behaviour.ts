// What an HTTP rule does beside routing: tries longer than the request, faults that never happen, fields that are deprecated.

import type { JsonObject } from '../../../model/inventory';
import { Fields } from '../../istio/read/fields';
import { readVirtualService } from '../../istio/read/virtual-service';
import { fix, ruleAt, writeAt, writeSpec } from '../fixes';
import type { Report, Rule, Subject } from '../rule';

export const ruleBehaviour: Rule = {
  name: 'rule-behaviour',
  codes: ['HED0003', 'HED0008', 'IST0002'],
  on: ['VirtualService'],
  reads: [],
  *check(subject) {
    const spec = Fields.ofSpec(subject.object);
    for (const [i, rule] of readVirtualService(subject.object).http.entries()) {
      const perTry = rule.retries?.perTryTimeoutMs ?? null;
      if (rule.timeoutMs !== null && rule.timeoutMs > 0 && perTry !== null && perTry > rule.timeoutMs && rule.retries !== null)
        yield {
          code: 'HED0003',
          path: `${rule.pointer.path}.retries.perTryTimeout`,
          message: `a try of rule ${i + 1} may take ${perTry} ms, its whole request only ${rule.timeoutMs} ms`,
          consequence: 'the request ends (504, UT) before a try does: there is never a second one',
          fix: fix('Let tries take what the timeout leaves', {
            type: 'retries',
            rule: ruleAt(subject, 'http', i),
            retries: {
              attempts: rule.retries.attempts,
              perTryTimeoutMs: Math.max(1, Math.floor(rule.timeoutMs / (rule.retries.attempts + 1))),
              retryOn: rule.retries.retryOn?.split(',').map((each) => each.trim()) ?? [],
            },
          }),
        };
    }
    for (const rule of spec.objects('http')) yield* checkFault(subject, rule);
  },
};

function* checkFault(subject: Subject, rule: Fields): Generator<Report> {
  const fault = rule.object('fault');
  if (fault === null) return;
  for (const name of ['delay', 'abort']) {
    const part = fault.object(name);
    if (part === null) continue;
    const deprecated = name === 'delay' && part.has('percent');
    if (deprecated)
      yield {
        code: 'IST0002',
        path: `${part.path}.percent`,
        message: 'fault.delay.percent is deprecated; percentage.value takes its place',
        consequence: 'it works still; a later version of Istio will not read it',
        fix: writeSpec(subject, 'Write percentage.value', (spec) => withPercentage(spec, part.path)),
      };
    if (deprecated || part.object('percentage')?.has('value') === true) continue;
    yield {
      code: 'HED0008',
      path: part.path,
      message: `the ${name} has no percentage`,
      consequence: 'an absent percentage means 0 %: the fault never happens',
      fix: writeAt(subject, 'Do it to 100 %', `${part.path}.percentage`, { value: 100 }),
    };
  }
}

function withPercentage(spec: JsonObject, path: string): JsonObject {
  const indexText = /http\[(\d+)\]/.exec(path)?.[1];
  const http = spec['http'];
  if (indexText === undefined || !Array.isArray(http)) return spec;
  return {
    ...spec,
    http: http.map((entry: JsonObject, i: number): JsonObject => {
      if (i !== Number(indexText)) return entry;
      const fault = entry['fault'] as JsonObject;
      const { percent, ...rest } = fault['delay'] as JsonObject;
      return { ...entry, fault: { ...fault, delay: { ...rest, percentage: { value: percent ?? 0 } } } };
    }),
  };
}
