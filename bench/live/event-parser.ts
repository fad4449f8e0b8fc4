// Server-sent events as they arrive, of which only the head and the size are kept: five hundred readers must not cost more than the server.
// In: chunks. Out: name, id and bytes of each event at its end. HTML Living Standard, 9.2.6 "Interpreting an event stream"; lines end by LF.

export interface SeenEvent {
  readonly name: string;
  readonly id: string | null;
  readonly bytes: number;
}

const LINE_FEED = 10;
/** Longer lines are data. */
const HEAD_BYTES = 200;

/** Feeds chunks of one stream; `onEvent` is called when the last byte of an event is there. Comments are no events. */
export class EventParser {
  readonly #onEvent: (event: SeenEvent) => void;
  #line = '';
  #lineBytes = 0;
  #name = '';
  #id: string | null = null;
  #bytes = 0;
  #hasData = false;

  constructor(onEvent: (event: SeenEvent) => void) {
    this.#onEvent = onEvent;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      const stop = end < 0 ? bytes.length : end;
      if (this.#lineBytes < HEAD_BYTES) this.#line += bytes.toString('latin1', start, Math.min(stop, start + HEAD_BYTES - this.#lineBytes));
      this.#lineBytes += stop - start;
      if (end < 0) return;
      this.#endLine();
      start = end + 1;
    }
  }

  #endLine(): void {
    const [line, size] = [this.#line, this.#lineBytes];
    this.#line = '';
    this.#lineBytes = 0;
    this.#bytes += size + 1;
    if (size === 0) {
      if (this.#hasData) this.#onEvent({ name: this.#name === '' ? 'message' : this.#name, id: this.#id, bytes: this.#bytes });
      this.#name = '';
      this.#id = null;
      this.#bytes = 0;
      this.#hasData = false;
      return;
    }
    if (line.startsWith('id:')) this.#id = line.slice(3).trim();
    else if (line.startsWith('event:')) this.#name = line.slice(6).trim();
    else if (line.startsWith('data:')) this.#hasData = true;
  }
}
