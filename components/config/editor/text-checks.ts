// Follows a text while it is written: reads it after a short pause, asks the server for findings after a longer one, never twice at once.
// In: edits of the text, a reader, a server, timers (all injected). Out: ChecksState by subscription. Nothing happens while a key is handled.
import type { CheckDocument } from '../../../model/change';
import { ProblemError, type ShownProblem } from '../../ui/fetch-json';
import type { TextClient } from './text-client';
import type { TextReport } from './text-report';

export interface ChecksState {
  /** The newest text that was read. */
  readonly text: string;
  readonly report: TextReport | null;
  readonly check: CheckDocument | null;
  /** Places of the problems and then of the findings of `check`, in their order. */
  readonly places: TextReport['places'];
  /** Why the server could not be asked. */
  readonly failure: ShownProblem | null;
  /** A newer text is not checked yet. */
  readonly checking: boolean;
}

export interface ChecksEnvironment {
  readonly reader: TextClient;
  readonly startTimer: (delayMs: number, callback: () => void) => () => void;
}

/** What is done with a text, which depends on what the editor shows now. */
export interface ChecksDuties {
  /** Why the text cannot be planned; null: it can, and the server is asked. */
  readonly refuses: (report: TextReport) => boolean;
  /** @throws ProblemError, AbortError */
  readonly postCheck: (text: string, signal: AbortSignal) => Promise<CheckDocument>;
  /** The text is to be kept. */
  readonly keep: (text: string) => void;
}

export const READ_AFTER_MS = 200;
export const CHECK_AFTER_MS = 400;

const pathsOf = (check: CheckDocument | null): readonly string[] =>
  check === null ? [] : [...check.problems.map(({ path }) => path), ...check.findings.map(({ finding }) => finding.path)];

export class TextChecks {
  readonly #environment: ChecksEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: ChecksState;
  #cancel: (() => void) | null = null;
  #asking: AbortController | null = null;
  #stopped = true;
  #duties: ChecksDuties | null = null;
  /** Counts texts: what belongs to an older one is not gone on with. */
  #turn = 0;

  constructor(text: string, environment: ChecksEnvironment) {
    this.#environment = environment;
    this.#state = { text, report: null, check: null, places: [], failure: null, checking: true };
  }

  readonly state = (): ChecksState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#stopped = false;
  }

  /** From now on. Without duties nothing is read. */
  serve(duties: ChecksDuties): void {
    this.#duties = duties;
  }

  /** The text changed; `text` is called when it is needed. */
  edit(text: () => string): void {
    this.#turn++;
    this.#asking?.abort();
    this.#asking = null;
    this.#cancel?.();
    this.#cancel = this.#environment.startTimer(READ_AFTER_MS, () => void this.#read(text()));
    if (!this.#state.checking) this.#set({ checking: true });
  }

  /** Reads and asks at once: after the schema came, after the text was replaced. */
  refresh(text: string): void {
    this.#turn++;
    this.#asking?.abort();
    this.#asking = null;
    this.#cancel?.();
    this.#cancel = null;
    this.#set({ checking: true });
    void this.#read(text);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#asking?.abort();
  }

  async #read(text: string): Promise<void> {
    this.#cancel = null;
    const duties = this.#duties;
    if (duties === null) return;
    const turn = this.#turn;
    duties.keep(text);
    const report = await this.#environment.reader.read(text, pathsOf(this.#state.check));
    // Overtaken: the newer question brings its own answer.
    if (report === null || this.#stopped) return;
    if (duties.refuses(report)) {
      this.#set({ text, report, check: null, places: [], failure: null, checking: false });
      return;
    }
    this.#set({ text, report, places: report.places });
    if (turn !== this.#turn) return;
    this.#cancel = this.#environment.startTimer(CHECK_AFTER_MS - READ_AFTER_MS, () => void this.#ask(text, duties));
  }

  async #ask(text: string, duties: ChecksDuties): Promise<void> {
    this.#cancel = null;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const check = await duties.postCheck(text, asking.signal);
      const report = await this.#environment.reader.read(text, pathsOf(check));
      if (asking.signal.aborted || report === null) return;
      this.#set({ check, places: report.places, failure: null, checking: false });
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof ProblemError)) throw error;
      this.#set({ check: null, places: [], failure: error.problem, checking: false });
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
  }

  #set(change: Partial<ChecksState>): void {
    if (this.#stopped) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
