// How expressions are written: Kiali's forms and ours, errors in words, and that text and expression are each other's image.
import { describe, expect, it } from 'vitest';
import type { Expression } from './expression';
import { MAX_FIND_LENGTH, parseExpression } from './parse';
import { printExpression } from './print';
import { pick, randomExpression, randomOf } from './testing/random-expression';

const canonical = (text: string): string => {
  const { expression, error } = parseExpression(text);
  return expression === null ? `${error.at}: ${error.message}` : printExpression(expression);
};
const fault = (text: string): string => {
  const { error } = parseExpression(text);
  if (error === null) throw new Error(`"${text}" is an expression`);
  return `${text.slice(error.at, error.at + error.length)}| ${error.message}. ${error.hint}`.trim();
};

describe('forms', () => {
  it.each([
    ['httpin>5.0', 'httpin > 5'],
    ['ns = foo', 'namespace = foo'],
    ['NS==foo', 'namespace = foo'],
    ['svc *= foo', 'service contains foo'],
    ['app ^=foo', 'app startswith foo'],
    ['wl $= foo', 'workload endswith foo'],
    ['app !*= foo', 'app not contains foo'],
    ['app ! contains foo', 'app not contains foo'],
    ['app !startswith foo', 'app not startswith foo'],
    ['app not endsWith foo', 'app not endswith foo'],
    ['app not = foo', 'app != foo'],
    ['node = op', 'node = operation'],
    ['node = SVC', 'node = service'],
    ['%httperror > 50', '%httperr > 50'],
    ['rt = NaN', 'responsetime = NaN'],
    ['rt != nan', 'responsetime != NaN'],
    ['circuitBreaker', 'circuitbreaker'],
    ['has cb', 'circuitbreaker'],
    ['not has vs', '!virtualservice'],
    ['is not healthy', '!healthy'],
    ['! is idle', '!idle'],
    ['om', 'outofmesh'],
    ['sc', 'sidecar'],
    ['root', 'trafficsource'],
    ['outsider', 'outside'],
    ['label:app.kubernetes.io/name', 'label:app.kubernetes.io/name'],
    ['!label:team', '!label:team'],
    ['label:team=payments', 'label:team = payments'],
    ['label:team !*= pay', 'label:team not contains pay'],
    ['destprincipal contains spiffe', 'destprincipal contains spiffe'],
    ['app = "two words"', 'app = "two words"'],
    ["app = 'two words'", 'app = "two words"'],
    ['version = ""', 'version = ""'],
    ['source.ns = a && dest.app != b || idle', 'source.namespace = a AND target.app != b OR idle'],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected));

  it('binds NOT tighter than AND, AND tighter than OR; parentheses group', () => {
    expect(canonical('idle or dead and vs')).toBe('idle OR dead AND virtualservice');
    expect(parseExpression('idle or dead and vs').expression).toMatchObject({ kind: 'or', parts: [{ kind: 'flag' }, { kind: 'and' }] });
    expect(canonical('(idle or dead) and vs')).toBe('(idle OR dead) AND virtualservice');
    expect(canonical('not idle and dead')).toBe('!idle AND dead');
    expect(canonical('not (idle and dead)')).toBe('!(idle AND dead)');
    expect(canonical('((((idle))))')).toBe('idle');
    expect(canonical('idle and (dead and vs)')).toBe('idle AND dead AND virtualservice');
  });

  it('joins name with AND', () => expect(canonical('name = a AND name contains b')).toBe('name = a AND name contains b'));
});

describe('errors in words', () => {
  it.each([
    ['foo = bar', "foo| Unknown operand 'foo'."],
    ['responsetme > 10', "responsetme| Unknown operand 'responsetme'. Did you mean responsetime?"],
    [
      'heathly and idle',
      "heathly| Unknown operand 'heathly'. Did you mean healthy or health? To look for a name, write name contains heathly.",
    ],
    ['app', "app| 'app' needs an operator and a value. For example app = reviews."],
    ['app =', '=| A value is missing after \'=\'. A value with blanks or parentheses needs quotes: "two words".'],
    ['app = and idle', '=| A value is missing after \'=\'. A value with blanks or parentheses needs quotes: "two words".'],
    ['app > 5', ">| '>' does not compare text. Use =, !=, contains, startswith or endswith with app."],
    ['rt contains 5', "contains| 'contains' does not compare numbers. Use =, !=, >, >=, < or <= with responsetime."],
    ['rt > fast', "fast| 'fast' is no number. responsetime is compared with a number of ms; decimals have a point."],
    ['rt > NaN', 'NaN| NaN is neither more nor less than anything. responsetime = NaN asks for no value, responsetime != NaN for some.'],
    ['rank <= 101', '101| rank is never 101. It goes from 1 to 100.'],
    [
      'node = workloda',
      "workloda| node is never 'workloda'. It is one of app, operation, service, workload, unknown, serviceentry, passthrough, blackhole, namespace, hidden.",
    ],
    ['healthy = true', "=| 'healthy' takes no value. Write healthy or !healthy."],
    ['idle dead', 'dead| AND or OR is missing before \'dead\'. A value with blanks needs quotes: "two words".'],
    ['(idle or dead', '(| This parenthesis is never closed. Write ) where the group ends.'],
    ['idle)', ')| This parenthesis closes nothing. Remove it, or open one before.'],
    ['idle and', '| A condition is missing at the end. Write one, such as !healthy, or take away what stands before.'],
    [
      'and idle',
      "and| A condition is missing before 'and'. A condition is an operand such as app, rt or healthy, mostly with an operator and a value.",
    ],
    ['app = "open', '"open| This quote is never closed. Write the same quote where the value ends.'],
    ['label: = x', 'label:| label: needs the key of a label. Write it without a blank: label:team = payments.'],
    ['source.rt > 5', "source.rt| 'responsetime' is of edges: it has no source. Write responsetime alone."],
  ])('%s', (text, expected) => expect(fault(text)).toBe(expected));

  it('suggests words', () => {
    expect(parseExpression('namspace = a').error?.suggestions).toEqual(['namespace']);
    expect(parseExpression('protocol = htp').error?.suggestions).toContain('http');
  });

  it('refuses what is too long or too deep', () => {
    expect(parseExpression(`app = ${'x'.repeat(MAX_FIND_LENGTH)}`).error?.code).toBe('tooLong');
    expect(parseExpression(`${'('.repeat(400)}idle${')'.repeat(400)}`).error?.code).toBe('tooDeep');
    expect(parseExpression(`${'!'.repeat(900)}idle`).error?.code).toBe('tooDeep');
  });
});

describe('properties', () => {
  it('parses what it prints to the same expression', () => {
    const random = randomOf(7);
    for (let i = 0; i < 2000; i++) {
      const expression: Expression = randomExpression(random);
      const text = printExpression(expression);
      if (text.length > MAX_FIND_LENGTH) continue;
      expect(parseExpression(text)).toEqual({ expression, error: null });
    }
  });

  it('never throws, whatever the text, and every error lies within it', () => {
    const random = randomOf(11);
    const pieces = [
      '(',
      ')',
      '!',
      '"',
      "'",
      '\\',
      ' ',
      '=',
      '!=',
      '>',
      '*=',
      '&&',
      '||',
      'and',
      'OR',
      'not',
      'is',
      'app',
      'rt',
      'label:',
      'healthy',
      'NaN',
      '%',
      '0',
      '\u0000',
      '\ud800',
      '💥',
      '__proto__',
      'constructor',
      '<script>',
      '-1e999',
      'source.',
      'contains',
    ];
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + Math.floor(random() * 14) }, () => pick(random, pieces)).join(random() < 0.5 ? '' : ' ');
      const { error } = parseExpression(text);
      if (error === null) continue;
      expect(error.at).toBeGreaterThanOrEqual(0);
      expect(error.at + error.length).toBeLessThanOrEqual(text.length);
      expect(error.message).not.toBe('');
    }
  });
});
