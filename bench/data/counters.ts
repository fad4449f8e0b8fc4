// The counters of the streams through time: each step adds a noisy number of requests, spread over the latency buckets of its edge.
// In: streams, a seed. Out: Counters, advanced step by step; every bucket is monotone and the last one equals the counter.
import { createRandom } from './random';
import { BUCKET_BOUNDS_MS, type MetricDef, type Stream } from './streams';

const BUCKETS = BUCKET_BOUNDS_MS.length + 1;
/** Standard deviation of the logarithm of the latency. */
const SPREAD = 0.9;

// Abramowitz and Stegun 26.2.17: good to 7.5e-8, far below the noise of the counters.
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = 0.3989423 * Math.exp((-z * z) / 2) * t * (0.3193815 + t * (-0.3565638 + t * (1.781478 + t * (-1.821256 + t * 1.330274))));
  return z > 0 ? 1 - tail : tail;
}

export interface Counters {
  /** Adds the traffic of `seconds` to every stream. */
  advance(seconds: number): void;
  /** Value of a metric of stream number `stream`. */
  value(stream: number, metric: MetricDef): number;
}

/** Counters that start at random heights, as those of proxies that have run for a while. */
export function createCounters(streams: readonly Stream[], seed: number, withBuckets: boolean): Counters {
  const random = createRandom(seed + 1);
  const counts = new Float64Array(streams.length);
  const buckets = new Float64Array(withBuckets ? streams.length * BUCKETS : 0);
  const shares = new Map<Stream['edge'], Float64Array>();
  const sharesOf = (edge: Stream['edge']): Float64Array => {
    let own = shares.get(edge);
    if (own === undefined) {
      own = Float64Array.from({ length: BUCKETS }, (_, k) => {
        const bound = BUCKET_BOUNDS_MS[k];
        return bound === undefined ? 1 : normalCdf((Math.log(bound) - Math.log(edge.latencyMs)) / SPREAD);
      });
      shares.set(edge, own);
    }
    return own;
  };
  const add = (index: number, stream: Stream, increment: number): void => {
    counts[index] = (counts[index] ?? 0) + increment;
    if (!withBuckets || increment === 0 || stream.edge.service.protocol === 'tcp') return;
    const cdf = sharesOf(stream.edge);
    const base = index * BUCKETS;
    let whole = 0;
    const added = new Float64Array(BUCKETS);
    for (let k = 0; k < BUCKETS; k++) {
      whole += Math.floor(increment * ((cdf[k] ?? 1) - (k === 0 ? 0 : (cdf[k - 1] ?? 0))));
      added[k] = whole;
    }
    for (let rest = increment - whole; rest > 0; rest--) {
      const u = random.next();
      let k = 0;
      while (k < BUCKETS - 1 && u > (cdf[k] ?? 1)) k++;
      for (; k < BUCKETS; k++) added[k] = (added[k] ?? 0) + 1;
    }
    for (let k = 0; k < BUCKETS; k++) buckets[base + k] = (buckets[base + k] ?? 0) + (added[k] ?? 0);
  };
  streams.forEach((stream, i) => {
    add(i, stream, stream.rate > 0 ? Math.floor(stream.rate * 36_000 * random.next()) + 1 : Math.floor(random.next() * 500));
  });
  return {
    advance: (seconds) => {
      streams.forEach((stream, i) => {
        if (stream.rate === 0) return;
        const mean = stream.rate * seconds;
        add(i, stream, Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal())));
      });
    },
    value: (stream, metric) => {
      const count = counts[stream] ?? 0;
      switch (metric.kind) {
        case 'multiple':
          return metric.factor < 1 ? Math.floor(count * metric.factor) : count * metric.factor;
        case 'durationSum':
          // The mean of a log-normal distribution.
          return count * (streams[stream]?.edge.latencyMs ?? 0) * Math.exp((SPREAD * SPREAD) / 2);
        case 'bucket':
          return buckets[stream * BUCKETS + metric.index] ?? 0;
      }
    },
  };
}
