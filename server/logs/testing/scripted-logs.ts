// Containers that wrote what a test says, served as the API server does: whole seconds of sinceTime, tailLines, follow, breaks.
// In: lines by `pod/container`. Out: LogSourcePort.
import type { LogAnswer, LogRequest, LogSourcePort } from '../../ports';

export interface Written {
  readonly at: string;
  readonly text: string;
}

/** An instant within one minute, with nine digits. */
export const at = (seconds: number): string => {
  const nanos = Math.round(seconds * 1e9);
  return `2026-11-28T05:00:${String(Math.floor(nanos / 1e9)).padStart(2, '0')}.${String(nanos % 1e9).padStart(9, '0')}Z`;
};

interface Follower {
  put(line: Written): void;
  end(error: Error | null): void;
}

export class ScriptedLogs implements LogSourcePort {
  readonly lines = new Map<string, Written[]>();
  readonly refusals = new Map<string, Extract<LogAnswer, { outcome: 'refused' }>>();
  readonly asked: LogRequest[] = [];
  readonly #followers = new Map<string, Set<Follower>>();

  write(key: string, ...lines: readonly Written[]): void {
    const all = this.lines.get(key) ?? [];
    this.lines.set(key, all);
    for (const line of lines) {
      all.push(line);
      for (const follower of this.#followers.get(key) ?? []) follower.put(line);
    }
  }

  /** Ends every stream that follows a container: well, or with an error. */
  end(key: string, error: Error | null = null): void {
    for (const follower of [...(this.#followers.get(key) ?? [])]) follower.end(error);
  }

  following(key: string): number {
    return this.#followers.get(key)?.size ?? 0;
  }

  openLog(request: LogRequest, _credential: unknown, signal: AbortSignal): Promise<LogAnswer> {
    this.asked.push(request);
    const key = `${request.pod}/${request.container}`;
    const refused = this.refusals.get(key);
    if (refused !== undefined) return Promise.resolve(refused);
    const since = request.sinceTime === null ? '' : request.sinceTime.slice(0, 19);
    const past = (this.lines.get(key) ?? []).filter((line) => line.at >= since);
    const tail = request.tailLines === null ? past : past.slice(past.length - Math.min(past.length, request.tailLines));
    return Promise.resolve({ outcome: 'open', chunks: this.#read(key, tail, request.follow, signal) });
  }

  async *#read(key: string, past: readonly Written[], follow: boolean, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const encode = (lines: readonly Written[]): Uint8Array => Buffer.from(lines.map((line) => `${line.at} ${line.text}\n`).join(''));
    const waiting: Written[] = [];
    let wake = (): void => undefined;
    let ended: { readonly error: Error | null } | null = null;
    const follower: Follower = {
      put: (line) => {
        waiting.push(line);
        wake();
      },
      end: (error) => {
        ended = { error };
        wake();
      },
    };
    const all = this.#followers.get(key) ?? new Set();
    this.#followers.set(key, all);
    if (follow) all.add(follower);
    signal.addEventListener('abort', () => follower.end(null), { once: true });
    try {
      yield encode(past);
      const isOver = (): { readonly error: Error | null } | null => ended;
      while (follow && !signal.aborted) {
        if (waiting.length > 0) yield encode(waiting.splice(0));
        const over = isOver();
        if (over !== null) {
          if (over.error !== null) throw over.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (waiting.length > 0 || isOver() !== null) resolve();
        });
      }
    } finally {
      all.delete(follower);
    }
  }
}

/** Lets everything that is under way go on to where it waits for a clock or a stream. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 40; i++) await Promise.resolve();
}
