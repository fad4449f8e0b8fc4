// A hash of what a plan writes. In: steps. Out: 32 hex digits (MurmurHash3 x86 128 over canonical JSON).
// Only what is written counts: not the version of the object, the patch or the words, which follow from it. So a plan that is made again is
// the same plan after somebody has touched the status of an object, and another one after a change of its spec.
import type { PlanStep } from '../../../model/change';
import type { Json } from '../../../model/inventory';
import { canonicalJson } from './json-edit';
import { manifestJson } from './manifest-of';

/** Equal for plans that write the same, whatever the order of the fields. */
export const digestSteps = (steps: readonly PlanStep[]): string =>
  murmur128(
    canonicalJson(
      steps.map(
        ({ action, ref, before, after }): Json => [
          action,
          ref.kind,
          ref.namespace,
          ref.name,
          before === null ? null : manifestJson(before),
          after === null ? null : manifestJson(after),
        ],
      ),
    ),
  );

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;
const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** MurmurHash3_x86_128 of the UTF-16 code units of a text, four words a block. */
function murmur128(text: string): string {
  let [h1, h2, h3, h4] = [0, 0, 0, 0];
  const word = (at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
  for (let at = 0; at < text.length; at += 8) {
    h1 ^= Math.imul(rotate(Math.imul(word(at), C1), 15), C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(word(at + 2), C2), 16), C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(word(at + 4), C3), 17), C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(word(at + 6), C4), 18), C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const mix = (): void => {
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
  };
  h1 ^= text.length;
  h2 ^= text.length;
  h3 ^= text.length;
  h4 ^= text.length;
  mix();
  [h1, h2, h3, h4] = [finish(h1), finish(h2), finish(h3), finish(h4)];
  mix();
  return [h1, h2, h3, h4].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('');
}
