// Durations as Istio and the Gateway API write them. In: milliseconds or text. Out: the other.
import type { Json } from '../../../model/inventory';
import { decodeDurationMs } from '../../istio/read/fields';

/** `2s`, `0.25s`: protobuf's form. */
const meshDuration = (ms: number): string => `${ms / 1000}s`;

/** `2s`, `250ms`, `1s500ms`: GEP-2257 knows no fractions. */
function apiDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest = ms % 1000;
  return rest === 0 ? `${seconds}s` : `${seconds === 0 ? '' : `${seconds}s`}${rest}ms`;
}

const kept = (written: Json | undefined, ms: number, text: string): string =>
  typeof written === 'string' && decodeDurationMs(written) === ms ? written : text;

/** The duration for a VirtualService; a text that already says it stays. */
export const meshDurationLike = (written: Json | undefined, ms: number): string => kept(written, ms, meshDuration(ms));

/** The same for an HTTPRoute. */
export const apiDurationLike = (written: Json | undefined, ms: number): string => kept(written, ms, apiDuration(ms));
