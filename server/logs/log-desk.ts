// Who may read which logs, and how many at once: the one way in to pages, live tails and files. In: LogSourcePort, a caller with his access.
// Out: documents and streams, or a Failure. What the API server refuses is refused; where the console asks in its own name, roles decide here.
import { Failure } from '../../model/failure';
import type { LogPageDocument } from '../../model/log';
import type { LogQuery } from '../../model/log-query';
import type { Access, Caller, Clock, LogRefusal, LogSourcePort } from '../ports';
import { readPage } from './read-page';
import { openText } from './read-text';
import { type TailSink, TailStream } from './tail-stream';

/** Who asks. */
export interface LogReader {
  readonly caller: Caller;
  readonly access: Access;
}

export interface LogDeskOptions {
  readonly port: LogSourcePort;
  readonly clock: Clock;
  /** Containers that are followed at once: by one user, and in all. */
  readonly limits: { readonly perUser: number; readonly all: number };
  readonly onDefect: (error: unknown) => void;
}

export interface LogTail {
  drained(): void;
  cancel(): void;
}

export interface LogDesk {
  /** @throws Failure notFound (a namespace out of sight), forbidden, tooManyRequests, cluster* */
  fetchPage(reader: LogReader, namespace: string, query: LogQuery, signal: AbortSignal): Promise<LogPageDocument>;
  /** @throws Failure as fetchPage */
  openTail(reader: LogReader, namespace: string, query: LogQuery, sink: TailSink): LogTail;
  /** @throws Failure as fetchPage */
  openText(reader: LogReader, namespace: string, query: LogQuery, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Whether the reader may; null where only the API server knows. */
  mayRead(reader: LogReader, namespace: string): boolean | null;
  /** Prometheus' text format 0.0.4. */
  encodeMetrics(): string;
  close(): void;
}

const PAGE_DEADLINE_MS = 25_000;
/** Pages and files under way by one user and in all. */
const READS = { perUser: 6, all: 40 } as const;

/** How much of something is held by whom. */
class Quota {
  readonly #perUser: number;
  readonly #all: number;
  readonly #held = new Map<string, number>();
  total = 0;

  constructor({ perUser, all }: { readonly perUser: number; readonly all: number }) {
    this.#perUser = perUser;
    this.#all = all;
  }

  /** What gives it back, once. @throws Failure tooManyRequests */
  take(user: string, count: number, what: string): () => void {
    const own = this.#held.get(user) ?? 0;
    if (own + count > this.#perUser)
      throw new Failure(
        'tooManyRequests',
        `${own} ${what} are open in your name, and ${this.#perUser} may be`,
        'Close another page of logs, or choose fewer pods.',
      );
    if (this.total + count > this.#all)
      throw new Failure(
        'tooManyRequests',
        `${this.total} ${what} are open in all, and ${this.#all} may be`,
        'Try again in a moment, or choose fewer pods.',
      );
    this.#held.set(user, own + count);
    this.total += count;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.total -= count;
      const left = (this.#held.get(user) ?? 0) - count;
      if (left > 0) this.#held.set(user, left);
      else this.#held.delete(user);
    };
  }
}

/** Where nobody logs in, everybody is the same user: then an address stands for somebody. */
const holderOf = ({ caller: { user, address } }: LogReader): string =>
  user.strategy === 'anonymous' ? `anonymous at ${address}` : user.subject;

const FORBIDDEN_NEXT = 'Ask for the right to get pods/log there; /account shows what to ask for.';

export function createLogDesk({ port, clock, limits, onDefect }: LogDeskOptions): LogDesk {
  const follows = new Quota(limits);
  const reads = new Quota(READS);
  const tails = new Set<() => void>();
  let tailsOpened = 0;

  const mayRead = ({ caller, access }: LogReader, namespace: string): boolean | null =>
    // In a user's own name the API server decides, whatever its lists of rules leave out.
    caller.credential.kind === 'console' ? access.allows({ verb: 'get', group: '', resource: 'pods/log', namespace }) : null;

  function admit(reader: LogReader, namespace: string): void {
    const { sight } = reader.access;
    if (sight !== null && !sight.includes(namespace))
      throw new Failure(
        'notFound',
        `there is no namespace ${namespace}, or you may not see it`,
        'Correct the address, or ask for access; /account shows what you have.',
      );
    if (mayRead(reader, namespace) === false)
      throw new Failure('forbidden', `you may not get pods/log in namespace ${namespace}`, FORBIDDEN_NEXT);
  }

  /** Where nothing at all may be read, the answer is a refusal. */
  function refuseAll(refusals: readonly LogRefusal[], count: number, namespace: string, detail: string): void {
    if (refusals.length === 0 || refusals.length < count) return;
    if (refusals.includes('unauthorized')) throw new Failure('clusterUnauthorized', detail, 'Log in again.');
    if (refusals.every((why) => why === 'forbidden'))
      throw new Failure('forbidden', `you may not get pods/log in namespace ${namespace}: ${detail}`, FORBIDDEN_NEXT);
    if (refusals.every((why) => why === 'unreachable' || why === 'busy'))
      throw new Failure('clusterUnreachable', detail, 'Try again in a moment.');
  }

  return {
    mayRead,
    fetchPage: async (reader, namespace, query, signal) => {
      admit(reader, namespace);
      const release = reads.take(holderOf(reader), 1, 'reads of logs');
      try {
        const deadline = AbortSignal.any([signal, AbortSignal.timeout(PAGE_DEADLINE_MS)]);
        const parts = { port, credential: reader.caller.credential, namespace, nowMs: clock.now() };
        const { rows, complete, reports, refusals } = await readPage(parts, query, deadline);
        refuseAll(refusals, query.sources.length, namespace, reports[0]?.detail ?? '');
        return { sources: query.sources, rows, complete, reports };
      } finally {
        release();
      }
    },
    openTail: (reader, namespace, query, sink) => {
      admit(reader, namespace);
      const release = follows.take(holderOf(reader), query.sources.length, 'containers');
      const end = (): void => {
        tails.delete(close);
        release();
      };
      const tail = new TailStream({
        ...{ port, clock, namespace, query, onDefect, credential: reader.caller.credential },
        sink: {
          write: (chunk) => sink.write(chunk),
          close: () => {
            end();
            sink.close();
          },
        },
      });
      const close = (): void => {
        tail.cancel();
        end();
        sink.close();
      };
      tails.add(close);
      tailsOpened++;
      void tail.start();
      return {
        drained: () => tail.drained(),
        cancel: () => {
          tail.cancel();
          end();
        },
      };
    },
    openText: async (reader, namespace, query, signal) => {
      admit(reader, namespace);
      const release = reads.take(holderOf(reader), 1, 'reads of logs');
      try {
        const parts = { port, credential: reader.caller.credential, namespace };
        const { refused, chunks } = await openText(parts, query, clock.now(), signal);
        refuseAll(
          refused.map(({ why }) => why),
          query.sources.length,
          namespace,
          refused[0]?.detail ?? '',
        );
        return released(chunks, release);
      } catch (error) {
        release();
        throw error;
      }
    },
    encodeMetrics: () =>
      [
        '# HELP heddle_log_containers_followed Containers whose logs are followed now.',
        '# TYPE heddle_log_containers_followed gauge',
        `heddle_log_containers_followed ${follows.total}`,
        '# HELP heddle_log_tails_total Live tails of logs that were opened.',
        '# TYPE heddle_log_tails_total counter',
        `heddle_log_tails_total ${tailsOpened}`,
        '',
      ].join('\n'),
    close: () => {
      for (const close of [...tails]) close();
    },
  };
}

async function* released(chunks: AsyncIterable<Uint8Array>, release: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } finally {
    release();
  }
}
