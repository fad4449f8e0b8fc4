// The whole: order, what is suppressed, what a change touches, what it brings; no alarm on healthy worlds; no throw on any object.
import { afterAll, describe, expect, it } from 'vitest';
import { refText } from '../../model/edit';
import type { Finding } from '../../model/finding';
import type { ConfigKind, ConfigObject, Inventory } from '../../model/inventory';
import { TestMesh } from '../../sim/traffic/test-mesh';
import { buildMeshIndex } from '../istio/mesh-index';
import { inventoryOf, meshOf } from '../istio/test-mesh';
import { analyse, analyseAll, analyseInSteps, toFinding } from './analyse';
import { compareFindings } from './finding-order';
import { judgeFindings } from './judge';
import { RULES } from './rules';
import { readSuppressions, suppressionOf } from './suppression';
import { ALL_KINDS, mulberry, mutated, SHOP } from './testing/broken-mesh';
import { everyObject, touchedBy } from './touched';

const route = (annotations: string, subset = 'v9'): string => `
---
kind: VirtualService
metadata: {name: reviews, namespace: shop, annotations: {${annotations}}}
spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: ${subset}}}]}]}
`;
const DAY = Date.UTC(2027, 0, 31);

describe('analyse', () => {
  it('puts the worst first, then goes by object and place, and always says the same', () => {
    const yaml = `${SHOP}
---
kind: VirtualService
metadata: {name: b, namespace: shop}
spec: {hosts: [ratings], http: [{route: [{destination: {host: gone}}], timeout: soon}, {route: [{destination: {host: ratings}, weight: 5}]}]}
${route('')}`;
    const findings = analyse(meshOf(yaml));
    expect(findings.map(({ severity, code, object }) => `${severity} ${code} ${object.name}`)).toEqual([
      'error IST0101 b',
      'error IST0106 b',
      'error IST0101 reviews',
      'warning IST0130 b',
      'warning KIA1104 b',
    ]);
    expect([...findings].sort(compareFindings)).toEqual(findings);
    expect(analyse(meshOf(yaml))).toEqual(findings);
  });

  it('leaves out what is suppressed by code or alias, and tells it with its reason', () => {
    for (const [annotation, reason, untilMs] of [
      ['heddle.dev/suppress: "KIA1107=canary, in May;until=2027-01-31"', 'canary, in May', DAY + 86_399_999],
      ['heddle.dev/suppress: "KIA0001=x, IST0101=known"', 'known', null],
      ['galley.istio.io/analyze-suppress: "IST0107,IST0101"', 'annotation galley.istio.io/analyze-suppress', null],
      ['galley.istio.io/analyze-suppress: "*"', 'annotation galley.istio.io/analyze-suppress', null],
    ] as const) {
      const { findings, suppressed } = analyseAll(meshOf(SHOP + route(annotation)), { nowMs: DAY });
      expect(findings).toEqual([]);
      expect(suppressed).toMatchObject([{ finding: { code: 'IST0101' }, reason, untilMs }]);
    }
  });

  it('shows it again when the day is over, when nobody says what day it is, and for other codes', () => {
    const until = 'heddle.dev/suppress: "IST0101=later;until=2027-01-31"';
    const count = (annotation: string, nowMs?: number): number =>
      analyse(meshOf(SHOP + route(annotation)), nowMs === undefined ? {} : { nowMs }).filter(({ code }) => code === 'IST0101').length;
    expect(count(until, DAY + 86_399_999)).toBe(0);
    expect(count(until, DAY + 86_400_000)).toBe(1);
    expect(count(until)).toBe(1);
    expect(count('heddle.dev/suppress: "IST0130=other"', DAY)).toBe(1);
  });

  it('adds a missing subset by the labels that its pods carry', () => {
    const pod = `
---
kind: Pod
metadata: {name: reviews-v9, namespace: shop, labels: {app: reviews, version: v9}}`;
    const [finding] = analyse(meshOf(SHOP + pod + route('')));
    expect(finding?.fix?.edits).toEqual([
      {
        type: 'subsets',
        host: 'reviews.shop.svc.cluster.local',
        namespace: 'shop',
        subsets: [{ name: 'v9', labels: { version: 'v9' } }],
      },
    ]);
    expect(finding?.message).toBe('subset v9 of reviews.shop.svc.cluster.local is defined by no DestinationRule in force');
  });
});

describe('only what is touched', () => {
  const yaml = `${SHOP}${route('')}
---
kind: VirtualService
metadata: {name: elsewhere, namespace: other}
spec: {hosts: [x.example.com], http: [{route: [{destination: {host: gone}}]}]}
---
kind: VirtualService
metadata: {name: outside, namespace: shop}
spec: {hosts: [a.example.com], gateways: [public], http: [{route: [{destination: {host: ratings}}]}]}
`;
  const named = (only: readonly string[]): readonly string[] =>
    analyse(meshOf(yaml), { only: new Set(only) }).map(({ code, object }) => `${code} ${object.name}`);

  it('follows hosts and references from what is touched', () => {
    expect(named(['VirtualService/shop/reviews'])).toEqual(['IST0101 reviews']);
    expect(named(['DestinationRule/shop/reviews'])).toEqual(['IST0101 reviews']);
    expect(named(['reviews.shop.svc.cluster.local'])).toEqual(['IST0101 reviews']);
    // The Gateway is not there (any more).
    expect(named(['Gateway/shop/public'])).toEqual(['IST0101 outside']);
    expect(named(['VirtualService/shop/none'])).toEqual([]);
  });

  it('knows the hosts of objects that a change takes away or makes', () => {
    const before = meshOf(yaml);
    const after = meshOf(yaml.replace(/kind: DestinationRule\n.*\n.*\n/, 'kind: Nothing\n'));
    const keys = touchedBy([{ kind: 'DestinationRule', namespace: 'shop', name: 'reviews' }], [before, after]);
    expect([...keys].sort()).toEqual(['DestinationRule/shop/reviews', 'reviews.shop.svc.cluster.local']);
    expect(analyse(after, { only: keys }).map(({ code }) => code)).toEqual(['IST0101']);
  });

  it('finds all that changes: what a change brings and mends is the same with `only` as without', () => {
    const random = mulberry(7);
    let inventory = inventoryOf(`${yaml}\n---\n${ALL_KINDS}`);
    const kinds = [...inventory.config.keys()];
    let brought = 0;
    for (let round = 0; round < 400; round++) {
      const kind = kinds[Math.floor(random() * kinds.length)] ?? 'VirtualService';
      const objects = inventory.config.get(kind) ?? [];
      const victim = objects[Math.floor(random() * objects.length)];
      if (victim === undefined) continue;
      const changed = random() < 0.3 ? [] : [{ ...victim, spec: mutated(victim.spec, random) }];
      const next = withObjects(inventory, kind, [...objects.filter((object) => object !== victim), ...changed]);
      const [before, after] = [buildMeshIndex(inventory), buildMeshIndex(next)];
      const only = touchedBy([{ kind, namespace: victim.namespace, name: victim.name }], [before, after]);
      const differs = (scope: { only?: ReadonlySet<string> }): readonly string[] =>
        judgeFindings(analyse(before, scope), analyse(after, scope))
          .filter(({ origin }) => origin !== 'existing')
          .map(({ origin, finding }) => `${origin} ${finding.code} ${refText(finding.object)} ${finding.path} ${finding.message}`);
      const all = differs({});
      expect({ round, kind, found: differs({ only }) }).toEqual({ round, kind, found: all });
      brought += all.length;
      // Now and then the world stays as it was broken, so that later rounds meet other states.
      if (random() < 0.1 && changed.length > 0) inventory = next;
    }
    expect(brought).toBeGreaterThan(300);
  });
});

describe('judgeFindings', () => {
  const finding = (code: string, path: string, message: string, severity: Finding['severity'] = 'error'): Finding => ({
    code,
    aliases: [],
    severity,
    object: { kind: 'VirtualService', namespace: 'shop', name: 'reviews' },
    path,
    message,
    consequence: 'x',
    fix: null,
  });

  it('tells new, existing and mended apart, new errors first', () => {
    const kept = finding('IST0101', 'spec.http[0]', 'kept');
    const gone = finding('IST0101', 'spec.http[0]', 'gone');
    const fresh = finding('IST0130', 'spec.http[1]', 'fresh', 'warning');
    const worse = finding('IST0132', 'spec.hosts[0]', 'worse');
    expect(judgeFindings([kept, gone], [fresh, kept, worse]).map(({ finding: { message }, origin }) => `${origin} ${message}`)).toEqual([
      'new worse',
      'new fresh',
      'existing kept',
      'mended gone',
    ]);
  });

  it('knows a finding again whose rule moved in its list', () => {
    const before = [finding('KIA1104', 'spec.http[0].route[0].weight', 'the only destination of rule 1 has weight 5')];
    const after = [finding('KIA1104', 'spec.http[1].route[0].weight', 'the only destination of rule 2 has weight 5')];
    expect(judgeFindings(before, after).map(({ origin }) => origin)).toEqual(['existing']);
  });

  it('pairs equal findings one to one', () => {
    const twin = finding('KIA1105', 'spec.http[0]', 'twice');
    expect(judgeFindings([twin], [twin, twin]).map(({ origin }) => origin)).toEqual(['new', 'existing']);
  });
});

describe('healthy worlds', () => {
  const mesh = new TestMesh();
  afterAll(() => {
    mesh.close();
  });

  it('raise no alarm: the whole default world has no error and no warning', () => {
    const findings = analyse(buildMeshIndex(mesh.engine.plan().view.inventory));
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

describe('an analysis in steps', () => {
  it('finds what every rule finds of every object, whatever is asked between its steps', () => {
    const random = mulberry(23);
    const mesh = new TestMesh();
    const worlds = [mesh.engine.plan().view.inventory, inventoryOf(`${SHOP}\n---\n${ALL_KINDS}`)];
    mesh.close();
    let found = 0;
    for (const world of worlds)
      for (let round = 0; round < 40; round++) {
        const config = new Map(
          [...world.config].map(([kind, list]) => [kind, list.map((object) => ({ ...object, spec: mutated(object.spec, random) }))]),
        );
        const index = buildMeshIndex({ ...world, config });
        const keys = everyObject(index).map(({ kind, object }) => refText({ kind, namespace: object.namespace, name: object.name }));
        const work = analyseInSteps(index);
        let step = work.next();
        while (step.done !== true) {
          // Somebody who types a change, or looks at the whole mesh: tables are made under the hands of the one that goes in steps.
          if (random() < 0.01) analyse(index, random() < 0.5 ? {} : { only: new Set([keys[Math.floor(random() * keys.length)] ?? '']) });
          step = work.next();
        }
        const plain = buildMeshIndex({ ...world, config });
        const expected = everyObject(plain).flatMap((listed) =>
          RULES.filter((rule) => rule.on.includes(listed.kind)).flatMap((rule) => {
            const subject = { index: plain, ...listed };
            return Array.from(rule.check(subject), (report) => toFinding(subject, report)).filter(
              (finding) => suppressionOf(finding, readSuppressions(listed.object).entries, null) === null,
            );
          }),
        );
        expect(step.value.findings).toEqual(expected.sort(compareFindings));
        found += expected.length;
      }
    expect(found).toBeGreaterThan(1000);
  });
});

describe('any object', () => {
  it('is judged without a throw, however it is broken', () => {
    const random = mulberry(11);
    const mesh = new TestMesh();
    const worlds = [mesh.engine.plan().view.inventory, inventoryOf(`${SHOP}\n---\n${ALL_KINDS}`)];
    mesh.close();
    for (const world of worlds)
      for (let round = 0; round < 150; round++) {
        const config = new Map(
          [...world.config].map(([kind, list]) => [kind, list.map((object) => ({ ...object, spec: mutated(object.spec, random) }))]),
        );
        expect(Array.isArray(analyse(buildMeshIndex({ ...world, config })))).toBe(true);
      }
  });
});

const withObjects = (inventory: Inventory, kind: ConfigKind, objects: readonly ConfigObject[]): Inventory => ({
  ...inventory,
  config: new Map([...inventory.config, [kind, objects]]),
});
