// Reads the console as its clients do: documents, event streams, its own metrics; and Prometheus' count of what it was asked.
// In: addresses. Out: times, events, numbers.
import { request as openRequest } from 'node:http';
import { Pool } from 'undici';
import { EventParser, type SeenEvent } from './event-parser';

export interface TimedAnswer {
  readonly status: number;
  /** Until the head of the answer is there: what the server took. */
  readonly headMs: number;
  readonly wholeMs: number;
  readonly bytes: Buffer;
}

/** A client of one address with kept connections. */
export class HttpReader {
  readonly #pool: Pool;
  constructor(address: string) {
    this.#pool = new Pool(address, { connections: 10 });
  }
  async read(path: string): Promise<TimedAnswer> {
    const startedMs = performance.now();
    const { statusCode, body } = await this.#pool.request({ method: 'GET', path });
    const headMs = performance.now() - startedMs;
    const bytes = Buffer.from(await body.arrayBuffer());
    return { status: statusCode, headMs, wholeMs: performance.now() - startedMs, bytes };
  }
  /** As `read`. @throws when the status is not 200 */
  async readWell(path: string): Promise<TimedAnswer> {
    const answer = await this.read(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.bytes.toString('utf8', 0, 300)}`);
    return answer;
  }
  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** Sum of a counter over all label sets that match, in the text format 0.0.4. */
export function sumSamples(text: string, name: string, labels: RegExp): number {
  let total = 0;
  for (const line of text.split('\n')) {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line);
    if (found?.[1] === name && labels.test(found[2] ?? '')) total += Number(found[3]);
  }
  return total;
}

/** Requests for data that Prometheus has answered since its start, by its own count. */
export async function readQueriesAnswered(prometheus: HttpReader): Promise<number> {
  const { bytes } = await prometheus.readWell('/metrics');
  return sumSamples(bytes.toString('utf8'), 'prometheus_http_requests_total', /handler="\/api\/v1\//);
}

export interface OpenStream {
  /** Resolves at the first event, rejects if the stream ends before. */
  readonly first: Promise<void>;
  close(): void;
}

/** Opens an event stream; `onEvent` hears of each event with the instant at which it was complete. */
export function openStream(address: string, path: string, onEvent: (event: SeenEvent, atMs: number) => void): OpenStream {
  const outgoing = openRequest(`${address}${path}`, { agent: false, headers: { accept: 'text/event-stream' } });
  const first = new Promise<void>((resolve, reject) => {
    const parser = new EventParser((event) => {
      onEvent(event, performance.now());
      resolve();
    });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode ?? 0}`));
      answer.on('error', reject);
      answer.on('end', () => reject(new Error(`${path} ended`)));
      answer.on('data', (chunk: Buffer) => parser.push(chunk));
    });
    outgoing.end();
  });
  // Its end after the first event is nobody's concern.
  first.catch(() => undefined);
  return { first, close: () => outgoing.destroy() };
}
