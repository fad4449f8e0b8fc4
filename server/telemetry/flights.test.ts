// Shared work: one run for many, given up when the last has gone, never because one has.
import { describe, expect, it } from 'vitest';
import { Flights } from './flights';

describe('Flights', () => {
  const signal = (): AbortController => new AbortController();
  it('runs once for all who ask while it is under way, and again afterwards', async () => {
    const flights = new Flights<number>();
    let runs = 0;
    const start = (): Promise<number> => Promise.resolve(++runs);
    expect(
      await Promise.all([
        flights.join('k', signal().signal, start),
        flights.join('k', signal().signal, start),
        flights.join('other', signal().signal, start),
      ]),
    ).toEqual([1, 1, 2]);
    expect(await flights.join('k', signal().signal, start)).toBe(3);
  });
  it('goes on while one of them waits, and is given up with the last', async () => {
    const flights = new Flights<string>();
    const seen: AbortSignal[] = [];
    const start = (own: AbortSignal): Promise<string> => {
      seen.push(own);
      return new Promise((_, reject) => own.addEventListener('abort', () => reject(new Error('stopped'))));
    };
    const [first, second] = [signal(), signal()];
    const results = [flights.join('k', first.signal, start), flights.join('k', second.signal, start)].map((own) =>
      own.catch((error: unknown) => String(error)),
    );
    first.abort(new Error('left'));
    expect(await results[0]).toBe('Error: left');
    expect(seen[0]?.aborted).toBe(false);
    second.abort(new Error('left too'));
    expect(await results[1]).toBe('Error: left too');
    expect(seen[0]?.aborted).toBe(true);
    // Whoever comes now does not join what was given up.
    const third = signal();
    const late = flights.join('k', third.signal, start).catch(() => 'late');
    expect(seen).toHaveLength(2);
    flights.abortAll(new Error('closed'));
    expect(await late).toBe('late');
  });
  it('tells all of a failure, and refuses a caller who has already gone', async () => {
    const flights = new Flights<never>();
    const start = (): Promise<never> => Promise.reject(new Error('boom'));
    const outcomes = await Promise.allSettled([
      flights.join('k', signal().signal, start),
      flights.join('k', signal().signal, start),
      flights.join('k', AbortSignal.abort(new Error('gone')), start),
    ]);
    expect(outcomes.map((own) => (own.status === 'rejected' ? String(own.reason) : ''))).toEqual([
      'Error: boom',
      'Error: boom',
      'Error: gone',
    ]);
  });
});
