// The same text is one string, whatever else is in the table and however its hash falls.
import { describe, expect, it } from 'vitest';
import { StringTable } from './string-table';

function internAscii(table: StringTable, text: string): string {
  const bytes = Buffer.from(`"${text}"`);
  let hash = table.seed;
  for (let i = 1; i <= text.length; i++) hash = StringTable.add(hash, bytes[i] ?? 0);
  return table.ofBytes(bytes, 1, 1 + text.length, hash);
}

describe('StringTable', () => {
  it('gives every text back, counts each once, while it grows', () => {
    const table = new StringTable();
    const texts = Array.from({ length: 5000 }, (_, i) => `reviews-v${i}.ns-${i % 7}`);
    for (const round of [0, 1]) for (const text of texts) expect(internAscii(table, text), `round ${round}`).toBe(text);
    expect(table.size).toBe(texts.length);
    expect(internAscii(table, '')).toBe('');
    expect(table.size).toBe(texts.length + 1);
  });

  it('tells texts apart that share a hash', () => {
    const table = new StringTable();
    const bytes = Buffer.from('abxy');
    expect(table.ofBytes(bytes, 0, 2, 7)).toBe('ab');
    expect(table.ofBytes(bytes, 2, 4, 7)).toBe('xy');
    expect(table.ofBytes(bytes, 0, 2, 7)).toBe('ab');
    expect(table.ofBytes(bytes, 0, 1, 7)).toBe('a');
    expect(table.size).toBe(3);
  });

  it('keeps texts that are not ASCII', () => {
    const table = new StringTable();
    expect([table.of('é\n'), table.of('é\n')]).toEqual(['é\n', 'é\n']);
    expect(table.size).toBe(1);
  });
});
