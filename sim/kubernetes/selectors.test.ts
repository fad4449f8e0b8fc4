// Label and field selectors, good and bad.
import { describe, expect, it } from 'vitest';
import { buildPod } from './fixtures/small-cluster';
import { KindRegistry } from './kinds/kind-registry';
import { decodeFieldSelector, decodeLabelSelector, matchesLabels } from './selectors';
import { StatusError } from './status-error';

const labels = { app: 'reviews', version: 'v1', 'app.kubernetes.io/part-of': 'bookinfo', weight: '5' };

describe('decodeLabelSelector', () => {
  it.each([
    ['', true],
    ['app=reviews', true],
    ['app==reviews,version!=v2', true],
    ['app!=reviews', false],
    ['missing!=x', true],
    ['version in (v1, v2),app', true],
    ['version notin (v1)', false],
    ['missing notin (a)', true],
    ['!canary', true],
    ['! app', false],
    ['app.kubernetes.io/part-of=bookinfo', true],
    ['weight>4,weight<6', true],
    ['app>4', false],
    ['app=', false],
    ['missing=', false],
  ])('%s', (selector, expected) => {
    expect(decodeLabelSelector(selector)(labels)).toBe(expected);
  });

  it.each(['app=a=b', 'in (a)', 'app in a', ',', 'a b', '-x', 'app in (a', '=x'])('refuses %s', (selector) => {
    expect(() => decodeLabelSelector(selector)).toThrow(StatusError);
  });

  it('takes no labels as none', () => {
    expect(decodeLabelSelector('app')(undefined)).toBe(false);
  });
});

describe('decodeFieldSelector', () => {
  const pods = new KindRegistry().findByResource('pods');
  const pod = buildPod('a');

  it.each([
    ['metadata.name=a,metadata.namespace=bookinfo', true],
    ['metadata.name==b', false],
    ['status.phase!=Running', false],
    ['spec.nodeName=node-1', true],
    ['', true],
  ])('%s', (selector, expected) => {
    if (pods === undefined) throw new Error('pods are not registered');
    expect(decodeFieldSelector(pods, selector)(pod)).toBe(expected);
  });

  it('names the field a kind does not offer', () => {
    if (pods === undefined) throw new Error('pods are not registered');
    expect(() => decodeFieldSelector(pods, 'spec.host=x')).toThrow('field label not supported: spec.host');
    expect(() => decodeFieldSelector(pods, 'toString=x')).toThrow('field label not supported: toString');
  });
});

describe('matchesLabels', () => {
  it('takes all requirements together', () => {
    const expression = (operator: string, ...values: readonly string[]) => ({ matchExpressions: [{ key: 'version', operator, values }] });
    expect(matchesLabels({ matchLabels: { app: 'reviews' }, ...expression('In', 'v1') }, labels)).toBe(true);
    expect(matchesLabels(expression('NotIn', 'v1'), labels)).toBe(false);
    expect(matchesLabels(expression('Exists'), labels)).toBe(true);
    expect(matchesLabels(expression('DoesNotExist'), labels)).toBe(false);
    expect(matchesLabels(expression('Near'), labels)).toBe(false);
    expect(matchesLabels({}, undefined)).toBe(true);
  });
});
