// A simulated mesh without servers and with a clock of its own, for tests. In: a world (default: the default one). Out: TestMesh.
import type { KubeObject } from '../kubernetes/object';
import { ObjectStore } from '../kubernetes/store';
import { Cluster } from '../world/cluster';
import { buildDefaultWorld } from '../world/default-world';
import type { World } from '../world/world';
import { TrafficEngine } from './engine';
import type { LabelSet } from './flow';

export const TEST_NOW_MS = Date.UTC(2026, 4, 1, 12);

/** One series as a scrape would see it. */
export interface SeenSeries {
  readonly metric: string;
  readonly le: string | null;
  readonly labels: LabelSet;
  readonly targetLabels: LabelSet;
  readonly value: number;
}

export class TestMesh {
  readonly store: ObjectStore;
  readonly cluster: Cluster;
  readonly engine: TrafficEngine;
  readonly world: World;
  nowMs = TEST_NOW_MS;

  constructor(world: World = buildDefaultWorld({ seed: 1, nowMs: TEST_NOW_MS })) {
    this.world = world;
    this.store = new ObjectStore({ now: () => this.nowMs });
    this.store.seed(world.objects);
    this.cluster = new Cluster({ store: this.store, seed: world.seed, now: () => this.nowMs });
    this.cluster.settle();
    this.engine = new TrafficEngine({ world, store: this.store, startMs: this.nowMs });
  }

  /** Lets time pass in ticks of five seconds. */
  advance(seconds: number): void {
    const untilMs = this.nowMs + seconds * 1000;
    while (this.nowMs < untilMs) {
      this.nowMs = Math.min(untilMs, this.nowMs + 5000);
      this.cluster.advance();
      this.engine.tick(this.nowMs);
    }
  }

  /** Writes a VirtualService, DestinationRule, ... at its storage version. */
  configure(kind: string, namespace: string, name: string, spec: Readonly<Record<string, unknown>>): void {
    const group = /Authentication|Authorization/.test(kind) ? 'security' : 'networking';
    this.store.write({ apiVersion: `${group}.istio.io/v1`, kind, metadata: { namespace, name }, spec });
  }

  /** The stored object. @throws where there is none. */
  read(resource: string, namespace: string | undefined, name: string): KubeObject {
    const object = this.store.read(resource, namespace, name);
    if (!object) throw new Error(`no ${resource} ${namespace ?? ''}/${name}`);
    return object;
  }

  *series(): Iterable<SeenSeries> {
    for (const target of this.engine.targets())
      for (const block of target.blocks())
        for (const [i, line] of block.shape.lines.entries())
          yield { metric: line.metric, le: line.le, labels: block.labels, targetLabels: target.labels, value: block.valueAt(i) };
  }

  /** Sum of the series of a metric with these labels. */
  total(metric: string, match: LabelSet): number {
    let sum = 0;
    for (const s of this.series())
      if (s.metric === metric && Object.entries(match).every(([k, v]) => (s.labels[k] ?? s.targetLabels[k] ?? '') === v)) sum += s.value;
    return sum;
  }

  /** Requests of the next seconds by the values of some labels, e.g. `200 -`. */
  requests(seconds: number, by: readonly string[], match: LabelSet): Map<string, number> {
    const before = this.requestTotals(by, match);
    this.advance(seconds);
    const after = this.requestTotals(by, match);
    const grown = new Map<string, number>();
    for (const [key, value] of after) {
      const more = value - (before.get(key) ?? 0);
      if (more > 0) grown.set(key, more);
    }
    return grown;
  }

  close(): void {
    this.engine.close();
    this.cluster.close();
  }

  private requestTotals(by: readonly string[], match: LabelSet): Map<string, number> {
    const totals = new Map<string, number>();
    for (const { metric, labels, value } of this.series()) {
      if (metric !== 'istio_requests_total' || !Object.entries(match).every(([k, v]) => labels[k] === v)) continue;
      const key = by.map((name) => labels[name] ?? '').join(' ');
      totals.set(key, (totals.get(key) ?? 0) + value);
    }
    return totals;
  }
}
