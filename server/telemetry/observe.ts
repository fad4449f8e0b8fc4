// Series to observations: the answers of the base queries (and of the overlays that came with them) folded into one observation per
// logical edge, reporters reconciled. In: columns of series, a registry of edges, memory of the last fold. Out: Observation[]. Pure but
// for the registry and the memory, which only save work: the result is the same without them, and for any order of the series.
import type { Observation } from '../../model/traffic';
import { decodeEdgeIdentity, protocolOf, type ReadLabel } from './edge-identity';
import type { EdgeRegistry, EdgeRow } from './edge-registry';
import { type Cell, CellTable, type Reconciled, type Report, type ReporterSide, reconcile, type Security } from './reconcile';
import { decodeSecurity, decodeSide, type QueryAnswer, SeriesMemory } from './series-memory';
import { foldTcp, mergeLayers, type TcpSeries } from './tcp';

export interface ObserveInput {
  /** Now: when the registry saw these edges, whatever instant the queries speak of. */
  readonly nowMs: number;
  /** Requests as callers report them. */
  readonly source: QueryAnswer;
  /** Requests as everybody else reports them; TCP, told by its direction. */
  readonly destination: QueryAnswer;
  /** TCP where it is an answer of its own. */
  readonly tcp?: QueryAnswer;
  /** Null: not collected. */
  readonly duration: QueryAnswer | null;
  readonly bytes: QueryAnswer | null;
  /** Name of the cluster where the queries did not ask for it, else null. */
  readonly homeCluster: string | null;
}

export interface Observed {
  /** Ordered by key. */
  readonly observations: readonly Observation[];
  /** Hosts of HTTP and gRPC edges of which only the caller reports, sorted. */
  readonly sourceOnlyHosts: readonly string[];
  /** Series left out because their labels cannot be right. */
  readonly droppedSeries: number;
}

interface RequestSeries {
  readonly row: EdgeRow | null;
  readonly side: ReporterSide;
  readonly security: Security;
  readonly cell: Cell;
}

interface OverlaySeries {
  readonly row: EdgeRow | null;
  readonly side: ReporterSide;
  readonly direction: string;
}

/** Combinations of code and flags past which the memory starts anew, lest foreign label values fill it. */
const MAX_CELLS = 4096;

/** What the series of one stream meant last time. */
export class ObserveMemory {
  readonly source = new SeriesMemory<RequestSeries>();
  readonly destination = new SeriesMemory<RequestSeries>();
  readonly tcp = new SeriesMemory<TcpSeries>();
  readonly duration = new SeriesMemory<OverlaySeries>();
  readonly bytes = new SeriesMemory<OverlaySeries>();
  cells = new CellTable();
}

/** The request series of one fold: rows in the order of their first series, the series of each row as a chain. */
interface RequestFold {
  readonly rows: readonly EdgeRow[];
  /** By row index: its last series, then by series: the one before of the same row; -1 ends the chain. */
  readonly last: Int32Array;
  readonly before: Int32Array;
  readonly meanings: readonly RequestSeries[];
  readonly rates: Float64Array;
  readonly dropped: number;
}

function foldRequests(input: ObserveInput, registry: EdgeRegistry, memory: ObserveMemory, pass: number): RequestFold {
  const count = input.source.columns.count + input.destination.columns.count;
  const rows: EdgeRow[] = [];
  const last = new Int32Array(count);
  const before = new Int32Array(count);
  const rates = new Float64Array(count);
  const meanings: RequestSeries[] = [];
  let dropped = 0;
  if (memory.cells.size > MAX_CELLS) {
    memory.cells = new CellTable();
    memory.source.clear();
    memory.destination.clear();
  }
  const decode = (read: ReadLabel): RequestSeries | null => {
    if (read('direction') !== '') return null;
    const grpcStatus = read('grpc_response_status');
    const protocol = protocolOf(read('request_protocol'), grpcStatus);
    const identity = decodeEdgeIdentity(read, protocol, input.homeCluster);
    const flags = read('response_flags');
    return {
      row: identity === null ? null : registry.rowOf(identity, input.nowMs),
      side: decodeSide(read('reporter')),
      security: decodeSecurity(read('connection_security_policy')),
      cell: memory.cells.cellOf(
        read('response_code'),
        protocol === 'grpc' && grpcStatus !== '' ? grpcStatus : null,
        flags === '' ? '-' : flags,
      ),
    };
  };
  const take = (meaning: RequestSeries, perSecond: number): void => {
    const { row } = meaning;
    if (row === null) {
      dropped++;
      return;
    }
    const series = meanings.length;
    if (row.pass !== pass) {
      row.pass = pass;
      row.index = rows.length;
      row.lastSeenMs = Math.max(row.lastSeenMs, input.nowMs);
      last[row.index] = -1;
      rows.push(row);
    }
    before[series] = last[row.index] ?? -1;
    last[row.index] = series;
    rates[series] = perSecond;
    meanings.push(meaning);
  };
  memory.source.forEach(input.source, decode, take);
  memory.destination.forEach(input.destination, decode, take);
  return { rows, last, before, meanings, rates, dropped };
}

/** Reads the reports of one row after another into the same objects: a snapshot has tens of thousands. */
class ReportReader {
  readonly #fold: RequestFold;
  readonly #pool: MutableReport[] = [];
  readonly #current: MutableReport[] = [];
  constructor(fold: RequestFold) {
    this.#fold = fold;
  }
  /** Valid until the next call. */
  read(index: number): readonly Report[] {
    const { last, before, meanings, rates } = this.#fold;
    this.#current.length = 0;
    for (let series = last[index] ?? -1; series >= 0; series = before[series] ?? -1) {
      const meaning = meanings[series];
      if (meaning === undefined) break;
      const place = this.#current.length;
      const report = this.#pool[place] ?? { ...meaning, perSecond: 0 };
      this.#pool[place] = report;
      report.side = meaning.side;
      report.security = meaning.security;
      report.cell = meaning.cell;
      report.perSecond = rates[series] ?? 0;
      this.#current.push(report);
    }
    return this.#current;
  }
}
type MutableReport = { -readonly [K in keyof Report]: Report[K] };

/** Sums of an overlay metric by row index, one list for each reporter. */
type SideSums = Readonly<Record<ReporterSide, Float64Array>>;

/** Sums by direction (one direction, "", where the answer has none). Edges without requests in this window are passed over. */
function sumOverlay(
  answer: QueryAnswer,
  input: ObserveInput,
  registry: EdgeRegistry,
  memory: SeriesMemory<OverlaySeries>,
  pass: number,
  size: number,
): ReadonlyMap<string, SideSums> {
  const sums = new Map<string, SideSums>();
  memory.forEach(
    answer,
    (read) => {
      const identity = decodeEdgeIdentity(read, protocolOf(read('request_protocol'), ''), input.homeCluster);
      return {
        row: identity === null ? null : registry.rowOf(identity, input.nowMs),
        side: decodeSide(read('reporter')),
        direction: read('direction'),
      };
    },
    ({ row, side, direction }, value) => {
      if (row === null || row.pass !== pass || row.index >= size) return;
      let own = sums.get(direction);
      if (own === undefined) {
        own = { destination: new Float64Array(size), source: new Float64Array(size), waypoint: new Float64Array(size) };
        sums.set(direction, own);
      }
      const list = own[side];
      list[row.index] = (list[row.index] ?? 0) + value;
    },
  );
  return sums;
}

/**
 * The metric per second of an edge: what the primary counted per request (else whoever counted any), times the requests of the edge. So
 * requests that no callee saw weigh like the others, and averages of folded edges are sums divided by sums.
 */
function scaleToEdge(sums: SideSums | undefined, index: number, reports: readonly Report[], truth: Reconciled): number | null {
  if (sums === undefined) return null;
  for (const side of [truth.primary, 'waypoint', 'destination', 'source'] as const) {
    const sum = sums[side][index] ?? 0;
    if (sum <= 0) continue;
    let requests = 0;
    for (const report of reports) if (report.side === side) requests += report.perSecond;
    if (requests > 0) return (sum / requests) * truth.perSecond;
  }
  return null;
}

/** The observations of one instant. */
export function observe(input: ObserveInput, registry: EdgeRegistry, memory: ObserveMemory): Observed {
  const pass = registry.startPass();
  const fold = foldRequests(input, registry, memory, pass);
  const { rows } = fold;
  const reader = new ReportReader(fold);
  const duration = input.duration === null ? null : sumOverlay(input.duration, input, registry, memory.duration, pass, rows.length);
  const bytes = input.bytes === null ? null : sumOverlay(input.bytes, input, registry, memory.bytes, pass, rows.length);
  const requests: Observation[] = [];
  const calledHosts = new Set<string>();
  const durations = duration?.get('');
  const requestBytes = bytes?.get('request');
  const responseBytes = bytes?.get('response');
  for (const row of rows) {
    const { index } = row;
    const reports = reader.read(index);
    const truth = reconcile(reports);
    if (truth.primary === 'source') calledHosts.add(row.service.host);
    requests.push({
      key: row.key,
      source: row.source,
      destination: row.destination,
      service: row.service,
      protocol: row.protocol,
      reporter: truth.primary,
      requestsPerSecond: truth.perSecond,
      responses: truth.responses,
      tcpSentBytesPerSecond: 0,
      tcpReceivedBytesPerSecond: 0,
      mtls: truth.mtls,
      durationMsPerSecond: scaleToEdge(durations, index, reports, truth),
      durationBuckets: null,
      requestBytesPerSecond: scaleToEdge(requestBytes, index, reports, truth),
      responseBytesPerSecond: scaleToEdge(responseBytes, index, reports, truth),
    });
  }
  // After the overlays: the fold of TCP numbers its rows anew.
  const tcp = foldTcp(input.tcp ?? input.destination, input.homeCluster, input.nowMs, registry.startPass(), registry, memory.tcp);
  const observations = [...mergeLayers(requests, tcp.rows)].sort((a, b) => a.key - b.key);
  return { observations, sourceOnlyHosts: [...calledHosts].sort(), droppedSeries: fold.dropped + tcp.dropped };
}
