// The columns of the lists: which kind has which, what they sort by, and what a copied list holds. In: rows. Out: columns as data. Pure.
import { ENTITY_KINDS, type EntityKind } from './entity';
import { HEALTH_RANK } from './health';
import { errorShareOf, errorsOf, type ListRates, type ListRow, requestsOf } from './list';

type Value = number | string | null;

/** A column as far as it is data; null sorts last. */
export interface ListColumn {
  readonly key: string;
  readonly title: string;
  readonly value: (row: ListRow) => Value;
}

const tcpOf = (rates: ListRates | null): number | null => (rates === null ? null : rates[4]);
const share = (pods: ListRow['pods']): number | null => (pods === null || pods.desired === 0 ? null : pods.ready / pods.desired);

/** Errors weigh most, whatever the number of the others: one number to sort by. */
export const weighFindings = ([errors, warnings, remarks]: ListRow['findings']): number =>
  Math.min(errors, 999) * 1e6 + Math.min(warnings, 999) * 1e3 + Math.min(remarks, 999);

interface ColumnFacts {
  readonly title: string;
  readonly of: readonly EntityKind[];
  /** Shown where nothing was chosen. */
  readonly standard: boolean;
  readonly value: (row: ListRow) => Value;
}

const MEMBERS: readonly EntityKind[] = ['app', 'workload', 'service'];
const CALLERS: readonly EntityKind[] = ['namespace', 'app', 'workload'];

/** In the order in which they stand. The standard ones have room on a screen of 1440 pixels. What is worst, or most, sorts first in the direction in which a column is first sorted. */
export const LIST_COLUMN_FACTS = {
  name: { title: 'Name', of: ENTITY_KINDS, standard: true, value: (row) => row.name },
  health: { title: 'Health', of: ENTITY_KINDS, standard: true, value: (row) => -HEALTH_RANK[row.health] },
  namespace: { title: 'Namespace', of: MEMBERS, standard: true, value: (row) => row.namespace },
  cluster: { title: 'Cluster', of: ENTITY_KINDS, standard: false, value: (row) => row.cluster },
  kind: { title: 'Kind', of: ['workload', 'service'], standard: false, value: (row) => row.kind },
  reason: {
    title: 'Reason',
    of: ENTITY_KINDS,
    standard: true,
    value: (row) => (row.reason === null ? null : -HEALTH_RANK[row.reason.status]),
  },
  inbound: { title: 'Requests in', of: ENTITY_KINDS, standard: true, value: (row) => requestsOf(row.inbound) },
  errors: { title: 'Errors in', of: ENTITY_KINDS, standard: true, value: (row) => errorShareOf(row.inbound) },
  p95: { title: 'P95', of: ENTITY_KINDS, standard: true, value: (row) => row.p95Ms },
  outbound: { title: 'Requests out', of: CALLERS, standard: false, value: (row) => requestsOf(row.outbound) },
  outErrors: { title: 'Errors out', of: CALLERS, standard: false, value: (row) => errorShareOf(row.outbound) },
  grpc: { title: 'gRPC in', of: ENTITY_KINDS, standard: false, value: (row) => row.inbound?.[2] ?? null },
  tcpIn: { title: 'TCP in', of: ENTITY_KINDS, standard: false, value: (row) => tcpOf(row.inbound) },
  tcpOut: { title: 'TCP out', of: CALLERS, standard: false, value: (row) => tcpOf(row.outbound) },
  mtls: { title: 'mTLS', of: ENTITY_KINDS, standard: true, value: (row) => row.mtlsShare },
  mode: { title: 'Mode', of: ENTITY_KINDS, standard: true, value: (row) => row.mode },
  injection: { title: 'Injection', of: ENTITY_KINDS, standard: false, value: (row) => row.injection },
  pods: { title: 'Pods', of: ENTITY_KINDS, standard: true, value: (row) => share(row.pods) },
  versions: { title: 'Versions', of: MEMBERS, standard: true, value: (row) => (row.versions.length === 0 ? null : row.versions.join(' ')) },
  proxies: { title: 'Proxy', of: ENTITY_KINDS, standard: false, value: (row) => (row.proxies.length === 0 ? null : row.proxies.join(' ')) },
  labels: { title: 'Labels', of: ENTITY_KINDS, standard: false, value: (row) => wordLabels(row) || null },
  refs: { title: 'Config', of: ENTITY_KINDS, standard: true, value: (row) => row.refs.count },
  findings: { title: 'Findings', of: ENTITY_KINDS, standard: true, value: (row) => -weighFindings(row.findings) },
} as const satisfies Readonly<Record<string, ColumnFacts>>;

export type ListColumnKey = keyof typeof LIST_COLUMN_FACTS;
const FACTS: Readonly<Record<ListColumnKey, ColumnFacts>> = LIST_COLUMN_FACTS;
export const LIST_COLUMN_KEYS = Object.keys(LIST_COLUMN_FACTS) as readonly ListColumnKey[];

export const wordLabels = ({ labels }: Pick<ListRow, 'labels'>): string =>
  Object.keys(labels)
    .sort()
    .map((label) => `${label}=${labels[label] ?? ''}`)
    .join(' ');

/** Columns that a kind of list has. */
export const columnKeysOf = (kind: EntityKind): readonly ListColumnKey[] => LIST_COLUMN_KEYS.filter((key) => FACTS[key].of.includes(kind));
export const standardColumnsOf = (kind: EntityKind): readonly ListColumnKey[] => columnKeysOf(kind).filter((key) => FACTS[key].standard);

/** The columns that a text names (`name,health`), of those that the kind has; null where it names none. The name always stands. */
export function decodeColumns(kind: EntityKind, text: string): readonly ListColumnKey[] | null {
  const wanted = new Set(text.split(','));
  const found = columnKeysOf(kind).filter((key) => wanted.has(key));
  if (found.length === 0) return null;
  return found.includes('name') ? found : ['name', ...found];
}

const percent = (value: number | null): number | null => (value === null ? null : Math.round(value * 10_000) / 100);

/** Plain numbers with their units in the heads; every column, shown or not. */
const CSV: readonly (readonly [title: string, of: readonly EntityKind[], value: (row: ListRow) => Value])[] = [
  ['cluster', ENTITY_KINDS, (row) => row.cluster],
  ['namespace', MEMBERS, (row) => row.namespace],
  ['name', ENTITY_KINDS, (row) => row.name],
  ['kind', ['workload', 'service'], (row) => row.kind],
  ['health', ENTITY_KINDS, (row) => row.health],
  ['in_requests_per_second', ENTITY_KINDS, (row) => requestsOf(row.inbound)],
  ['in_errors_per_second', ENTITY_KINDS, (row) => errorsOf(row.inbound)],
  ['in_errors_percent', ENTITY_KINDS, (row) => percent(errorShareOf(row.inbound))],
  ['in_grpc_requests_per_second', ENTITY_KINDS, (row) => row.inbound?.[2] ?? null],
  ['in_tcp_bytes_per_second', ENTITY_KINDS, (row) => tcpOf(row.inbound)],
  ['p95_ms', ENTITY_KINDS, (row) => row.p95Ms],
  ['out_requests_per_second', CALLERS, (row) => requestsOf(row.outbound)],
  ['out_errors_percent', CALLERS, (row) => percent(errorShareOf(row.outbound))],
  ['out_tcp_bytes_per_second', CALLERS, (row) => tcpOf(row.outbound)],
  ['mtls_percent', ENTITY_KINDS, (row) => percent(row.mtlsShare)],
  ['mode', ENTITY_KINDS, (row) => row.mode],
  ['injection', ENTITY_KINDS, (row) => row.injection],
  ['pods_ready', ENTITY_KINDS, (row) => row.pods?.ready ?? null],
  ['pods_desired', ENTITY_KINDS, (row) => row.pods?.desired ?? null],
  ['versions', MEMBERS, (row) => row.versions.join(' ')],
  ['proxies', ENTITY_KINDS, (row) => row.proxies.join(' ')],
  ['labels', ENTITY_KINDS, wordLabels],
  ['configuration', ENTITY_KINDS, (row) => row.refs.count],
  ['errors_found', ENTITY_KINDS, (row) => row.findings[0]],
  ['warnings_found', ENTITY_KINDS, (row) => row.findings[1]],
  ['remarks_found', ENTITY_KINDS, (row) => row.findings[2]],
];

/** Columns of a copied or downloaded list. */
export const csvColumnsOf = (kind: EntityKind): readonly ListColumn[] =>
  CSV.filter(([, of]) => of.includes(kind)).map(([title, , value]) => ({ key: title, title, value }));
