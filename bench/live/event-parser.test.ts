// The parser of the bench sees every event once, however the stream is cut.
import { describe, expect, it } from 'vitest';
import { EventParser, type SeenEvent } from './event-parser';

const TEXT = `retry: 2000\n\nid: a-1\nevent: snapshot\ndata: {"x":"${'y'.repeat(500)}"}\n\n: alive\n\nevent: status\ndata: {}\n\nid: a-2\nevent: delta\ndata: 1\ndata: 2\n\nid: a-3\nevent: delta\ndata: cut off`;
const WANTED = [
  ['snapshot', 'a-1'],
  ['status', null],
  ['delta', 'a-2'],
];

describe('EventParser', () => {
  it.each([1, 2, 7, 64, 5000])('sees each event at its end, in pieces of %i bytes', (size) => {
    const seen: SeenEvent[] = [];
    const parser = new EventParser((event) => seen.push(event));
    const bytes = Buffer.from(TEXT);
    for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
    expect(seen.map(({ name, id }) => [name, id])).toEqual(WANTED);
    expect(seen[0]?.bytes).toBe('id: a-1\nevent: snapshot\n\n'.length + `data: {"x":"${'y'.repeat(500)}"}\n`.length);
  });
});
