// The columns of the table twin as CSV: plain numbers with their units in the heads, ids and namespaces besides. In: nothing. Out: columns. Pure.

import { wordNamespace } from '../ui/node-words';
import type { Column } from '../ui/table-rows';
import type { EdgeRow, NodeRow } from './graph-rows';

type Values<Row> = readonly (readonly [title: string, value: Column<Row>['value']])[];

const columnsOf = <Row>(values: Values<Row>): readonly Column<Row>[] => values.map(([title, value]) => ({ key: title, title, value }));
const inPercent = (share: number | null): number | null => (share === null ? null : Math.round(share * 10_000) / 100);

export const NODE_CSV: readonly Column<NodeRow>[] = columnsOf<NodeRow>([
  ['name', (row) => row.name],
  ['kind', (row) => row.kind],
  ['cluster', (row) => row.node.cluster],
  ['namespace', (row) => wordNamespace(row.node)],
  ['workload', (row) => row.node.workload],
  ['app', (row) => row.node.app],
  ['version', (row) => row.node.version],
  ['service', (row) => row.node.service],
  ['health', (row) => row.node.health.status],
  ['in_requests_per_second', (row) => row.inPerSecond],
  ['in_errors_percent', (row) => inPercent(row.inErrorShare)],
  ['out_requests_per_second', (row) => row.outPerSecond],
  ['out_errors_percent', (row) => inPercent(row.outErrorShare)],
  ['tcp_in_bytes_per_second', (row) => row.node.inbound.tcpBytes],
  ['tcp_out_bytes_per_second', (row) => row.node.outbound.tcpBytes],
  ['mode', (row) => row.node.mode],
  ['badges', (row) => row.node.badges.join(' ')],
  ['pods_ready', (row) => row.node.pods?.ready ?? null],
  ['pods_desired', (row) => row.node.pods?.desired ?? null],
  ['members', (row) => row.node.members],
  ['hosts', (row) => row.node.hosts.join(' ')],
  ['id', (row) => row.node.id],
]);

export const EDGE_CSV: readonly Column<EdgeRow>[] = columnsOf<EdgeRow>([
  ['source', (row) => row.source],
  ['source_namespace', (row) => row.sourceNamespace],
  ['target', (row) => row.target],
  ['target_namespace', (row) => row.targetNamespace],
  ['protocol', (row) => row.edge.protocol],
  ['health', (row) => row.edge.health],
  ['requests_per_second', (row) => row.perSecond],
  ['errors_per_second', (row) => (row.perSecond === null ? null : row.edge.errorsPerSecond)],
  ['errors_percent', (row) => inPercent(row.errorShare)],
  ['average_ms', (row) => row.edge.latency?.averageMs ?? null],
  ['p50_ms', (row) => row.edge.latency?.p50Ms ?? null],
  ['p95_ms', (row) => row.edge.latency?.p95Ms ?? null],
  ['p99_ms', (row) => row.edge.latency?.p99Ms ?? null],
  ['request_bytes_per_second', (row) => row.edge.requestBytesPerSecond],
  ['response_bytes_per_second', (row) => row.edge.responseBytesPerSecond],
  ['tcp_sent_bytes_per_second', (row) => (row.perSecond === null ? row.edge.sentBytesPerSecond : null)],
  ['tcp_received_bytes_per_second', (row) => (row.perSecond === null ? row.edge.receivedBytesPerSecond : null)],
  ['mtls_percent', (row) => inPercent(row.edge.mtlsShare)],
  ['reporters', (row) => row.edge.reporters.join(' ')],
  ['source_id', (row) => row.edge.source],
  ['target_id', (row) => row.edge.target],
]);
