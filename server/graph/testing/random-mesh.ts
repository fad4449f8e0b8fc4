// Random but repeatable meshes for property tests. In: seed. Out: observations, inventory.
import type { InventorySpec, ObservationSpec } from './mesh-fixture';

/** Small deterministic random numbers (mulberry32), 0 <= x < 1. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomMesh {
  readonly traffic: readonly ObservationSpec[];
  readonly cluster: InventorySpec;
  readonly namespaces: readonly string[];
}

/** A mesh with several namespaces, services with versions, unknown ends, passthrough, direct calls, all protocols and codes. */
export function randomMesh(seed: number, services = 24): RandomMesh {
  const random = randomOf(seed);
  const int = (n: number): number => Math.floor(random() * n);
  const namespaces = ['red', 'green', 'blue', 'grey'];
  const all = Array.from({ length: services }, (_, i) => ({
    name: `s${i}`,
    namespace: namespaces[i % namespaces.length] ?? 'red',
    versions: 1 + int(3),
  }));
  const seen = new Set<string>();
  const traffic: ObservationSpec[] = [];
  const end = (): { readonly path: string; readonly service: string } => {
    const own = all[int(all.length)];
    if (own === undefined || random() < 0.05) return { path: 'unknown', service: 'unknown' };
    return { path: `${own.namespace}/${own.name}-v${1 + int(own.versions)}`, service: `${own.namespace}/${own.name}` };
  };
  for (let i = 0; i < services * 6; i++) {
    const from = end();
    const to = end();
    const way = random();
    const service =
      to.path === 'unknown'
        ? way < 0.3
          ? 'unknown/PassthroughCluster'
          : way < 0.4
            ? 'unknown/BlackHoleCluster'
            : way < 0.7
              ? `red/s${int(services)}`
              : 'unknown'
        : way < 0.05
          ? `${to.path.split('/')[0]}/InboundPassthroughCluster`
          : to.service;
    const protocol = random() < 0.6 ? 'http' : random() < 0.5 ? 'grpc' : 'tcp';
    const key = `${from.path} ${to.path} ${service} ${protocol}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const rate = random() * 20;
    traffic.push({
      from: from.path,
      to: to.path,
      service,
      protocol,
      ...(protocol === 'tcp' ? { tcp: [rate * 10, rate * 30] } : {}),
      ...(protocol === 'http'
        ? { codes: { '200': rate, '404': random() < 0.2 ? rate / 3 : 0, '503 UO': random() < 0.2 ? rate / 9 : 0 } }
        : {}),
      ...(protocol === 'grpc' ? { codes: { '0': rate, '14': random() < 0.2 ? rate / 5 : 0 } } : {}),
      ...(random() < 0.8 && protocol !== 'tcp' ? { averageMs: random() * 100 } : {}),
      plaintext: random() < 0.2 ? rate / 2 : 0,
    });
  }
  return {
    traffic,
    namespaces,
    cluster: {
      workloads: Object.fromEntries(
        all.flatMap((s) => Array.from({ length: s.versions }, (_, v) => [`${s.namespace}/${s.name}-v${v + 1}`, {}] as const)),
      ),
      services: Object.fromEntries(all.map((s) => [`${s.namespace}/${s.name}`, {}])),
    },
  };
}
