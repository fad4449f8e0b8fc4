// What a rule does besides sending: each intent changes its own field, in the words of a VirtualService and of an HTTPRoute.
import { describe, expect, it } from 'vitest';
import type { Edit, Intent } from '../../../model/edit';
import type { JsonObject } from '../../../model/inventory';
import { apiObjectOf, HOST, objectOf, planOf, RATINGS, ruleOf, yaml } from './testing/plan-of';

type OfRule = Extract<Intent, { rule: unknown }>;
type Change = OfRule extends infer I ? (I extends OfRule ? Omit<I, 'rule'> : never) : never;

/** The rule of a VirtualService after an edit, as text so that the order of fields counts; null where nothing changes. */
function mesh(rule: string, change: Change): string | null {
  const edit = { ...change, rule: ruleOf('VirtualService') } as Edit;
  const { specs, problems } = planOf(objectOf('VirtualService', `{hosts: [reviews], http: [${rule}]}`), edit);
  expect(problems).toEqual([]);
  return firstRule(specs['VirtualService/bookinfo/reviews'], 'http');
}

function firstRule(spec: JsonObject | null | undefined, list: string): string | null {
  const rules = spec?.[list];
  return Array.isArray(rules) ? JSON.stringify(rules[0]) : null;
}

function api(rule: string, change: Change, kind: 'HTTPRoute' | 'GRPCRoute' = 'HTTPRoute'): string | null {
  const { specs, problems } = planOf(apiObjectOf(kind, `{rules: [${rule}]}`), { ...change, rule: ruleOf(kind) });
  expect(problems).toEqual([]);
  return firstRule(specs[`${kind}/bookinfo/reviews`], 'rules');
}

function refused(kind: 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute', change: Change): string {
  const { problems, steps } = planOf(apiObjectOf(kind, '{rules: [{}]}'), { ...change, rule: ruleOf(kind) });
  expect(steps).toEqual([]);
  return `${problems[0]?.path}: ${problems[0]?.message}. ${problems[0]?.next}`;
}

const json = (text: string): string => JSON.stringify(yaml(text));

describe('timeout', () => {
  it('is set, changed and removed; one that says the same in another form stays', () => {
    expect(mesh('{name: a, timeout: 1s, x: 1}', { type: 'timeout', milliseconds: 2500 })).toBe(json('{name: a, timeout: 2.5s, x: 1}'));
    expect(mesh('{timeout: 2500ms}', { type: 'timeout', milliseconds: 2500 })).toBeNull();
    expect(mesh('{timeout: 2s, x: 1}', { type: 'timeout', milliseconds: null })).toBe(json('{x: 1}'));
  });
  it('knows no fractions in an HTTPRoute, and leaves the timeout of a try alone', () => {
    expect(api('{timeouts: {backendRequest: 1s}}', { type: 'timeout', milliseconds: 2500 })).toBe(
      json('{timeouts: {backendRequest: 1s, request: 2s500ms}}'),
    );
    expect(api('{timeouts: {request: 1s}}', { type: 'timeout', milliseconds: null })).toBe('{}');
    expect(refused('TCPRoute', { type: 'timeout', milliseconds: 1 })).toBe(
      `spec.rules[0]: a TCPRoute cannot set a timeout. Use a VirtualService for ${HOST} instead; its http rules can.`,
    );
  });
});

describe('retries', () => {
  it('keep what the form does not know', () => {
    expect(
      mesh('{retries: {retryRemoteLocalities: true, attempts: 1, retryOn: "5xx, reset"}}', {
        type: 'retries',
        retries: { attempts: 3, perTryTimeoutMs: 500, retryOn: ['5xx', 'reset'] },
      }),
    ).toBe(json('{retries: {retryRemoteLocalities: true, attempts: 3, retryOn: "5xx, reset", perTryTimeout: 0.5s}}'));
    expect(mesh('{}', { type: 'retries', retries: { attempts: 0, perTryTimeoutMs: null, retryOn: [] } })).toBe(
      json('{retries: {attempts: 0}}'),
    );
  });
  it('are codes in an HTTPRoute', () => {
    expect(api('{}', { type: 'retries', retries: { attempts: 2, perTryTimeoutMs: 250, retryOn: ['503', 'unavailable'] } })).toBe(
      json('{retry: {codes: [503], attempts: 2}, timeouts: {backendRequest: 250ms}}'),
    );
    expect(api('{retry: {attempts: 2}, timeouts: {backendRequest: 1s, request: 3s}}', { type: 'retries', retries: null })).toBe(
      json('{timeouts: {request: 3s}}'),
    );
    expect(refused('HTTPRoute', { type: 'retries', retries: { attempts: 1, perTryTimeoutMs: null, retryOn: ['reset'] } })).toContain(
      'an HTTPRoute cannot retry on reset',
    );
  });
});

describe('fault', () => {
  it('replaces the old form of a percentage only where it says something else', () => {
    const delay = { milliseconds: 2000, percent: 10 };
    expect(mesh('{fault: {delay: {percent: 10, fixedDelay: 2s}}}', { type: 'fault', fault: { delay, abort: null } })).toBeNull();
    expect(mesh('{fault: {delay: {percent: 5, fixedDelay: 2s, x: 1}}}', { type: 'fault', fault: { delay, abort: null } })).toBe(
      json('{fault: {delay: {fixedDelay: 2s, x: 1, percentage: {value: 10}}}}'),
    );
  });
  it('aborts with one kind of status', () => {
    expect(
      mesh('{fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 5}}}}', {
        type: 'fault',
        fault: { delay: null, abort: { httpStatus: 503, percent: 5 } },
      }),
    ).toBe(json('{fault: {abort: {percentage: {value: 5}, httpStatus: 503}}}'));
    expect(mesh('{fault: {delay: {fixedDelay: 1s}}, x: 1}', { type: 'fault', fault: null })).toBe(json('{x: 1}'));
  });
  it('is what the Gateway API cannot say', () => {
    expect(refused('HTTPRoute', { type: 'fault', fault: { delay: null, abort: { httpStatus: 503, percent: 5 } } })).toBe(
      `spec.rules[0]: an HTTPRoute cannot inject faults. Use a VirtualService for ${HOST} instead; its http rules can.`,
    );
    expect(api('{}', { type: 'fault', fault: null })).toBeNull();
  });
});

describe('mirror', () => {
  const mirror = { host: RATINGS, subset: 'v1', port: null, percent: 100 };
  it('is written in the style of the rule; all is the default', () => {
    expect(mesh('{route: [{destination: {host: reviews}}]}', { type: 'mirror', mirror })).toBe(
      json('{route: [{destination: {host: reviews}}], mirror: {host: ratings, subset: v1}}'),
    );
    expect(mesh('{mirror: {host: ratings, subset: v1}, mirrorPercent: 5}', { type: 'mirror', mirror: { ...mirror, percent: 7.5 } })).toBe(
      json('{mirror: {host: ratings, subset: v1}, mirrorPercentage: {value: 7.5}}'),
    );
    expect(mesh('{mirror: {host: a}, mirrorPercentage: {value: 1}, mirrors: []}', { type: 'mirror', mirror: null })).toBe('{}');
  });
  it('changes the one of a list', () => {
    const two = '{mirrors: [{destination: {host: reviews}}, {destination: {host: ratings, subset: v1}, percentage: {value: 1}}]}';
    expect(mesh(two, { type: 'mirror', mirror: { ...mirror, percent: 2 } })).toBe(json(two.replace('value: 1', 'value: 2')));
  });
  it('is a filter in the Gateway API, with a fraction for parts of a percent', () => {
    expect(api('{filters: [{type: X}]}', { type: 'mirror', mirror: { host: HOST, subset: null, port: null, percent: 0.5 } })).toBe(
      json(
        '{filters: [{type: X}, {type: RequestMirror, requestMirror: {backendRef: {name: reviews, port: 9080}, fraction: {numerator: 5000, denominator: 1000000}}}]}',
      ),
    );
    expect(api('{filters: [{type: RequestMirror, requestMirror: {}}]}', { type: 'mirror', mirror: null }, 'GRPCRoute')).toBe('{}');
    expect(refused('HTTPRoute', { type: 'mirror', mirror })).toContain('cannot mirror to the subset v1');
  });
});

describe('rewrite', () => {
  it('takes the place of a rewrite by regex only where it rewrites the path', () => {
    const regex = '{rewrite: {uriRegexRewrite: {match: a, rewrite: b}}}';
    expect(mesh(regex, { type: 'rewrite', rewrite: { path: null, authority: 'a.example' } })).toBe(
      json('{rewrite: {uriRegexRewrite: {match: a, rewrite: b}, authority: a.example}}'),
    );
    expect(mesh(regex, { type: 'rewrite', rewrite: { path: '/b', authority: null } })).toBe(json('{rewrite: {uri: /b}}'));
  });
  it('replaces the prefix that an HTTPRoute matches on, else the whole path', () => {
    const rewrite = { path: '/b', authority: null };
    expect(api('{matches: [{path: {value: /a}}]}', { type: 'rewrite', rewrite })).toContain(
      '"type":"ReplacePrefixMatch","replacePrefixMatch":"/b"',
    );
    expect(api('{matches: [{path: {type: Exact, value: /a}}]}', { type: 'rewrite', rewrite })).toContain(
      '"type":"ReplaceFullPath","replaceFullPath":"/b"',
    );
    expect(refused('GRPCRoute', { type: 'rewrite', rewrite })).toContain('a GRPCRoute cannot rewrite paths or hosts');
  });
});

describe('headers', () => {
  const headers = { request: { set: { a: '1', b: '2' } }, response: { remove: ['c'] } };
  it('keep their order where they say the same', () => {
    expect(mesh('{headers: {x: 1, request: {set: {b: "2", a: "0"}, add: {d: "4"}}}}', { type: 'headers', headers })).toBe(
      json('{headers: {x: 1, request: {set: {b: "2", a: "1"}}, response: {remove: [c]}}}'),
    );
    expect(mesh('{headers: {request: {set: {b: "2", a: "1"}}, response: {remove: [c]}}}', { type: 'headers', headers })).toBeNull();
  });
  it('are two filters in the Gateway API', () => {
    expect(
      api(
        '{filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: z, value: "1"}]}}]}',
        { type: 'headers', headers },
        'GRPCRoute',
      ),
    ).toBe(
      json(
        '{filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [c]}}, {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: "1"}, {name: b, value: "2"}]}}]}',
      ),
    );
    expect(api('{filters: [{type: RequestHeaderModifier}, {type: X}]}', { type: 'headers', headers: null })).toBe(
      json('{filters: [{type: X}]}'),
    );
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: [{ type: 'exact', value: 'https://a.example' }],
    allowMethods: ['GET'],
    allowHeaders: [],
    exposeHeaders: [],
    maxAgeSeconds: 86_400,
    allowCredentials: null,
  } as const;
  it('keeps the old form of origins and the form of the duration where they say the same', () => {
    expect(
      mesh('{corsPolicy: {allowOrigin: ["https://a.example"], maxAge: 24h, allowMethods: [GET], unmatchedPreflights: IGNORE}}', {
        type: 'cors',
        cors,
      }),
    ).toBeNull();
    expect(mesh('{corsPolicy: {allowOrigin: ["*"], allowCredentials: true}}', { type: 'cors', cors })).toBe(
      json('{corsPolicy: {allowOrigins: [{exact: "https://a.example"}], allowMethods: [GET], maxAge: 86400s}}'),
    );
  });
  it('is a filter of an HTTPRoute, which names origins in full', () => {
    expect(api('{}', { type: 'cors', cors })).toBe(
      json('{filters: [{type: CORS, cors: {allowOrigins: ["https://a.example"], allowMethods: [GET], maxAge: 86400}}]}'),
    );
    expect(refused('HTTPRoute', { type: 'cors', cors: { ...cors, allowOrigins: [{ type: 'regex', value: '.*' }] } })).toContain(
      'cannot allow origins by regex',
    );
  });
});

describe('match', () => {
  it('keeps conditions that the form does not know with their block', () => {
    const blocks = '{match: [{uri: {prefix: /a}, withoutHeaders: {x: {}}}, {headers: {end-user: {exact: jason}}, name: b}]}';
    expect(
      mesh(blocks, { type: 'match', matches: [{ headers: [{ name: 'End-User', condition: { type: 'exact', value: 'jason' } }] }] }),
    ).toBe(json('{match: [{headers: {end-user: {exact: jason}}, name: b}]}'));
    expect(
      mesh(blocks, {
        type: 'match',
        matches: [
          { path: { type: 'exact', value: '/a' } },
          { headers: [{ name: 'end-user', condition: { type: 'exact', value: 'jason' } }] },
        ],
      }),
    ).toBe(json('{match: [{uri: {exact: /a}, withoutHeaders: {x: {}}}, {headers: {end-user: {exact: jason}}, name: b}]}'));
  });
  it('knows the forms of presence and of gateway names', () => {
    expect(
      mesh('{match: [{headers: {x: {regex: "*"}}, gateways: [gw]}]}', {
        type: 'match',
        matches: [{ headers: [{ name: 'x', condition: { type: 'present' } }], gateways: ['bookinfo/gw'] }],
      }),
    ).toBeNull();
  });
  it('is gone without conditions', () => {
    expect(mesh('{match: [{uri: {prefix: /a}}], x: 1}', { type: 'match', matches: [] })).toBe(json('{x: 1}'));
    expect(mesh('{x: 1}', { type: 'match', matches: [{}] })).toBeNull();
  });
  it('speaks the Gateway API', () => {
    expect(
      api('{matches: [{path: {value: /a}, x: 1}]}', {
        type: 'match',
        matches: [
          { path: { type: 'exact', value: '/b' }, method: 'GET', headers: [{ name: 'a', condition: { type: 'prefix', value: 'v1.' } }] },
        ],
      }),
    ).toBe(
      json(
        '{matches: [{path: {value: /b, type: Exact}, x: 1, method: GET, headers: [{name: a, type: RegularExpression, value: "v1\\\\..*"}]}]}',
      ),
    );
    expect(
      api(
        '{matches: [{method: {service: a.B, method: C}}]}',
        { type: 'match', matches: [{ path: { type: 'prefix', value: '/a.B/' } }] },
        'GRPCRoute',
      ),
    ).toBe(json('{matches: [{method: {service: a.B}}]}'));
    expect(refused('HTTPRoute', { type: 'match', matches: [{ sourceLabels: { app: 'a' } }] })).toContain('cannot match on who asks');
    expect(refused('GRPCRoute', { type: 'match', matches: [{ path: { type: 'prefix', value: '/a/b/c' } }] })).toContain(
      'matches on a service or method',
    );
    expect(refused('TLSRoute', { type: 'match', matches: [{ port: 1 }] })).toContain('have no match conditions');
  });
});
