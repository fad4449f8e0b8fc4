// People who look at the console: their streams and what their pages ask for. In: an address, views. Out: what reached whom, when.
import type { SeenEvent } from './event-parser';
import { type HttpReader, type OpenStream, openStream } from './http-reader';

export interface Receipt {
  readonly view: string;
  readonly event: SeenEvent;
  readonly atMs: number;
}

export interface Crowd {
  /** Everything that arrived since the last call. */
  take(): readonly Receipt[];
  close(): void;
}

/** Opens `count` streams spread over `views` (query strings), and waits until each has its first event. */
export async function gatherCrowd(address: string, views: readonly string[], count: number): Promise<Crowd> {
  let receipts: Receipt[] = [];
  const streams: OpenStream[] = [];
  for (let i = 0; i < count; i++) {
    const view = views[i % views.length] ?? '';
    streams.push(openStream(address, `/api/graph/stream?${view}`, (event, atMs) => receipts.push({ view, event, atMs })));
    // Not all at the same instant: connecting is not what is measured.
    if (i % 25 === 24) await Promise.all(streams.slice(-25).map((stream) => stream.first));
  }
  await Promise.all(streams.map((stream) => stream.first));
  return {
    take: () => {
      const taken = receipts;
      receipts = [];
      return taken;
    },
    close: () => {
      for (const stream of streams) stream.close();
    },
  };
}

/** How much later than its first reader each reader had the same change, ms. */
export function delaysOf(receipts: readonly Receipt[]): readonly number[] {
  const first = new Map<string, number>();
  const changes = receipts.filter(({ event }) => event.name === 'delta' && event.id !== null);
  for (const { view, event, atMs } of changes) {
    const key = `${view} ${event.id ?? ''}`;
    first.set(key, Math.min(first.get(key) ?? atMs, atMs));
  }
  return changes.map(({ view, event, atMs }) => atMs - (first.get(`${view} ${event.id ?? ''}`) ?? atMs));
}

/** One person for `seconds`: a stream, and every ten seconds the documents that a page with an open panel asks for. */
export async function spendSession(address: string, reader: HttpReader, view: string, nodeId: string, seconds: number): Promise<void> {
  const stream = openStream(address, `/api/graph/stream?${view}`, () => undefined);
  try {
    await stream.first;
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      await reader.readWell(`/api/graph?${view}`);
      await reader.readWell('/api/namespaces');
      await reader.readWell(`/api/graph/element?${view}&id=${encodeURIComponent(nodeId)}`);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(10_000, endMs - performance.now()))));
    }
  } finally {
    stream.close();
  }
}
