// A small mesh that never rests: workloads come and go, rates change, routes are edited. In: a seed. Out: series for Prometheus, objects for the
// API server. The number of workloads stays about the same, their names do not.
import type { KubeObject } from '../../sim/kubernetes/object';
import type { ObjectStore } from '../../sim/kubernetes/store';
import { createRandom } from '../data/random';

const NAMESPACES = 8;
const SERVICES = 6;
/** Jobs appear under a name of their own and are gone after so many steps. */
const JOB_STEPS = 10;
const JOB_EVERY = 4;
const CALLS = 3;

interface Workload {
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
  /** Step at which it goes; null = it stays. */
  readonly until: number | null;
}

interface Call {
  readonly from: Workload;
  readonly to: Workload;
  rate: number;
  failing: boolean;
}

const nameOf = ({ app, version }: Workload): string => `${app}-${version}`;
const namespaceOf = (i: number): string => `shop-${i}`;

const labelsOf = ({ app, version }: Workload): Readonly<Record<string, string>> => ({ app, version, 'security.istio.io/tlsMode': 'istio' });

function deployment(workload: Workload): KubeObject {
  const labels = labelsOf(workload);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(workload), namespace: workload.namespace, labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
    status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 1 },
  };
}

function service(namespace: string, app: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace },
    spec: { selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
  };
}

function route(namespace: string, app: string, weight: number): KubeObject {
  const destination = (subset: string) => ({ destination: { host: app, subset } });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: app, namespace },
    spec: {
      hosts: [app],
      http: [
        {
          route: [
            { ...destination('v1'), weight: 100 - weight },
            { ...destination('v2'), weight },
          ],
        },
      ],
    },
  };
}

export class SoakWorld {
  readonly #random = createRandom(29);
  readonly #store: ObjectStore;
  #workloads: Workload[] = [];
  #calls: Call[] = [];
  #step = 0;
  #jobs = 0;
  edits = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
    for (let n = 0; n < NAMESPACES; n++) {
      store.write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(n), labels: { 'istio-injection': 'enabled' } } });
      for (let s = 0; s < SERVICES; s++) {
        const app = `app-${s}`;
        store.write(service(namespaceOf(n), app));
        for (const version of ['v1', 'v2']) this.#add({ namespace: namespaceOf(n), app, version, until: null });
      }
    }
  }

  get born(): number {
    return NAMESPACES * SERVICES * 2 + this.#jobs;
  }

  #pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.#random.next() * list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  #add(workload: Workload): void {
    this.#store.write(deployment(workload));
    const others = this.#workloads.length === 0 ? [workload] : this.#workloads;
    for (const to of new Set(Array.from({ length: CALLS }, () => this.#pick(others))))
      this.#calls.push({ from: workload, to, rate: 1 + this.#random.next() * 20, failing: this.#random.next() < 0.05 });
    this.#workloads.push(workload);
  }

  #drop(workload: Workload): void {
    this.#store.remove('deployments.apps', workload.namespace, nameOf(workload));
    this.#workloads = this.#workloads.filter((one) => one !== workload);
    this.#calls = this.#calls.filter(({ from, to }) => from !== workload && to !== workload);
  }

  /** Goes on by one refresh. */
  advance(): void {
    this.#step++;
    for (const workload of this.#workloads) if (workload.until !== null && workload.until <= this.#step) this.#drop(workload);
    if (this.#step % JOB_EVERY === 0) {
      const app = `job-${this.#jobs++}`;
      this.#add({ namespace: namespaceOf(this.#jobs % NAMESPACES), app, version: 'v1', until: this.#step + JOB_STEPS });
    }
    // A version that stays is rolled out anew now and then: its calls are others.
    if (this.#step % 7 === 0) {
      const lasting = this.#pick(this.#workloads.filter(({ until }) => until === null));
      this.#drop(lasting);
      this.#add({ ...lasting });
    }
    for (const call of this.#calls)
      if (this.#random.next() < 0.3) {
        call.rate = 1 + this.#random.next() * 20;
        call.failing = this.#random.next() < 0.05;
      }
    if (this.#step % 3 === 0) {
      this.#store.write(route(namespaceOf(this.edits % NAMESPACES), `app-${this.edits % SERVICES}`, 5 + (this.edits % 90)));
      this.edits++;
    }
  }

  /** The answer to a query for requests by code and flags, as Prometheus gives it. */
  answer(atSeconds: number): string {
    const rows: string[] = [];
    for (const { from, to, rate, failing } of this.#calls) {
      const metric = JSON.stringify({
        connection_security_policy: 'mutual_tls',
        destination_app: to.app,
        destination_service: `${to.app}.${to.namespace}.svc.cluster.local`,
        destination_service_name: to.app,
        destination_service_namespace: to.namespace,
        destination_version: to.version,
        destination_workload: nameOf(to),
        destination_workload_namespace: to.namespace,
        request_protocol: 'http',
        source_app: from.app,
        source_version: from.version,
        source_workload: nameOf(from),
        source_workload_namespace: from.namespace,
      }).slice(0, -1);
      const row = (reporter: string, code: string, value: number): string =>
        `{"metric":${metric},"reporter":"${reporter}","response_code":"${code}","response_flags":"-"},"value":[${atSeconds},"${value.toFixed(3)}"]}`;
      for (const reporter of ['destination', 'source']) {
        rows.push(row(reporter, '200', rate));
        if (failing) rows.push(row(reporter, '503', rate * 0.2));
      }
    }
    return `{"status":"success","data":{"resultType":"vector","result":[${rows.join(',')}]}}`;
  }
}
