// The plan of traffic: for the configuration of one moment, every flow and how it depends on the loads that enter the mesh. Types only.
// Built by planner.ts, multiplied by the loads of an instant in engine.ts.
import type { MeshIndex } from '../../server/istio/mesh-index';
import type { CallSpec, FailureSpec, OperationSpec, RootLoad } from '../world/behaviour';
import type { WorldView } from '../world/inventory';
import type { Distribution } from './distribution';
import type { Flow, ServiceLabels } from './flow';
import type { Group } from './group';
import type { Answer } from './outcome';

export type Headers = Readonly<Record<string, string>>;

/** Expected number of requests of a flow per call. */
export interface PlannedFlow {
  readonly flow: Flow;
  readonly perCall: number;
}

/** One call of one group, followed through the configuration. */
export interface CallPlan {
  readonly flows: readonly PlannedFlow[];
  readonly visits: readonly { readonly served: Served; readonly perCall: number }[];
  /** What the calling application gets; shares sum to 1. */
  readonly answers: readonly Answer[];
}

/** An operation of a group for requests with the same headers. */
export interface Served {
  readonly group: Group;
  readonly operation: OperationSpec;
  readonly answers: readonly Answer[];
  readonly calls: readonly { readonly plan: CallPlan; readonly perOperation: number }[];
}

/** A load with the group it enters at; groups of one workload share its load by their pods. */
export interface PlannedRoot {
  readonly load: RootLoad;
  /** Multiplies the load's rate (ready pods of the group for a workload's load, share of the gateway's pods otherwise). */
  readonly factor: number;
  readonly plan: CallPlan;
}

/** A flow with its dependence on the roots: rate = Σ factor of root × rate of its load. */
export interface RatedFlow {
  readonly flow: Flow;
  readonly roots: Int32Array;
  readonly factors: Float64Array;
}

export interface TrafficPlan {
  readonly view: WorldView;
  readonly index: MeshIndex;
  /** One load for each id. */
  readonly loads: readonly RootLoad[];
  readonly flows: readonly RatedFlow[];
}

/** A host outside the cluster, ready to be called. */
export interface External {
  readonly latency: Distribution;
  readonly failures: readonly FailureSpec[];
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What the steps of planning ask of each other. */
export interface Planning {
  readonly view: WorldView;
  readonly index: MeshIndex;
  readonly groupOf: (podKey: string) => Group | null;
  readonly externalOf: (host: string) => External;
  /** A duration as the client's proxy sees what the server's proxy measured. */
  readonly overNetwork: (latency: Distribution) => Distribution;
  /** The service that the server's own proxy knows for one of its ports: the oldest that selects the pod on it. */
  readonly inboundServiceOf: (group: Group, port: number) => ServiceLabels;
  /** The operation that a request meets at a group. */
  serve(group: Group, port: number, call: Pick<CallSpec, 'protocol' | 'method'>, path: string, headers: Headers): Served;
}
