// A dashboard of Grafana's as one of ours, as far as the console draws its panels. In: parsed JSON of an export. Out: Dashboard; what is left
// out is told in its notes. Pure. https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
import * as v from 'valibot';
import type { Dashboard, DashboardRow, DashboardVariable, Panel, PanelKind, PanelTarget, PanelUnit } from '../../model/dashboard';
import { slug } from './define';

const loose = v.unknown();
const target = v.object({
  expr: v.optional(v.string()),
  legendFormat: v.optional(v.string()),
  refId: v.optional(v.string()),
  hide: v.optional(v.boolean()),
});
const gridPos = v.object({ w: v.optional(v.number()) });
const options = v.object({ content: v.optional(v.string()) });
const fieldConfig = v.object({ defaults: v.optional(v.object({ unit: v.optional(v.string()) })) });
const panelFields = {
  type: v.optional(v.string()),
  title: v.optional(v.string()),
  description: v.optional(v.string()),
  targets: v.optional(v.array(target)),
  gridPos: v.optional(gridPos),
  fieldConfig: v.optional(fieldConfig),
  options: v.optional(v.union([options, loose])),
  content: v.optional(v.string()),
};
const plainPanel = v.object(panelFields);
const anyPanel = v.object({ ...panelFields, panels: v.optional(v.array(plainPanel)) });
const variable = v.object({
  name: v.string(),
  label: v.optional(v.nullable(v.string())),
  type: v.optional(v.string()),
  query: v.optional(v.union([v.string(), v.object({ query: v.optional(v.string()) }), loose])),
  multi: v.optional(v.boolean()),
  includeAll: v.optional(v.boolean()),
  current: v.optional(v.union([v.object({ value: v.optional(v.union([v.string(), v.array(v.string())])) }), loose])),
});
const dashboard = v.object({
  title: v.string(),
  uid: v.optional(v.nullable(v.string())),
  description: v.optional(v.nullable(v.string())),
  panels: v.optional(v.array(anyPanel)),
  /** Exports before schema 16 have rows of panels. */
  rows: v.optional(v.array(v.object({ title: v.optional(v.string()), panels: v.optional(v.array(plainPanel)) }))),
  templating: v.optional(v.object({ list: v.optional(v.array(variable)) })),
});
type RawPanel = v.InferOutput<typeof plainPanel>;
type RawVariable = v.InferOutput<typeof variable>;

const KINDS: Readonly<Record<string, PanelKind>> = {
  timeseries: 'lines',
  graph: 'lines',
  stat: 'stat',
  singlestat: 'stat',
  gauge: 'stat',
  bargauge: 'stat',
  table: 'table',
  'table-old': 'table',
  heatmap: 'heatmap',
  text: 'text',
};

const UNITS: Readonly<Record<string, PanelUnit>> = {
  ...{ short: 'short', none: 'short', ops: 'ops', reqps: 'reqps', rps: 'ops', cps: 'ops', Bps: 'Bps', binBps: 'Bps', bytes: 'bytes' },
  ...{ decbytes: 'bytes', s: 's', ms: 'ms', percentunit: 'percentunit', percent: 'percent', cores: 'cores' },
};

/** Grafana's grid has 24 columns. */
const widthOf = (columns: number | undefined): number => Math.min(12, Math.max(3, Math.round((columns ?? 12) / 2)));

/** A class of failures: a file that is no dashboard. */
export class DashboardError extends Error {
  override readonly name = 'DashboardError';
}

/** @throws DashboardError naming what is wrong where */
export function importGrafana(body: unknown, origin: string): Dashboard {
  const parsed = v.safeParse(dashboard, unwrap(body));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new DashboardError(`${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`);
  }
  const { title, uid, description, panels = [], rows = [], templating } = parsed.output;
  const notes: string[] = [];
  const ids = new Set<string>();
  const take = (raw: RawPanel): readonly Panel[] => {
    const panel = importPanel(raw, notes);
    if (panel === null) return [];
    const id = uniqueId(panel.id, ids);
    return [{ ...panel, id }];
  };
  return {
    id: slug(uid ?? title) || 'dashboard',
    title,
    about: description ?? `Imported from ${origin}.`,
    // Whoever wrote it may ask for anything: it is for those who see everything.
    scope: 'mesh',
    origin,
    uid: uid ?? null,
    probe: null,
    variables: (templating?.list ?? []).flatMap((raw) => importVariable(raw, notes)),
    rows: [
      ...gatherRows(panels, take),
      ...rows.map((row) => ({ title: row.title ?? '', panels: (row.panels ?? []).flatMap(take) })),
    ].filter((row) => row.panels.length > 0),
    notes,
  };
}

/** The export of Grafana's API has the dashboard inside. */
const unwrap = (body: unknown): unknown => (typeof body === 'object' && body !== null && 'dashboard' in body ? body.dashboard : body);

/** Panels after a row panel belong to it; a folded row holds its own. */
function gatherRows(panels: readonly v.InferOutput<typeof anyPanel>[], take: (raw: RawPanel) => readonly Panel[]): readonly DashboardRow[] {
  const rows: { title: string; panels: Panel[] }[] = [{ title: 'Panels', panels: [] }];
  for (const raw of panels)
    if (raw.type === 'row') rows.push({ title: raw.title ?? '', panels: (raw.panels ?? []).flatMap(take) });
    else rows.at(-1)?.panels.push(...take(raw));
  return rows;
}

function uniqueId(wanted: string, ids: Set<string>): string {
  let id = wanted === '' ? 'panel' : wanted;
  for (let n = 2; ids.has(id); n++) id = `${wanted === '' ? 'panel' : wanted}-${n}`;
  ids.add(id);
  return id;
}

function importPanel(raw: RawPanel, notes: string[]): Panel | null {
  const title = raw.title ?? 'Panel';
  const kind = KINDS[raw.type ?? ''];
  if (kind === undefined) {
    notes.push(`The panel ${title} is of the kind ${raw.type ?? 'unknown'}, which is not drawn here.`);
    return null;
  }
  const unit = raw.fieldConfig?.defaults?.unit;
  const known = unit === undefined ? 'short' : UNITS[unit];
  if (known === undefined) notes.push(`The unit ${unit ?? ''} of the panel ${title} is shown as a plain number.`);
  const targets = (raw.targets ?? []).flatMap((one, i): PanelTarget[] =>
    one.expr === undefined || one.expr.trim() === '' || one.hide === true
      ? []
      : [{ id: one.refId ?? String.fromCharCode(65 + i), promql: one.expr, legend: one.legendFormat ?? '' }],
  );
  if (kind !== 'text' && targets.length === 0) {
    notes.push(`The panel ${title} asks no PromQL.`);
    return null;
  }
  return {
    id: slug(title),
    title,
    kind,
    unit: known ?? 'short',
    targets,
    about: raw.description === undefined || raw.description === '' ? null : raw.description,
    width: widthOf(raw.gridPos?.w),
    keys: kind === 'table' ? listGrouped(targets) : [],
    text: kind === 'text' ? textOf(raw) : null,
    fix: null,
  };
}

const textOf = ({ options: given, content }: RawPanel): string => {
  const parsed = v.safeParse(options, given);
  return (parsed.success ? parsed.output.content : undefined) ?? content ?? '';
};

/** Labels that all targets group by: those are the columns on which Grafana joins. */
function listGrouped(targets: readonly PanelTarget[]): readonly string[] {
  const sets = targets.map(({ promql }) =>
    [...promql.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
      list
        .split(',')
        .map((label) => label.trim())
        .filter((label) => label !== '' && label !== 'le'),
    ),
  );
  const [first = [], ...others] = sets;
  return [...new Set(first)].filter((label) => others.every((set) => set.includes(label)));
}

const LABEL_VALUES = /^\s*label_values\(\s*(?:(.+?)\s*,\s*)?([A-Za-z_]\w*)\s*\)\s*$/s;

function importVariable(raw: RawVariable, notes: string[]): readonly DashboardVariable[] {
  const { name, type = 'query' } = raw;
  const several = raw.multi === true || raw.includeAll === true;
  const common = { name, title: raw.label ?? name, several, standard: standardOf(raw) };
  const query = typeof raw.query === 'string' ? raw.query : queryOf(raw.query);
  switch (type) {
    case 'datasource':
      // There is one backend: what names it is dropped.
      return [];
    case 'custom':
    case 'interval':
    case 'constant':
    case 'textbox': {
      const values = query
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== '');
      return [{ ...common, source: null, options: values, standard: common.standard ?? (several ? null : values.slice(0, 1)) }];
    }
    case 'query': {
      const found = LABEL_VALUES.exec(query);
      if (found?.[2] !== undefined)
        return [{ ...common, source: { selector: found[1] ?? '{__name__!=""}', label: found[2] }, options: [] }];
      break;
    }
    default:
      break;
  }
  notes.push(`The variable ${name} is of a kind that is not offered here; it stands for any value.`);
  return [{ ...common, source: null, options: [], several: true, standard: null }];
}

const queryOf = (query: unknown): string => {
  const parsed = v.safeParse(v.object({ query: v.string() }), query);
  return parsed.success ? parsed.output.query : '';
};

function standardOf({ current }: RawVariable): readonly string[] | null {
  const parsed = v.safeParse(v.object({ value: v.union([v.string(), v.array(v.string())]) }), current);
  if (!parsed.success) return null;
  const values = (typeof parsed.output.value === 'string' ? [parsed.output.value] : parsed.output.value).filter(
    (value) => value !== '$__all' && value !== 'All' && value !== '',
  );
  return values.length === 0 ? null : values;
}
