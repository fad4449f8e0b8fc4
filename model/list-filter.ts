// Which rows of a list pass: words, `key:value` and `label=value` in one text, and choices; all of them must hold. Lists of other things than
// entities take their words, labels and counts of findings from here. In: rows, text, choices. Out: rows, and what there is to choose from. Pure.
import { HEALTH_RANK, type HealthStatus } from './health';
import type { ListMode, ListRow } from './list';

export const FINDING_CHOICES = ['any', 'error', 'warning', 'info', 'none'] as const;
export type FindingChoice = (typeof FINDING_CHOICES)[number];

/** `unhealthy`: failure, degraded or not ready. */
export type HealthChoice = HealthStatus | 'unhealthy';
export const HEALTH_CHOICES: readonly HealthChoice[] = ['unhealthy', 'failure', 'degraded', 'notReady', 'healthy', 'na'];

export interface ListFilter {
  readonly text: string;
  /** Null = any, here and below. */
  readonly health: HealthChoice | null;
  readonly mode: ListMode | null;
  readonly kind: string | null;
  readonly cluster: string | null;
  readonly findings: FindingChoice | null;
  /** Empty = all. */
  readonly namespaces: readonly string[];
}

export const NO_LIST_FILTER: ListFilter = {
  text: '',
  health: null,
  mode: null,
  kind: null,
  cluster: null,
  findings: null,
  namespaces: [],
};

/** Keys that a text may ask by: `kind:Deployment`, `namespace:shop`. */
export const TEXT_KEYS = ['name', 'namespace', 'cluster', 'kind', 'health', 'mode', 'version', 'proxy', 'ref'] as const;
type TextKey = (typeof TEXT_KEYS)[number];

/** A word of a filter text. `label` is `key=value` exactly, `key!=value`, or `key=` for whatever value. */
export type Token =
  | { readonly sort: 'word'; readonly word: string }
  | { readonly sort: 'key'; readonly key: TextKey; readonly value: string }
  | { readonly sort: 'label'; readonly label: string; readonly value: string; readonly not: boolean };

const LABEL = /^([^=!:\s]+(?:\/[^=!:\s]+)?)(!?=)(.*)$/;

/** The words of a text; what asks by no known key is a plain word. */
export function readTokens(text: string): readonly Token[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word): Token => {
      const label = LABEL.exec(word.startsWith('label:') ? word.slice(6) : word);
      if (label !== null) return { sort: 'label', label: label[1] ?? '', value: label[3] ?? '', not: label[2] === '!=' };
      const colon = word.indexOf(':');
      const key = colon > 0 ? TEXT_KEYS.find((one) => one === word.slice(0, colon).toLowerCase()) : undefined;
      if (key !== undefined && colon < word.length - 1) return { sort: 'key', key, value: word.slice(colon + 1).toLowerCase() };
      return { sort: 'word', word: word.toLowerCase() };
    });
}

const has = (text: string | null, part: string): boolean => text?.toLowerCase().includes(part) === true;

function passesKey(row: ListRow, key: TextKey, value: string): boolean {
  switch (key) {
    case 'name':
    case 'namespace':
    case 'cluster':
    case 'kind':
      return has(row[key], value);
    case 'health':
      return value === 'unhealthy' ? isUnhealthy(row.health) : row.health.toLowerCase() === value;
    case 'mode':
      return row.mode?.toLowerCase() === value;
    case 'version':
      return row.versions.some((one) => one.toLowerCase() === value);
    case 'proxy':
      return row.proxies.some((one) => one.toLowerCase().startsWith(value));
    case 'ref':
      return row.refs.first.some((one) => has(one, value));
  }
}

const passesWord = (row: ListRow, word: string): boolean =>
  has(row.name, word) || has(row.namespace, word) || has(row.kind, word) || row.versions.some((one) => has(one, word));

export function passesLabel(labels: Readonly<Record<string, string>>, { label, value, not }: Extract<Token, { sort: 'label' }>): boolean {
  const found = Object.hasOwn(labels, label) ? labels[label] : undefined;
  const holds = found !== undefined && (value === '' || found === value);
  return not ? !holds : holds;
}

export function passesToken(row: ListRow, token: Token): boolean {
  switch (token.sort) {
    case 'word':
      return passesWord(row, token.word);
    case 'key':
      return passesKey(row, token.key, token.value);
    case 'label':
      return passesLabel(row.labels, token);
  }
}

const isUnhealthy = (health: HealthStatus): boolean => HEALTH_RANK[health] >= HEALTH_RANK.notReady;

const passesHealth = (health: HealthStatus, choice: HealthChoice | null): boolean =>
  choice === null || (choice === 'unhealthy' ? isUnhealthy(health) : health === choice);

/** Whether counts of findings are what was chosen. */
export function passesFindings([errors, warnings, remarks]: ListRow['findings'], choice: FindingChoice | null): boolean {
  switch (choice) {
    case null:
      return true;
    case 'any':
      return errors + warnings + remarks > 0;
    case 'none':
      return errors + warnings + remarks === 0;
    case 'error':
      return errors > 0;
    case 'warning':
      return warnings > 0;
    case 'info':
      return remarks > 0;
  }
}

/** Rows that pass everything, in their order. */
export function filterList(rows: readonly ListRow[], filter: ListFilter): readonly ListRow[] {
  const { health, mode, kind, cluster, findings } = filter;
  const tokens = readTokens(filter.text);
  const namespaces = new Set(filter.namespaces);
  return rows.filter(
    (row) =>
      (namespaces.size === 0 || namespaces.has(row.namespace)) &&
      (mode === null || row.mode === mode) &&
      (kind === null || row.kind === kind) &&
      (cluster === null || row.cluster === cluster) &&
      passesHealth(row.health, health) &&
      passesFindings(row.findings, findings) &&
      tokens.every((token) => passesToken(row, token)),
  );
}

/** What occurs among the rows, with how often, for the choices. */
export interface ListChoices {
  readonly modes: ReadonlyMap<ListMode, number>;
  readonly kinds: readonly (readonly [string, number])[];
  readonly clusters: readonly (readonly [string, number])[];
}

const counted = (values: Iterable<string | null>): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
};

export function countChoices(rows: readonly ListRow[]): ListChoices {
  const modes = new Map<ListMode, number>();
  for (const { mode } of rows) if (mode !== null) modes.set(mode, (modes.get(mode) ?? 0) + 1);
  return { modes, kinds: counted(rows.map(({ kind }) => kind)), clusters: counted(rows.map(({ cluster }) => cluster)) };
}
