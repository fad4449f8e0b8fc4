// Follows every load through the configuration and adds up what it causes. In: World, WorldView, MeshIndex. Out: TrafficPlan.
// A plan holds until an object changes; it knows nothing of time.
import type { ServiceInfo } from '../../model/inventory';
import type { MeshIndex } from '../../server/istio/mesh-index';
import type { CallSpec, OperationSpec, RootLoad } from '../world/behaviour';
import type { WorldPod, WorldView } from '../world/inventory';
import type { World } from '../world/world';
import { constant, type Distribution, delay, logNormal } from './distribution';
import type { Flow, ServiceLabels } from './flow';
import { buildGroups, type Group, type Groups, indexBehaviours } from './group';
import { planHttpCall } from './http-call';
import { planPlainCall, planTcpCall } from './plain-call';
import type { CallPlan, External, Headers, PlannedRoot, Planning, RatedFlow, Served, TrafficPlan } from './plan';
import { findOperation, runOperation } from './serve';

/** Time between the two proxies and in them, ms. */
const NETWORK_MS = 0.6;
/** How long a host outside the cluster takes that the world does not describe. */
const ANY_EXTERNAL: External = {
  latency: logNormal({ medianMs: 95, sigma: 0.5 }),
  failures: [],
  requestBytes: 600,
  responseBytes: 2400,
};

const emptyOperation = (protocol: CallSpec['protocol'], port: number, status: number): OperationSpec => ({
  protocol,
  port,
  method: null,
  path: '',
  status,
  latency: { medianMs: status === 200 ? 5 : 1, sigma: 0.4 },
  requestBytes: 500,
  responseBytes: status === 200 ? 1200 : 180,
  failures: [],
  calls: [],
});

const textOf = (headers: Headers): string =>
  Object.entries(headers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${k}=${v}`)
    .join('&');

class Planner implements Planning {
  readonly view: WorldView;
  readonly index: MeshIndex;
  readonly groups: Groups;
  /** Operations in the order in which they were understood: a caller always after those it calls. */
  readonly finished: Served[] = [];
  private readonly world: World;
  private readonly served = new Map<string, Served>();
  private readonly open = new Set<string>();
  private readonly plans = new Map<string, CallPlan>();
  private readonly externals: ReadonlyMap<string, External>;
  private readonly delayed = new WeakMap<Distribution, Distribution>();
  private readonly inbound = new Map<string, ServiceLabels>();
  private readonly servicesByNamespace: ReadonlyMap<string, readonly ServiceInfo[]>;

  constructor(world: World, view: WorldView, index: MeshIndex) {
    this.world = world;
    this.view = view;
    this.index = index;
    this.groups = buildGroups(view, indexBehaviours(world.behaviours));
    this.externals = new Map(world.externals.map((e) => [e.host, { ...e, latency: logNormal(e.latency) }]));
    this.servicesByNamespace = groupServices(view);
  }

  readonly groupOf = (podKey: string): Group | null => this.groups.byPod.get(podKey) ?? null;

  readonly externalOf = (host: string): External => this.externals.get(host) ?? ANY_EXTERNAL;

  readonly overNetwork = (latency: Distribution): Distribution => {
    const known = this.delayed.get(latency);
    if (known) return known;
    const fresh = delay(latency, NETWORK_MS);
    this.delayed.set(latency, fresh);
    return fresh;
  };

  readonly inboundServiceOf = (group: Group, port: number): ServiceLabels => {
    const key = `${group.id}|${port}`;
    const known = this.inbound.get(key);
    if (known) return known;
    const found = (this.servicesByNamespace.get(group.namespace) ?? [])
      .filter((service) => {
        const selector = Object.entries(service.selector);
        return selector.length > 0 && selector.every(([k, v]) => group.sample.labels[k] === v);
      })
      .filter((service) => service.ports.some((p) => targetOf(p.targetPort, group.sample) === port))
      .sort((a, b) => a.createdAtMs - b.createdAtMs || (a.name < b.name ? -1 : 1))[0];
    const labels: ServiceLabels = found
      ? { host: found.host, name: found.name, namespace: found.namespace }
      : { host: group.identity.canonicalService, name: 'InboundPassthroughCluster', namespace: group.namespace };
    this.inbound.set(key, labels);
    return labels;
  };

  serve(group: Group, port: number, call: Pick<CallSpec, 'protocol' | 'method'>, path: string, headers: Headers): Served {
    const { behaviour } = group;
    const operation = behaviour === null ? emptyOperation(call.protocol, port, 200) : findOperation(behaviour, port, call, path);
    const forwarded = Object.fromEntries(Object.entries(headers).filter(([name]) => behaviour?.forwards.includes(name)));
    if (operation === null) return this.refuse(group, port, call.protocol);
    const key = `${group.id}|${port}|${operation.method ?? ''}|${operation.protocol}|${operation.path}|${textOf(forwarded)}`;
    const known = this.served.get(key);
    if (known) return known;
    // A configuration that routes a service back to its own caller: the loop is cut after one turn, as its timeouts would.
    if (this.open.has(key)) return this.once(`${key}|loop`, () => runOperation(group, { ...operation, calls: [] }, never));
    this.open.add(key);
    const fresh = this.once(key, () => runOperation(group, operation, (inner) => this.planCall(group, inner, forwarded)));
    this.open.delete(key);
    return fresh;
  }

  planCall(caller: Group, call: CallSpec, headers: Headers): CallPlan {
    const key = `${caller.id}|${call.protocol}|${call.method}|${call.host}:${call.port}${call.path}|${call.timeoutMs ?? ''}|${textOf(headers)}`;
    const known = this.plans.get(key);
    if (known) return known;
    const fresh = this.follow(caller, call, headers, key);
    this.plans.set(key, fresh);
    return fresh;
  }

  planRoots(): readonly PlannedRoot[] {
    return this.world.loads.flatMap((load) => {
      const groups = this.groups.byWorkload.get(`${load.from.namespace}/${load.from.workload}`) ?? [];
      const pods = groups.reduce((sum, g) => sum + g.pods.length, 0);
      return groups.map((group) => ({
        load,
        factor: load.from.kind === 'workload' ? group.pods.length : group.pods.length / pods,
        plan: this.planCall(group, load.call, load.headers),
      }));
    });
  }

  private follow(caller: Group, call: CallSpec, headers: Headers, key: string): CallPlan {
    if (!caller.meshed) return planPlainCall(this, caller, call, headers, key);
    return call.protocol === 'tcp' ? planTcpCall(this, caller, call, key) : planHttpCall(this, caller, call, headers, key);
  }

  private once(key: string, run: () => Served): Served {
    const known = this.served.get(key);
    if (known) return known;
    const fresh = run();
    this.served.set(key, fresh);
    this.finished.push(fresh);
    return fresh;
  }

  // The application has no such port or path: connection refused looks the same to us as "not found".
  private refuse(group: Group, port: number, protocol: CallSpec['protocol']): Served {
    return this.once(`${group.id}|${port}|${protocol}|none`, () => {
      const operation = emptyOperation(protocol, port, 404);
      const code = protocol === 'http' ? '404' : protocol === 'grpc' ? '200' : '0';
      return {
        group,
        operation,
        calls: [],
        answers: [{ share: 1, ok: false, code, grpcStatus: protocol === 'grpc' ? '12' : null, latency: constant(1) }],
      };
    });
  }
}

const never = (): CallPlan => ({ flows: [], visits: [], answers: [] });

function groupServices(view: WorldView): ReadonlyMap<string, readonly ServiceInfo[]> {
  const groups = new Map<string, ServiceInfo[]>();
  for (const service of view.inventory.services.values()) {
    const own = groups.get(service.namespace);
    if (own) own.push(service);
    else groups.set(service.namespace, [service]);
  }
  return groups;
}

const targetOf = (target: number | string, pod: WorldPod): number | null =>
  typeof target === 'number' ? target : (pod.ports.find((p) => p.name === target)?.port ?? null);

/** Adds up, for every flow, how many of its requests one request of each load causes. */
function rateFlows(roots: readonly PlannedRoot[], finished: readonly Served[], loads: readonly RootLoad[]): readonly RatedFlow[] {
  const width = loads.length;
  const columns = new Map(loads.map((load, i) => [load.id, i]));
  const rateOf = new Map<Served, Float64Array>();
  const flowRates = new Map<Flow, Float64Array>();
  const into = <K>(map: Map<K, Float64Array>, key: K): Float64Array => {
    const known = map.get(key);
    if (known) return known;
    const fresh = new Float64Array(width);
    map.set(key, fresh);
    return fresh;
  };
  const addTo = (target: Float64Array, source: Float64Array, factor: number): void => {
    for (let r = 0; r < width; r++) target[r] = (target[r] ?? 0) + (source[r] ?? 0) * factor;
  };
  const spread = (plan: CallPlan, rate: Float64Array, factor: number): void => {
    for (const { flow, perCall } of plan.flows) addTo(into(flowRates, flow), rate, factor * perCall);
    for (const { served, perCall } of plan.visits) addTo(into(rateOf, served), rate, factor * perCall);
  };
  for (const root of roots) {
    const unit = new Float64Array(width);
    unit[columns.get(root.load.id) ?? 0] = 1;
    spread(root.plan, unit, root.factor);
  }
  // Callers before those they call.
  for (let i = finished.length - 1; i >= 0; i--) {
    const served = finished[i];
    const rate = served ? rateOf.get(served) : undefined;
    if (!served || !rate) continue;
    for (const { plan, perOperation } of served.calls) spread(plan, rate, perOperation);
  }
  return [...flowRates].map(([flow, rates]) => {
    const used: number[] = [];
    for (let r = 0; r < width; r++) if ((rates[r] ?? 0) > 0) used.push(r);
    return { flow, roots: Int32Array.from(used), factors: Float64Array.from(used, (r) => rates[r] ?? 0) };
  });
}

/** The plan of a world under its present configuration. */
export function buildPlan(world: World, view: WorldView, index: MeshIndex): TrafficPlan {
  const planner = new Planner(world, view, index);
  const roots = planner.planRoots();
  const loads = [...new Map(world.loads.map((load) => [load.id, load])).values()];
  return { view, index, loads, flows: rateFlows(roots, planner.finished, loads) };
}
