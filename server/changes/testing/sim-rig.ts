// Consoles that write to a simulated API server over HTTP, each with adapters, journal and keeper of its own. In: a test. Out: SimRig.
// The plan is the real one, on the store's objects of this very moment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrafficMeasure } from '../../../model/change';
import type { Inventory } from '../../../model/inventory';
import { buildPod, START_MS, startTestCluster, type TestCluster } from '../../../sim/kubernetes/fixtures/small-cluster';
import type { KubeObject } from '../../../sim/kubernetes/object';
import { InventoryReader } from '../../../sim/world/inventory';
import { Reviews } from '../../access/reviews';
import { createCases } from '../../kubernetes/cases';
import { type ApiClient, createApiClient } from '../../kubernetes/client';
import { readConnection } from '../../kubernetes/connection';
import { createJournal } from '../../kubernetes/journal';
import { KeptMaps } from '../../kubernetes/kept-map';
import { createLeases } from '../../kubernetes/leases';
import { buildEditRules, buildJournalRules, buildViewRules } from '../../kubernetes/rbac';
import { createClusterWriter } from '../../kubernetes/writer';
import type { Access, Caller, Clock, ClusterCredential } from '../../ports';
import { Secret } from '../../secret';
import { backingOfSubset } from '../../steering/backing';
import { overlayFresh } from '../../steering/overlay-fresh';
import { indexOf, rehearse } from '../../steering/rehearse';
import type { ChangeContext, ChangeSeat } from '../context';
import { type ChangeDesk, createChangeDesk } from '../create-change-desk';
import { swiftClock } from './swift-clock';

const RBAC = 'rbac.authorization.k8s.io';
const CONSOLE = { kind: 'ServiceAccount', namespace: 'heddle', name: 'heddle' };

const role = (name: string, rules: unknown): KubeObject => ({ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
const bind = (name: string, subject: unknown, namespace?: string): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  subjects: [subject],
});

export const VS = { kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' } as const;
export const DR = { kind: 'DestinationRule', namespace: 'bookinfo', name: 'reviews' } as const;
export const HOST = 'reviews.bookinfo.svc.cluster.local';

/** Fields that no form knows stand in it, so that a write that loses one is seen. */
export const ROUTE: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'bookinfo',
    labels: { team: 'books' },
    annotations: { 'example.com/note': 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    finalizers: ['example.com/hold'],
  },
  spec: {
    hosts: ['reviews'],
    http: [
      { name: 'main', route: [{ destination: { host: 'reviews', subset: 'v1' }, weight: 100 }] },
      { name: 'other', match: [{ uri: { prefix: '/x' } }], route: [{ destination: { host: 'reviews', subset: 'v1' } }], timeout: '3s' },
    ],
  },
};
const RULE: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec: { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
};

const readyPod = (name: string, version: string): KubeObject => {
  const pod = buildPod(name, { app: 'reviews', version });
  return { ...pod, status: { ...(pod['status'] as object), conditions: [{ type: 'Ready', status: 'True' }] } };
};

export interface SimConsole {
  readonly desk: ChangeDesk;
  readonly context: ChangeContext;
  /** As if the process had been killed: nothing of it is heard of again. */
  kill(): void;
  close(): Promise<void>;
}

export class SimRig {
  readonly cluster: TestCluster;
  readonly clock: Clock;
  readonly log: string[] = [];
  /** What the engine says of the touched hosts' traffic; null = nothing. */
  measure: () => TrafficMeasure | null = () => null;
  readonly #folder = mkdtempSync(join(tmpdir(), 'heddle-changes-'));
  readonly #inventory: InventoryReader;
  readonly #consoles: SimConsole[] = [];
  #made = 0;

  private constructor(cluster: TestCluster, clock: Clock) {
    this.cluster = cluster;
    this.clock = clock;
    this.#inventory = new InventoryReader(cluster.store);
  }

  static async start(clock: Clock = swiftClock(20, START_MS)): Promise<SimRig> {
    const cluster = await startTestCluster({ now: () => clock.now() });
    cluster.store.seed([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'heddle' } },
      ROUTE,
      RULE,
      readyPod('reviews-v1-abc', 'v1'),
      readyPod('reviews-v2-abc', 'v2'),
      role('heddle-view', buildViewRules()),
      bind('heddle-view', CONSOLE),
      role('heddle-edit', buildEditRules()),
      bind('heddle-edit', CONSOLE),
      role('heddle-journal', buildJournalRules()),
      bind('heddle-journal', CONSOLE, 'heddle'),
      role('bookinfo-edit', [...buildViewRules(), ...buildEditRules()]),
      bind('bookinfo-edit', { kind: 'User', apiGroup: RBAC, name: 'bob' }, 'bookinfo'),
    ]);
    return new SimRig(cluster, clock);
  }

  /** A replica of the console. `wrap` stands between it and its ports, to have it die. */
  console(options: { readonly wrap?: (context: ChangeContext) => ChangeContext; readonly start?: boolean } = {}): SimConsole {
    const path = join(this.#folder, `config-${++this.#made}`);
    writeFileSync(
      path,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        clusters: [{ name: 'c', cluster: { server: this.cluster.server.url } }],
        users: [{ name: 'u', user: { token: 'heddle-token' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      }),
    );
    const client: ApiClient = createApiClient(
      readConnection({ kubeconfig: path, context: undefined, kubeconfigList: undefined }),
      this.clock,
    );
    const open = (): ApiClient => client;
    const maps = new KeptMaps(open, 'heddle');
    const reviews = new Reviews(client, this.clock);
    const note = (level: string) => (event: string, fields: unknown) => {
      this.log.push(
        `${level} ${event} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value))}`,
      );
    };
    let made = 0;
    const serial = this.#made;
    const plain: ChangeContext = {
      writer: createClusterWriter({ open, clock: this.clock, cluster: 'Kubernetes' }),
      journal: createJournal(maps, (name) => this.log.push(`unreadable ${name}`)),
      leases: createLeases(open, 'heddle', this.clock),
      cases: createCases(maps),
      engine: {
        rehearse: (edits, fresh, cases) =>
          Promise.resolve(
            rehearse({
              inventory: overlayFresh(this.inventory(), fresh),
              snapshot: null,
              windowSeconds: 60,
              nowMs: 0,
              edits,
              cases,
              tell: (explanation) => explanation,
            }),
          ),
        measureTraffic: () => Promise.resolve(this.measure()),
        awaitEndpoints: (host, subset) => Promise.resolve(backingOfSubset(indexOf(this.inventory()), host, subset)?.pods?.length ?? 0),
        fetchConfigFindings: () => Promise.resolve([]),
      },
      rights: { may: (credential, deed, signal) => reviews.fetchDecision(credential, deed, signal) },
      settings: { enabled: true, keep: 200, sampleMs: 15_000 },
      clock: this.clock,
      log: { debug: () => undefined, info: note('info'), warn: note('warn'), error: note('error') },
      random: () => `${serial}x${++made}`,
    };
    const context = options.wrap?.(plain) ?? plain;
    const desk = createChangeDesk(context);
    if (options.start !== false) desk.start();
    let killed = false;
    const one: SimConsole = {
      desk,
      context,
      kill: () => {
        killed = true;
        void client.close();
      },
      close: async () => {
        if (!killed) await desk.close();
        else void desk.close().catch(() => undefined);
        await client.close();
      },
    };
    this.#consoles.push(one);
    return one;
  }

  /** What the store holds this moment. */
  inventory(): Inventory {
    return this.#inventory.read().inventory;
  }

  stored(ref: { readonly kind: string; readonly namespace: string; readonly name: string } = VS): KubeObject | undefined {
    const plural = ref.kind === 'VirtualService' ? 'virtualservices' : 'destinationrules';
    return this.cluster.store.read(`${plural}.networking.istio.io`, ref.namespace, ref.name);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#consoles.map((one) => one.close()));
    await this.cluster.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** An object without what each write of it changes. */
export function lasting(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  const metadata = Object.entries(object.metadata).filter(([name]) => !['resourceVersion', 'managedFields', 'generation'].includes(name));
  return { ...object, metadata: Object.fromEntries(metadata) };
}

const everything: Access = { sight: null, isAdmin: true, allows: () => true };

export function seatOf(name: string, credential: ClusterCredential = { kind: 'console' }, access: Access = everything): ChangeSeat {
  const caller: Caller = {
    user: { strategy: 'openid', subject: name, name, groups: [] },
    credential,
    address: '192.0.2.7',
    sessionId: null,
  };
  return { caller, access };
}
export const tokenSeat = (name: string, token: string, access: Access = everything): ChangeSeat =>
  seatOf(name, { kind: 'token', token: new Secret(token) }, access);
