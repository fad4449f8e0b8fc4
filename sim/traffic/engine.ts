// The traffic of a world as time passes. Every tick multiplies the plan of the present configuration by the loads of that moment and counts
// what each proxy would count. In: World, ObjectStore, instants. Out: targets with their metrics; a short memory of requests for logs.
import { buildMeshIndex } from '../../server/istio/mesh-index';
import type { ObjectStore } from '../kubernetes/store';
import { CONFIG_RESOURCE_SET, InventoryReader, TRAFFIC_RESOURCES, type WorldPod } from '../world/inventory';
import type { World } from '../world/world';
import type { LogLine } from './access-log';
import type { RequestShape } from './block';
import type { LabelSet } from './flow';
import { FlowRun, type Registry } from './flow-run';
import { loadAt, serviceNoise } from './load';
import type { TrafficPlan } from './plan';
import { buildPlan } from './planner';
import { PlatformMetrics } from './platform-metrics';
import { requestShapeOf } from './proxy-settings';
import { ShapeBook, Target } from './target';
import { TrafficMemory } from './traffic-memory';

export interface EngineOptions {
  readonly world: World;
  readonly store: ObjectStore;
  /** Instant at which counting begins, ms. */
  readonly startMs: number;
  /** Ticks that the logs remember (default 180). */
  readonly rememberedTicks?: number;
}

const PROXY_PORT = 15020;
const REMEMBERED_PUSHES = 200;

export class TrafficEngine implements Registry {
  readonly memory: TrafficMemory;
  private readonly world: World;
  private readonly store: ObjectStore;
  private readonly reader: InventoryReader;
  private readonly book = new ShapeBook();
  private readonly targetsById = new Map<string, Target>();
  private readonly shapes = new Map<string, RequestShape>();
  private readonly shapesByText = new Map<string, RequestShape>();
  private readonly carried = new Map<string, Float64Array>();
  private readonly platform: PlatformMetrics;
  private readonly unsubscribe: () => void;
  private runs: readonly FlowRun[] = [];
  private current: TrafficPlan | null = null;
  private dirty = true;
  private changed = '';
  private changes = 0;
  private pushes: LogLine[] = [];
  private clockMs: number;

  constructor(options: EngineOptions) {
    this.world = options.world;
    this.store = options.store;
    this.clockMs = options.startMs;
    this.reader = new InventoryReader(options.store);
    this.memory = new TrafficMemory(options.rememberedTicks ?? 180);
    this.platform = new PlatformMetrics(options.world.seed);
    this.unsubscribe = this.store.onChange((event) => {
      this.platform.observe(event);
      if (TRAFFIC_RESOURCES.has(event.resource)) {
        this.dirty = true;
        if (!CONFIG_RESOURCE_SET.has(event.resource)) return;
        this.changed = `${event.object.kind}/${event.object.metadata.namespace ?? ''}/${event.object.metadata.name}`;
        this.changes += 1;
      }
    });
  }

  /** Instant up to which traffic has happened, ms. */
  get timeMs(): number {
    return this.clockMs;
  }

  /** The plan in force, made anew when an object has changed since. */
  plan(): TrafficPlan {
    if (this.current === null || this.dirty) this.replan();
    if (this.current === null) throw new Error('the traffic plan was not built');
    return this.current;
  }

  /** Lets traffic happen until `toMs`; does nothing for an instant that is not later than the last. */
  tick(toMs: number): void {
    const fromMs = this.clockMs;
    if (toMs <= fromMs) return;
    const plan = this.plan();
    const seconds = (toMs - fromMs) / 1000;
    const middleMs = (fromMs + toMs) / 2;
    const loads = Float64Array.from(plan.loads, (load) => loadAt(load, this.world.seed, middleMs));
    this.memory.begin(fromMs, toMs);
    const requestsOf = new Map<string, number>();
    for (const run of this.runs) {
      const { flow, roots, factors } = run.rated;
      let rate = 0;
      for (let i = 0; i < roots.length; i++) rate += (loads[roots[i] ?? 0] ?? 0) * (factors[i] ?? 0);
      if (run.run(rate * seconds * serviceNoise(flow.noiseKey, middleMs), middleMs, this) === 0) continue;
      this.memory.put(run);
      run.countByPod(requestsOf);
    }
    this.clockMs = toMs;
    this.platform.tick(this.targetsById.values(), plan, seconds, toMs, requestsOf);
  }

  /** What can be scraped now: every proxy, istiod, the nodes. */
  targets(): readonly Target[] {
    return [...this.targetsById.values()];
  }

  /** What istiod logged of its pushes, oldest first. */
  get pushLog(): readonly LogLine[] {
    return this.pushes;
  }

  targetOf(podUid: string): Target | null {
    return this.targetsById.get(podUid) ?? null;
  }

  shapeOf(podUid: string): RequestShape {
    const known = this.shapes.get(podUid);
    if (known) return known;
    return requestShapeOf(null, null, this.shapesByText);
  }

  close(): void {
    this.unsubscribe();
  }

  private replan(): void {
    this.dirty = false;
    const view = this.reader.read();
    const plan = buildPlan(this.world, view, buildMeshIndex(view.inventory));
    this.current = plan;
    this.syncTargets(view.pods.values());
    for (const run of this.runs) this.carried.set(run.rated.flow.key, run.carried);
    this.runs = plan.flows.map((rated) => new FlowRun(rated, this, this.carried.get(rated.flow.key)));
    this.carried.clear();
    this.platform.planned(plan);
    this.logPush(plan);
  }

  private logPush(plan: TrafficPlan): void {
    const stamp = new Date(this.clockMs).toISOString().replace('Z', '000Z');
    const proxies = [...this.targetsById.values()].filter((t) => t.pod?.injected === true).length;
    const line = (text: string): LogLine => ({ atMs: this.clockMs, text: `${stamp}\tinfo\tads\t${text}` });
    if (this.changes > 0)
      this.pushes.push(
        line(
          `Push debounce stable[${this.pushes.length + 1}] ${this.changes} for config ${this.changed}: 100.2ms since last change, full=true`,
        ),
      );
    this.pushes.push(
      line(
        `XDS: Pushing Services:${plan.view.inventory.services.size} ConnectedEndpoints:${proxies} Version:${stamp}/${this.pushes.length}`,
      ),
    );
    this.pushes = this.pushes.slice(-REMEMBERED_PUSHES);
    this.changes = 0;
  }

  // A target per pod with a proxy, and istiod; counters die with their pod.
  private syncTargets(pods: Iterable<WorldPod>): void {
    const alive = new Set<string>();
    for (const pod of pods) {
      const isControlPlane = pod.labels['app'] === 'istiod';
      if ((!pod.injected && !isControlPlane) || (!pod.ready && !this.targetsById.has(pod.uid))) continue;
      alive.add(pod.uid);
      this.shapes.set(pod.uid, requestShapeOf(pod, this.current?.view ?? null, this.shapesByText));
      if (!this.targetsById.has(pod.uid)) this.targetsById.set(pod.uid, this.buildTarget(pod, isControlPlane));
    }
    for (const node of this.store.list('nodes')) {
      const id = `node/${node.metadata.name}`;
      alive.add(id);
      if (!this.targetsById.has(id)) {
        const labels: LabelSet = { instance: node.metadata.name, job: 'kubernetes-nodes-cadvisor' };
        this.targetsById.set(id, new Target(id, labels, null, this.book));
      }
    }
    for (const id of this.targetsById.keys())
      if (!alive.has(id)) {
        this.targetsById.delete(id);
        this.shapes.delete(id);
      }
  }

  private buildTarget(pod: WorldPod, isControlPlane: boolean): Target {
    const labels: Record<string, string> = {
      ...(pod.labels['app'] === undefined ? {} : { app: pod.labels['app'] }),
      instance: `${pod.ip}:${isControlPlane ? 15014 : PROXY_PORT}`,
      job: 'kubernetes-pods',
      namespace: pod.namespace,
      pod: pod.name,
    };
    return new Target(pod.uid, labels, pod, this.book);
  }
}
