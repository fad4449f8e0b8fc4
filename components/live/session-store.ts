// Who is using this page, from the first answer to the end of the session; the page itself is never taken away by it.
// In: GET /api/me, refusals (401) of any request, a clock, the visibility of the tab (all injected). Out: SessionState by subscription.
import type { MeDocument } from '../../model/account';
import { ProblemError, type ShownProblem } from '../ui/fetch-json';

export interface SessionState {
  /**
   * `unknown`: not answered yet; `absent`: a login is needed and this page never had one; `open`: somebody is logged in, or nobody needs to be;
   * `ended`: there was a session and the server knows it no more.
   */
  readonly status: 'unknown' | 'absent' | 'open' | 'ended';
  /** The newest answer; after the end that of before, which says who it was. */
  readonly me: MeDocument | null;
  /** A request was answered 401 and /api/me has not said yet what that means. */
  readonly refused: boolean;
  /** Why /api/me could not be read at the last try. */
  readonly problem: ShownProblem | null;
}

/** The outside world of the store. */
export interface SessionEnvironment {
  /** @throws ProblemError */
  fetchMe(): Promise<MeDocument>;
  nowMs(): number;
  /** Calls back once after `delayMs`; returns the cancellation. */
  startTimer(delayMs: number, callback: () => void): () => void;
  watchRefusals(callback: () => void): () => void;
  /** Calls back when the tab is shown again. */
  watchShown(callback: () => void): () => void;
}

/** Somebody logged in again elsewhere; null: as somebody else, and what this page shows is not theirs. */
export type OnResume = (me: MeDocument | null) => void;

/** A tab that is shown again asks anew when its last answer is older. */
const OLD_MS = 60_000;
const RETRY_MS = 15_000;
/** Timers of browsers overflow after 24 days, and a laptop sleeps. */
const MAX_TIMER_MS = 3_600_000;

const UNKNOWN: SessionState = { status: 'unknown', me: null, refused: false, problem: null };

export class SessionStore {
  readonly #environment: SessionEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = UNKNOWN;
  #onResume: OnResume = () => undefined;
  #reading = false;
  #running = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;
  #unwatch: readonly (() => void)[] = [];

  constructor(environment: SessionEnvironment) {
    this.#environment = environment;
  }

  readonly state = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(onResume: OnResume): void {
    this.#running = true;
    this.#onResume = onResume;
    this.#unwatch = [this.#environment.watchRefusals(() => this.#refuse()), this.#environment.watchShown(() => this.#show())];
    void this.#read();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    for (const end of this.#unwatch) end();
    this.#unwatch = [];
  }

  /** One refusal is one question: while it is open, and after the end, more of them say nothing new. */
  #refuse(): void {
    if (this.#state.refused || this.#state.status === 'ended' || this.#state.status === 'absent') return;
    this.#set({ ...this.#state, refused: true });
    void this.#read();
  }

  #show(): void {
    const old = this.#environment.nowMs() - this.#readAtMs > OLD_MS;
    if (old || this.#state.status === 'ended') void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    let me: MeDocument | null = null;
    let problem: ShownProblem | null = null;
    try {
      me = await this.#environment.fetchMe();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problem = error.problem;
    } finally {
      this.#reading = false;
    }
    if (!this.#running) return;
    this.#readAtMs = this.#environment.nowMs();
    if (me !== null) this.#take(me);
    else this.#miss(problem);
    this.#arm();
  }

  #take(me: MeDocument): void {
    const before = this.#state;
    if (me.user === null && me.strategy !== 'anonymous') {
      // What it was stays: the dialog names who is gone, and the page behind it keeps its rights to what it shows.
      const had = before.status === 'open' || before.status === 'ended';
      this.#set({ status: had ? 'ended' : 'absent', me: had ? before.me : me, refused: false, problem: null });
      return;
    }
    this.#set({ status: 'open', me, refused: false, problem: null });
    const had = before.status === 'open' || before.status === 'ended';
    const same = before.me?.strategy === me.strategy && before.me.user?.name === me.user?.name;
    if (had && !same) this.#onResume(null);
    else if (before.status === 'ended') this.#onResume(me);
  }

  /** Without an answer nothing is known; but a refusal before it, or as it, was an answer. */
  #miss(problem: ShownProblem | null): void {
    const { status, refused } = this.#state;
    const out = refused || problem?.status === 401;
    if (out && status === 'open') this.#set({ ...this.#state, status: 'ended', refused: false, problem });
    else if (problem?.status === 401 && status === 'unknown') this.#set({ ...this.#state, status: 'absent', refused: false, problem });
    else this.#set({ ...this.#state, problem });
  }

  /** Asks again at the end of the session, which no request of a quiet page would notice, and after a failure. */
  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const { status, me, problem } = this.#state;
    if (status === 'ended' || status === 'absent') return;
    const endsAtMs = me?.endsAtMs ?? null;
    const untilEndMs = endsAtMs === null ? null : endsAtMs - this.#environment.nowMs() + 1000;
    const delayMs = problem !== null ? RETRY_MS : untilEndMs;
    if (delayMs === null) return;
    this.#cancelTimer = this.#environment.startTimer(Math.min(Math.max(delayMs, RETRY_MS), MAX_TIMER_MS), () => {
      const early = problem === null && endsAtMs !== null && this.#environment.nowMs() < endsAtMs;
      if (early) this.#arm();
      else void this.#read();
    });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
