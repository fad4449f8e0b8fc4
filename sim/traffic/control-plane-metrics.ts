// istiod's own metrics: what it watched, what it pushed, the certificates it signed, the webhooks it answered, its Go runtime.
// In: changes of objects, ticks. Out: values on istiod's target (istio.md 1.7).

import { isList, textOf, valueAt } from '../kubernetes/json';
import type { KubeObject } from '../kubernetes/object';
import { smoothNoise } from '../world/random';
import { ISTIO_VERSION } from '../world/world';
import type { Target } from './target';

const CONVERGENCE_BOUNDS = [0.1, 0.5, 1, 3, 5, 10, 20, 30];
const PUSH_TIME_BOUNDS = [0.01, 0.1, 1, 3, 5, 10, 20, 30];
const SIZE_BOUNDS = [1, 10_000, 1_000_000, 4_000_000, 10_000_000, 40_000_000];
const CERTIFICATE_LIFE_SECONDS = 86_400;
/** Expiry of the root certificate of the simulated mesh, unix seconds. */
const ROOT_EXPIRY_SECONDS = Date.UTC(2035, 0, 1) / 1000;

const REGISTRY_TYPES: Readonly<Record<string, string>> = {
  services: 'Services',
  'endpointslices.discovery.k8s.io': 'EndpointSlice',
  pods: 'Pods',
  nodes: 'Nodes',
};
const EVENTS = { ADDED: 'add', MODIFIED: 'update', DELETED: 'delete' } as const;

export interface ControlPlaneFacts {
  readonly toMs: number;
  readonly seconds: number;
  readonly startedMs: number;
  /** Connected proxies. */
  readonly proxies: number;
  readonly services: number;
  readonly virtualServices: number;
  /** Clusters in a proxy's configuration. */
  readonly clusters: number;
  readonly cpuSeconds: number;
}

interface Pending {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly n: number;
}

export class ControlPlaneMetrics {
  private pending: Pending[] = [];
  private configChanges = 0;
  private endpointChanges = 0;
  private signed = 0;
  private connected = 0;

  /** Remembers a change until the next tick. */
  observe(type: 'ADDED' | 'MODIFIED' | 'DELETED', resource: string, object: KubeObject): void {
    const event = EVENTS[type];
    const registry = REGISTRY_TYPES[resource];
    if (registry !== undefined) {
      this.pending.push({ metric: 'pilot_k8s_reg_events', labels: { event, type: registry }, n: 1 });
      if (registry !== 'Nodes') this.endpointChanges += 1;
    } else if (/\.(?:istio\.io|gateway\.networking\.k8s\.io)$/.test(resource)) {
      this.pending.push({ metric: 'pilot_k8s_cfg_events', labels: { event, type: object.kind }, n: 1 });
      if (type !== 'DELETED') this.pending.push({ metric: 'galley_validation_passed', labels: { group: '', resource: object.kind }, n: 1 });
      this.configChanges += 1;
    }
    if (resource !== 'pods' || type !== 'ADDED') return;
    const containers = valueAt(object, 'spec', 'containers');
    const injected = isList(containers) && containers.some((c) => textOf(valueAt(c, 'name')) === 'istio-proxy');
    this.pending.push({ metric: 'sidecar_injection_requests_total', labels: {}, n: 1 });
    this.pending.push({ metric: injected ? 'sidecar_injection_success_total' : 'sidecar_injection_skip_total', labels: {}, n: 1 });
  }

  tick(target: Target, facts: ControlPlaneFacts): void {
    for (const { metric, labels, n } of this.pending) target.count(metric, labels, n);
    this.pending = [];
    this.push(target, facts);
    this.sign(target, facts);
    this.writeGauges(target, facts);
    this.writeRuntime(target, facts);
  }

  // Every configuration change is pushed to every proxy; endpoint changes go as EDS only. Proxies also reconnect about every half hour.
  private push(target: Target, facts: ControlPlaneFacts): void {
    const { proxies, seconds } = facts;
    const reconnects = (proxies * seconds) / 1800;
    const full = Math.min(this.configChanges, 10) * proxies + reconnects;
    const endpoints = Math.min(this.endpointChanges, 10) * proxies + full;
    if (this.configChanges > 0) target.count('pilot_push_triggers', { type: 'config' }, this.configChanges);
    if (this.endpointChanges > 0) target.count('pilot_push_triggers', { type: 'endpoint' }, this.endpointChanges);
    target.count('pilot_push_triggers', { type: 'proxy' }, 0);
    const slow = Float64Array.of(0.93, 0.995, 1, 1, 1, 1, 1, 1);
    for (const [type, pushes, bytes] of [
      ['cds', full, facts.clusters * 900],
      ['eds', endpoints, facts.clusters * 350],
      ['lds', full, facts.clusters * 1200],
      ['rds', full, facts.clusters * 800],
    ] as const) {
      const whole = this.whole(`push/${type}`, pushes);
      target.count('pilot_xds_pushes', { type }, whole);
      target
        .histogram('pilot_xds_push_time', { type }, PUSH_TIME_BOUNDS)
        .counts.add(whole, Float64Array.of(0.55, 0.97, 1, 1, 1, 1, 1, 1), 0.013);
      const sizes = Float64Array.from(SIZE_BOUNDS, (bound) => (bytes <= bound ? 1 : 0));
      target.histogram('pilot_xds_config_size_bytes', { type }, SIZE_BOUNDS).counts.add(whole, sizes, bytes);
      if (type === 'cds') target.histogram('pilot_proxy_convergence_time', {}, CONVERGENCE_BOUNDS).counts.add(whole, slow, 0.04);
    }
    this.configChanges = 0;
    this.endpointChanges = 0;
  }

  // A workload certificate lives a day and is renewed at half of its life; every new proxy asks for one.
  private sign(target: Target, facts: ControlPlaneFacts): void {
    const fresh = Math.max(0, facts.proxies - this.connected);
    this.connected = facts.proxies;
    const requests = this.whole('csr', fresh + (facts.proxies * facts.seconds) / (CERTIFICATE_LIFE_SECONDS / 2));
    this.signed += requests;
    target.set('citadel_server_csr_count', 'counter', {}, this.signed);
    target.set('citadel_server_success_cert_issuance_count', 'counter', {}, this.signed);
    target.set('citadel_server_root_cert_expiry_timestamp', 'gauge', {}, ROOT_EXPIRY_SECONDS);
    target.set('citadel_server_cert_chain_expiry_timestamp', 'gauge', {}, ROOT_EXPIRY_SECONDS);
  }

  private writeGauges(target: Target, facts: ControlPlaneFacts): void {
    target.set('istio_build', 'gauge', { component: 'pilot', tag: ISTIO_VERSION }, 1);
    target.set('pilot_info', 'gauge', { version: ISTIO_VERSION }, 1);
    target.set('pilot_xds', 'gauge', { version: ISTIO_VERSION }, facts.proxies);
    target.set('pilot_services', 'gauge', {}, facts.services);
    target.set('pilot_virt_services', 'gauge', {}, facts.virtualServices);
    target.set('pilot_total_xds_internal_errors', 'counter', {}, 0);
    target.set('pilot_total_xds_rejects', 'counter', { type: 'cds' }, 0);
    target.set('galley_validation_failed', 'counter', { group: '', reason: 'invalid_resource', resource: '' }, 0);
    target.set('sidecar_injection_failure_total', 'counter', {}, 0);
    // Counters that dashboards divide by exist from the start.
    for (const metric of ['sidecar_injection_requests_total', 'sidecar_injection_success_total']) target.count(metric, {}, 0);
    for (const type of Object.values(REGISTRY_TYPES)) target.count('pilot_k8s_reg_events', { event: 'add', type }, 0);
    target.count('pilot_k8s_cfg_events', { event: 'add', type: 'VirtualService' }, 0);
    target.count('galley_validation_passed', { group: '', resource: 'VirtualService' }, 0);
    target.set('istiod_uptime_seconds', 'gauge', {}, Math.max(0, Math.floor((facts.toMs - facts.startedMs) / 1000)));
  }

  private writeRuntime(target: Target, facts: ControlPlaneFacts): void {
    const noise = smoothNoise(77, facts.toMs / 45_000);
    const heap = 46e6 + facts.services * 9000 + facts.proxies * 160_000 + 6e6 * noise;
    const uptimeSeconds = Math.max(0, (facts.toMs - facts.startedMs) / 1000);
    target.set('go_goroutines', 'gauge', {}, 340 + facts.proxies * 7 + Math.round(12 * noise));
    target.set('go_memstats_heap_alloc_bytes', 'gauge', {}, Math.round(heap));
    target.set('go_memstats_heap_inuse_bytes', 'gauge', {}, Math.round(heap * 1.12));
    target.set('go_memstats_heap_sys_bytes', 'gauge', {}, Math.round(heap * 1.6));
    target.set('go_memstats_stack_inuse_bytes', 'gauge', {}, 3_400_000 + facts.proxies * 9000);
    target.set('go_memstats_alloc_bytes', 'gauge', {}, Math.round(heap));
    target.set('go_memstats_alloc_bytes_total', 'counter', {}, Math.round(uptimeSeconds * 900_000));
    target.set('go_memstats_mallocs_total', 'counter', {}, Math.round(uptimeSeconds * 7200));
    target.set('process_cpu_seconds_total', 'counter', {}, Math.round(facts.cpuSeconds * 100) / 100);
    target.set('process_resident_memory_bytes', 'gauge', {}, Math.round(heap * 1.9));
    target.set('process_virtual_memory_bytes', 'gauge', {}, 1_360_000_000);
    target.set('process_open_fds', 'gauge', {}, 24 + facts.proxies);
  }

  private readonly fractions = new Map<string, number>();

  private whole(key: string, expected: number): number {
    const sum = (this.fractions.get(key) ?? 0) + expected;
    const whole = Math.floor(sum);
    this.fractions.set(key, sum - whole);
    return whole;
  }
}
