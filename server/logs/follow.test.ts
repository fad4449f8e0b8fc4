// A container followed over breaks, restarts and refusals: every line once, in its order.
import { afterEach, describe, expect, it } from 'vitest';
import { LogPlace } from '../../model/log-place';
import { FakeClock } from '../testing/fake-clock';
import { followLog } from './follow';
import { at, ScriptedLogs, settle } from './testing/scripted-logs';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

function start(port: ScriptedLogs, place = new LogPlace()) {
  const clock = new FakeClock();
  const texts: string[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  stops.push(stop);
  const over = followLog(
    {
      port,
      clock,
      credential: { kind: 'console' },
      onLine: ({ text }) => texts.push(text),
      onUnauthorized: () => states.push('unauthorized'),
      onState: (state, detail) => states.push(detail === '' ? state : `${state}: ${detail}`),
    },
    { namespace: 'shop', pod: 'web-0', container: 'app', place, sinceTime: null },
    stop.signal,
  );
  const pass = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await settle();
  };
  return { clock, texts, states, stop, over, pass, place };
}
const KEY = 'web-0/app';
const line = (seconds: number, text: string) => ({ at: at(seconds), text });

describe('a log that is followed', () => {
  it('goes on after a break without doubling or losing a line, also of one instant', async () => {
    const port = new ScriptedLogs();
    port.write(KEY, line(1, 'one'), line(1.2, 'two'), line(1.2, 'two again'));
    const { texts, states, pass } = start(port);
    await settle();
    expect(texts).toEqual(['one', 'two', 'two again']);
    port.end(KEY, new Error('connection reset'));
    await settle();
    // Written while nobody listened, one of them in the instant that was seen last.
    port.write(KEY, line(1.2, 'two'), line(1.3, 'three'));
    await pass(600);
    port.write(KEY, line(2, 'four'));
    await settle();
    expect(texts).toEqual(['one', 'two', 'two again', 'two', 'three', 'four']);
    expect(states).toEqual(['live', 'retrying: connection reset', 'live']);
    // Whole seconds only, as the API server passes them on.
    expect(port.asked[1]).toMatchObject({ follow: true, sinceTime: at(1.2) });
  });

  it('keeps lines of two streams that are stamped out of order', async () => {
    const port = new ScriptedLogs();
    const { texts } = start(port);
    await settle();
    port.write(KEY, line(3, 'stdout'), line(2.999, 'stderr, a moment before'));
    await settle();
    expect(texts).toEqual(['stdout', 'stderr, a moment before']);
  });

  it('begins where a reader left off', async () => {
    const port = new ScriptedLogs();
    const before = new LogPlace();
    before.note(at(1), 'one');
    before.note(at(2), 'two');
    port.write(KEY, line(1, 'one'), line(2, 'two'), line(2, 'two b'), line(2.5, 'three'));
    const { texts } = start(port, new LogPlace(before.cursor()));
    await settle();
    expect(texts).toEqual(['two b', 'three']);
  });

  it('says that the container has ended, looks again, and reads the next one', async () => {
    const port = new ScriptedLogs();
    port.write(KEY, line(1, 'one'));
    const { texts, states, pass } = start(port);
    await settle();
    for (let i = 0; i < 4; i++) {
      port.end(KEY);
      await settle();
      await pass(1000);
    }
    expect(states).toEqual(['live', 'ended']);
    await pass(11_000);
    port.write(KEY, line(30, 'started anew'));
    await settle();
    expect(texts).toEqual(['one', 'started anew']);
    expect(states).toEqual(['live', 'ended', 'live']);
  });

  it('waits for a container that has not started', async () => {
    const port = new ScriptedLogs();
    port.refusals.set(KEY, { outcome: 'refused', why: 'waiting', detail: 'ContainerCreating' });
    const { texts, states, pass } = start(port);
    await settle();
    port.refusals.clear();
    port.write(KEY, line(1, 'one'));
    await pass(2100);
    expect(texts).toEqual(['one']);
    expect(states).toEqual(['waiting: ContainerCreating', 'live']);
  });

  it.each([
    ['gone', 'gone'],
    ['missing', 'missing'],
    ['forbidden', 'refused'],
  ] as const)('ends where it is %s', async (why, state) => {
    const port = new ScriptedLogs();
    port.refusals.set(KEY, { outcome: 'refused', why, detail: 'so it is' });
    const { states, over } = start(port);
    await over;
    expect(states).toEqual([`${state}: so it is`]);
  });

  it('asks for another credential where the API server takes this one no more', async () => {
    const port = new ScriptedLogs();
    port.refusals.set(KEY, { outcome: 'refused', why: 'unauthorized', detail: 'Unauthorized' });
    const { states, over } = start(port);
    await over;
    expect(states).toEqual(['unauthorized']);
  });

  it('comes back ever later while the API server cannot be reached', async () => {
    const port = new ScriptedLogs();
    port.refusals.set(KEY, { outcome: 'refused', why: 'unreachable', detail: 'no route' });
    const { pass } = start(port);
    await settle();
    for (let i = 0; i < 60; i++) await pass(1000);
    expect(port.asked.length).toBeGreaterThan(4);
    expect(port.asked.length).toBeLessThan(12);
  });

  it('lets go of the stream when the reader is gone', async () => {
    const port = new ScriptedLogs();
    const { stop, over } = start(port);
    await settle();
    expect(port.following(KEY)).toBe(1);
    stop.abort();
    await over;
    expect(port.following(KEY)).toBe(0);
  });
});
