// Rows of the list of configuration: which pass the filters, how they sort and copy. In: rows, filters. Out: rows, columns, texts. Pure.
import type { ConfigKind } from '../../model/inventory';
import type { ConfigRow } from '../../model/steering';
import type { Column } from '../ui/table-rows';
import { filterRows } from '../ui/table-rows';
import { wordConfigKind } from './config-kinds';

export const FINDING_FILTERS = ['any', 'error', 'warning', 'info', 'none'] as const;
export type FindingFilter = (typeof FINDING_FILTERS)[number];

/** Stands for rows that nobody else owns. */
export const NO_OWNER = '-';

export interface ConfigFilters {
  readonly text: string;
  readonly kind: ConfigKind | null;
  /** Names chosen in the masthead; empty = all. */
  readonly namespaces: readonly string[];
  /** Null = whatever was found. `any`: with findings; a severity: with at least one of it. */
  readonly findings: FindingFilter | null;
  /** An owner, NO_OWNER, or null = whoever. */
  readonly owner: string | null;
}

export const NO_FILTERS: ConfigFilters = { text: '', kind: null, namespaces: [], findings: null, owner: null };

export const sumFindings = ({ findings }: ConfigRow): number => findings.error + findings.warning + findings.info;

function passesFindings(row: ConfigRow, filter: FindingFilter | null): boolean {
  switch (filter) {
    case null:
      return true;
    case 'any':
      return sumFindings(row) > 0;
    case 'none':
      return sumFindings(row) === 0;
    case 'error':
    case 'warning':
    case 'info':
      return row.findings[filter] > 0;
  }
}

/** Objects of the whole cluster are of every namespace. */
const passesNamespace = (row: ConfigRow, namespaces: readonly string[]): boolean =>
  namespaces.length === 0 || row.ref.namespace === '' || namespaces.includes(row.ref.namespace);

const textsOf = (row: ConfigRow): readonly string[] => [
  row.ref.name,
  row.ref.namespace,
  wordConfigKind(row.ref.kind),
  row.summary,
  row.owner ?? '',
  row.state?.word ?? '',
];

/** Rows that pass every filter, in their order. */
export function listRows(rows: readonly ConfigRow[], filters: ConfigFilters): readonly ConfigRow[] {
  const { kind, namespaces, findings, owner, text } = filters;
  const passed = rows.filter(
    (row) =>
      (kind === null || row.ref.kind === kind) &&
      (owner === null || (row.owner ?? NO_OWNER) === owner) &&
      passesNamespace(row, namespaces) &&
      passesFindings(row, findings),
  );
  return filterRows(passed, textsOf, text);
}

/** Errors weigh most, whatever the number of the others: one number to sort by. */
export const weighFindings = ({ findings }: ConfigRow): number =>
  Math.min(findings.error, 999) * 1e6 + Math.min(findings.warning, 999) * 1e3 + Math.min(findings.info, 999);

/** "1 error, 2 warnings"; "none". */
export function wordFindings({ findings }: Pick<ConfigRow, 'findings'>): string {
  const words = [
    [findings.error, 'error'],
    [findings.warning, 'warning'],
    [findings.info, 'remark'],
  ] as const;
  const said = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}${count === 1 ? '' : 's'}`);
  return said.length === 0 ? 'none' : said.join(', ');
}

/** Columns of the copied and downloaded list. */
export const CSV_COLUMNS: readonly Column<ConfigRow>[] = [
  { key: 'kind', title: 'Kind', value: (row) => wordConfigKind(row.ref.kind) },
  { key: 'namespace', title: 'Namespace', value: (row) => row.ref.namespace },
  { key: 'name', title: 'Name', value: (row) => row.ref.name },
  { key: 'summary', title: 'Summary', value: (row) => row.summary },
  { key: 'errors', title: 'Errors', value: (row) => row.findings.error },
  { key: 'warnings', title: 'Warnings', value: (row) => row.findings.warning },
  { key: 'remarks', title: 'Remarks', value: (row) => row.findings.info },
  { key: 'state', title: 'State', value: (row) => row.state?.word ?? null },
  { key: 'owner', title: 'Owner', value: (row) => row.owner },
  { key: 'created', title: 'Created', value: (row) => new Date(row.createdAtMs).toISOString() },
  { key: 'apiVersion', title: 'API version', value: (row) => row.apiVersion },
];

/** Kinds and owners that occur, for the filters, each with its count. */
export function countChoices(rows: readonly ConfigRow[]): {
  readonly kinds: readonly (readonly [ConfigKind, number])[];
  readonly owners: readonly (readonly [string, number])[];
} {
  const kinds = new Map<ConfigKind, number>();
  const owners = new Map<string, number>();
  for (const { ref, owner } of rows) {
    kinds.set(ref.kind, (kinds.get(ref.kind) ?? 0) + 1);
    if (owner !== null) owners.set(owner, (owners.get(owner) ?? 0) + 1);
  }
  return {
    kinds: [...kinds].sort(([a], [b]) => wordConfigKind(a).localeCompare(wordConfigKind(b), 'en')),
    owners: [...owners].sort(([a], [b]) => a.localeCompare(b, 'en')),
  };
}
