// What programs write to move cursors, to colour and to deceive, made harmless.
import { describe, expect, it } from 'vitest';
import { neutralise } from './log-text';

describe('a line', () => {
  it.each([
    ['plain text with\ttab and ünïcode 🙂', 'plain text with\ttab and ünïcode 🙂'],
    ['\u001b[31mERROR\u001b[0m done', 'ERROR done'],
    ['\u001b[1;38;5;196mred\u001b[m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2J\u001b[Hcleared', 'cleared'],
    ['\u009b31mC1', 'C1'],
    ['end\r', 'end'],
    ['50%\r100%', '50%␍100%'],
    ['nul\u0000bell\u0007', 'nul␀bell␇'],
    ['del\u007f', 'del␡'],
    ['a\u202eb\u2066c', 'a<U+202E>b<U+2066>c'],
    ['\u001bnot an escape of ours', 'ot an escape of ours'],
  ])('%j', (raw, expected) => {
    expect(neutralise(raw)).toBe(expected);
  });

  it('keeps nothing that a terminal would take for an order, and does not hang', () => {
    const hostile = `${'\u001b]'.repeat(20_000)}${'\u001b['.repeat(20_000)}x`;
    const started = performance.now();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    expect(neutralise(hostile)).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
