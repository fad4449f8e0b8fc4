// What is believed of the network and what is not.
import { describe, expect, it } from 'vitest';
import { decodeProblem, decodeStreamEvent } from './stream-event';

const source = { state: 'live', atMs: 1, cause: null, next: null };

describe('decodeStreamEvent', () => {
  it.each([
    ['snapshot', '<html>502</html>'],
    ['snapshot', '{}'],
    ['snapshot', 'null'],
    ['snapshot', '[]'],
    ['delta', '{"from":"1","to":2}'],
    ['delta', '{"from":1,"to":2,"nodes":{},"boxes":{},"edges":{}}'],
    ['status', '{"metrics":null,"cluster":null}'],
    ['message', JSON.stringify({ metrics: source, cluster: source })],
    ['status', undefined],
  ])('refuses %s %s', (name, data) => {
    expect(decodeStreamEvent(name, data)).toBeNull();
  });

  it('takes a status', () => {
    expect(decodeStreamEvent('status', JSON.stringify({ metrics: source, cluster: source }))?.event).toBe('status');
  });
});

describe('decodeProblem', () => {
  it('passes the words of the server on and has its own for anything else', () => {
    expect(decodeProblem({ title: 'A', detail: 'B', next: 'C' })).toEqual({ title: 'A', detail: 'B', next: 'C' });
    for (const body of [null, 'text', [], { title: 3, detail: '', next: {} }])
      expect(decodeProblem(body)).toEqual({
        title: expect.stringContaining('unexpected') as string,
        detail: expect.stringContaining('proxy') as string,
        next: expect.stringContaining('log') as string,
      });
  });
});
