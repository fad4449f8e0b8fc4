// A made-up mesh in a real Prometheus of this machine, standing still at the instant of its last scrape.
// In: services, metrics. Out: MeshBackend with address, process, mesh and a clock that says that instant.
import { join } from 'node:path';
import type { Clock } from '../server/ports';
import { MESH_SHAPES, type Mesh, type MeshShape } from './data/mesh';
import { startPrometheusOn } from './data/prometheus';
import type { MetricSelection } from './data/streams';
import { writeWal } from './data/write-wal';

export const WINDOW_SECONDS = 60;
export const STEP_SECONDS = 15;

export interface MeshBackend {
  readonly url: string;
  readonly pid: number;
  readonly mesh: Mesh;
  /** Namespaces of its workloads, sorted. */
  readonly namespaces: readonly string[];
  readonly series: number;
  readonly endMs: number;
  /** Goes on from `endMs` as real time does. */
  readonly clock: Clock;
  close(): Promise<void>;
}

/** A mesh like MESH_SHAPES.large with another number of services. */
export const shapeOf = (services: number): MeshShape => ({
  ...MESH_SHAPES.large,
  services,
  namespaces: Math.max(2, Math.round(services / 20)),
  edges: services * 6,
});

/** Writes the mesh to `dir` and starts Prometheus on it. */
export async function startMeshBackend(dir: string, services: number, metrics: MetricSelection, steps: number): Promise<MeshBackend> {
  const endMs = Math.floor(Date.now() / 15_000) * 15_000;
  const data = join(dir, `mesh-${services}-${metrics}`);
  const { mesh, series } = writeWal(data, shapeOf(services), { steps, stepSeconds: STEP_SECONDS, endMs, metrics });
  const prometheus = await startPrometheusOn(data, 0);
  const startedMs = performance.now();
  const clock: Clock = {
    now: () => endMs + Math.floor(performance.now() - startedMs),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  const namespaces = [...new Set(mesh.workloads.map((workload) => workload.namespace))].sort();
  return { url: prometheus.url, pid: prometheus.pid, mesh, namespaces, series, endMs, clock, close: prometheus.close };
}
