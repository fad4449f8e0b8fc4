// Dashboards as they are asked for: what their variables offer, the series of a panel. In: definitions, the backend, who asks. Out: documents.
// Readers of some namespaces are told of these only: values of variables and series that name others are left out, and the dashboards
// of the whole mesh are closed to them. Equal questions within a step share one answer.
import type { Sight } from '../../model/account';
import type {
  Dashboard,
  DashboardDocument,
  DashboardListDocument,
  DashboardVariable,
  Panel,
  PanelDocument,
  PanelSeries,
  VariableChoice,
} from '../../model/dashboard';
import type { PanelRange } from '../../model/dashboard-query';
import { FAILURES, Failure } from '../../model/failure';
import { bindVariables, type Intervals } from '../dashboards/bind';
import { fillLegend } from '../dashboards/legend';
import { buildGrid, intervalsOf, type RangeGrid } from '../dashboards/range';
import { companionOf, mayBeNamed } from '../dashboards/who-sees';
import type { Clock, MetricsCapabilities, MetricsSource } from '../ports';
import { instant, KeptRanges } from './kept-ranges';

export interface DashboardsParts {
  readonly metrics: Pick<MetricsSource, 'fetchRange'>;
  readonly clock: Clock;
  readonly capabilities: () => MetricsCapabilities | null;
  readonly deadlineMs: number;
  readonly keepMs: number;
  readonly dashboards: readonly Dashboard[];
  /** Address of Grafana as browsers reach it; null: there is none. */
  readonly grafanaUrl: string | null;
}

const CLOSED = 'shows numbers of every namespace, and you see some only';
const MAX_VALUES = 1000;
const MAX_SERIES = 100;

export class Dashboards {
  readonly #parts: DashboardsParts;
  readonly #ranges: KeptRanges;

  constructor(parts: DashboardsParts) {
    this.#parts = parts;
    this.#ranges = new KeptRanges({ ...parts, cause: 'dashboard' });
  }

  /** Those of runtimes only where a pod that the reader may see emits their metrics. */
  async list(sight: Sight, signal: AbortSignal): Promise<DashboardListDocument> {
    const { dashboards, clock } = this.#parts;
    const now = instant(clock.now() / 1000);
    let unread: string | null = null;
    const there = await Promise.all(
      dashboards.map(async ({ probe }) => {
        if (probe === null) return true;
        try {
          const series = await this.#ranges.ask(`group by (namespace) (${probe})`, now, signal);
          return series.some(({ labels }) => mayBeNamed(labels, sight));
        } catch (error) {
          if (!(error instanceof Failure && error.code.startsWith('metrics'))) throw error;
          unread = `${FAILURES[error.code].title}.`;
          return false;
        }
      }),
    );
    return {
      dashboards: dashboards
        .filter((_, i) => there[i])
        .map((dashboard) => ({
          id: dashboard.id,
          title: dashboard.title,
          about: dashboard.about,
          scope: dashboard.scope,
          origin: dashboard.origin,
          panels: dashboard.rows.reduce((count, { panels }) => count + panels.length, 0),
          closed: isOpen(dashboard, sight) ? null : CLOSED,
        })),
      unread,
    };
  }

  /** A dashboard and what its variables offer, each under the choice of those before it. @throws Failure notFound, forbidden, metrics* */
  async read(id: string, choice: VariableChoice, sight: Sight, signal: AbortSignal): Promise<DashboardDocument> {
    const dashboard = this.#open(id, sight);
    return { dashboard, grafana: this.#linkGrafana(dashboard), variables: await this.#offer(dashboard, choice, sight, signal) };
  }

  /** @throws Failure notFound, forbidden, badRequest, metrics* */
  async readPanel(
    id: string,
    panelId: string,
    choice: VariableChoice,
    { rangeSeconds, atSeconds }: PanelRange,
    sight: Sight,
    signal: AbortSignal,
  ): Promise<PanelDocument> {
    const dashboard = this.#open(id, sight);
    const panel = dashboard.rows.flatMap(({ panels }) => panels).find((one) => one.id === panelId);
    if (panel === undefined)
      throw new Failure('notFound', `${dashboard.title} has no panel ${JSON.stringify(panelId.slice(0, 80))}`, 'Open the dashboard anew.');
    const offered = await this.#offer(dashboard, choice, sight, signal);
    const chosen = Object.fromEntries(offered.map((one) => [one.name, one.chosen]));
    const scrape = this.#parts.capabilities()?.scrapeIntervalSeconds ?? null;
    const grid = buildGrid(atSeconds ?? this.#parts.clock.now() / 1000, rangeSeconds, scrape);
    return this.#fetchPanel(panel, chosen, grid, intervalsOf(grid, scrape), sight, signal);
  }

  /** Any PromQL, for those who see everything. `atSeconds` alone: the vector at that instant. @throws Failure forbidden, badRequest, metrics* */
  async readQuery(promql: string, { rangeSeconds, atSeconds }: PanelRange, sight: Sight, signal: AbortSignal): Promise<PanelDocument> {
    if (sight !== null)
      throw new Failure('forbidden', `PromQL of one's own ${CLOSED}`, 'Ask an administrator to let you see every namespace.');
    const scrape = this.#parts.capabilities()?.scrapeIntervalSeconds ?? null;
    const end = atSeconds ?? this.#parts.clock.now() / 1000;
    const grid = rangeSeconds === 0 ? instant(end) : buildGrid(end, rangeSeconds, scrape);
    const panel: Panel = {
      ...{ id: 'query', title: 'Query', kind: 'lines', unit: 'short', about: null, width: 12, keys: [], text: null, fix: null },
      targets: [{ id: 'A', promql, legend: '' }],
    };
    return this.#fetchPanel(panel, {}, grid, intervalsOf(grid, scrape), sight, signal);
  }

  #open(id: string, sight: Sight): Dashboard {
    const dashboard = this.#parts.dashboards.find((one) => one.id === id);
    if (dashboard === undefined)
      throw new Failure('notFound', `there is no dashboard ${JSON.stringify(id.slice(0, 80))}`, 'Choose one from the list of dashboards.');
    if (isOpen(dashboard, sight)) return dashboard;
    throw new Failure('forbidden', `${dashboard.title} ${CLOSED}`, 'Ask an administrator to let you see every namespace.');
  }

  /** Address of a dashboard in Grafana; null where there is none of either. */
  linkGrafana(id: string): string | null {
    const dashboard = this.#parts.dashboards.find((one) => one.id === id);
    return dashboard === undefined ? null : this.#linkGrafana(dashboard);
  }

  #linkGrafana({ uid, title, origin }: Dashboard): string | null {
    const base = this.#parts.grafanaUrl?.replace(/\/+$/, '') ?? null;
    if (base === null) return null;
    if (uid !== null) return `${base}/d/${encodeURIComponent(uid)}`;
    return `${base}/dashboards?query=${encodeURIComponent(origin === 'builtIn' ? `${title} Dashboard` : title)}`;
  }

  /** Values of the variables in their order, since each may depend on those before it. */
  async #offer(
    { variables }: Dashboard,
    choice: VariableChoice,
    sight: Sight,
    signal: AbortSignal,
  ): Promise<DashboardDocument['variables']> {
    const offered: { name: string; values: readonly string[]; chosen: readonly string[]; cut: boolean }[] = [];
    for (const variable of variables) {
      const before = Object.fromEntries(offered.map(({ name, chosen }) => [name, chosen]));
      const values = await this.#fetchValues(variable, before, sight, signal);
      const cut = values.length > MAX_VALUES;
      offered.push({ name: variable.name, values: values.slice(0, MAX_VALUES), chosen: choose(variable, values, choice, sight), cut });
    }
    return offered;
  }

  async #fetchValues(variable: DashboardVariable, before: VariableChoice, sight: Sight, signal: AbortSignal): Promise<readonly string[]> {
    const { source, options } = variable;
    if (source === null) return options;
    const { label } = source;
    const companion = sight === null ? null : companionOf(label);
    const grid = instant(this.#parts.clock.now() / 1000);
    const selector = bindVariables(source.selector, before, intervalsOf(grid, null));
    const by = companion === null ? label : `${label}, ${companion}`;
    const series = await this.#ranges.ask(`group by (${by}) (${selector})`, grid, signal);
    const values = series.filter(({ labels }) => mayBeNamed(labels, sight)).map(({ labels }) => labels[label] ?? '');
    return [...new Set(values)].filter((value) => value !== '').sort();
  }

  async #fetchPanel(
    panel: Panel,
    choice: VariableChoice,
    grid: RangeGrid,
    intervals: Intervals,
    sight: Sight,
    signal: AbortSignal,
  ): Promise<PanelDocument> {
    const queries = panel.targets.map(({ id, promql }) => ({ target: id, promql: bindVariables(promql, choice, intervals) }));
    const isNow = panel.kind === 'table' || panel.kind === 'stat';
    const asked = isNow ? instant(grid.toSeconds) : grid;
    const answers = await Promise.all(queries.map(({ promql }) => this.#ranges.ask(promql, asked, signal)));
    const all = answers.flatMap((answer, i): PanelSeries[] => {
      const target = panel.targets[i];
      if (target === undefined) return [];
      return answer
        .filter(({ labels }) => mayBeNamed(labels, sight))
        .map(({ labels, points }) => ({
          target: target.id,
          name: fillLegend(target.legend, labels),
          labels,
          points: points.map(([seconds, value]) => [seconds, Number.isFinite(value) ? value : null] as const),
        }));
    });
    const limit = panel.kind === 'lines' ? MAX_SERIES : MAX_VALUES;
    return {
      panel: panel.id,
      ...asked,
      queries,
      series: all.slice(0, limit),
      left: Math.max(0, all.length - limit),
      missing:
        all.length > 0 || panel.targets.length === 0
          ? []
          : await this.#ranges.findMissing(
              queries.map(({ promql }) => promql),
              asked.toSeconds,
              signal,
            ),
    };
  }
}

const isOpen = ({ scope }: Dashboard, sight: Sight): boolean => sight === null || scope === 'namespace';

/** What is chosen: what was asked for, as far as the reader may; else the standard. A variable of one value always has one. */
function choose(variable: DashboardVariable, values: readonly string[], choice: VariableChoice, sight: Sight): readonly string[] {
  const asked = Object.hasOwn(choice, variable.name) ? (choice[variable.name] ?? []) : [];
  // Who sees everything may ask for what has no traffic now.
  const allowed = sight === null ? asked : asked.filter((value) => values.includes(value));
  if (allowed.length > 0) return variable.several ? allowed : allowed.slice(0, 1);
  if (variable.standard !== null) return variable.standard;
  if (variable.several) return [];
  // Nothing to choose from: what no label is.
  return [values[0] ?? '-'];
}
