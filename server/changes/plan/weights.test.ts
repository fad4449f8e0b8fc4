// Weights: what exists is found and changed alone, what is new is written in the style that is there.
import { describe, expect, it } from 'vitest';
import type { DestinationEdit, RuleRef } from '../../../model/edit';
import { apiObjectOf, HOST, newRuleOf, objectOf, planOf, RATINGS, ruleOf, yaml } from './testing/plan-of';

const to = (subset: string | null, weight: number, host = HOST, port: number | null = null): DestinationEdit => ({
  host,
  subset,
  port,
  weight,
});
const weights = (rule: RuleRef, ...destinations: readonly DestinationEdit[]) => ({ type: 'weights' as const, rule, destinations });
const SUBSETS = objectOf(
  'DestinationRule',
  '{host: reviews, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}',
);
const vs = (rule: string): string => `${SUBSETS}---\n${objectOf('VirtualService', `{hosts: [reviews], http: [${rule}]}`)}`;

describe('weights of a VirtualService', () => {
  it('change alone: headers, order and other entries of the rule stay', () => {
    const rule =
      '{name: a, route: [{weight: 90, headers: {request: {set: {x: y}}}, destination: {subset: v1, host: reviews, x: 1}}, {destination: {host: ratings}, weight: 0}], timeout: 2s}';
    const { specs, problems } = planOf(vs(rule), weights(ruleOf('VirtualService'), to('v1', 80)));
    expect(problems).toEqual([]);
    const wanted = rule.replace('weight: 90', 'weight: 80');
    expect(JSON.stringify(specs['VirtualService/bookinfo/reviews'])).toBe(JSON.stringify(yaml(`{hosts: [reviews], http: [${wanted}]}`)));
  });

  it('find short and full names alike, and write a new destination as its neighbours are', () => {
    const short = planOf(
      vs('{route: [{destination: {host: reviews, subset: v1}, weight: 100}]}'),
      weights(ruleOf('VirtualService'), to('v1', 80), to('v2', 20)),
    );
    expect(short.specs).toEqual({
      'VirtualService/bookinfo/reviews': yaml(
        '{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}, weight: 80}, {destination: {host: reviews, subset: v2}, weight: 20}]}]}',
      ),
    });
    const full = planOf(
      vs(`{route: [{destination: {host: ${HOST}, subset: v1, port: {number: 9080}}}]}`),
      weights(ruleOf('VirtualService'), to('v1', 80), to('v2', 20), to(null, 5, RATINGS, 9090)),
    );
    expect(full.specs['VirtualService/bookinfo/reviews']?.['http']).toEqual([
      {
        route: [
          { destination: { host: HOST, subset: 'v1', port: { number: 9080 } }, weight: 80 },
          { destination: { host: HOST, subset: 'v2', port: { number: 9080 } }, weight: 20 },
          { destination: { host: RATINGS, port: { number: 9090 } }, weight: 5 },
        ],
      },
    ]);
    expect(full.words).toEqual(['rule 1: reviews v1 100 → 80, reviews v2 0 → 20, ratings 0 → 5']);
  });

  it('take short names of an edit for those of the object, also in a mirror and a new rule', () => {
    const object = vs(`{route: [{destination: {host: ${HOST}, subset: v1}, weight: 100}]}`);
    const short = planOf(
      object,
      weights({ ...ruleOf('VirtualService'), host: 'reviews' }, to('v1', 80, 'reviews'), to('v2', 20, 'reviews')),
    );
    expect(short.problems).toEqual([]);
    expect(short.words).toEqual(['rule 1: v1 100 → 80, v2 0 → 20']);
    const mirror = { host: 'reviews', subset: 'v2', port: null, percent: 5 };
    const rule = ruleOf('VirtualService');
    expect(planOf(object, { type: 'mirror', rule, mirror }).specs).toEqual(
      planOf(object, { type: 'mirror', rule, mirror: { ...mirror, host: HOST } }).specs,
    );
  });

  it('keep an entry of weight 0, and change nothing where a single destination takes all anyway', () => {
    const rule =
      '{route: [{destination: {host: reviews, subset: v1}, weight: 0}, {destination: {host: reviews, subset: v2}, weight: 100}]}';
    const swapped = planOf(vs(rule), weights(ruleOf('VirtualService'), to('v1', 100), to('v2', 0)));
    expect(swapped.words).toEqual(['rule 1: v1 0 → 100, v2 100 → 0']);
    expect(swapped.steps[0]?.patch).toEqual([
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 100 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 0 },
    ]);
    const alone = planOf(vs('{route: [{destination: {host: reviews, subset: v1}}]}'), weights(ruleOf('VirtualService'), to('v1', 100)));
    expect(alone.steps).toEqual([]);
  });

  it('tell ports of one host apart', () => {
    const rule =
      '{route: [{destination: {host: ratings, port: {number: 9080}}, weight: 1}, {destination: {host: ratings, port: {number: 9090}}, weight: 1}]}';
    const { words } = planOf(vs(rule), weights(ruleOf('VirtualService'), to(null, 3, RATINGS, 9090)));
    expect(words).toEqual(['rule 1: ratings:9090 1 → 3']);
  });

  it('shift TCP and TLS as well', () => {
    const spec = '{hosts: [reviews], tcp: [{route: [{destination: {host: reviews, subset: v1}, weight: 100}]}]}';
    const { words, specs } = planOf(
      `${SUBSETS}---\n${objectOf('VirtualService', spec)}`,
      weights(ruleOf('VirtualService', 0, 'tcp'), to('v1', 80), to('v2', 20)),
    );
    expect(words).toEqual(['tcp rule 1: v1 100 → 80, v2 0 → 20']);
    expect(specs['VirtualService/bookinfo/reviews']?.['tcp']).toHaveLength(1);
  });

  it('are refused where a rule redirects, is not there any more, or its object is gone', () => {
    const redirect = planOf(vs('{redirect: {uri: /x}}'), weights(ruleOf('VirtualService'), to('v1', 1)));
    expect(redirect.problems).toMatchObject([
      { edit: 0, path: 'spec.http[0].redirect', message: 'the rule has a redirect and sends to no destination' },
    ]);
    const gone = planOf(vs('{route: []}'), weights(ruleOf('VirtualService', 3), to('v1', 1)));
    expect(gone.problems).toMatchObject([
      { path: 'spec.http[3]', message: 'VirtualService/bookinfo/reviews has no rule 4 under spec.http' },
    ]);
    const deleted = planOf('', weights(ruleOf('VirtualService'), to('v1', 1)));
    expect(deleted.problems).toMatchObject([
      { ref: { name: 'reviews' }, message: 'VirtualService/bookinfo/reviews is not there any more' },
    ]);
    expect([...redirect.steps, ...gone.steps, ...deleted.steps]).toEqual([]);
  });
});

describe('weights where no route exists', () => {
  it('make the subsets from version labels first, wait for their pods, then make the VirtualService', () => {
    const { steps, problems } = planOf('', weights(newRuleOf(), to('v1', 80), to('v2-0', 20), to('v9', 0)));
    expect(problems).toEqual([]);
    expect(steps.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`)).toEqual([
      'create DestinationRule reviews',
      'create VirtualService reviews',
    ]);
    expect(steps[0]?.after?.spec).toEqual({
      host: HOST,
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        { name: 'v2-0', labels: { 'app.kubernetes.io/version': 'v2.0' } },
      ],
    });
    expect(steps[0]).toMatchObject({
      waitAfter: { host: HOST, subset: 'v1', readyPods: 1 },
      waitAlso: [{ host: HOST, subset: 'v2-0', readyPods: 1 }],
    });
    expect(steps[1]?.after?.spec).toEqual({
      hosts: [HOST],
      http: [
        {
          route: [
            { destination: { host: HOST, subset: 'v1' }, weight: 80 },
            { destination: { host: HOST, subset: 'v2-0' }, weight: 20 },
            { destination: { host: HOST, subset: 'v9' }, weight: 0 },
          ],
        },
      ],
    });
  });

  it('use a free name, the versions that the cluster serves, and the rule that the host has', () => {
    const others = `
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: reviews, namespace: bookinfo}
spec: {hosts: [other.example], http: [{route: [{destination: {host: other.example}}]}]}
---
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: mine, namespace: bookinfo}
spec: {trafficPolicy: {x: 1}, host: reviews}
`;
    const { steps } = planOf(others, weights(newRuleOf(), to('v1', 100)));
    expect(steps.map(({ ref, after }) => [ref.name, after?.apiVersion])).toEqual([
      ['mine', 'networking.istio.io/v1beta1'],
      ['reviews-2', 'networking.istio.io/v1beta1'],
    ]);
    expect(JSON.stringify(steps[0]?.after?.spec)).toBe(
      '{"trafficPolicy":{"x":1},"host":"reviews","subsets":[{"name":"v1","labels":{"version":"v1"}}]}',
    );
  });

  it('let later edits of the same change go on with what the first made', () => {
    const { steps, specs } = planOf(SUBSETS, weights(newRuleOf(), to('v1', 100)), {
      type: 'timeout',
      rule: newRuleOf(),
      milliseconds: 2000,
    });
    expect(steps).toHaveLength(1);
    expect(specs['VirtualService/bookinfo/reviews']?.['http']).toEqual([
      { route: [{ destination: { host: HOST, subset: 'v1' } }], timeout: '2s' },
    ]);
  });

  it('keep the rest of the requests flowing where the first rule takes only some', () => {
    const { specs } = planOf('', { type: 'match', rule: newRuleOf(), matches: [{ path: { type: 'prefix', value: '/a' } }] });
    expect(specs['VirtualService/bookinfo/reviews']?.['http']).toEqual([
      { route: [{ destination: { host: HOST } }], match: [{ uri: { prefix: '/a' } }] },
      { route: [{ destination: { host: HOST } }] },
    ]);
  });

  it('make nothing for an edit that sets nothing, nor for a host that nobody has', () => {
    expect(planOf('', { type: 'timeout', rule: newRuleOf(), milliseconds: null }).steps).toEqual([]);
    const nobody = planOf('', weights(newRuleOf('nobody.example'), to(null, 1, 'nobody.example')));
    expect(nobody.problems).toMatchObject([{ ref: null, message: 'no service of the mesh has the host nobody.example' }]);
  });

  it('take hosts of ServiceEntries', () => {
    const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: out}
spec: {hosts: [api.example], ports: [{number: 443, name: tls, protocol: TLS}]}
`;
    const { specs } = planOf(entry, { type: 'timeout', rule: newRuleOf('api.example'), milliseconds: 500 });
    expect(specs).toEqual({
      'VirtualService/out/api.example': {
        hosts: ['api.example'],
        http: [{ route: [{ destination: { host: 'api.example' } }], timeout: '0.5s' }],
      },
    });
  });
});

describe('weights of Gateway API routes', () => {
  const route = (backends: string): string => apiObjectOf('HTTPRoute', `{parentRefs: [{name: gw}], rules: [{backendRefs: [${backends}]}]}`);

  it('change and add backends, whose unwritten weight is 1', () => {
    const { specs, words } = planOf(
      route('{name: reviews, port: 9080, filters: [{type: ExtensionRef}]}'),
      weights(ruleOf('HTTPRoute'), to(null, 1), to(null, 3, RATINGS, 9090)),
    );
    expect(specs['HTTPRoute/bookinfo/reviews']?.['rules']).toEqual([
      {
        backendRefs: [
          { name: 'reviews', port: 9080, filters: [{ type: 'ExtensionRef' }] },
          { name: 'ratings', port: 9090, weight: 3 },
        ],
      },
    ]);
    expect(words).toEqual(['rule 1: reviews 100 → 1, ratings 0 → 3']);
  });

  it('spell out what a neighbour spells out, and name another namespace', () => {
    const { specs } = planOf(
      `${route('{group: "", kind: Service, name: reviews, port: 9080}')}---\nkind: Service\nmetadata: {name: far, namespace: shop}\nspec: {ports: {http: 80}}`,
      weights(ruleOf('HTTPRoute'), to(null, 3, 'far.shop.svc.cluster.local')),
    );
    expect(specs['HTTPRoute/bookinfo/reviews']?.['rules']).toMatchObject([
      { backendRefs: [{}, { group: '', kind: 'Service', name: 'far', namespace: 'shop', port: 80, weight: 3 }] },
    ]);
  });

  it('are refused for subsets, and for a port that nobody knows', () => {
    const subset = planOf(route('{name: reviews, port: 9080}'), weights(ruleOf('HTTPRoute'), to('v1', 1)));
    expect(subset.problems[0]?.message).toContain('the Gateway API knows no subsets');
    expect(subset.problems[0]?.next).toContain('VirtualService');
    const port = planOf(route(''), weights(ruleOf('HTTPRoute'), to(null, 1, RATINGS)));
    expect(port.problems[0]?.message).toContain('needs a port');
  });

  it.each(['GRPCRoute', 'TCPRoute', 'TLSRoute'] as const)('work in a %s', (kind) => {
    const { specs } = planOf(
      apiObjectOf(kind, '{rules: [{backendRefs: [{name: reviews, port: 9080, weight: 1}]}]}'),
      weights(ruleOf(kind), to(null, 7)),
    );
    expect(specs[`${kind}/bookinfo/reviews`]?.['rules']).toMatchObject([{ backendRefs: [{ weight: 7 }] }]);
  });

  it('make an HTTPRoute for the service where none exists', () => {
    const { specs } = planOf('', weights(newRuleOf(HOST, 'HTTPRoute'), to(null, 9), to(null, 1, RATINGS, 9080)));
    expect(specs).toEqual({
      'HTTPRoute/bookinfo/reviews': {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews' }],
        rules: [
          {
            backendRefs: [
              { name: 'reviews', port: 9080, weight: 9 },
              { name: 'ratings', port: 9080, weight: 1 },
            ],
          },
        ],
      },
    });
    const several = planOf('', weights(newRuleOf(RATINGS, 'HTTPRoute'), to(null, 1, RATINGS, 9080)));
    expect(several.problems[0]?.message).toContain('has 2 ports');
    expect(planOf('', weights({ ...newRuleOf(RATINGS, 'HTTPRoute'), port: 1 }, to(null, 1, RATINGS, 9080))).problems[0]?.message).toContain(
      'has no port 1, only',
    );
  });

  it('is made for one port of a service with several', () => {
    const rule = { ...newRuleOf(RATINGS, 'HTTPRoute'), port: 9080 };
    const { specs, problems } = planOf('', weights(rule, to(null, 9, RATINGS), to(null, 1, HOST, 9080)), {
      type: 'timeout',
      rule,
      milliseconds: 2_000,
    });
    expect(problems).toEqual([]);
    expect(specs).toEqual({
      'HTTPRoute/bookinfo/ratings-9080': {
        parentRefs: [{ group: '', kind: 'Service', name: 'ratings', port: 9080 }],
        rules: [
          {
            backendRefs: [
              { name: 'ratings', port: 9080, weight: 9 },
              { name: 'reviews', port: 9080, weight: 1 },
            ],
            timeouts: { request: '2s' },
          },
        ],
      },
    });
  });
});
