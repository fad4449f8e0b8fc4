// A random mesh in which every name tells the namespace that it belongs to, so that a test can look for what must not be told.
// In: seed. Out: traffic and inventory with everything that could give a hidden namespace away: cross-namespace services, ServiceEntries,
// hosts and addresses of others behind PassthroughCluster, workloads without a proxy, revision labels, routing.
import type { Inventory } from '../../../model/inventory';
import type { TrafficSnapshot } from '../../../model/traffic';
import { type InventorySpec, inventoryOf, type ObservationSpec, snapshotOf } from './mesh-fixture';
import { randomMesh, randomOf } from './random-mesh';

export interface GuardedMesh {
  readonly namespaces: readonly string[];
  readonly snapshot: TrafficSnapshot;
  readonly inventory: Inventory;
  /** What no answer may hold for somebody who does not see the namespace. */
  marksOf(namespace: string): readonly string[];
}

const COLOURS = ['red', 'green', 'blue', 'grey'];
const markOf = (namespace: string): string => `${namespace}q`;
const addressOf = (namespace: string): string => `10.77.${COLOURS.indexOf(namespace) + 1}.9`;
const renamed = (path: string): string => {
  const [namespace = '', name = ''] = path.split('/');
  return COLOURS.includes(namespace) && path.includes('/') ? `${markOf(namespace)}/${markOf(namespace)}-${name}` : path;
};

/** The mesh of a seed. */
export function guardedMesh(seed: number): GuardedMesh {
  const mesh = randomMesh(seed, 16);
  const random = randomOf(seed + 7);
  const any = (): string => COLOURS[Math.floor(random() * COLOURS.length)] ?? 'red';
  const plain = mesh.traffic.map(
    (t): ObservationSpec => ({
      ...t,
      from: renamed(t.from),
      to: renamed(t.to),
      ...(t.service === undefined ? {} : { service: renamed(t.service) }),
    }),
  );
  const strange = COLOURS.flatMap((colour): readonly ObservationSpec[] => {
    const from = renamed(`${colour}/s${COLOURS.indexOf(colour)}-v1`);
    const [other, third] = [any(), any()];
    const pass = 'unknown/PassthroughCluster';
    return [
      { from, to: 'unknown', service: pass, host: `x.${markOf(other)}.svc.cluster.local:9999`, codes: { '200': 3 } },
      { from, to: 'unknown', service: pass, host: `${markOf(third)}-s1.${markOf(third)}`, codes: { '200': 1 } },
      { from, to: 'unknown', service: pass, host: `${addressOf(other)}:80`, codes: { '200': 2 } },
      { from, to: 'unknown', service: pass, host: 'api.example.com', codes: { '200': 1, '502': 1 } },
      { from, to: 'unknown', service: 'unknown/BlackHoleCluster', host: `${markOf(other)}-h.${markOf(other)}.svc`, codes: { '502': 1 } },
      // An undeclared host, a host that somebody else declares, and a service of one namespace with a workload of another behind it.
      { from, to: 'unknown', service: `unknown/y.${markOf(third)}.svc.cluster.local`, host: `y.${markOf(third)}.svc.cluster.local` },
      ...COLOURS.map((c) => ({
        from,
        to: 'unknown',
        service: `unknown/${markOf(c)}.example.org`,
        host: `${markOf(c)}.example.org`,
        codes: { '200': 4 },
      })),
      { from, to: renamed(`${other}/s9-v1`), service: renamed(`${third}/s2`), codes: { '200': 5 } },
      { from: `${markOf(colour)}/unknown`, to: renamed(`${other}/s3-v1`), service: renamed(`${other}/s3`), plaintext: 1 },
      { from: 'unknown', to: renamed(`${other}/s5-v1`), plaintext: 1, codes: { '200': 1 } },
      // Traffic of nobody: who sees some namespaces sees none of it.
      { from: 'unknown', to: 'unknown', service: pass, host: `${colour}.example.net`, codes: { '200': 70 } },
    ];
  });
  const spec: InventorySpec = {
    workloads: {
      ...Object.fromEntries(Object.keys(mesh.cluster.workloads ?? {}).map((path) => [renamed(path), {}])),
      ...Object.fromEntries(COLOURS.map((c) => [`${markOf(c)}/${markOf(c)}-bare`, { mode: 'none', meshedPods: 0 } as const])),
    },
    services: Object.fromEntries(Object.keys(mesh.cluster.services ?? {}).map((path) => [renamed(path), {}])),
    namespaces: Object.fromEntries(
      COLOURS.map((c) => [markOf(c), { injection: { mode: 'revision', revision: `${markOf(c)}-revision` }, labels: { owner: markOf(c) } }]),
    ),
    pods: COLOURS.map((c) => ({ name: `${markOf(c)}/${markOf(c)}-pod`, ip: addressOf(c) })),
    config: COLOURS.flatMap((c) => [
      {
        kind: 'ServiceEntry' as const,
        name: `${markOf(c)}/${markOf(c)}-entry`,
        spec: { hosts: [`${markOf(c)}.example.org`], location: 'MESH_EXTERNAL' },
      },
      {
        kind: 'VirtualService' as const,
        name: `${markOf(c)}/${markOf(c)}-route`,
        spec: {
          hosts: [`${markOf(c)}-s1.${markOf(c)}.svc.cluster.local`],
          http: [{ route: [{ destination: { host: `${markOf(c)}-s1` }, weight: 100 }], timeout: '1s' }],
        },
      },
    ]),
  };
  const inventory = inventoryOf(spec);
  return {
    namespaces: COLOURS.map(markOf),
    snapshot: snapshotOf([...plain, ...strange], { warnings: [`${COLOURS.map(markOf).join(' ')} said something`] }),
    inventory: { ...inventory, mesh: { ...inventory.mesh, rootNamespace: markOf('grey') } },
    marksOf: (namespace) => [namespace, addressOf(namespace.slice(0, -1))],
  };
}
