// The session against a scripted server and clock: first answer, end, refusals, return as oneself or another, failures.
import { beforeEach, describe, expect, it } from 'vitest';
import type { MeDocument } from '../../model/account';
import { ProblemError } from '../ui/fetch-json';
import { type SessionEnvironment, SessionStore } from './session-store';

const me = (name: string | null, change: Partial<MeDocument> = {}): MeDocument => ({
  strategy: 'openid',
  user: name === null ? null : { name, groups: [] },
  endsAtMs: null,
  idleEndsAtMs: null,
  csrfToken: name === null ? null : 'csrf',
  sees: 'all',
  isAdmin: false,
  ...change,
});
const problem = (status: number | null) => new ProblemError({ title: `T ${status}`, detail: 'd', next: 'n', status, code: null });

class World implements SessionEnvironment {
  now = 1_000_000;
  asked = 0;
  answer: MeDocument | ProblemError = me('ada');
  readonly resumed: (string | null)[] = [];
  refuse: () => void = () => undefined;
  shown: () => void = () => undefined;
  watched = 0;
  #timers: { at: number; run: () => void }[] = [];
  fetchMe(): Promise<MeDocument> {
    this.asked++;
    return this.answer instanceof ProblemError ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }
  nowMs(): number {
    return this.now;
  }
  startTimer(delayMs: number, run: () => void): () => void {
    const timer = { at: this.now + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  watchRefusals(callback: () => void): () => void {
    this.refuse = callback;
    this.watched++;
    return () => {
      this.watched--;
    };
  }
  watchShown(callback: () => void): () => void {
    this.shown = callback;
    this.watched++;
    return () => {
      this.watched--;
    };
  }
  readonly resume = (who: MeDocument | null): void => {
    this.resumed.push(who?.user?.name ?? null);
  };
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.now = due.at;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      due.run();
      await settle();
    }
    this.now = end;
  }
  get timers(): number {
    return this.#timers.length;
  }
}
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('SessionStore', () => {
  let world: World;
  let store: SessionStore;
  const start = async (answer: MeDocument | ProblemError): Promise<void> => {
    world.answer = answer;
    store.start(world.resume);
    await settle();
  };
  beforeEach(() => {
    world = new World();
    store = new SessionStore(world);
  });

  it('is open for a user, and for everybody where nobody logs in', async () => {
    await start(me('ada'));
    expect(store.state()).toMatchObject({ status: 'open', me: { user: { name: 'ada' } } });
    store.stop();
    store = new SessionStore(world);
    await start(me(null, { strategy: 'anonymous' }));
    expect(store.state()).toMatchObject({ status: 'open', me: { user: null } });
  });

  it('is absent without a user where a login is needed, also when a proxy says so', async () => {
    await start(me(null));
    expect(store.state().status).toBe('absent');
    store.stop();
    store = new SessionStore(world);
    await start(problem(401));
    expect(store.state().status).toBe('absent');
  });

  it('ends with a refusal that /api/me confirms, asks once for many refusals, and keeps who it was', async () => {
    await start(me('ada'));
    world.answer = me(null);
    for (let i = 0; i < 5; i++) world.refuse();
    expect(store.state()).toMatchObject({ status: 'open', refused: true });
    await settle();
    expect(world.asked).toBe(2);
    expect(store.state()).toMatchObject({ status: 'ended', me: { user: { name: 'ada' } } });
    world.refuse();
    await settle();
    expect(world.asked).toBe(2);
  });

  it('does not end for a refusal that /api/me does not confirm, and does not loop with it', async () => {
    await start(me('ada'));
    world.refuse();
    await settle();
    expect(store.state()).toMatchObject({ status: 'open', refused: false });
    expect(world.asked).toBe(2);
    expect(world.resumed).toEqual([]);
  });

  it('ends when a proxy refuses everything, /api/me too, whose own refusal asks nothing more', async () => {
    await start(me('ada'));
    world.answer = problem(401);
    world.refuse();
    world.refuse();
    await settle();
    expect(store.state().status).toBe('ended');
    expect(world.asked).toBe(2);
    expect(world.timers).toBe(0);
  });

  it('says that it resumes when the same user is back in another tab, and that all is new for another', async () => {
    await start(me('ada'));
    world.answer = me(null);
    world.refuse();
    await settle();
    world.answer = me('ada');
    world.shown();
    await settle();
    expect(store.state().status).toBe('open');
    expect(world.resumed).toEqual(['ada']);
    world.answer = me('eve');
    await world.pass(61_000);
    world.shown();
    await settle();
    expect(world.resumed).toEqual(['ada', null]);
  });

  it('asks at the end of the session, not before, and not in a hurry when the clocks differ', async () => {
    const endsAtMs = world.now + 40 * 86_400_000;
    await start(me('ada', { endsAtMs }));
    await world.pass(40 * 86_400_000 - 1);
    expect(world.asked).toBe(1);
    await world.pass(1_001);
    expect(world.asked).toBe(2);
    expect(store.state().status).toBe('open');
    await world.pass(13_000);
    expect(world.asked).toBe(2);
    world.answer = me(null);
    await world.pass(2_000);
    expect(store.state().status).toBe('ended');
  });

  it('keeps what it knows through a failure and asks again', async () => {
    await start(problem(502));
    expect(store.state()).toMatchObject({ status: 'unknown', problem: { title: 'T 502' } });
    world.answer = me('ada');
    await world.pass(15_000);
    expect(store.state()).toMatchObject({ status: 'open', problem: null });
  });

  it('leaves nothing behind when stopped, and takes no late answer', async () => {
    await start(problem(502));
    expect(world.timers).toBe(1);
    store.stop();
    expect([world.timers, world.watched]).toEqual([0, 0]);
    store = new SessionStore(world);
    world.answer = me('ada');
    store.start(world.resume);
    store.stop();
    await settle();
    expect(store.state().status).toBe('unknown');
  });
});
