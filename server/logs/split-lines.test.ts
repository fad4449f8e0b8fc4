// Lines out of bytes however they are cut: against a plain split, over seeded cuts.
import { describe, expect, it } from 'vitest';
import { readInstant, readLine } from './read-line';
import { LineSplitter } from './split-lines';

function split(chunks: readonly Uint8Array[], maxBytes = 1024): readonly (readonly [string, number])[] {
  const lines: (readonly [string, number])[] = [];
  const splitter = new LineSplitter(maxBytes);
  for (const chunk of chunks) splitter.push(chunk, (text, cut) => lines.push([text, cut]));
  splitter.end((text, cut) => lines.push([text, cut]));
  return lines;
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('lines', () => {
  it('are the same however the bytes are cut, characters of several bytes among them', () => {
    const random = randomOf(7);
    const words = ['', 'plain', 'naïve', '日本語', '🙂🙂', 'a b\tc', '-'];
    for (let round = 0; round < 200; round++) {
      const lines = Array.from({ length: 1 + Math.floor(random() * 12) }, () => words[Math.floor(random() * words.length)] ?? '');
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      const chunks: Uint8Array[] = [];
      for (let from = 0; from < bytes.length; ) {
        const end = Math.min(bytes.length, from + 1 + Math.floor(random() * 9));
        chunks.push(bytes.subarray(from, end));
        from = end;
      }
      expect(split(chunks)).toEqual(lines.map((line) => [line, 0]));
    }
  });

  it('longer than the limit are cut, and the cut is counted', () => {
    expect(split([Buffer.from(`${'x'.repeat(10)}\nshort\n`)], 6)).toEqual([
      ['xxxxxx', 4],
      ['short', 0],
    ]);
    expect(split([Buffer.from('xxxx'), Buffer.from('xxxx'), Buffer.from('xx\nshort\n')], 6)).toEqual([
      ['xxxxxx', 4],
      ['short', 0],
    ]);
    // Two bytes a character: the fourth does not fit, and no half of it is shown.
    expect(split([Buffer.from('ééé'), Buffer.from('é\n')], 5)).toEqual([['éé', 3]]);
  });

  it('hold no more than the limit while a line does not end', () => {
    const splitter = new LineSplitter(100);
    const lines: string[] = [];
    for (let i = 0; i < 1000; i++) splitter.push(Buffer.alloc(1000, 'y'), (text) => lines.push(text));
    splitter.push(Buffer.from('\n'), (text, cut) => lines.push(`${text.length} ${cut}`));
    expect(lines).toEqual(['100 999900']);
  });
});

describe('an instant', () => {
  it.each([
    ['2026-11-28T05:00:00.123456789Z', '2026-11-28T05:00:00.123456789Z'],
    ['2026-11-28T05:00:00Z', '2026-11-28T05:00:00.000000000Z'],
    ['2026-11-28T05:00:00.5Z', '2026-11-28T05:00:00.500000000Z'],
    ['2026-11-28T14:30:00.123456789+09:30', '2026-11-28T05:00:00.123456789Z'],
    ['2026-11-27T21:00:00.1-08:00', '2026-11-28T05:00:00.100000000Z'],
    ['unable', null],
    ['2026-13-41T00:00:00Z', null],
  ])('%s', (stamp, expected) => {
    expect(readInstant(stamp)).toBe(expected);
  });

  it('stands before the text, which may be empty', () => {
    expect(readLine('2026-11-28T05:00:00Z a b', 0)).toEqual({ at: '2026-11-28T05:00:00.000000000Z', text: 'a b', cut: 0 });
    expect(readLine('2026-11-28T05:00:00Z', 0)?.text).toBe('');
    expect(readLine('unable to retrieve container logs for containerd://4', 0)).toBeNull();
  });
});
