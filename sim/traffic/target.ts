// A scrape target (a pod's proxy, istiod, the kubelet's cAdvisor) with its blocks. In: labels. Out: blocks, found again by label set.
import type { WorldPod } from '../world/inventory';
import {
  type Block,
  buildShape,
  HistogramBlock,
  MessageBlock,
  type MetricType,
  RequestBlock,
  type RequestShape,
  type Shape,
  TcpBlock,
  ValueBlock,
} from './block';
import type { LabelSet } from './flow';

const keyOf = (labels: LabelSet): string => Object.values(labels).join('\u0001');

/** Shapes of single metrics, shared by every target of a registry. */
export class ShapeBook {
  private readonly shapes = new Map<string, Shape>();

  find(metric: string, type: MetricType, bounds: readonly number[] = []): Shape {
    const known = this.shapes.get(metric);
    if (known) return known;
    const fresh = buildShape([type === 'histogram' ? { name: metric, type, bounds } : { name: metric, type }]);
    this.shapes.set(metric, fresh);
    return fresh;
  }
}

export class Target {
  readonly id: string;
  /** Labels that scraping adds: app, namespace, pod, instance, job. */
  readonly labels: LabelSet;
  /** Pod that is scraped, null for a node's cAdvisor. */
  readonly pod: WorldPod | null;
  private readonly text: string;
  private readonly book: ShapeBook;
  private readonly requests = new Map<string, RequestBlock>();
  private readonly tcp = new Map<string, TcpBlock>();
  private readonly messages = new Map<string, MessageBlock>();
  private readonly others = new Map<string, ValueBlock | HistogramBlock>();

  constructor(id: string, labels: LabelSet, pod: WorldPod | null, book: ShapeBook) {
    this.id = id;
    this.labels = labels;
    this.pod = pod;
    this.book = book;
    this.text = Object.entries(labels)
      .map(([k, v]) => `${k}="${v}",`)
      .join('');
  }

  requestBlock(shape: RequestShape, labels: LabelSet): RequestBlock {
    return remember(this.requests, keyOf(labels), () => new RequestBlock(shape, labels, this.text));
  }

  tcpBlock(labels: LabelSet): TcpBlock {
    return remember(this.tcp, keyOf(labels), () => new TcpBlock(labels, this.text));
  }

  messageBlock(labels: LabelSet): MessageBlock {
    return remember(this.messages, keyOf(labels), () => new MessageBlock(labels, this.text));
  }

  /** Sets a gauge, or a counter that is computed elsewhere. */
  set(metric: string, type: 'gauge' | 'counter', labels: LabelSet, value: number): void {
    this.valueBlock(metric, type, labels).value = value;
  }

  /** Adds to a counter. */
  count(metric: string, labels: LabelSet, n: number): void {
    this.valueBlock(metric, 'counter', labels).value += n;
  }

  histogram(metric: string, labels: LabelSet, bounds: readonly number[]): HistogramBlock {
    const key = `${metric}\u0001${keyOf(labels)}`;
    const known = this.others.get(key);
    if (known instanceof HistogramBlock) return known;
    const fresh = new HistogramBlock(this.book.find(metric, 'histogram', bounds), labels, this.text, bounds.length);
    this.others.set(key, fresh);
    return fresh;
  }

  /** Ends a series. */
  drop(block: ValueBlock): void {
    for (const [key, known] of this.others) if (known === block) this.others.delete(key);
  }

  /** Blocks in a fixed order: requests, TCP, messages, then the rest. */
  *blocks(): Iterable<Block> {
    yield* this.requests.values();
    yield* this.tcp.values();
    yield* this.messages.values();
    yield* this.others.values();
  }

  /** The series itself, for those who set it often. */
  valueBlock(metric: string, type: 'gauge' | 'counter', labels: LabelSet): ValueBlock {
    const key = `${metric}\u0001${keyOf(labels)}`;
    const known = this.others.get(key);
    if (known instanceof ValueBlock) return known;
    const fresh = new ValueBlock(this.book.find(metric, type), labels, this.text);
    this.others.set(key, fresh);
    return fresh;
  }
}

function remember<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  map.set(key, fresh);
  return fresh;
}
