// Server-sent events as a client without a browser reads them. In: an address, the last id. Out: events as they come.
// Source: WHATWG HTML, server-sent events, interpretation of an event stream.

export interface ServerEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

export interface EventStream {
  readonly status: number;
  readonly contentType: string;
  /** The next event of these names; rejects when none comes in time or the stream ends. */
  next(names: readonly string[], timeoutMs?: number): Promise<ServerEvent>;
  /** Milliseconds that the server asks to wait before coming back; null until it did. */
  readonly retryMs: () => number | null;
  close(): void;
}

const WAIT_MS = 30_000;

interface Block {
  readonly event: ServerEvent | null;
  readonly retryMs: number | null;
}

function decodeBlock(block: string): Block {
  let event = 'message';
  let id: string | null = null;
  let retryMs: number | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'data') data.push(value);
    else if (name === 'retry') retryMs = Number(value);
    // A line that begins with a colon is a comment.
    else if (name !== '') throw new Error(`not a field of an event stream: ${line.slice(0, 100)}`);
  }
  const parsed: unknown = data.length === 0 ? null : JSON.parse(data.join('\n'));
  return { event: data.length === 0 ? null : { event, id, data: parsed }, retryMs };
}

/** Opens a stream; `lastEventId` as a browser sends it that comes back. */
export async function openEventStream(url: string, lastEventId: string | null = null): Promise<EventStream> {
  const abort = new AbortController();
  const answer = await fetch(url, {
    signal: abort.signal,
    headers: { accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) },
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const waiting: ServerEvent[] = [];
  let text = '';
  let retry: number | null = null;

  const readMore = async (): Promise<void> => {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) throw new Error('the stream ended');
    text += chunk.value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const { event, retryMs } = decodeBlock(block);
      retry = retryMs ?? retry;
      if (event !== null) waiting.push(event);
    }
  };
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    next: async (names, timeoutMs = WAIT_MS) => {
      const timer = setTimeout(() => abort.abort(new Error(`no ${names.join(' or ')} within ${timeoutMs} ms`)), timeoutMs);
      try {
        for (;;) {
          for (let found = waiting.shift(); found !== undefined; found = waiting.shift()) if (names.includes(found.event)) return found;
          await readMore();
        }
      } finally {
        clearTimeout(timer);
      }
    },
    retryMs: () => retry,
    close: () => abort.abort(),
  };
}
