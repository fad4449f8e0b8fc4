// The past of a world that starts now: the engine runs quickly through the last minutes, and every step's samples go to a sink.
// In: TrafficEngine, span. Out: samples in a SeriesStore or in a write-ahead log that Prometheus reads at its start.
import type { SeriesStore } from '../prometheus/store';
import type { Block } from './block';
import type { TrafficEngine } from './engine';
import { seriesLabels } from './exposition';
import type { LabelSet } from './flow';
import type { Wal } from './wal';

/** Takes samples of series that it has given a reference. */
export interface SampleSink {
  /** Reference of the series with these labels. */
  refer(labels: LabelSet): number;
  /** Samples of one instant. */
  write(timestampMs: number, refs: readonly number[], values: readonly number[]): void;
  close(): void;
}

/** Samples straight into the embedded store. */
export const storeSink = (store: SeriesStore): SampleSink => ({
  refer: (labels) => store.referTo(labels),
  write: (timestampMs, refs, values) => {
    refs.forEach((ref, i) => {
      store.appendTo(ref, timestampMs, values[i] ?? 0);
    });
  },
  close: () => undefined,
});

/** Samples as records of a write-ahead log. */
export function walSink(wal: Wal): SampleSink {
  let next = 1;
  let fresh: { ref: number; labels: LabelSet }[] = [];
  return {
    refer: (labels) => {
      const ref = next++;
      fresh.push({ ref, labels });
      return ref;
    },
    write: (timestampMs, refs, values) => {
      wal.writeSeries(fresh);
      fresh = [];
      wal.writeSamples(timestampMs, refs, values);
    },
    close: () => {
      wal.close();
    },
  };
}

/** Lets the engine run from where it is to `toMs` in steps, writing a sample of every series after each. */
export function writeHistory(engine: TrafficEngine, toMs: number, stepMs: number, sink: SampleSink): void {
  const refsOf = new WeakMap<Block, number[]>();
  while (engine.timeMs < toMs) {
    const atMs = Math.min(toMs, (Math.floor(engine.timeMs / stepMs) + 1) * stepMs);
    engine.tick(atMs);
    const refs: number[] = [];
    const values: number[] = [];
    for (const target of engine.targets())
      for (const block of target.blocks()) {
        const lines = block.shape.lines.length;
        let own = refsOf.get(block);
        if (!own) {
          own = Array.from({ length: lines }, (_, line) => sink.refer(seriesLabels(target, block, line)));
          refsOf.set(block, own);
        }
        for (let line = 0; line < lines; line++) {
          refs.push(own[line] ?? 0);
          values.push(block.valueAt(line));
        }
      }
    sink.write(atMs, refs, values);
  }
  sink.close();
}
