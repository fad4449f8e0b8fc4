// Rows of the list of configuration: which pass the filters, how they sort and copy. In: rows, filters. Out: rows, columns, texts. Pure.
import type { ConfigKind } from '../../model/inventory';
import { weighFindings, wordLabels } from '../../model/list-columns';
import { type FindingChoice, passesFindings, passesLabel, readTokens, type Token } from '../../model/list-filter';
import type { ConfigRow } from '../../model/steering';
import type { Column } from '../ui/table-rows';
import { wordConfigKind } from './config-kinds';

/** Stands for rows that nobody else owns. */
export const NO_OWNER = '-';

export interface ConfigFilters {
  readonly text: string;
  readonly kind: ConfigKind | null;
  /** Names chosen in the masthead; empty = all. */
  readonly namespaces: readonly string[];
  /** Null = whatever was found. `any`: with findings; a severity: with at least one of it. */
  readonly findings: FindingChoice | null;
  /** An owner, NO_OWNER, or null = whoever. */
  readonly owner: string | null;
}

export const NO_FILTERS: ConfigFilters = { text: '', kind: null, namespaces: [], findings: null, owner: null };

export const sumFindings = ({ findings }: ConfigRow): number => findings.error + findings.warning + findings.info;

const countsOf = ({ findings: { error, warning, info } }: Pick<ConfigRow, 'findings'>) => [error, warning, info] as const;

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

/** Labels are those of the object; what its summary says it selects is found by the same words. */
function passesToken(row: ConfigRow, token: Token): boolean {
  const { kind, namespace, name } = row.ref;
  const says = (word: string): boolean => textsOf(row).some((one) => one.toLowerCase().includes(word));
  switch (token.sort) {
    case 'word':
      return says(token.word);
    case 'label':
      return passesLabel(row.labels, token) || (!token.not && says(`${token.label}=${token.value}`.toLowerCase()));
    case 'key': {
      const own: Partial<Readonly<Record<typeof token.key, string>>> = { name, namespace, kind: wordConfigKind(kind) };
      const text = own[token.key];
      return text === undefined ? says(`${token.key}:${token.value}`) : text.toLowerCase().includes(token.value);
    }
  }
}

/** Rows that pass every filter, in their order. */
export function listRows(rows: readonly ConfigRow[], filters: ConfigFilters): readonly ConfigRow[] {
  const { kind, namespaces, findings, owner, text } = filters;
  const passed = rows.filter(
    (row) =>
      (kind === null || row.ref.kind === kind) &&
      (owner === null || (row.owner ?? NO_OWNER) === owner) &&
      passesNamespace(row, namespaces) &&
      passesFindings(countsOf(row), findings),
  );
  const tokens = readTokens(text);
  return tokens.length === 0 ? passed : passed.filter((row) => tokens.every((token) => passesToken(row, token)));
}

/** One number to sort by, the worst with the largest. */
export const weighRow = (row: Pick<ConfigRow, 'findings'>): number => weighFindings(countsOf(row));

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
  { key: 'labels', title: 'Labels', value: wordLabels },
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
