// Query results as the JSON of Prometheus' HTTP API: timestamps in seconds as numbers, values as strings ("NaN", "+Inf").
import { formatValue } from './promql/float';
import type { QueryResult } from './query';
import type { Labels } from './storage/labels';

function encodeSeconds(timestampMs: number): string {
  const milliseconds = Math.round(timestampMs);
  const fraction = ((milliseconds % 1000) + 1000) % 1000;
  if (fraction === 0) return String(milliseconds / 1000);
  // Negative times are rare enough for plain division.
  return milliseconds < 0 ? String(milliseconds / 1000) : `${Math.floor(milliseconds / 1000)}.${String(fraction).padStart(3, '0')}`;
}

/** A label set as a JSON object, names in order. */
export function encodeLabels(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.pairs.length; i += 2) {
    parts.push(`${JSON.stringify(labels.pairs[i] ?? '')}:${JSON.stringify(labels.pairs[i + 1] ?? '')}`);
  }
  return `{${parts.join(',')}}`;
}

function encodePoint(timestampMs: number, value: number): string {
  return `[${encodeSeconds(timestampMs)},"${formatValue(value)}"]`;
}

/** The `data` member of a query or query_range answer. */
export function encodeResult(result: QueryResult): string {
  switch (result.type) {
    case 'scalar':
      return `{"resultType":"scalar","result":${encodePoint(result.timestampMs, result.value)}}`;
    case 'string':
      return `{"resultType":"string","result":[${encodeSeconds(result.timestampMs)},${JSON.stringify(result.value)}]}`;
    case 'vector': {
      const samples = result.samples.map(
        ({ labels, value }) => `{"metric":${encodeLabels(labels)},"value":${encodePoint(result.timestampMs, value)}}`,
      );
      return `{"resultType":"vector","result":[${samples.join(',')}]}`;
    }
    case 'matrix': {
      const series = result.series.map(({ labels, timesMs, values }) => {
        const points: string[] = [];
        for (let i = 0; i < timesMs.length; i++) points.push(encodePoint(timesMs[i] ?? 0, values[i] ?? Number.NaN));
        return `{"metric":${encodeLabels(labels)},"values":[${points.join(',')}]}`;
      });
      return `{"resultType":"matrix","result":[${series.join(',')}]}`;
    }
  }
}
