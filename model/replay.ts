// Replay of the past: which range in which steps, and what its rates were. In: texts of an address. Out: ReplayRange, the documents of
// /api/graph/rates and /api/graph/replay.
import { Failure } from './failure';
import { type ChartPoint, decodeDurationSeconds, encodeDuration } from './wire';

/** Frames from one instant to another, both on the grid of the step. */
export interface ReplayRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

/** Distance of two frames, as Kiali has it. */
export const DEFAULT_STEP_SECONDS = 10;
export const MIN_STEP_SECONDS = 1;
export const MAX_STEP_SECONDS = 86_400;
/** Longest replay, in frames. */
export const MAX_FRAMES = 1080;
/** Ranges of the strip of rates, the last so many seconds. */
export const MIN_HISTORY_SECONDS = 300;
export const MAX_HISTORY_SECONDS = 2_592_000;
export const DEFAULT_HISTORY_SECONDS = 1800;

const INSTANT = /^\d{9,11}$/;
const refused = (detail: string): Failure => new Failure('badRequest', detail, 'Correct the parameters; /api/openapi.json describes them.');
const quoted = (query: URLSearchParams, name: string): string => JSON.stringify((query.get(name) ?? '').slice(0, 80));

/** The step that shows a range in MAX_FRAMES at most: ten seconds, or the smallest round one that does. */
export const stepFor = (seconds: number): number =>
  [DEFAULT_STEP_SECONDS, 15, 30, 60, 120, 300, 600, 1800, 3600].find((step) => seconds / step < MAX_FRAMES) ?? MAX_STEP_SECONDS;

/** Moves both ends onto the grid of the step, inwards. */
export const onGrid = ({ fromSeconds, toSeconds, stepSeconds }: ReplayRange): ReplayRange => ({
  fromSeconds: Math.ceil(fromSeconds / stepSeconds) * stepSeconds,
  toSeconds: Math.floor(toSeconds / stepSeconds) * stepSeconds,
  stepSeconds,
});

/** `start`, `end` and `step` of a query, on the grid. @throws Failure badRequest */
export function readReplayRange(query: URLSearchParams): ReplayRange {
  const instant = (name: string): number => {
    const text = query.get(name) ?? '';
    if (!INSTANT.test(text)) throw refused(`${name}=${quoted(query, name)} (expected an instant in unix seconds)`);
    return Number(text);
  };
  const stepText = query.get('step');
  const stepSeconds = stepText === null ? DEFAULT_STEP_SECONDS : decodeDurationSeconds(stepText);
  if (stepSeconds === null || stepSeconds < MIN_STEP_SECONDS || stepSeconds > MAX_STEP_SECONDS)
    throw refused(`step=${quoted(query, 'step')} (expected a duration such as 10s, at least 1s and at most 1d)`);
  const range = onGrid({ fromSeconds: instant('start'), toSeconds: instant('end'), stepSeconds });
  const frames = (range.toSeconds - range.fromSeconds) / stepSeconds + 1;
  if (frames < 1) throw refused(`no frame of ${encodeDuration(stepSeconds)} lies between start and end`);
  if (frames > MAX_FRAMES) throw refused(`${frames} frames are more than the ${MAX_FRAMES} that one replay may have`);
  return range;
}

/** `range` and `end` of a query; toSeconds null = now. @throws Failure badRequest */
export function readHistoryRange(query: URLSearchParams): { readonly rangeSeconds: number; readonly toSeconds: number | null } {
  const text = query.get('range');
  const rangeSeconds = text === null ? DEFAULT_HISTORY_SECONDS : decodeDurationSeconds(text);
  if (rangeSeconds === null || rangeSeconds < MIN_HISTORY_SECONDS || rangeSeconds > MAX_HISTORY_SECONDS)
    throw refused(`range=${quoted(query, 'range')} (expected a duration from 5m to 30d)`);
  const end = query.get('end');
  if (end !== null && !INSTANT.test(end)) throw refused(`end=${quoted(query, 'end')} (expected an instant in unix seconds)`);
  return { rangeSeconds, toSeconds: end === null ? null : Number(end) };
}

/** Answer of GET /api/graph/rates: requests and errors per second of all that a reader sees. */
export interface RateHistoryDocument {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
  /** Null where there is no sample at all. */
  readonly requests: readonly ChartPoint[];
  readonly errors: readonly ChartPoint[];
  readonly promql: readonly string[];
}

/** Answer of GET /api/graph/replay: the frames are read; each is the graph of the same view with `at` at its instant. */
export interface ReplayDocument {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
  readonly frames: number;
  /** What makes frames incomplete, in words. */
  readonly warnings: readonly string[];
  readonly cost: { readonly queries: number; readonly bytes: number; readonly wallMs: number };
}
