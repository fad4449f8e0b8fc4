// Texts of log lines made harmless: whatever moves a cursor, colours, hides or turns text around is taken out or shown as what it is.
// In: text as a program wrote it. Out: text that can be shown, copied and printed to a terminal. Pure.

// ECMA-48: CSI (colours, cursor), OSC and other strings (titles, links; they may contain anything), and escapes of two characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ESCAPES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;
// Tab stays. The last range are marks that turn the direction of text around: they make a line read as another (Trojan Source).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;
const UNSAFE_EACH = new RegExp(UNSAFE.source, 'g');

/** Control characters as their pictures (␀), others by number. */
function show(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** A line of a log without escapes of terminals; a carriage return at its end (Windows) is no part of it. */
export function neutralise(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(/\r+$/, '').replace(ESCAPES, '').replace(UNSAFE_EACH, show);
}
