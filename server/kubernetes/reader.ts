// One cluster as a ClusterReader: discovers what it serves, watches it all, and builds immutable inventories of what changed.
// In: ApiClient, Clock. Out: Inventory after each change, coalesced; WatchStates.
import { setMaxListeners } from 'node:events';
import { Failure } from '../../model/failure';
import {
  type ConfigKind,
  type ConfigObject,
  DEFAULT_MESH_SETTINGS,
  type FinishedPod,
  type Inventory,
  type NamespaceInfo,
  type ServiceInfo,
  type WatchState,
} from '../../model/inventory';
import { isAborted, pause } from '../pause';
import type { Clock, ClusterReader } from '../ports';
import type { ApiClient } from './client';
import {
  type ConfigMapData,
  type Controller,
  type DecodedPod,
  decodeConfig,
  decodeConfigMap,
  decodeController,
  decodeFinishedPod,
  decodeName,
  decodeNamespace,
  decodePod,
  decodeService,
} from './decode';
import { decodeMeshSettings } from './mesh-settings';
import { CONFIG_RESOURCES, type ConfigResource, decodeGroupVersions, decodeServedPlurals } from './resources';
import { ResourceWatch, type WatchedResource } from './watch';
import { buildWorkloads } from './workloads';

const COALESCE_MS = 250;
const DISCOVERY_DEADLINE_MS = 10_000;
const REDISCOVER_MS = 300_000;
const DISCOVERY_RETRY_MS = 5_000;

export interface ReaderOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly cluster: string;
  readonly rootNamespace: string;
  /** Whether the names of Secrets are watched, for certificates of Gateways. */
  readonly secretNames?: boolean;
  /** 0..1, spreads retries of several consoles. */
  readonly random: () => number;
}

/** A reader over one API server; nothing is asked before `start`. */
export function createClusterReader({ client, clock, cluster, rootNamespace, random, secretNames = false }: ReaderOptions): ClusterReader {
  const ending = new AbortController();
  // Every watch listens to it.
  setMaxListeners(0, ending.signal);
  const running: Promise<void>[] = [];
  let listener: (inventory: Inventory) => void = () => {};
  let newest: Inventory | null = null;
  let cancelBuild: (() => void) | null = null;
  let revision = 0;
  let discovered = false;
  let discoveryCause: string | null = null;
  const dirty = new Set<string>();

  function watch<T>(resource: WatchedResource<T>): ResourceWatch<T> {
    return new ResourceWatch({
      resource,
      client,
      clock,
      random,
      onChange: () => {
        dirty.add(resource.resource);
        schedule();
      },
    });
  }
  const core = (resource: string, path: string, selector = '') => ({ resource, path, selector });
  const namespaces = watch<NamespaceInfo>({ ...core('namespaces', '/api/v1/namespaces'), decode: (o) => decodeNamespace(o, cluster) });
  const services = watch<ServiceInfo>({
    ...core('services', '/api/v1/services'),
    decode: (o) => decodeService(o, cluster, DEFAULT_MESH_SETTINGS.domain),
  });
  const pods = watch<DecodedPod | FinishedPod>({
    ...core('pods', '/api/v1/pods'),
    decode: (o) => decodePod(o, cluster) ?? decodeFinishedPod(o, cluster),
  });
  const controllers = (
    [
      ['deployments', 'Deployment'],
      ['statefulsets', 'StatefulSet'],
      ['daemonsets', 'DaemonSet'],
    ] as const
  ).map(([plural, kind]) =>
    watch<Controller>({ ...core(`${plural}.apps`, `/apis/apps/v1/${plural}`), decode: (o) => decodeController(o, cluster, kind) }),
  );
  const meshConfig = watch<ConfigMapData>({
    ...core('configmaps', `/api/v1/namespaces/${rootNamespace}/configmaps`, 'fieldSelector=metadata.name%3Distio'),
    decode: decodeConfigMap,
  });
  const secrets = secretNames ? [watch<string>({ ...core('secrets', '/api/v1/secrets'), metadataOnly: true, decode: decodeName })] : [];
  const builtin = [namespaces, services, pods, ...controllers, meshConfig, ...secrets];
  /** By `plural.group`. Absent CRDs have no entry until the cluster serves them. */
  const config = new Map<string, { kind: ConfigKind; watch: ResourceWatch<ConfigObject> }>();

  const resourceName = (r: ConfigResource): string => `${r.plural}.${r.group}`;

  function schedule(): void {
    if (cancelBuild || ending.signal.aborted) return;
    cancelBuild = clock.after(COALESCE_MS, () => {
      cancelBuild = null;
      build();
    });
  }

  function build(): void {
    if (!discovered || ![...builtin, ...[...config.values()].map((c) => c.watch)].every((w) => w.settled)) return;
    // A change of state alone (retrying, live) is no new inventory.
    const changed = new Set(dirty);
    dirty.clear();
    if (changed.size === 0 && newest) return;
    const old = newest;
    const workloadsChanged = !old || ['pods', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps'].some((r) => changed.has(r));
    const configChanged = !old || [...changed].some((r) => config.has(r));
    revision += 1;
    const allPods = workloadsChanged ? [...pods.objects.values()] : [];
    const alive = allPods.filter((pod): pod is DecodedPod => !('finished' in pod));
    const mesh =
      !old || changed.has('configmaps')
        ? decodeMeshSettings([...meshConfig.objects.values()].find((c) => c.name === 'istio')?.data['mesh'], rootNamespace)
        : old.mesh;
    newest = {
      cluster,
      revision,
      mesh,
      namespaces: !old || changed.has('namespaces') ? new Map([...namespaces.objects.values()].map((n) => [n.name, n])) : old.namespaces,
      services: !old || changed.has('services') ? new Map([...services.objects.values()].map((s) => [s.key, s])) : old.services,
      workloads: workloadsChanged
        ? buildWorkloads(
            controllers.flatMap((c) => [...c.objects.values()]),
            alive,
          )
        : old.workloads,
      pods: !old || changed.has('pods') ? new Map(alive.map((p) => [`${p.namespace}/${p.name}`, p])) : old.pods,
      ...finishedOf(changed.has('pods') || !old ? allPods : (old.finishedPods ?? [])),
      ...namesOf(secrets),
      // Lists of kinds in which nothing changed stay as they are: what was made of them holds on.
      config: configChanged
        ? new Map(
            [...config].map(
              ([
                resource,
                {
                  kind,
                  watch: { objects },
                },
              ]) => [kind, (changed.has(resource) ? null : old?.config.get(kind)) ?? [...objects.values()]],
            ),
          )
        : old.config,
    };
    listener(newest);
  }

  const finishedOf = (all: readonly (DecodedPod | FinishedPod)[]): Pick<Inventory, 'finishedPods'> => {
    const finishedPods = all.filter((pod): pod is FinishedPod => 'finished' in pod);
    return finishedPods.length === 0 ? {} : { finishedPods };
  };

  /** Known only where they may be listed. */
  const namesOf = ([one]: readonly ResourceWatch<string>[]): Pick<Inventory, 'secretNames'> =>
    one === undefined || one.state().state === 'forbidden' ? {} : { secretNames: new Set(one.objects.values()) };

  function run(one: ResourceWatch<unknown>): void {
    running.push(one.run(ending.signal));
  }

  async function discover(): Promise<void> {
    const options = { signal: ending.signal, deadlineMs: DISCOVERY_DEADLINE_MS };
    const versions = decodeGroupVersions(await client.fetchJson('/apis', options));
    for (const [group, served] of versions) {
      const missing = new Set(CONFIG_RESOURCES.filter((r) => r.group === group && !config.has(resourceName(r))));
      // The group's preferred version may not serve every kind (Telemetry v1, TCPRoute v1alpha2): take the first that does.
      for (const version of served) {
        if (missing.size === 0) break;
        const plurals = decodeServedPlurals(await client.fetchJson(`/apis/${group}/${version}`, options));
        for (const r of [...missing]) {
          if (!plurals.has(r.plural)) continue;
          missing.delete(r);
          const name = resourceName(r);
          const apiVersion = `${group}/${version}`;
          const one = watch<ConfigObject>({
            ...core(name, `/apis/${apiVersion}/${r.plural}`),
            decode: (o) => decodeConfig(o, cluster, r.kind === 'K8sGateway' ? 'Gateway' : r.kind, apiVersion),
          });
          config.set(name, { kind: r.kind, watch: one });
          run(one);
        }
      }
    }
  }

  async function discoverForEver(): Promise<void> {
    while (!isAborted(ending.signal)) {
      let waitMs = REDISCOVER_MS;
      try {
        await discover();
        discovered = true;
        discoveryCause = null;
      } catch (error) {
        if (isAborted(ending.signal)) return;
        discoveryCause = error instanceof Failure ? `${error.detail}. ${error.next}` : 'an unexpected error';
        waitMs = DISCOVERY_RETRY_MS;
      }
      schedule();
      await pause(clock, waitMs, ending.signal);
    }
  }

  return {
    cluster,
    start: (onChange) => {
      listener = onChange;
      for (const one of builtin) run(one);
      running.push(discoverForEver());
    },
    inventory: () => newest,
    watches: () => {
      const states: WatchState[] = [...builtin, ...[...config.values()].map((c) => c.watch)].map((w) => w.state());
      for (const r of CONFIG_RESOURCES) {
        const name = resourceName(r);
        if (!config.has(name))
          states.push({
            resource: name,
            state: discovered ? 'absent' : 'listing',
            objects: 0,
            currentAtMs: null,
            cause: discovered ? null : discoveryCause,
          });
      }
      return states;
    },
    close: async () => {
      ending.abort();
      cancelBuild?.();
      await Promise.allSettled(running);
      await client.close();
    },
  };
}
