// Metrics of one namespace, app, workload or service as they are asked for. In: MetricsQuery, who asks, the backend, the inventory. Out: MetricsDocument.
// Charts fail one by one; the document fails where all do. What a reader may not see is added up under one name that names nobody.
import type { Sight } from '../../model/account';
import type { EntityRef } from '../../model/entity';
import type { MetricChart, MetricsDocument, MetricsQuery } from '../../model/entity-metrics';
import { Failure, problemOf } from '../../model/failure';
import { serviceKey } from '../../model/ids';
import type { Inventory } from '../../model/inventory';
import { buildGrid, intervalsOf, type RangeGrid } from '../dashboards/range';
import { buildChart, type ChartPlan, drawChart, NOTHING_DRAWN, planChart } from '../metrics/charts';
import { DEFINITIONS } from '../metrics/definitions';
import { buildSelectors } from '../metrics/selectors';
import type { Clock, ClusterReader, MetricsCapabilities, MetricsSource, RangeSeries } from '../ports';
import { hushFailure } from './hush';
import { KeptRanges } from './kept-ranges';

export interface EntityMetricsParts {
  readonly metrics: Pick<MetricsSource, 'fetchRange'>;
  readonly cluster: Pick<ClusterReader, 'cluster' | 'inventory'>;
  readonly clock: Clock;
  readonly capabilities: () => MetricsCapabilities | null;
  readonly deadlineMs: number;
  readonly keepMs: number;
  /** Address of one of our dashboards in Grafana; null: there is none. */
  readonly linkGrafana: (dashboard: string) => string | null;
}

type Told = readonly RangeSeries[] | Failure;

export class EntityMetrics {
  readonly #parts: EntityMetricsParts;
  readonly #ranges: KeptRanges;

  constructor(parts: EntityMetricsParts) {
    this.#parts = parts;
    this.#ranges = new KeptRanges({ ...parts, cause: 'charts' });
  }

  /** @throws Failure notFound, metrics* where nothing at all could be asked */
  async read(entity: EntityRef, query: MetricsQuery, sight: Sight, signal: AbortSignal): Promise<MetricsDocument> {
    if (sight !== null && !sight.includes(entity.namespace))
      throw new Failure(
        'notFound',
        `there is no ${entity.kind} ${entity.kind === 'namespace' ? entity.name : `${entity.namespace}/${entity.name}`}`,
        'It may have been deleted, or be in a namespace that you do not see.',
      );
    const { clock, capabilities, cluster } = this.#parts;
    const known = capabilities();
    const scrape = known?.scrapeIntervalSeconds ?? null;
    const grid = buildGrid(query.range.atSeconds ?? clock.now() / 1000, query.range.rangeSeconds, scrape);
    const { rateSeconds } = intervalsOf(grid, scrape);
    const clusters = (known?.clusters.length ?? 0) > 1;
    const inventory = cluster.inventory();
    const workloads = behind(entity, inventory);
    const { direction, reporter } = query;
    const selectors = buildSelectors({ entity, direction, cluster: clusters ? cluster.cluster : null, workloads });
    const asked = selectors === null ? null : { selectors, reporter, rateSeconds, clusters, ambient: hasZtunnel(inventory) };
    const charts =
      asked === null
        ? []
        : await this.#ask(
            DEFINITIONS.map((definition) => planChart(definition, query, asked)),
            grid,
            sight,
            signal,
          );
    return {
      ...{ entity, direction, ...grid, rateSeconds, charts },
      notes: noteWhat(entity, query, workloads, charts),
      grafana: this.#linkGrafana(entity, inventory),
    };
  }

  async #ask(plans: readonly ChartPlan[], grid: RangeGrid, sight: Sight, signal: AbortSignal): Promise<readonly MetricChart[]> {
    const texts = [...new Set(plans.flatMap(({ parts }) => [...parts.values()]))];
    const told = new Map<string, Told>(
      await Promise.all(
        texts.map(async (promql): Promise<readonly [string, Told]> => {
          try {
            return [promql, await this.#ranges.ask(promql, grid, signal)];
          } catch (error) {
            if (error instanceof Failure) return [promql, error];
            throw error;
          }
        }),
      ),
    );
    const failures = [...told.values()].filter((one) => one instanceof Failure);
    const [first] = failures;
    if (first !== undefined && failures.length === told.size) throw first;
    const charts = plans.map((plan) => drawPlan(plan, told, grid, sight));
    return this.#nameMissing(plans, charts, grid, signal);
  }

  /** Says of charts without anything which of their metrics nobody emits. */
  async #nameMissing(
    plans: readonly ChartPlan[],
    charts: readonly MetricChart[],
    { toSeconds }: RangeGrid,
    signal: AbortSignal,
  ): Promise<readonly MetricChart[]> {
    const isEmpty = ({ series, problem }: MetricChart): boolean => series.length === 0 && problem === null;
    const wanted = plans.flatMap(({ metrics }, i) => (charts[i] !== undefined && isEmpty(charts[i]) ? metrics : []));
    let missing: ReadonlySet<string>;
    try {
      missing = new Set(await this.#ranges.findMissingOf([...new Set(wanted)], toSeconds, signal));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // That they are empty is known; whether they exist is not.
      return charts;
    }
    return charts.map((chart, i) =>
      isEmpty(chart) ? { ...chart, missing: (plans[i]?.metrics ?? []).filter((metric) => missing.has(metric)) } : chart,
    );
  }

  #linkGrafana({ kind, namespace, name }: EntityRef, inventory: Inventory | null): MetricsDocument['grafana'] {
    const { linkGrafana } = this.#parts;
    if (kind === 'workload') {
      const href = linkGrafana('istio-workload');
      return href === null ? null : { href, variables: { namespace: [namespace], workload: [name] } };
    }
    if (kind === 'service') {
      const href = linkGrafana('istio-service');
      const host =
        inventory?.services.get(serviceKey(inventory.cluster, namespace, name))?.host ?? `${name}.${namespace}.svc.cluster.local`;
      return href === null ? null : { href, variables: { service: [host] } };
    }
    const href = linkGrafana('istio-workload');
    return href === null ? null : { href, variables: { namespace: [namespace] } };
  }
}

function drawPlan(plan: ChartPlan, told: ReadonlyMap<string, Told>, grid: RangeGrid, sight: Sight): MetricChart {
  for (const promql of plan.parts.values()) {
    const answer = told.get(promql);
    if (answer instanceof Failure)
      return buildChart(plan, NOTHING_DRAWN, { missing: [], problem: problemOf(sight === null ? answer : hushFailure(answer)) });
  }
  const read = (promql: string): readonly RangeSeries[] => {
    const answer = told.get(promql) ?? [];
    return answer instanceof Failure ? [] : answer;
  };
  return buildChart(plan, drawChart(plan, read, grid, sight), { missing: [], problem: null });
}

const hasZtunnel = (inventory: Inventory | null): boolean => {
  if (inventory === null) return false;
  for (const { mode } of inventory.workloads.values()) if (mode === 'ztunnel' || mode === 'ambient') return true;
  return false;
};

/** Workloads whose pods a service selects. */
function behind({ kind, namespace, name }: EntityRef, inventory: Inventory | null): readonly string[] {
  if (kind !== 'service' || inventory === null) return [];
  const selector = Object.entries(inventory.services.get(serviceKey(inventory.cluster, namespace, name))?.selector ?? {});
  if (selector.length === 0) return [];
  return [...inventory.workloads.values()]
    .filter((one) => one.namespace === namespace && selector.every(([label, value]) => one.podLabels[label] === value))
    .map((one) => one.name);
}

function noteWhat(
  { kind }: EntityRef,
  { direction, reporter }: MetricsQuery,
  workloads: readonly string[],
  charts: readonly MetricChart[],
): readonly string[] {
  const notes: string[] = [];
  if (kind === 'service' && direction === 'outbound')
    notes.push(
      workloads.length === 0
        ? 'No workload is known behind this service, so nothing that it sends can be told.'
        : `What the workloads behind it send: ${workloads.join(', ')}.`,
    );
  if (kind === 'namespace') notes.push('Traffic that stays inside the namespace counts in both directions.');
  if (reporter === 'source' && direction === 'inbound') notes.push('As callers report it: callers without a proxy are not counted.');
  if (reporter === 'destination' && direction === 'outbound')
    notes.push('As those report it that are called: what has no proxy, and what reached nobody, is not counted.');
  if (charts.some(({ series }) => series.some((one) => one.kind === 'hidden')))
    notes.push('Peers in namespaces that you may not see are added up under one name.');
  return notes;
}
