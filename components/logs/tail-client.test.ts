// The page's end of a live tail: opened again from where each container was read, given up where it is refused.
import { describe, expect, it } from 'vitest';
import { encodeLogQuery } from '../../model/log-query';
import { LogStore } from './log-store';
import { readEvent, runTail } from './tail-client';

const SOURCES = [{ pod: 'web-0', container: 'app' }];
const event = (type: string, data: unknown): string => `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
const rows = (text: string) => event('lines', { rows: [[0, '2026-11-28T05:00:00.000000000Z', text]] });
/** In two pieces, cut in the middle. */
function stream(text: string): Response {
  const bytes = new TextEncoder().encode(text);
  return new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, bytes.length >> 1));
        controller.enqueue(bytes.slice(bytes.length >> 1));
        controller.close();
      },
    }),
  );
}

async function run(answers: readonly (() => Response | Promise<Response>)[]) {
  const store = new LogStore(SOURCES, { startTimer: () => () => undefined });
  const asked: string[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  let turn = 0;
  await runTail({
    store,
    address: (resume) => `/stream?${encodeLogQuery({ sources: SOURCES, ...(resume ? { after: store.cursors() } : {}) }).toString()}`,
    onState: (state) => states.push(state.kind),
    onReport: (report) => states.push(`report ${report.state}`),
    fetch: async (url) => {
      asked.push(decodeURIComponent(String(url instanceof Request ? url.url : url)));
      const answer = answers[turn++];
      if (answer !== undefined) return answer();
      stop.abort();
      throw new DOMException('aborted', 'AbortError');
    },
    signal: stop.signal,
    wait: () => Promise.resolve(),
  });
  store.flush();
  return { asked, states, texts: store.lines.map(({ text }) => text) };
}

describe('a live tail', () => {
  it('goes on from where each container was read', async () => {
    const { asked, states, texts } = await run([
      () => stream(`${event('sources', { sources: SOURCES }) + rows('naïve 🙂')}: still here\n\n`),
      () => Promise.reject(new TypeError('network')),
      () => stream(rows('two')),
    ]);
    expect(texts).toEqual(['naïve 🙂', 'two']);
    expect(asked[0]).toBe('/stream?source=web-0/app');
    expect(asked[1]).toMatch(/^\/stream\?source=web-0\/app&after=web-0\/app@2026-11-28T05:00:00\.000000000Z~[0-9a-z]+$/);
    expect(asked[2]).toBe(asked[1]);
    expect(states).toEqual(['live', 'reconnecting', 'reconnecting', 'live', 'reconnecting']);
  });

  it('is over when every container is gone', async () => {
    const { states } = await run([() => stream(event('state', { report: { source: 0, state: 'gone', detail: '' } }))]);
    expect(states).toEqual(['live', 'report gone', 'ended']);
  });

  it('gives up where it is refused, and waits where there is no room', async () => {
    const refusal = (status: number, code: string) => (): Response =>
      new Response(JSON.stringify({ title: 'No', detail: 'no', next: '', code }), { status });
    const { states, asked } = await run([refusal(429, 'tooManyRequests'), refusal(403, 'forbidden')]);
    expect(states).toEqual(['reconnecting', 'failed']);
    expect(asked).toHaveLength(2);
  });

  it('reads nothing that is not an event of logs', () => {
    expect(readEvent(': comment')).toBeNull();
    expect(readEvent('event: other\ndata: {}')).toBeNull();
    expect(readEvent('event: lines\ndata: {"rows":1}')).toBeNull();
  });
});
