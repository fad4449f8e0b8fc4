// A whole mesh's Istio metrics as a Prometheus data directory.
// In: a directory, a MeshShape. Out: <dir>/wal, and what was written.
import { rmSync } from 'node:fs';
import { createCounters } from './counters';
import { buildMesh, type Mesh, type MeshShape } from './mesh';
import { buildStreams, labelsOf, type MetricSelection, metricsOf } from './streams';
import { createWalWriter } from './wal-writer';

export interface WalOptions {
  readonly steps: number;
  readonly stepSeconds: number;
  /** Instant of the last scrape, ms since the epoch. */
  readonly endMs: number;
  /** Leaves out what a measurement does not need: a large mesh with every bucket takes 8 GiB of Prometheus' memory. */
  readonly metrics: MetricSelection;
}

export interface WrittenWal {
  readonly mesh: Mesh;
  readonly series: number;
  readonly requestSeries: number;
}

/** Replaces `dir` by the data of a mesh, `steps` scrapes that end at `endMs`. */
export function writeWal(dir: string, shape: MeshShape, options: WalOptions): WrittenWal {
  rmSync(dir, { recursive: true, force: true });
  const mesh = buildMesh(shape);
  const streams = buildStreams(mesh);
  const counters = createCounters(streams, shape.seed, options.metrics === 'all');
  const writer = createWalWriter(dir);
  let series = 0;
  let requestSeries = 0;
  const refs = streams.map((stream) => {
    const labels = labelsOf(stream);
    return metricsOf(stream, options.metrics).map((metric) => {
      series++;
      if (metric.name === 'istio_requests_total') requestSeries++;
      const named = [['__name__', metric.name] as const, ...labels];
      return writer.series(metric.kind === 'bucket' ? [...named, ['le', metric.le] as const] : named);
    });
  });
  // What Prometheus itself adds for each target it scrapes.
  const targets = [...new Map(streams.map(({ pod, owner }) => [pod, owner]))].map(([pod, owner]) => {
    const instance = ['instance', `${pod.ip}:15020`] as const;
    series++;
    return {
      pod,
      ref: writer.series([['__name__', 'up'], instance, ['job', 'kubernetes-pods'], ['namespace', owner.namespace], ['pod', pod.name]]),
    };
  });
  for (let step = 0; step < options.steps; step++) {
    if (step > 0) counters.advance(options.stepSeconds);
    const stepMs = options.endMs - (options.steps - 1 - step) * options.stepSeconds * 1000;
    const scrapedMs = (offsetMs: number): number => stepMs - (offsetMs % (options.stepSeconds * 1000));
    for (const { pod, ref } of targets) writer.sample(ref, scrapedMs(pod.offsetMs), 1);
    streams.forEach((stream, i) => {
      const atMs = scrapedMs(stream.pod.offsetMs);
      metricsOf(stream, options.metrics).forEach((metric, k) => {
        writer.sample(refs[i]?.[k] ?? 0, atMs, counters.value(i, metric));
      });
    });
  }
  writer.close();
  return { mesh, series, requestSeries };
}
