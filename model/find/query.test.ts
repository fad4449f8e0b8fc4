// Which texts are expressions and which are searched for, their canonical form, what they need, and completion at the caret.
import { describe, expect, it } from 'vitest';
import { sampleDocument, sampleNode } from '../../components/graph/sample-graph';
import { completeExpression, valuesIn } from './complete';
import { asksServer, listNeeds } from './needs';
import { canonicalQuery, parseQuery } from './query';
import { pick, randomOf } from './testing/random-expression';

describe('parseQuery', () => {
  it.each([
    'reviews',
    'reviews v1',
    'app',
    'gateway',
    'namespace:shop',
    'cart > stripe',
    '> cart',
    'cart >',
    'istio-ingress',
    'api.stripe.com',
  ])('searches for %s', (text) => expect(parseQuery(text).kind).toBe('text'));
  it.each([
    'healthy',
    '!healthy',
    'not idle',
    'is gateway',
    'rt > 1000',
    'rt>1000',
    'source.httpin > 5',
    'name contains a',
    'vs',
    'label:team',
    'a=b AND idle',
    '(idle)',
  ])('reads %s as an expression', (text) => expect(parseQuery(text).kind).not.toBe('text'));
  it('tells typing errors from searches', () => {
    expect(parseQuery('responsetme > 1000')).toMatchObject({ kind: 'error', error: { suggestions: ['responsetime'] } });
    expect(parseQuery('reviews or ratings').kind).toBe('error');
  });
  it('has one text for all that mean the same', () => {
    expect(canonicalQuery(parseQuery(' RT>1000  and ns=a '))).toBe('responsetime > 1000 AND namespace = a');
    expect(canonicalQuery(parseQuery('  Reviews   V1 '))).toBe('reviews v1');
    expect(canonicalQuery(parseQuery(''))).toBe('');
    expect(canonicalQuery(parseQuery('app ='))).toBeNull();
    for (const text of ['cart > stripe', 'is gateway', 'reviews', 'version = ""', 'source.app = x'])
      expect(canonicalQuery(parseQuery(canonicalQuery(parseQuery(text)) ?? ''))).toBe(canonicalQuery(parseQuery(text)));
  });
});

describe('listNeeds', () => {
  const needs = (text: string, present: Parameters<typeof listNeeds>[1] = []): string[] => {
    const { overlays, options } = listNeeds(parseQuery(text), present);
    return [...overlays, ...options];
  };
  it('names overlays and options', () => {
    expect(needs('rt > 1000')).toEqual(['quantiles', 'responseTime']);
    expect(needs('rt > 1000', ['latency'])).toEqual(['responseTime']);
    expect(needs('avg > 5 and p99 > 5')).toEqual(['latency', 'quantiles']);
    expect(needs('throughput > 5')).toEqual(['requestThroughput', 'throughput']);
    expect(needs('throughput > 5', ['throughput'])).toEqual(['throughput']);
    expect(needs('rank <= 2 or idle')).toEqual(['rank', 'idleNodes', 'idleEdges']);
    expect(needs('mtls and node = operation')).toEqual(['security', 'operationNodes']);
    expect(needs('reviews')).toEqual([]);
  });
  it('knows what only the server can tell', () => {
    expect(asksServer(parseQuery('!label:a'))).toBe(true);
    expect(asksServer(parseQuery('sourceprincipal = a'))).toBe(true);
    expect(asksServer(parseQuery('app = a'))).toBe(false);
  });
});

describe('completeExpression', () => {
  const values = valuesIn(sampleDocument({ nodes: [sampleNode('cart'), sampleNode('two words'), sampleNode('reviews')] }));
  const complete = (text: string, caret = text.length): string[] =>
    completeExpression(text, caret, values).options.map(({ label }) => label);

  it('offers operands, operators, values and joins where they belong', () => {
    expect(complete('')[0]).toBe('healthy');
    expect(complete('resp')).toEqual(['responsetime, rt']);
    expect(complete('rt')).toEqual(['responsetime, rt', 'requesttimeout, rto']);
    expect(complete('rt ')).toContain('>');
    expect(complete('app ')).toContain('contains');
    expect(complete('app con')).toEqual(['contains']);
    expect(complete('app = ')).toEqual(['cart', 'reviews', 'two words']);
    expect(complete('app = re')).toEqual(['reviews']);
    expect(complete('app = cart ')).toEqual(['AND', 'OR']);
    expect(complete('app = cart a')).toEqual(['AND']);
    expect(complete('app = cart and vir')).toEqual(['virtualservice, vs']);
    expect(complete('!(out')).toEqual(['outofmesh, om', 'outside, outsider']);
    expect(complete('(idle) ')).toEqual(['AND', 'OR']);
    expect(complete('node = ser')).toEqual(['service', 'serviceentry']);
    expect(complete('rt > 5')).toEqual([]);
    expect(complete('source.ap')).toEqual(['app']);
  });

  it('puts a completion in the place of what it completes, quoted where it must be', () => {
    const text = 'app = two OR idle';
    const { from, to, options } = completeExpression(text, 9, values);
    expect(text.slice(from, to)).toBe('two');
    expect(options[0]?.insert).toBe('"two words" ');
  });

  it('takes any text', () => {
    const random = randomOf(13);
    const pieces = ['(', ')', '!', '"', ' ', '=', '>', '&&', 'and', 'not', 'is', 'app', 'rt', 'label:', 'healthy', 'x', '__proto__'];
    for (let i = 0; i < 5000; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 10) }, () => pick(random, pieces)).join('');
      const caret = Math.floor(random() * (text.length + 1));
      const { from, to } = completeExpression(text, caret, values);
      expect(from).toBeLessThanOrEqual(to);
      expect(to).toBe(caret);
    }
  });
});
