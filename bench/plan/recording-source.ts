// A MetricsSource that remembers what was asked and when, so that the same can be asked again by somebody else.
// In: MetricsSource. Out: the same, and the questions in the rounds in which they were sent.
import type { InstantVector, MetricsCapabilities, MetricsSource } from '../../server/ports';

export interface AskedQuery {
  readonly name: string;
  readonly promql: string;
  readonly bytes: number;
  readonly series: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface RecordingSource extends MetricsSource {
  /** Answers that were given to queries of this name, by text. */
  answersTo(name: string): ReadonlyMap<string, InstantVector>;
  /** What was asked since the last call, in the order in which it was answered. */
  take(): readonly AskedQuery[];
}

/** Records the instant queries of `source`. */
export function recordQueries(source: MetricsSource): RecordingSource {
  let asked: AskedQuery[] = [];
  let capabilities: Promise<MetricsCapabilities> | null = null;
  const answers = new Map<string, Map<string, InstantVector>>();
  return {
    ...source,
    fetchVector: async (query, atMs, options) => {
      const startMs = performance.now();
      const vector = await source.fetchVector(query, atMs, options);
      const { bytes, count: series } = vector;
      if (query.stream === undefined) answers.set(query.name, new Map(answers.get(query.name)).set(query.promql, vector));
      asked.push({ name: query.name, promql: query.promql, bytes, series, startMs, endMs: performance.now() });
      return vector;
    },
    fetchCapabilities: (options) => (capabilities ??= source.fetchCapabilities(options)),
    answersTo: (name) => answers.get(name) ?? new Map(),
    take: () => {
      const taken = asked;
      asked = [];
      return taken;
    },
  };
}

/** `source`, but the rare questions (probes, identities) are answered as they were to `before`, at no cost. */
export function withKnownRarities(source: MetricsSource, before: RecordingSource): MetricsSource {
  return {
    ...source,
    fetchCapabilities: (options) => before.fetchCapabilities(options),
    fetchVector: (query, atMs, options) => {
      const known = before.answersTo(query.name).get(query.promql);
      return known === undefined ? source.fetchVector(query, atMs, options) : Promise.resolve(known);
    },
  };
}

/** Queries that ran side by side, round by round: a new one begins with the first query sent after an answer had come. */
export function roundsOf(asked: readonly AskedQuery[]): readonly (readonly AskedQuery[])[] {
  const rounds: AskedQuery[][] = [];
  let endMs = 0;
  for (const query of [...asked].sort((a, b) => a.startMs - b.startMs)) {
    const last = rounds.at(-1);
    if (last === undefined || query.startMs >= endMs) {
      rounds.push([query]);
      endMs = query.endMs;
    } else {
      last.push(query);
      endMs = Math.min(endMs, query.endMs);
    }
  }
  return rounds;
}
