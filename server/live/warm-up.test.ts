// Work in pieces: one at a time, replaced by newer work, ended by an error or on demand.
import { describe, expect, it } from 'vitest';
import { WarmUp } from './warm-up';

function scriptedClock() {
  const timers: (() => void)[] = [];
  const clock = {
    now: () => 0,
    after: (_: number, run: () => void) => {
      timers.push(run);
      return () => {
        const at = timers.indexOf(run);
        if (at >= 0) timers.splice(at, 1);
      };
    },
  };
  return { clock, timers, tick: () => timers.shift()?.() };
}

function* pieces(done: string[], name: string): Generator<void, void> {
  for (let i = 1; i <= 3; i++) {
    done.push(`${name}${i}`);
    yield;
  }
}
const never = (error: unknown): void => {
  throw error;
};

describe('WarmUp', () => {
  it('does one piece at a time and then rests', () => {
    const { clock, timers, tick } = scriptedClock();
    const done: string[] = [];
    new WarmUp(clock).start(pieces(done, 'a'), never);
    expect(done).toEqual([]);
    for (let i = 0; i < 4; i++) {
      expect(timers).toHaveLength(1);
      tick();
    }
    expect(done).toEqual(['a1', 'a2', 'a3']);
    expect(timers).toEqual([]);
  });

  it('leaves what newer work replaces, and everything when it is stopped', () => {
    const { clock, timers, tick } = scriptedClock();
    const done: string[] = [];
    const warmUp = new WarmUp(clock);
    warmUp.start(pieces(done, 'a'), never);
    tick();
    warmUp.start(pieces(done, 'b'), never);
    expect(timers).toHaveLength(1);
    tick();
    warmUp.stop();
    expect(timers).toEqual([]);
    expect(done).toEqual(['a1', 'b1']);
  });

  it('tells of a defect and goes no further', () => {
    const { clock, timers, tick } = scriptedClock();
    const told: unknown[] = [];
    new WarmUp(clock).start(
      (function* broken(): Generator<void, void> {
        yield;
        throw new Error('broken');
      })(),
      (error) => told.push(error),
    );
    tick();
    tick();
    expect(told).toEqual([new Error('broken')]);
    expect(timers).toEqual([]);
  });
});
