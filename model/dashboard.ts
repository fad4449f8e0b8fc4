// Dashboards: panels of PromQL with variables, as Grafana's users know them, and the answers that are drawn.
// In: nothing. Out: types of the definitions and of /api/dashboards. Units are Grafana's ids, which dashboards of others name, too.

/** Units that are drawn with their words; any other unit of an imported dashboard is `short`. */
export const PANEL_UNITS = ['short', 'ops', 'reqps', 'Bps', 'bytes', 's', 'ms', 'percentunit', 'percent', 'cores'] as const;
export type PanelUnit = (typeof PANEL_UNITS)[number];

/** `lines` over time, `stat` the newest number, `table` rows now, `heatmap` buckets over time, `text` words. */
export const PANEL_KINDS = ['lines', 'stat', 'table', 'heatmap', 'text'] as const;
export type PanelKind = (typeof PANEL_KINDS)[number];

export interface PanelTarget {
  /** Unique in its panel: A, B, ... */
  readonly id: string;
  /** PromQL with $variables and $__rate_interval, $__interval, $__range. */
  readonly promql: string;
  /** `{{label}}` stands for a label's value; "" = all labels. In a table: the heading of its column. */
  readonly legend: string;
  /** Unit of a table's column, where it is not the panel's. */
  readonly unit?: PanelUnit;
}

export interface Panel {
  /** Unique in its dashboard, stable: `client-request-volume`. */
  readonly id: string;
  readonly title: string;
  readonly kind: PanelKind;
  readonly unit: PanelUnit;
  readonly targets: readonly PanelTarget[];
  /** What it shows, what is unusual about it; null: the title says it. */
  readonly about: string | null;
  /** Columns of 12. */
  readonly width: number;
  /** Table: labels that its rows are joined on, shown as its first columns. */
  readonly keys: readonly string[];
  /** Words of a text panel. */
  readonly text: string | null;
  /** How to have the metrics, where they are not there by default; null: Istio emits them by default. */
  readonly fix: string | null;
}

/** A value that is chosen from the values of a label, or from a list. */
export interface DashboardVariable {
  readonly name: string;
  readonly title: string;
  /** Series whose label's values are offered; $variables before this one may stand in it. Null: `options` alone are offered. */
  readonly source: { readonly selector: string; readonly label: string } | null;
  readonly options: readonly string[];
  /** Several values may be chosen. None chosen = all. */
  readonly several: boolean;
  /** Chosen where nobody chose: null = all (several) or the first. */
  readonly standard: readonly string[] | null;
}

export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly about: string;
  /** `mesh`: numbers of everything, for whoever sees every namespace. Else of the namespaces that a variable names. */
  readonly scope: 'mesh' | 'namespace';
  /** `builtIn`, or the file that it was read from. */
  readonly origin: string;
  /** Uid of the dashboard in Grafana; null: not known, it is looked for by its title. */
  readonly uid: string | null;
  /** A metric with pods' labels without which there is nothing to show: the dashboard is listed where it exists. Null: always listed. */
  readonly probe: string | null;
  readonly variables: readonly DashboardVariable[];
  readonly rows: readonly DashboardRow[];
  /** What could not be taken over of an imported dashboard, in words. */
  readonly notes: readonly string[];
}

/** Chosen values by variable; an absent or empty one is at its standard. */
export type VariableChoice = Readonly<Record<string, readonly string[]>>;

/** GET /api/dashboards. */
export interface DashboardListDocument {
  readonly dashboards: readonly (Pick<Dashboard, 'id' | 'title' | 'about' | 'scope' | 'origin'> & {
    readonly panels: number;
    /** Null, or why this reader may not open it. */
    readonly closed: string | null;
  })[];
  /** Why those that depend on metrics being there are left out; null where that is known. */
  readonly unread: string | null;
}

/** GET /api/dashboards/{id}: the definition, and what its variables offer under the choice so far. */
export interface DashboardDocument {
  readonly dashboard: Dashboard;
  /** The same dashboard in Grafana, without variables and range; null where no Grafana is configured. */
  readonly grafana: string | null;
  readonly variables: readonly {
    readonly name: string;
    readonly values: readonly string[];
    /** What is chosen now; [] = all. */
    readonly chosen: readonly string[];
    /** More values exist than are listed. */
    readonly cut: boolean;
  }[];
}

export interface PanelSeries {
  readonly target: string;
  /** The legend filled in. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds, value; null = no value there. */
  readonly points: readonly (readonly [number, number | null])[];
}

/** GET /api/dashboards/{id}/panels/{panel}: the answer for a range. */
export interface PanelDocument {
  readonly panel: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  /** As it was asked, variables filled in. */
  readonly queries: readonly { readonly target: string; readonly promql: string }[];
  readonly series: readonly PanelSeries[];
  /** Series beyond those listed. */
  readonly left: number;
  /** Metrics of this panel that the backend does not have; [] while anything is drawn. */
  readonly missing: readonly string[];
}
