// The rows of a list: what inventory, traffic and analysis say together of every namespace, application, workload or service.
// In: PreparedTraffic, findings, the namespaces that its reader may see. Out: ListRow[]. Pure. Health is the graph's own (its ledger).
import { refText } from '../../model/edit';
import type { EntityKind } from '../../model/entity';
import type { EntityFinding, Finding } from '../../model/finding';
import { HEALTH_RANK, type Health, type HealthReason } from '../../model/health';
import type { Inventory, ServiceInfo, WorkloadInfo } from '../../model/inventory';
import { type ListRow, MAX_ROW_REFS, NO_RATES } from '../../model/list';
import { findEntities } from '../graph/entities';
import { sumEntityTraffic, type TrafficOfEntities } from '../graph/entity-traffic';
import type { NodeFacts } from '../graph/facts';
import type { PreparedTraffic } from '../graph/memory';
import { summarizeNamespaces } from '../graph/namespaces';
import type { NodeIdentity } from '../graph/topology';
import { groupBy, memoByObject } from '../istio/memo';
import type { MeshIndex } from '../istio/mesh-index';
import {
  commonLabels,
  fewLabels,
  fewOf,
  injectionOf,
  injectionOfWorkload,
  type MeshMembers,
  membersOf,
  modeOfAll,
  podsOf,
  unmeshedOf,
  versionsOf,
} from './members';
import { type AppliedObjects, type AppliedRef, appliedObjects, uniqueRefs } from './references';

/** What was found wrong, counted once. */
export interface CountedFindings {
  /** By refText of the object. */
  readonly ofObjects: ReadonlyMap<string, ListRow['findings']>;
  /** By kind, namespace and name. */
  readonly ofEntities: ReadonlyMap<string, ListRow['findings']>;
}

export interface ListInputs {
  readonly traffic: PreparedTraffic;
  /** False: the metrics said nothing yet, and `traffic` is empty for that. */
  readonly hasMetrics: boolean;
  /** Null while the API server was not read. */
  readonly mesh: { readonly index: MeshIndex; readonly findings: CountedFindings } | null;
  /** Whether its reader may see a namespace. */
  readonly maySee: (namespace: string) => boolean;
}

const SEVERITY_PLACE = { error: 0, warning: 1, info: 2 } as const;
const NO_FINDINGS: ListRow['findings'] = [0, 0, 0];
const entityKey = (kind: EntityKind, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;

export function countFindings(findings: readonly Finding[], entities: readonly EntityFinding[]): CountedFindings {
  const ofObjects = new Map<string, [number, number, number]>();
  const ofEntities = new Map<string, [number, number, number]>();
  const count = (map: typeof ofObjects, key: string, severity: Finding['severity']): void => {
    const own = map.get(key) ?? [0, 0, 0];
    own[SEVERITY_PLACE[severity]]++;
    map.set(key, own);
  };
  for (const { object, severity } of findings) count(ofObjects, refText(object), severity);
  for (const { entity, severity } of entities) count(ofEntities, entityKey(entity.kind, entity.namespace, entity.name), severity);
  return { ofObjects, ofEntities };
}

const trafficOf: (traffic: PreparedTraffic) => TrafficOfEntities = memoByObject(sumEntityTraffic);
const entitiesOf = memoByObject(findEntities);
const summariesOf = memoByObject(summarizeNamespaces);

/** The first of the worst reasons. */
function worstReason({ reasons }: Health): HealthReason | null {
  let worst: HealthReason | null = null;
  for (const reason of reasons) if (worst === null || HEALTH_RANK[reason.status] > HEALTH_RANK[worst.status]) worst = reason;
  return worst;
}

/** What is told of a row beside its names. */
interface RowParts
  extends Pick<ListRow, 'kind' | 'health' | 'reason' | 'reasonOf' | 'mode' | 'injection' | 'labels' | 'versions' | 'known'> {
  readonly sums: ReturnType<TrafficOfEntities['ofNode']>;
  readonly workloads: readonly WorkloadInfo[];
  readonly refs: readonly AppliedRef[];
}

const NO_REFS: readonly AppliedRef[] = [];
const NO_TEXTS: readonly string[] = [];
const NO_LABELS: ListRow['labels'] = {};

/** Builds the rows of one kind; see buildRows. */
class RowBuilder {
  readonly #inputs: ListInputs;
  readonly #inventory: Inventory | null;
  readonly #members: MeshMembers | null;
  readonly #applied: AppliedObjects | null;
  readonly #sums: TrafficOfEntities;
  #appServices: ReadonlyMap<string, readonly ServiceInfo[]> | null = null;

  constructor(inputs: ListInputs) {
    this.#inputs = inputs;
    this.#inventory = inputs.mesh?.index.inventory ?? null;
    this.#members = this.#inventory === null ? null : membersOf(this.#inventory);
    this.#applied = inputs.mesh === null ? null : appliedObjects(inputs.mesh.index);
    this.#sums = trafficOf(inputs.traffic);
  }

  namespaces(): readonly ListRow[] {
    const { traffic, maySee } = this.#inputs;
    const worst = this.#worstMembers();
    const rows: ListRow[] = [];
    for (const { cluster, name, health, mode, labels } of summariesOf(traffic)) {
      if (!maySee(name)) continue;
      const info = this.#isHome(cluster) ? (this.#inventory?.namespaces.get(name) ?? null) : null;
      const workloads = this.#isHome(cluster) ? (this.#members?.in(name) ?? []) : [];
      const own = worst.get(`${cluster}/${name}`) ?? null;
      rows.push(
        this.#row('namespace', cluster, name, name, {
          kind: null,
          health,
          reason: own?.reason ?? null,
          reasonOf: own?.of ?? null,
          sums: this.#sums.ofNamespace(cluster, name),
          workloads,
          refs: this.#applied?.ofNamespace(name) ?? NO_REFS,
          mode: this.#inventory === null ? null : mode,
          injection: injectionOf(info),
          labels,
          versions: NO_TEXTS,
          known: info !== null || workloads.length > 0,
        }),
      );
    }
    return rows;
  }

  workloads(): readonly ListRow[] {
    return this.#nodes('workloads', 'workload', (identity, { workloads }) => {
      const info = workloads[0] ?? null;
      const version = info?.version ?? identity.version;
      return {
        name: identity.workload ?? '',
        kind: info?.kind ?? null,
        workloads,
        refs: info === null ? NO_REFS : (this.#applied?.ofWorkload(info) ?? NO_REFS),
        mode: info?.mode ?? null,
        injection: info === null ? null : this.#injectionOf(info),
        labels: info?.podLabels ?? NO_LABELS,
        versions: version === null || version === '' || version === 'unknown' ? NO_TEXTS : [version],
        known: info !== null,
      };
    });
  }

  apps(): readonly ListRow[] {
    const services = this.#servicesOfApps();
    return this.#nodes('apps', 'app', ({ cluster, namespace, app }, { workloads }) => {
      const applied = this.#applied;
      const own = this.#isHome(cluster) ? (services.get(`${namespace}/${app ?? ''}`) ?? []) : [];
      const [first] = workloads;
      return {
        name: app ?? '',
        kind: null,
        workloads,
        refs: applied === null ? NO_REFS : uniqueRefs([...own.flatMap(applied.ofService), ...workloads.flatMap(applied.ofWorkload)]),
        mode: modeOfAll(workloads),
        injection: first === undefined ? null : this.#injectionOf(first),
        labels: commonLabels(workloads),
        versions: versionsOf(workloads),
        known: first !== undefined,
      };
    });
  }

  services(): readonly ListRow[] {
    return this.#nodes('services', 'service', ({ namespace, service }, { service: info }) => {
      const workloads = info === null ? [] : (this.#members?.behind(info) ?? []);
      return {
        name: service ?? '',
        kind: info === null ? null : info.headless ? 'Headless' : info.type,
        workloads,
        refs: info === null ? NO_REFS : (this.#applied?.ofService(info) ?? NO_REFS),
        mode: modeOfAll(workloads),
        injection: injectionOf(this.#inventory?.namespaces.get(namespace) ?? null),
        labels: info?.labels ?? NO_LABELS,
        versions: versionsOf(workloads),
        known: info !== null,
      };
    });
  }

  /** Services by the app that their selector names. */
  #servicesOfApps(): ReadonlyMap<string, readonly ServiceInfo[]> {
    this.#appServices ??= groupBy(this.#inventory?.services.values() ?? [], (service) => {
      const app = this.#inputs.traffic.index.inventory.appOfService(service);
      return app === null ? '' : `${service.namespace}/${app}`;
    });
    return this.#appServices;
  }

  #isHome = (cluster: string): boolean => cluster === this.#inputs.traffic.index.inventory.homeCluster;

  #injectionOf = (workload: WorkloadInfo): string | null =>
    injectionOfWorkload(workload, this.#inventory?.namespaces.get(workload.namespace) ?? null);

  #nodes(
    sort: 'apps' | 'workloads' | 'services',
    kind: EntityKind,
    tell: (
      identity: NodeIdentity,
      facts: NodeFacts,
    ) => Omit<RowParts, 'health' | 'reason' | 'reasonOf' | 'sums'> & { readonly name: string },
  ): readonly ListRow[] {
    const { traffic, maySee } = this.#inputs;
    const ledger = traffic.ledger();
    const rows: ListRow[] = [];
    for (const identity of entitiesOf(traffic)[sort]) {
      const { cluster, namespace, index } = identity;
      if (!maySee(namespace)) continue;
      const health = ledger.healthOf(identity);
      const parts = tell(identity, traffic.facts.factsOf(identity, traffic.index.inventory));
      const more = { health: health.status, reason: worstReason(health), reasonOf: null, sums: this.#sums.ofNode(index) };
      rows.push(this.#row(kind, cluster, namespace, parts.name, { ...parts, ...more }));
    }
    return rows;
  }

  /** The worst reason among the workloads, apps and services of each namespace. */
  #worstMembers(): ReadonlyMap<string, { readonly reason: HealthReason; readonly of: string }> {
    const { traffic, maySee } = this.#inputs;
    const ledger = traffic.ledger();
    const worst = new Map<string, { readonly reason: HealthReason; readonly of: string }>();
    const { workloads, services, apps } = entitiesOf(traffic);
    for (const identity of [...workloads, ...services, ...apps]) {
      if (!maySee(identity.namespace)) continue;
      const reason = worstReason(ledger.healthOf(identity));
      if (reason === null) continue;
      const key = `${identity.cluster}/${identity.namespace}`;
      const known = worst.get(key);
      if (known === undefined || HEALTH_RANK[reason.status] > HEALTH_RANK[known.reason.status])
        worst.set(key, { reason, of: identity.workload ?? identity.service ?? identity.app ?? '' });
    }
    return worst;
  }

  #row(kind: EntityKind, cluster: string, namespace: string, name: string, parts: RowParts): ListRow {
    const { maySee, mesh, hasMetrics } = this.#inputs;
    const { sums, workloads } = parts;
    const members = this.#members;
    const refs = parts.refs.every((ref) => isSeen(ref, maySee)) ? parts.refs : parts.refs.filter((ref) => isSeen(ref, maySee));
    const none = hasMetrics ? NO_RATES : null;
    return {
      cluster,
      namespace,
      name,
      kind: parts.kind,
      health: parts.health,
      reason: parts.reason,
      reasonOf: parts.reasonOf,
      inbound: sums?.inbound ?? none,
      outbound: kind === 'service' ? null : (sums?.outbound ?? none),
      p95Ms: sums?.p95Ms ?? null,
      mtlsShare: sums?.mtlsShare ?? null,
      mode: parts.mode,
      injection: parts.injection,
      unmeshedPods: unmeshedOf(workloads),
      labels: fewLabels(parts.labels),
      pods: podsOf(workloads),
      versions: parts.versions,
      proxies: members === null ? NO_TEXTS : proxiesOf(workloads, members),
      refs: { count: refs.length, first: refs.slice(0, MAX_ROW_REFS).map(({ text }) => text) },
      findings: mesh === null || !this.#isHome(cluster) ? NO_FINDINGS : sumFindings(entityKey(kind, namespace, name), refs, mesh.findings),
      known: parts.known,
    };
  }
}

/** What is of the whole cluster hides nothing. */
const isSeen = ({ namespace }: AppliedRef, maySee: (namespace: string) => boolean): boolean => namespace === '' || maySee(namespace);

function proxiesOf(workloads: readonly WorkloadInfo[], members: MeshMembers): readonly string[] {
  const [first] = workloads;
  if (first === undefined) return NO_TEXTS;
  return fewOf(workloads.length === 1 ? members.proxiesOf(first.key) : workloads.flatMap(({ key }) => members.proxiesOf(key)));
}

/** Its own, and those of what applies to it. */
function sumFindings(key: string, refs: readonly AppliedRef[], { ofObjects, ofEntities }: CountedFindings): ListRow['findings'] {
  let sum: ListRow['findings'] = ofEntities.get(key) ?? NO_FINDINGS;
  if (ofObjects.size === 0) return sum;
  for (const { text } of refs) {
    const own = ofObjects.get(text);
    if (own !== undefined) sum = [sum[0] + own[0], sum[1] + own[1], sum[2] + own[2]];
  }
  return sum;
}

/** All rows of a kind that its reader may see, by cluster, namespace and name. */
export function buildRows(kind: EntityKind, inputs: ListInputs): readonly ListRow[] {
  const builder = new RowBuilder(inputs);
  switch (kind) {
    case 'namespace':
      return builder.namespaces();
    case 'app':
      return builder.apps();
    case 'workload':
      return builder.workloads();
    case 'service':
      return builder.services();
  }
}
