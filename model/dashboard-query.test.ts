// The query string of a dashboard goes there and back, and what is no range or variable is refused.
import { describe, expect, it } from 'vitest';
import { decodeChoice, decodeRange, encodeChoice } from './dashboard-query';

const query = (text: string): URLSearchParams => new URLSearchParams(text);

describe('the query string of a dashboard', () => {
  it('goes there and back', () => {
    const text = 'var-service=a.b.svc.cluster.local&var-srcns=x&var-srcns=y&range=3h&at=1795830598';
    expect(encodeChoice(decodeChoice(query(text)), decodeRange(query(text))).toString()).toBe(text);
    expect(encodeChoice(decodeChoice(query('')), decodeRange(query(''))).toString()).toBe('');
  });
  it.each(['range=5s', 'range=31d', 'range=x', 'range=-5m', 'at=yesterday', 'at=1e9', 'at=-1'])('refuses %s', (text) => {
    expect(() => decodeRange(query(text))).toThrow(/range|at=/);
  });
  it('takes a range of nothing for an instant, as PromQL of ones own may want it', () => {
    expect(decodeRange(query('range=0s')).rangeSeconds).toBe(0);
  });
  it('ignores what are no variables and refuses too many', () => {
    expect(decodeChoice(query('var-=x&var-a b=c&other=d&var-a='))).toEqual({});
    expect(decodeChoice(query('var-__proto__=x'))).toEqual(Object.fromEntries([['__proto__', ['x']]]));
    expect(() => decodeChoice(query(`var-a=${'x'.repeat(301)}`))).toThrow(/300 characters/);
    expect(() => decodeChoice(new URLSearchParams(Array.from({ length: 101 }, (_, i) => ['var-a', `v${i}`])))).toThrow(/100 values/);
  });
});
