// Finds a regular expression in lines, in a thread of its own: one that never ends costs that thread, not the page.
// In: messages { id, source, texts }. Out: messages { id, ranges } or { id, error }.
import { findRanges, type Ranges } from './find-ranges';

export interface RegexMessage {
  readonly id: number;
  readonly source: string;
  readonly texts: readonly string[];
}
export interface RegexReply {
  readonly id: number;
  readonly ranges: readonly Ranges[];
}

// Written against `self` by its parts, since the page's types (DOM) and a worker's types cannot be loaded together.
const port: { onmessage: ((event: MessageEvent<RegexMessage>) => void) | null; postMessage: (message: unknown) => void } = globalThis;

let compiled: RegExp | null = null;
let source = '';

port.onmessage = ({ data }) => {
  if (compiled === null || source !== data.source) {
    compiled = new RegExp(data.source, 'gi');
    source = data.source;
  }
  const expression = compiled;
  const reply: RegexReply = { id: data.id, ranges: data.texts.map((text) => findRanges(expression, text)) };
  port.postMessage(reply);
};
