// A flow in motion: expected requests become whole ones, pod pair by pod pair, and both proxies count the same ones.
// In: RatedFlow, targets. Out: counts per tick. Fractions are kept, so that rare traffic still happens.
import type { WorldPod } from '../world/inventory';
import { unitHash, unitMix } from '../world/random';
import type { MessageBlock, RequestBatch, RequestBlock, RequestShape, TcpBlock } from './block';
import { cumulative, type Distribution, logNormal } from './distribution';
import type { Report } from './flow';
import { latencyFactor } from './load';
import type { RatedFlow } from './plan';
import type { Target } from './target';

/** Finds the target of a pod and the shape of its proxy's metrics. */
export interface Registry {
  targetOf(podUid: string): Target | null;
  shapeOf(podUid: string): RequestShape;
}

const SIZE_SIGMA = 0.3;

// Sizes are log-normal around their mean.
const sizes = (mean: number): Distribution | null =>
  mean > 0 ? logNormal({ medianMs: mean / Math.exp((SIZE_SIGMA * SIZE_SIGMA) / 2), sigma: SIZE_SIGMA }) : null;

interface Side {
  readonly report: Report;
  readonly shape: RequestShape;
  readonly duration: Float64Array;
  readonly request: Float64Array;
  readonly response: Float64Array;
  readonly requests: (RequestBlock | undefined)[];
  readonly tcp: (TcpBlock | undefined)[];
  readonly messages: (MessageBlock | undefined)[];
}

export class FlowRun {
  readonly rated: RatedFlow;
  /** Requests of the last tick by pod pair (source index × destinations + destination index). */
  readonly counts: Int32Array;
  private readonly carry: Float64Array;
  private readonly source: Side | null;
  private readonly destination: Side | null;
  private readonly requestMean: number;
  private readonly responseMean: number;
  private readonly latencyKey: number;
  private readonly sources: number;
  private readonly destinations: number;

  constructor(rated: RatedFlow, registry: Registry, carried: Float64Array | undefined) {
    const { flow } = rated;
    this.rated = rated;
    this.sources = flow.from.pods.length;
    this.destinations = flow.to?.pods.length ?? 1;
    const pairs = this.sources * this.destinations;
    this.counts = new Int32Array(pairs);
    const phase = unitHash(flow.key) * 0xffffffff;
    this.carry = carried?.length === pairs ? carried : Float64Array.from({ length: pairs }, (_, i) => unitMix(phase, i));
    const request = sizes(flow.requestBytes);
    const response = sizes(flow.responseBytes);
    this.requestMean = flow.requestBytes;
    this.responseMean = flow.responseBytes;
    const side = (report: Report | null, uid: string | undefined): Side | null => {
      if (!report || uid === undefined) return null;
      const shape = registry.shapeOf(uid);
      const shares = (distribution: Distribution | null): Float64Array => {
        const out = new Float64Array(shape.bounds.length).fill(1);
        if (distribution) cumulative(distribution, shape.bounds, 1, out);
        return out;
      };
      return {
        report,
        shape,
        duration: new Float64Array(shape.bounds.length),
        request: shares(request),
        response: shares(response),
        requests: [],
        tcp: [],
        messages: [],
      };
    };
    this.source = side(flow.source, flow.from.sample.uid);
    this.destination = side(flow.destination, flow.to?.sample.uid);
    this.latencyKey = Math.floor(unitHash(flow.to?.id ?? flow.request.authority) * 0xffffffff);
  }

  get carried(): Float64Array {
    return this.carry;
  }

  /** Lets `expected` requests happen around `timeMs`; returns how many whole ones did. */
  run(expected: number, timeMs: number, registry: Registry): number {
    const pairs = this.counts.length;
    const each = expected / pairs;
    let total = 0;
    for (let p = 0; p < pairs; p++) {
      const sum = (this.carry[p] ?? 0) + each;
      const whole = Math.floor(sum);
      this.carry[p] = sum - whole;
      this.counts[p] = whole;
      total += whole;
    }
    if (total === 0) return 0;
    const factor = latencyFactor(this.latencyKey, timeMs);
    const { flow } = this.rated;
    if (this.source) this.count(this.source, flow.from.pods, true, factor, registry);
    if (this.destination && flow.to) this.count(this.destination, flow.to.pods, false, factor, registry);
    return total;
  }

  /** Adds the last tick's requests to the pods that took part, by uid. */
  countByPod(into: Map<string, number>): void {
    const { from, to } = this.rated.flow;
    const add = (uid: string, n: number): void => {
      into.set(uid, (into.get(uid) ?? 0) + n);
    };
    from.pods.forEach((pod, i) => {
      add(pod.uid, this.sumOfSource(i));
    });
    to?.pods.forEach((pod, j) => {
      add(pod.uid, this.sumOfDestination(j));
    });
  }

  private sumOfSource(i: number): number {
    let sum = 0;
    for (let j = 0; j < this.destinations; j++) sum += this.counts[i * this.destinations + j] ?? 0;
    return sum;
  }

  private sumOfDestination(j: number): number {
    let sum = 0;
    for (let i = 0; i < this.sources; i++) sum += this.counts[i * this.destinations + j] ?? 0;
    return sum;
  }

  private count(side: Side, pods: readonly WorldPod[], isSource: boolean, factor: number, registry: Registry): void {
    const { flow } = this.rated;
    const stretch = side.report.timed ? 1 : factor;
    let ready = false;
    for (let i = 0; i < pods.length; i++) {
      const count = isSource ? this.sumOfSource(i) : this.sumOfDestination(i);
      if (count === 0) continue;
      const target = registry.targetOf(pods[i]?.uid ?? '');
      if (!target) continue;
      const { labels, messageLabels, latency } = side.report;
      if (flow.protocol === 'tcp') {
        side.tcp[i] ??= target.tcpBlock(labels);
        side.tcp[i]?.add(count, this.requestMean, this.responseMean, flow.commandsPerConnection);
        continue;
      }
      if (!ready) {
        cumulative(latency, side.shape.bounds, stretch, side.duration);
        ready = true;
      }
      const batch: RequestBatch = {
        count,
        duration: side.duration,
        durationMean: latency.mean * stretch,
        request: side.request,
        requestMean: this.requestMean,
        response: side.response,
        responseMean: this.responseMean,
      };
      side.requests[i] ??= target.requestBlock(side.shape, labels);
      side.requests[i]?.add(batch);
      if (messageLabels) {
        side.messages[i] ??= target.messageBlock(messageLabels);
        // A failed unary call has no response message.
        side.messages[i]?.add(count, side.report.ending.grpcStatus === '0' ? count : 0);
      }
    }
  }
}
