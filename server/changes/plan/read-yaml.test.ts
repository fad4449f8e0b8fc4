// YAML that people write, and YAML that somebody writes to do harm.
import { describe, expect, it } from 'vitest';
import type { ConfigRef, Edit } from '../../../model/edit';
import { inventoryOf } from '../../istio/test-mesh';
import { readYaml } from './read-yaml';
import { objectOf, planOf } from './testing/plan-of';

const EMPTY = inventoryOf('kind: Service\nmetadata: {name: a}\nspec: {}');
const REF: ConfigRef = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' };
const HEAD = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: reviews\n  namespace: bookinfo\n';
const good = `${HEAD}spec:\n  http:\n  - b: 1\n    a: 2\n  hosts: [reviews]\n`;

const read = (text: string, ref: ConfigRef | null = REF) => readYaml(text, ref, EMPTY);
function refused(text: string, ref: ConfigRef | null = REF): readonly string[] {
  const result = read(text, ref);
  return result.ok
    ? ['accepted']
    : result.refusals.map(({ path, message, position }) => `${path}@${position.line ?? ''}:${position.column ?? ''} ${message}`);
}

describe('readYaml', () => {
  it('keeps the order of the text', () => {
    const result = read(good);
    expect(result.ok && JSON.stringify(result.manifest.spec)).toBe('{"http":[{"b":1,"a":2}],"hosts":["reviews"]}');
  });

  it('reads CRLF, a byte order mark and comments', () => {
    const plain = read(good);
    expect(read(good.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(read(`\uFEFF# the reviews\n${good}`)).toEqual(plain);
  });

  it('ignores what the API server sets, and only that', () => {
    const own = good.replace(
      'metadata:\n',
      'metadata:\n  uid: x\n  resourceVersion: "9"\n  generation: 3\n  creationTimestamp: null\n  managedFields: [{manager: x}]\n',
    );
    expect(read(`${own}status: {conditions: []}\n`)).toEqual(read(good));
    expect(refused(good.replace('metadata:\n', 'metadata:\n  finalizers: [x]\n'))).toEqual([
      'metadata.finalizers@4:3 metadata.finalizers is not written from here',
    ]);
  });

  it('takes the namespace of the object that is changed where the text names none', () => {
    expect(read(good.replace('  namespace: bookinfo\n', ''))).toEqual(read(good));
    expect(refused(good.replace('  namespace: bookinfo\n', ''), null)).toEqual(['metadata.namespace@3:1 metadata.namespace is missing']);
  });

  it('tells both Gateways apart, and writes at the version that the cluster serves', () => {
    const gateway = 'apiVersion: gateway.networking.k8s.io/v1beta1\nkind: Gateway\nmetadata: {name: g, namespace: n}\nspec: {}\n';
    expect(read(gateway, null)).toMatchObject({
      ref: { kind: 'K8sGateway' },
      manifest: { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'Gateway' },
    });
    expect(read(gateway.replace('gateway.networking.k8s.io', 'networking.istio.io'), null)).toMatchObject({ ref: { kind: 'Gateway' } });
    const served = inventoryOf(objectOf('VirtualService', '{}'));
    expect(readYaml(good.replace('istio.io/v1', 'istio.io/v1alpha3'), null, served)).toMatchObject({
      manifest: { apiVersion: 'networking.istio.io/v1' },
    });
  });

  let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n';
  for (let i = 1; i < 10; i += 1) bomb += `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(',')}]\n`;
  it.each<[string, string, string | RegExp]>([
    ['nothing', '', '@1:1 the text is no object'],
    ['a list', '- a\n', '@1:1 the text is no object'],
    ['two documents', `${good}---\n${good}`, /^@\d+:1 the text holds more than one document$/],
    ['a tab', `${HEAD}spec:\n\thosts: []\n`, '@7:1 a tab stands where YAML wants spaces'],
    ['broken YAML', `${HEAD}spec: {a: [}\n`, /^@6:\d+ the text is no YAML: /],
    ['a field twice', `${HEAD}spec:\n  hosts: []\n  hosts: []\n`, '@8:3 a field is written twice in one object'],
    ['a bomb', bomb, 'the text repeats itself through too many aliases'],
    [
      'a bomb of few aliases',
      bomb.replace(/,\*a\d+(?=[,\]])/g, (alias, at: number) => (at % 2 === 0 ? alias : '')),
      /too many aliases|no YAML|names no kind/,
    ],
    [
      'thousands of aliases',
      `${HEAD}spec:\n  a: &a x\n  b: [${'*a, '.repeat(5_000)}*a]\n`,
      'the text repeats itself through too many aliases',
    ],
    ['an object within itself', `${HEAD}spec: &a\n  x: *a\n`, 'the text is nested more than 100 levels deep'],
    ['deep brackets', `${HEAD}spec: ${'['.repeat(100_000)}`, 'the text is nested too deeply'],
    ['deep dashes', `${HEAD}spec:\n  ${'- '.repeat(400_000)}`, 'the text is nested too deeply'],
    [
      'deep blocks',
      `${HEAD}spec:\n${Array.from({ length: 1_300 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`,
      'the text is nested too deeply',
    ],
    ['a megabyte of commas', `${HEAD}spec: [${','.repeat(1_000_000)}]`, 'the text has too many parts'],
    [
      'a megabyte of fields',
      `${HEAD}spec:\n${Array.from({ length: 60_000 }, (_, i) => `  a${i}: ${i}\n`).join('')}`,
      'the text has too many parts',
    ],
    ['more than a megabyte', `${HEAD}spec: {a: "${'x'.repeat(1_100_000)}"}`, 'and 1 MiB is the most'],
    ['a merge key', `${HEAD}spec:\n  a: &a {x: 1}\n  b: {<<: *a}\n`, '@8:7 Kubernetes does not know << as a merge of objects'],
    ['a name that is an object', `${HEAD}spec: {? {a: b} : c}\n`, 'the name of a field is no text'],
    ['a prototype', `${HEAD}spec:\n  __proto__: {x: 1}\n`, 'spec.__proto__@7:3 no field may have this name'],
    ['infinity', `${HEAD}spec: {x: .inf}\n`, 'spec.x@6:8 Infinity cannot be kept exactly'],
    ['a number that is too long', `${HEAD}spec: {x: 12345678901234567890}\n`, 'cannot be kept exactly'],
    ['a set', `${HEAD}spec: {x: !!set {a}}\n`, 'this kind of value cannot be kept'],
    ['no kind', 'metadata: {name: a}\n', 'the text names no kind'],
    ['a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n', 'kind@2:1 v1 Secret is not a kind that is changed here'],
    ['the kind of another group', good.replace('networking.istio.io', 'example.com'), 'example.com/v1 VirtualService is not a kind'],
    [
      'another kind than the object',
      good.replace('VirtualService', 'Sidecar'),
      'kind@2:1 the text is of a Sidecar, and VirtualService/bookinfo/reviews',
    ],
    [
      'another namespace',
      good.replace('bookinfo', 'kube-system'),
      'metadata.namespace@5:3 the text is of namespace kube-system, and bookinfo is to be changed',
    ],
    [
      'another name',
      good.replace('name: reviews', 'name: ratings'),
      'metadata.name@4:3 the text is of name ratings, and reviews is to be changed',
    ],
    ['a name in capitals', good.replace('name: reviews', 'name: Reviews'), 'metadata.name@4:3 "Reviews" is no name of Kubernetes'],
    [
      'a label that is no text',
      good.replace('metadata:\n', 'metadata:\n  labels: {a: true}\n'),
      'metadata.labels.a@4:12 the value of a is no text',
    ],
    ['a spec that is a list', `${HEAD}spec: []\n`, 'spec@6:1 spec is no object'],
    ['fields beside the spec', `${good}hosts: []\n`, 'hosts@11:1 an object has no field hosts beside its spec'],
    ['no metadata', 'apiVersion: networking.istio.io/v1\nkind: VirtualService\n', 'metadata@: metadata is missing'],
  ])('refuses %s', (_, text, expected) => {
    const [first = ''] = refused(text);
    if (typeof expected === 'string') expect(first).toContain(expected);
    else expect(first).toMatch(expected);
  });

  it('names every problem of an object, up to a few', () => {
    expect(refused(`${HEAD}spec: []\na: 1\nb: 2\n`)).toHaveLength(3);
    expect(refused(`${HEAD}${Array.from({ length: 100 }, (_, i) => `x${i}: 1\n`).join('')}`)).toHaveLength(20);
  });
});

describe('a YAML edit', () => {
  const edit = (yaml: string, parts: Partial<Extract<Edit, { type: 'yaml' }>> = {}): Edit => ({
    type: 'yaml',
    ref: REF,
    yaml,
    resourceVersion: '1',
    ...parts,
  });
  const world = objectOf('VirtualService', '{hosts: [reviews]}');

  it('sets an object in place of what is there', () => {
    expect(planOf(world, edit(good)).steps).toMatchObject([{ action: 'update', resourceVersion: '1' }]);
    expect(planOf(world, edit(`${HEAD}spec: {hosts: [reviews]}`, { resourceVersion: '0' })).steps).toEqual([]);
  });

  it('is refused where the object was changed or deleted since, or exists already', () => {
    expect(planOf(world, edit(good, { resourceVersion: '0' })).problems).toMatchObject([
      { edit: 0, ref: REF, path: 'metadata.resourceVersion' },
    ]);
    expect(planOf('', edit(good)).problems[0]?.message).toBe('VirtualService/bookinfo/reviews was deleted');
    expect(planOf(world, edit(good, { ref: null, resourceVersion: null })).problems[0]?.message).toBe(
      'VirtualService/bookinfo/reviews exists already',
    );
  });

  it('points into its text', () => {
    expect(
      planOf(
        world,
        { type: 'timeout', rule: { object: REF, list: 'http', index: 0, host: 'x' }, milliseconds: 1 },
        edit(`${HEAD}spec: {a: 1, a: 2}`),
      ).problems,
    ).toMatchObject([
      { edit: 0, path: 'spec.http[0]' },
      { edit: 1, path: '', line: 6, column: 14 },
    ]);
  });
});
