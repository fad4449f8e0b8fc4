// What istiod refuses of a VirtualService beyond the types of its fields, and regular expressions that match nothing.

import type { HttpMatch } from '../../istio/http-rule';
import { isWildcardHost } from '../../istio/names';
import { decodeDurationMs, Fields } from '../../istio/read/fields';
import { readVirtualService } from '../../istio/read/virtual-service';
import { type PathMatch, regexFault } from '../../istio/text-match';
import { fix, ruleAt, writeAt } from '../fixes';
import type { Report, Rule, Subject } from '../rule';

const REFUSED = 'istiod refuses the object';

export const virtualServiceForm: Rule = {
  name: 'virtual-service-form',
  codes: ['IST0106', 'HED0010'],
  on: ['VirtualService'],
  reads: [],
  *check(subject) {
    const spec = Fields.ofSpec(subject.object);
    yield* checkWhole(subject, spec);
    for (const [i, rule] of spec.objects('http').entries()) yield* checkHttp(subject, rule, i);
    for (const list of ['tls', 'tcp'])
      for (const rule of spec.objects(list)) if (rule.objects('route').length === 0) yield wrong(rule.path, `a ${list} rule needs a route`);
    for (const rule of readVirtualService(subject.object).http) for (const match of rule.matches) yield* checkRegexes(match);
  },
};

const wrong = (path: string, message: string, mend: Report['fix'] = null): Report => ({
  code: 'IST0106',
  path,
  message,
  consequence: REFUSED,
  fix: mend,
});

function* checkWhole(subject: Subject, spec: Fields): Generator<Report> {
  const hosts = spec.texts('hosts');
  const rules = ['http', 'tls', 'tcp'].reduce((sum, list) => sum + spec.objects(list).length, 0);
  if (rules === 0) yield wrong('spec', 'a VirtualService needs http, tls or tcp rules');
  if (hosts.length === 0 && spec.texts('gateways').length > 0)
    yield wrong('spec.hosts', 'a VirtualService without hosts is a delegate and can name no gateways');
  const mesh = readVirtualService(subject.object).gateways.includes('mesh');
  for (const [i, host] of hosts.entries()) {
    const path = `spec.hosts[${i}]`;
    if (host === '*' && mesh) yield wrong(path, 'the host * can be routed at gateways only, not in the mesh');
    else if (isWildcardHost(host) ? host !== '*' && !host.startsWith('*.') : host.includes('*'))
      yield wrong(path, `host ${host} has a * elsewhere than as its first label`);
    if (hosts.indexOf(host) < i) yield wrong(path, `host ${host} stands twice`, writeAt(subject, 'Remove the second one', path, undefined));
  }
}

const ACTIONS = ['route', 'redirect', 'directResponse', 'delegate'] as const;

function* checkHttp(subject: Subject, rule: Fields, i: number): Generator<Report> {
  const actions = ACTIONS.filter((name) => (name === 'route' ? rule.objects('route').length > 0 : rule.has(name)));
  if (actions.length === 0) yield wrong(rule.path, `rule ${i + 1} needs a route, a redirect, a directResponse or a delegate`);
  if (actions.length > 1) yield wrong(rule.path, `rule ${i + 1} has ${actions.join(' and ')}; it can have one of them`);
  const [action] = actions;
  if (action !== undefined && action !== 'route' && action !== 'delegate') {
    if (rule.has('fault'))
      yield wrong(
        `${rule.path}.fault`,
        `rule ${i + 1} has a fault and a ${action}; faults are for routes`,
        fix('Remove the fault', { type: 'fault', rule: ruleAt(subject, 'http', i), fault: null }),
      );
    if (rule.has('rewrite')) yield wrong(`${rule.path}.rewrite`, `rule ${i + 1} has a rewrite and a ${action}; rewrites are for routes`);
  }
  const code = rule.object('redirect')?.number('redirectCode') ?? 301;
  if (![0, 301, 302, 303, 307, 308].includes(code))
    yield wrong(`${rule.path}.redirect.redirectCode`, `redirectCode ${code} is none of 301, 302, 303, 307, 308`);
  const authority = rule.object('rewrite')?.text('authority');
  const set = rule.object('headers')?.object('request');
  if (
    authority &&
    set &&
    ['set', 'add'].some((name) => Object.keys(set.labels(name)).some((header) => /^(?::authority|host)$/i.test(header)))
  )
    yield wrong(`${rule.path}.rewrite.authority`, `rule ${i + 1} rewrites the authority and sets it as a header, too`);
  const timeout = rule.text('timeout');
  // A timeout of 0 switches it off.
  if (timeout !== null && decodeDurationMs(timeout) === null)
    yield wrong(`${rule.path}.timeout`, `timeout "${timeout}" is no duration such as 2s, 1.5s or 100ms`);
  for (const [k, match] of rule.objects('match').entries())
    for (const name of ['headers', 'queryParams', 'withoutHeaders'])
      if (match.object(name)?.has('') === true)
        yield wrong(`${match.path}.${name}`, `match ${k + 1} of rule ${i + 1} has a ${name} entry without a name`);
}

function* checkRegexes(match: HttpMatch): Generator<Report> {
  const texts: readonly (readonly [string, PathMatch | null])[] = [
    ['uri', match.uri],
    ['scheme', match.scheme],
    ['method', match.method],
    ['authority', match.authority],
    ...match.headers.map(([name, text]) => [`headers.${name}`, text] as const),
    ...match.withoutHeaders.map(([name, text]) => [`withoutHeaders.${name}`, text] as const),
    ...match.queryParams.map(([name, text]) => [`queryParams.${name}`, text] as const),
  ];
  for (const [name, text] of texts) {
    const fault = text === null ? null : regexFault(text);
    if (fault === null || text === null) continue;
    yield {
      code: 'HED0010',
      path: `${match.path}.${name}.regex`,
      message: `"${text.value}" is no regular expression of RE2: ${fault}`,
      consequence: 'istiod refuses the object; RE2 knows no lookaround and no backreferences',
    };
  }
}
