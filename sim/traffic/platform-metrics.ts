// Metrics of the machinery: istiod's pushes and events, each proxy's own gauges, CPU and memory of containers as the kubelet sees them.
// In: change events, the plan, ticks. Out: values on targets. Names are those that Istio's dashboards read (istio.md 1.6, 1.7, 2.4-2.6).
import { isRecord, listOf, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import type { WorldPod } from '../world/inventory';
import { hashText, smoothNoise } from '../world/random';
import { ISTIO_VERSION } from '../world/world';
import type { ValueBlock } from './block';
import { ControlPlaneMetrics } from './control-plane-metrics';
import type { LabelSet } from './flow';
import type { TrafficPlan } from './plan';
import type { Target } from './target';

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly object: KubeObject;
}

/** CPU that a proxy or an application spends on a request, seconds. */
const PROXY_SECONDS_PER_REQUEST = 0.00035;
const APP_SECONDS_PER_REQUEST = 0.0011;

interface ProxyGauges {
  readonly key: number;
  readonly uptime: ValueBlock;
  readonly allocated: ValueBlock;
  readonly heap: ValueBlock;
  readonly connections: ValueBlock;
  readonly clusters: ValueBlock;
  readonly listeners: ValueBlock;
}

interface Container {
  readonly key: number;
  readonly role: 'proxy' | 'pilot' | 'application';
  cpuSeconds: number;
  readonly baseBytes: number;
  readonly cpu: ValueBlock;
  readonly memory: ValueBlock;
  readonly disk: ValueBlock;
  readonly node: Target;
}

export class PlatformMetrics {
  private readonly seed: number;
  private readonly controlPlane = new ControlPlaneMetrics();
  private readonly proxies = new WeakMap<Target, ProxyGauges>();
  private readonly containers = new Map<string, readonly Container[]>();
  private clusters = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Takes notice of a change, as istiod's watches do. */
  observe(change: Change): void {
    this.controlPlane.observe(change.type, change.resource, change.object);
  }

  /** A new plan is a new configuration: istiod pushes it to every proxy. */
  planned(plan: TrafficPlan): void {
    let ports = 0;
    for (const service of plan.view.inventory.services.values()) ports += service.ports.length;
    let subsets = 0;
    for (const rule of plan.view.inventory.config.get('DestinationRule') ?? []) subsets += listOf(valueAt(rule.spec, 'subsets')).length;
    this.clusters = ports + subsets + 8;
    this.forget(plan);
  }

  /** Brings every target's own metrics to the end of a tick. `requestsOf` counts the requests of the tick by pod uid. */
  tick(targets: Iterable<Target>, plan: TrafficPlan, seconds: number, toMs: number, requestsOf: ReadonlyMap<string, number>): void {
    const nodes = new Map<string, Target>();
    const proxies: Target[] = [];
    let pilot: Target | null = null;
    for (const target of targets) {
      if (target.pod === null) nodes.set(target.labels['instance'] ?? '', target);
      else if (target.pod.injected) proxies.push(target);
      else pilot = target;
    }
    for (const proxy of proxies)
      if (proxy.pod) this.tickProxy(this.gaugesOf(proxy, proxy.pod), proxy.pod, requestsOf.get(proxy.pod.uid) ?? 0, toMs);
    for (const pod of plan.view.pods.values())
      for (const container of this.containersOf(pod, nodes))
        this.tickContainer(container, (requestsOf.get(pod.uid) ?? 0) / seconds, seconds, toMs);
    if (pilot?.pod)
      this.controlPlane.tick(pilot, {
        toMs,
        seconds,
        startedMs: pilot.pod.createdAtMs,
        proxies: proxies.length,
        services: plan.view.inventory.services.size,
        virtualServices: plan.view.inventory.config.get('VirtualService')?.length ?? 0,
        clusters: this.clusters,
        cpuSeconds: this.containers.get(pilot.pod.uid)?.[0]?.cpuSeconds ?? 0,
      });
  }

  private tickProxy(gauges: ProxyGauges, pod: WorldPod, requests: number, toMs: number): void {
    const allocated = 38e6 + 22_000 * this.clusters + 2e6 * smoothNoise(gauges.key, toMs / 60_000);
    gauges.uptime.value = Math.max(0, Math.floor((toMs - pod.readyAtMs) / 1000));
    gauges.allocated.value = Math.round(allocated);
    gauges.heap.value = Math.round(allocated * 1.3);
    gauges.connections.value = Math.min(200, 4 + Math.ceil(requests / 20));
    gauges.clusters.value = this.clusters;
    gauges.listeners.value = 8 + Math.ceil(this.clusters / 3);
  }

  private gaugesOf(target: Target, pod: WorldPod): ProxyGauges {
    const known = this.proxies.get(target);
    if (known) return known;
    const gauge = (metric: string, value = 0, labels: LabelSet = {}): ValueBlock => {
      const block = target.valueBlock(metric, 'gauge', labels);
      block.value = value;
      return block;
    };
    gauge('istio_build', 1, { component: 'proxy', tag: pod.proxyVersion ?? ISTIO_VERSION });
    gauge('envoy_server_live', 1);
    gauge('envoy_server_state', 0);
    gauge('envoy_server_concurrency', 2);
    gauge('envoy_server_days_until_first_cert_expiring', 0);
    gauge('envoy_cluster_upstream_cx_active', 1, { cluster_name: 'xds-grpc' });
    const fresh: ProxyGauges = {
      key: hashText(pod.uid, this.seed),
      uptime: gauge('envoy_server_uptime'),
      allocated: gauge('envoy_server_memory_allocated'),
      heap: gauge('envoy_server_memory_heap_size'),
      connections: gauge('envoy_server_total_connections'),
      clusters: gauge('envoy_cluster_manager_active_clusters'),
      listeners: gauge('envoy_listener_manager_total_listeners_active'),
    };
    this.proxies.set(target, fresh);
    return fresh;
  }

  private tickContainer(container: Container, perSecond: number, seconds: number, toMs: number): void {
    const noise = smoothNoise(container.key, toMs / 30_000);
    const cores = (container.role === 'proxy' ? 0.004 : container.role === 'pilot' ? 0.03 : 0.006) * (1 + 0.3 * noise);
    const spent = cores + perSecond * (container.role === 'proxy' ? PROXY_SECONDS_PER_REQUEST : APP_SECONDS_PER_REQUEST);
    container.cpuSeconds += spent * seconds;
    container.cpu.value = Math.round(container.cpuSeconds * 1e4) / 1e4;
    container.memory.value = Math.round(container.baseBytes * (1 + 0.05 * noise) + perSecond * 9000);
  }

  private containersOf(pod: WorldPod, nodes: ReadonlyMap<string, Target>): readonly Container[] {
    const known = this.containers.get(pod.uid);
    if (known) return known;
    const node = nodes.get(textOf(valueAt(pod.object, 'spec', 'nodeName')) ?? '');
    if (!node) return [];
    const fresh = listOf(valueAt(pod.object, 'spec', 'containers'))
      .filter(isRecord)
      .map((raw): Container => {
        const name = textOf(raw['name']) ?? '';
        const role = name === 'istio-proxy' ? 'proxy' : name === 'discovery' ? 'pilot' : 'application';
        const key = hashText(`${pod.uid}/${name}`, this.seed);
        const labels = { container: name, image: textOf(raw['image']) ?? '', namespace: pod.namespace, pod: pod.name };
        node.set('container_fs_usage_bytes', 'gauge', labels, 45_056);
        return {
          key,
          role,
          cpuSeconds: 0,
          baseBytes: role === 'proxy' ? 52e6 : role === 'pilot' ? 120e6 : 70e6 + (key % 180) * 1e6,
          cpu: node.valueBlock('container_cpu_usage_seconds_total', 'counter', labels),
          memory: node.valueBlock('container_memory_working_set_bytes', 'gauge', labels),
          disk: node.valueBlock('container_fs_usage_bytes', 'gauge', labels),
          node,
        };
      });
    this.containers.set(pod.uid, fresh);
    return fresh;
  }

  // Containers that are gone leave their node's page.
  private forget(plan: TrafficPlan): void {
    const alive = new Set([...plan.view.pods.values()].map((p) => p.uid));
    for (const [uid, containers] of this.containers)
      if (!alive.has(uid)) {
        for (const { node, cpu, memory, disk } of containers) for (const block of [cpu, memory, disk]) node.drop(block);
        this.containers.delete(uid);
      }
  }
}
