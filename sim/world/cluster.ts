// The cluster's controllers: they watch the store and bring it, as time passes, to what its objects ask for.
// In: ObjectStore, clock. Out: Cluster. `settle` once for a world that has always run, then `advance` with the clock.
import type { ObjectStore } from '../kubernetes/store';
import { Allocator, ClusterPass } from './cluster-pass';
import { reconcileDeployments } from './deployment-controller';
import { reconcileEndpoints } from './endpoints-controller';
import { reconcileGateways } from './gateway-controller';
import { buildObject } from './objects';
import { ROOT_CERTIFICATE } from './platform';

const WATCHED: ReadonlySet<string> = new Set([
  'namespaces',
  'services',
  'pods',
  'deployments.apps',
  'replicasets.apps',
  'gateways.gateway.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'tcproutes.gateway.networking.k8s.io',
  'tlsroutes.gateway.networking.k8s.io',
]);

/** Events live one hour (kube-apiserver --event-ttl). */
const EVENT_TTL_MS = 3_600_000;

export class Cluster {
  private readonly store: ObjectStore;
  private readonly seed: number;
  private readonly now: () => number;
  private readonly allocator = new Allocator();
  private readonly dirty = new Set<string>();
  private readonly pending = new Map<string, number>();
  private readonly unsubscribe: () => void;
  private reconciling = false;

  constructor(options: { readonly store: ObjectStore; readonly seed: number; readonly now: () => number }) {
    this.store = options.store;
    this.seed = options.seed;
    this.now = options.now;
    this.unsubscribe = this.store.onChange((event) => {
      // What a pass writes it has already taken into account.
      if (this.reconciling || !WATCHED.has(event.resource)) return;
      this.dirty.add(event.resource === 'namespaces' ? event.object.metadata.name : (event.object.metadata.namespace ?? ''));
    });
  }

  /** Makes every namespace what it would be after a long time: pods running since their Deployments were made. */
  settle(): void {
    for (const namespace of this.store.list('namespaces')) this.dirty.add(namespace.metadata.name);
    this.reconcile('settled');
  }

  /** Lets the controllers act on what changed and on what has become due. */
  advance(): void {
    const nowMs = this.now();
    for (const [namespace, dueMs] of this.pending)
      if (dueMs <= nowMs) {
        this.pending.delete(namespace);
        this.dirty.add(namespace);
      }
    this.reconcile('live');
    this.expireEvents(nowMs);
  }

  close(): void {
    this.unsubscribe();
  }

  private reconcile(mode: 'settled' | 'live'): void {
    if (this.dirty.size === 0) return;
    const namespaces = new Set(this.dirty);
    this.dirty.clear();
    const pass = new ClusterPass({ store: this.store, seed: this.seed, nowMs: this.now(), allocator: this.allocator, mode, namespaces });
    this.reconciling = true;
    try {
      for (const namespace of namespaces) {
        pass.nextDueMs = Number.POSITIVE_INFINITY;
        this.reconcileNamespace(pass, namespace);
        if (pass.nextDueMs < Number.POSITIVE_INFINITY) this.pending.set(namespace, pass.nextDueMs);
      }
    } finally {
      this.reconciling = false;
    }
  }

  private reconcileNamespace(pass: ClusterPass, name: string): void {
    const namespace = this.store.read('namespaces', undefined, name);
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    this.ensureDefaults(name, Date.parse(namespace.metadata.creationTimestamp ?? '') || pass.nowMs);
    reconcileGateways(pass, name);
    reconcileDeployments(pass, name, namespace.metadata.labels ?? {});
    reconcileEndpoints(pass, name);
  }

  // What every namespace has: the default service account, and istiod's root certificate.
  private ensureDefaults(namespace: string, createdAtMs: number): void {
    const stamp = { seed: this.seed, createdAtMs };
    if (!this.store.read('serviceaccounts', namespace, 'default'))
      this.store.write(buildObject(stamp, 'v1', 'ServiceAccount', { namespace, name: 'default' }, {}));
    const name = 'istio-ca-root-cert';
    if (!this.store.read('configmaps', namespace, name))
      this.store.write(
        buildObject(
          stamp,
          'v1',
          'ConfigMap',
          { namespace, name, labels: { 'istio.io/config': 'true' } },
          { data: { 'root-cert.pem': ROOT_CERTIFICATE } },
        ),
      );
  }

  private expireEvents(nowMs: number): void {
    for (const event of this.store.list('events')) {
      const at = Date.parse(event.metadata.creationTimestamp ?? '');
      if (at < nowMs - EVENT_TTL_MS) this.store.remove('events', event.metadata.namespace, event.metadata.name);
    }
  }
}
