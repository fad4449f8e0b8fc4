// What a simulated mesh starts from: Kubernetes objects, behaviours of its applications, load. Pure values; equal for equal seeds.
// In: parts. Out: World. default-world and large-world build one; sim/simulation brings it to life.
import type { KubeObject } from '../kubernetes/object';
import type { ExternalHost, RootLoad, WorkloadBehaviour } from './behaviour';

/** Version of Istio that the world runs. */
export const ISTIO_VERSION = '1.29.2';
/** Name of the cluster in metrics and in the inventory (Istio's default). */
export const CLUSTER = 'Kubernetes';
export const ROOT_NAMESPACE = 'istio-system';

/** One application or area of a world. */
export interface WorldPart {
  readonly objects: readonly KubeObject[];
  readonly behaviours: readonly WorkloadBehaviour[];
  readonly externals: readonly ExternalHost[];
  readonly loads: readonly RootLoad[];
}

export interface World extends WorldPart {
  readonly seed: number;
  /** Instant at which the seeded objects were created, ms. */
  readonly createdAtMs: number;
}

export interface WorldOptions {
  readonly seed: number;
  /** The world's present, ms since the epoch; its objects are older. */
  readonly nowMs: number;
}

/** The parts of one world put together, in order. */
export const joinParts = (seed: number, createdAtMs: number, parts: readonly WorldPart[]): World => ({
  seed,
  createdAtMs,
  objects: parts.flatMap((p) => p.objects),
  behaviours: parts.flatMap((p) => p.behaviours),
  externals: parts.flatMap((p) => p.externals),
  loads: parts.flatMap((p) => p.loads),
});
