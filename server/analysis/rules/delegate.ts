// Delegation between VirtualServices: what is missing, not exported, not allowed, or does not fit its root.

import { mergeDelegates } from '../../istio/delegates';
import { kindTable } from '../../istio/kind-table';
import { remember } from '../../istio/memo';
import { Fields } from '../../istio/read/fields';
import { readVirtualService } from '../../istio/read/virtual-service';
import { isExportedTo } from '../../istio/visibility';
import type { Report, Rule, Subject } from '../rule';

const LOST = 'the rule is left out: its requests are taken by later rules, or answered 404 (NR, no route)';

export const delegate: Rule = {
  name: 'delegate',
  codes: ['IST0101', 'HED0006'],
  on: ['VirtualService'],
  reads: ['VirtualService'],
  check: (subject) => (readVirtualService(subject.object).hosts.length === 0 ? checkLeaf(subject) : checkRoot(subject)),
};

function* checkRoot({ index, object }: Subject): Generator<Report> {
  const view = readVirtualService(object);
  for (const rule of view.http) {
    if (rule.delegate === null) continue;
    const path = `${rule.pointer.path}.delegate`;
    const namespace = rule.delegate.namespace ?? object.namespace;
    const name = `VirtualService ${namespace}/${rule.delegate.name}`;
    const target = index.objectsIn('VirtualService', namespace).find((other) => other.name === rule.delegate?.name);
    const report = (code: 'IST0101' | 'HED0006', message: string): Report => ({ code, path, message, consequence: LOST });
    if (target === undefined) {
      yield report('IST0101', `delegate ${name} does not exist`);
      continue;
    }
    const leaf = readVirtualService(target);
    if (leaf.hosts.length > 0) yield report('HED0006', `${name} has hosts of its own and cannot be delegated to`);
    else if (!isExportedTo(leaf.exportTo, namespace, object.namespace))
      yield report('HED0006', `delegate ${name} is not exported to ${object.namespace}`);
    else {
      const merged = mergeDelegates(index, { ...view, http: [rule] });
      const lost = leaf.http.filter(({ pointer }) => !merged.some((each) => each.pointer.path === pointer.path));
      if (lost.length > 0)
        yield {
          ...report(
            'HED0006',
            `rules ${lost.map(({ pointer }) => pointer.path).join(', ')} of delegate ${name} match what this rule does not`,
          ),
          severity: lost.length === leaf.http.length ? 'error' : 'warning',
          consequence: lost.length === leaf.http.length ? LOST : 'these rules of the delegate are left out',
        };
    }
  }
}

const delegatedTo = kindTable('VirtualService', (index) => {
  const found = new Map<string, Set<string>>();
  for (const object of index.objects('VirtualService'))
    for (const rule of readVirtualService(object).http)
      if (rule.delegate !== null)
        remember(found, `${rule.delegate.namespace ?? object.namespace}/${rule.delegate.name}`, () => new Set<string>()).add(
          `${object.namespace}/${object.name}`,
        );
  return found;
});

function* checkLeaf({ index, object }: Subject): Generator<Report> {
  const view = readVirtualService(object);
  // Without hosts and without rules it is unfinished, which the schema says.
  if (view.http.length === 0) return;
  const spec = Fields.ofSpec(object);
  for (const [i, rule] of view.http.entries())
    if (rule.delegate !== null)
      yield { code: 'HED0006', path: `spec.http[${i}].delegate`, message: 'a delegate cannot delegate again', consequence: LOST };
  for (const list of ['tcp', 'tls'])
    if (spec.objects(list).length > 0)
      yield {
        code: 'HED0006',
        path: `spec.${list}`,
        message: `a delegate (a VirtualService without hosts) can have no ${list} rules`,
        consequence: 'istiod refuses the object',
      };
  if (!delegatedTo(index).has(`${object.namespace}/${object.name}`))
    yield {
      code: 'HED0006',
      severity: 'warning',
      path: 'spec.hosts',
      message: 'it has no hosts, and no VirtualService delegates to it',
      consequence: 'its rules have no effect',
    };
}
