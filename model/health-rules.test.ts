// Health tables of Kiali's documentation and code, by hand.
import { describe, expect, it } from 'vitest';
import {
  type CodeRate,
  combineHealth,
  compileHealthRules,
  compileTolerances,
  countHealth,
  DEFAULT_TOLERANCES,
  type Direction,
  decodeRateAnnotation,
  edgeHealth,
  podHealth,
  podStatus,
  requestHealth,
  worstOf,
} from './health-rules';

const defaults = compileTolerances(DEFAULT_TOLERANCES);
const http = (codes: Readonly<Record<string, number>>): readonly CodeRate[] =>
  Object.entries(codes).map(([code, requestsPerSecond]) => ({ protocol: 'http', code, requestsPerSecond }));
const grpc = (codes: Readonly<Record<string, number>>): readonly CodeRate[] =>
  Object.entries(codes).map(([code, requestsPerSecond]) => ({ protocol: 'grpc', code, requestsPerSecond }));
const status = (rates: readonly CodeRate[], direction: Direction = 'inbound'): string => requestHealth(rates, direction, defaults).status;

describe('default tolerances', () => {
  it.each([
    ['no traffic', http({}), 'na'],
    ['a code with rate 0', http({ '200': 0 }), 'na'],
    ['only successes', http({ '200': 10 }), 'healthy'],
    ['any 5xx degrades', http({ '200': 9999, '500': 1 }), 'degraded'],
    ['just below 10 % of 5xx', http({ '200': 90.1, '503': 9.9 }), 'degraded'],
    ['10 % of 5xx fails', http({ '200': 90, '503': 10 }), 'failure'],
    ['5xx of several codes add up', http({ '200': 90, '500': 5, '503': 5 }), 'failure'],
    ['below 10 % of 4xx is tolerated', http({ '200': 91, '404': 9 }), 'healthy'],
    ['10 % of 4xx degrades', http({ '200': 90, '404': 10 }), 'degraded'],
    ['20 % of 4xx fails', http({ '200': 80, '403': 20 }), 'failure'],
    ['3xx is no error', http({ '301': 10 }), 'healthy'],
    ['no response degrades', http({ '200': 99, '-': 1 }), 'degraded'],
    ['10 % without response fails', http({ '200': 90, '-': 10 }), 'failure'],
    ['grpc status 0', grpc({ '0': 5 }), 'healthy'],
    ['grpc status 14 degrades', grpc({ '0': 99, '14': 1 }), 'degraded'],
    ['grpc status 16 fails at 10 %', grpc({ '0': 90, '16': 10 }), 'failure'],
    ['grpc status 17 does not exist', grpc({ '0': 1, '17': 99 }), 'healthy'],
    ['grpc without response', grpc({ '0': 80, '-': 20 }), 'failure'],
    ['an unknown code matches nothing', http({ weird: 1 }), 'healthy'],
  ] as const)('%s', (_name, rates, expected) => {
    expect(status(rates)).toBe(expected);
    expect(status(rates, 'outbound')).toBe(expected);
  });

  it('judges protocols apart: good grpc does not dilute bad http', () => {
    const health = requestHealth([...http({ '500': 1 }), ...grpc({ '0': 1000 })], 'outbound', defaults);
    expect(health.status).toBe('failure');
    expect(health.reasons).toEqual([
      {
        kind: 'requests',
        direction: 'outbound',
        protocol: 'http',
        code: '5XX',
        errorPercent: 100,
        degradedPercent: 0,
        failurePercent: 10,
        status: 'failure',
      },
    ]);
  });
});

describe('rules', () => {
  const tolerance = { code: '5XX', protocol: 'http', direction: 'inbound', degradedPercent: 50, failurePercent: 90 };

  it('the first that matches decides alone; the defaults stand behind', () => {
    const rules = compileHealthRules([
      { namespace: 'bookinfo', kind: 'service', name: 'rev.*', tolerances: [tolerance] },
      { namespace: 'bookinfo', kind: '.*', name: '.*', tolerances: [] },
    ]);
    expect(rules.tolerancesOf('service', 'bookinfo', 'reviews')).toEqual([tolerance]);
    expect(rules.tolerancesOf('workload', 'bookinfo', 'reviews')).toEqual([]);
    expect(rules.tolerancesOf('service', 'bookinfo2', 'reviews')).toBe(DEFAULT_TOLERANCES);
    expect(rules.tolerancesOf('service', 'other', 'my-reviews')).toBe(DEFAULT_TOLERANCES);
  });

  it('an invalid expression matches everything', () => {
    const rules = compileHealthRules([{ namespace: '(', kind: '.*', name: '.*', tolerances: [tolerance] }]);
    expect(rules.tolerancesOf('app', 'any', 'name')).toEqual([tolerance]);
    const [compiled] = compileTolerances([{ ...tolerance, code: '[', protocol: '*', direction: '+' }]);
    expect(compiled?.matchesCode('200')).toBe(true);
    expect(compiled?.protocols).toEqual(['http', 'grpc']);
    expect(compiled?.directions).toEqual(['inbound', 'outbound']);
  });

  it('X is a digit, expressions are anchored, directions and protocols limit', () => {
    const [own] = compileTolerances([{ ...tolerance, code: '4X4' }]);
    expect(['404', '414', '4a4', '1404', '4044'].map((c) => own?.matchesCode(c))).toEqual([true, true, false, false, false]);
    const only = compileTolerances([{ ...tolerance, degradedPercent: 0, failurePercent: 1 }]);
    expect(requestHealth(http({ '500': 1 }), 'inbound', only).status).toBe('failure');
    expect(requestHealth(http({ '500': 1 }), 'outbound', only).status).toBe('healthy');
    expect(requestHealth(grpc({ '500': 1 }), 'inbound', only).status).toBe('healthy');
  });

  it('hostile subjects are not matched', () => {
    const [own] = compileTolerances([{ ...tolerance, code: '(a+)+' }]);
    expect(own?.matchesCode('a'.repeat(100_000))).toBe(false);
  });
});

describe('annotation health.kiali.io/rate', () => {
  it('reads several tolerances', () => {
    expect(decodeRateAnnotation('4XX,20,30,http,inbound; 5xx,0.5,10,http|grpc,.*;')).toEqual({
      tolerances: [
        { code: '4XX', degradedPercent: 20, failurePercent: 30, protocol: 'http', direction: 'inbound' },
        { code: '5xx', degradedPercent: 0.5, failurePercent: 10, protocol: 'http|grpc', direction: '.*' },
      ],
      errors: [],
    });
  });
  it.each([
    ['4XX,20,30,http', 'expected code,degraded,failure,protocol,direction, found 4 fields'],
    ['4XX,30,20,http,.*', 'degraded (30) is above failure (20)'],
    ['4XX,a,20,http,.*', 'percentages from 0 to 100'],
    ['4XX,1,101,http,.*', 'percentages from 0 to 100'],
    ['(,1,2,http,.*', 'is no regular expression'],
    [',1,2,http,.*', 'an expression is empty'],
    ['', 'the annotation is empty'],
  ])('%s is an error, not an exception', (text, message) => {
    const { tolerances, errors } = decodeRateAnnotation(text);
    expect(tolerances).toEqual([]);
    expect(errors.join()).toContain(message);
  });
  it('keeps the good parts beside the bad', () => {
    const { tolerances, errors } = decodeRateAnnotation('nonsense;5XX,1,2,http,.*');
    expect(tolerances).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });
});

describe('pods', () => {
  it.each([
    [{ desired: 0, current: 0, available: 0, ready: 0 }, 'notReady'],
    [{ desired: 0, current: 2, available: 2, ready: 2 }, 'notReady'],
    [{ desired: 3, current: 3, available: 0, ready: 0 }, 'failure'],
    [{ desired: 3, current: 3, available: 2, ready: 2 }, 'degraded'],
    [{ desired: 3, current: 3, available: 3, ready: 3 }, 'healthy'],
    [{ desired: 3, current: 4, available: 3, ready: 3 }, 'failure'],
    [{ desired: 3, current: 4, available: 4, ready: 4 }, 'healthy'],
  ] as const)('%j is %s', (pods, expected) => {
    expect(podStatus(pods)).toBe(expected);
    expect(podHealth('w', pods).reasons).toHaveLength(expected === 'healthy' ? 0 : 1);
  });
});

describe('combination', () => {
  it('takes the worst and the reasons of all', () => {
    const requests = requestHealth(http({ '200': 95, '500': 5 }), 'inbound', defaults);
    const pods = podHealth('w', { desired: 2, current: 2, available: 0, ready: 0 });
    const both = combineHealth([requests, pods]);
    expect(both.status).toBe('failure');
    expect(both.reasons).toEqual([...requests.reasons, ...pods.reasons]);
    expect(combineHealth([]).status).toBe('na');
    expect(
      combineHealth([requestHealth([], 'inbound', defaults), podHealth('w', { desired: 1, current: 1, available: 1, ready: 1 })]).status,
    ).toBe('healthy');
  });
  it('ranks failure over degraded over not ready over healthy', () => {
    const counts = [countHealth(['healthy', 'notReady', 'na'])];
    expect(worstOf(counts)).toBe('notReady');
    expect(worstOf([...counts, countHealth(['degraded'])])).toBe('degraded');
    expect(worstOf([...counts, countHealth(['failure', 'degraded'])])).toBe('failure');
    expect(worstOf([])).toBe('na');
  });
  it('an edge is as bad as the worse of its ends thinks', () => {
    const lax = compileTolerances([{ code: '5XX', protocol: '.*', direction: '.*', degradedPercent: 50, failurePercent: 90 }]);
    const rates = http({ '200': 80, '500': 20 });
    expect(edgeHealth(rates, lax, lax)).toBe('healthy');
    expect(edgeHealth(rates, lax, defaults)).toBe('failure');
    expect(edgeHealth(rates, defaults, null)).toBe('failure');
    expect(edgeHealth(rates, null, null)).toBe('na');
    const inboundOnly = compileTolerances([{ code: '5XX', protocol: '.*', direction: 'inbound', degradedPercent: 1, failurePercent: 2 }]);
    expect(edgeHealth(rates, inboundOnly, lax)).toBe('healthy');
    expect(edgeHealth(rates, lax, inboundOnly)).toBe('failure');
  });
});
