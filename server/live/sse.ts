// Server-sent events as bytes. In: event name, id, data. Out: Uint8Array. Source: HTML Living Standard, 9.2 "Server-sent events".

const ENCODER = new TextEncoder();
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DATA = ENCODER.encode('data: ');
const END = ENCODER.encode('\n\n');

/** Ids and names end at a line break and ids may hold no NUL: such characters would open a field of their own. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]/g, '');

/** One event; `data` is UTF-8 text, every line of it becomes a `data:` line, so that the reader gets it back as it was. */
export function encodeEvent(event: string, id: string | null, data: Uint8Array): Uint8Array {
  const head = ENCODER.encode(`${id === null ? '' : `id: ${oneLine(id)}\n`}event: ${oneLine(event)}\n`);
  const lines = splitLines(data);
  const length = head.length + lines.reduce((sum, line) => sum + DATA.length + line.length, 0) + (lines.length - 1) + END.length;
  // In memory that threads share: the engine makes it, the thread of the server sends it, to all readers the same.
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  let at = 0;
  const put = (piece: Uint8Array): void => {
    bytes.set(piece, at);
    at += piece.length;
  };
  put(head);
  lines.forEach((line, i) => {
    if (i > 0) bytes[at++] = LINE_FEED;
    put(DATA);
    put(line);
  });
  put(END);
  return bytes;
}

/** JSON has no line breaks, but any text is safe: CR, LF and CRLF all end a line. */
function splitLines(data: Uint8Array): readonly Uint8Array[] {
  if (!data.includes(LINE_FEED) && !data.includes(CARRIAGE_RETURN)) return [data];
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let i = 0; i < data.length; i++) {
    const code = data[i];
    if (code !== LINE_FEED && code !== CARRIAGE_RETURN) continue;
    lines.push(data.subarray(start, i));
    if (code === CARRIAGE_RETURN && data[i + 1] === LINE_FEED) i++;
    start = i + 1;
  }
  lines.push(data.subarray(start));
  return lines;
}

/** A comment, ignored by readers; keeps proxies from closing a quiet stream. */
export const encodeComment = (text: string): Uint8Array => ENCODER.encode(`: ${oneLine(text)}\n\n`);

/** Tells the reader how long to wait before it comes back. */
export const encodeRetry = (milliseconds: number): Uint8Array => ENCODER.encode(`retry: ${Math.round(milliseconds)}\n\n`);
