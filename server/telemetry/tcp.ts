// TCP traffic of one instant: bytes by edge, reporters reconciled, and ztunnel's report of a connection left out where a proxy that reads
// the requests in it reports the same pair. In: the answer with the TCP series, the HTTP and gRPC observations. Out: both, counted once. Pure.
//
// A request through an ambient mesh is seen up to three times: by the client's ztunnel (source, TCP), by the server's ztunnel (destination,
// TCP) and by the waypoint or a sidecar or gateway at one end (HTTP). Rules:
//   1. Of one edge the waypoint's bytes count, else the destination's, else the source's.
//   2. ztunnel's bytes between two workloads are dropped if HTTP or gRPC requests, or a waypoint's TCP, were observed between the same two
//      through the same host (or ztunnel knows no host). What ztunnel knows of mutual TLS is passed on to those requests if nobody else does.
//   3. Where the scrape sets no `app` label, ztunnel cannot be told from a sidecar: rule 2 then needs a waypoint's report of the pair.
// Limits: connections that bypass the waypoint between the same two workloads are dropped with the rest; the edges client -> waypoint and
// waypoint -> server that ztunnel also reports stay, as only the inventory knows which workload is a waypoint.
import { type MtlsRates, type Observation, type Reporter, UNKNOWN, type WorkloadRef } from '../../model/traffic';
import { decodeEdgeIdentity } from './edge-identity';
import type { EdgeRegistry, EdgeRow } from './edge-registry';
import type { ReporterSide, Security } from './reconcile';
import { decodeSecurity, decodeSide, type QueryAnswer, type SeriesMemory } from './series-memory';

type Proxy = 'ztunnel' | 'other' | 'unknown';

export interface TcpSeries {
  readonly row: EdgeRow | null;
  readonly side: ReporterSide;
  readonly security: Security;
  readonly proxy: Proxy;
  readonly sent: boolean;
}

/** Bytes per second of one edge by one kind of reporter. */
interface Tally {
  readonly side: ReporterSide;
  readonly proxy: Proxy;
  sent: number;
  received: number;
  mutual: number;
  plaintext: number;
  unknown: number;
}

export interface TcpRow {
  readonly row: EdgeRow;
  readonly tallies: Tally[];
}

const totalOf = (tally: Tally): number => tally.sent + tally.received;
const sum = (tallies: readonly Tally[], of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);

/** Tallies by edge, of the series that have a direction; rows get the pass's number. Also counts series whose labels cannot be right. */
export function foldTcp(
  answer: QueryAnswer,
  homeCluster: string | null,
  nowMs: number,
  pass: number,
  registry: EdgeRegistry,
  memory: SeriesMemory<TcpSeries>,
): { readonly rows: readonly TcpRow[]; readonly dropped: number } {
  const rows: TcpRow[] = [];
  let dropped = 0;
  memory.forEach(
    answer,
    (read) => {
      if (read('direction') === '') return null;
      const identity = decodeEdgeIdentity(read, 'tcp', homeCluster);
      const app = read('app');
      return {
        row: identity === null ? null : registry.rowOf(identity, nowMs),
        side: decodeSide(read('reporter')),
        security: decodeSecurity(read('connection_security_policy')),
        proxy: app === 'ztunnel' ? 'ztunnel' : app === '' ? 'unknown' : 'other',
        sent: read('direction') === 'sent',
      };
    },
    ({ row, side, security, proxy, sent }, bytes) => {
      if (row === null) {
        dropped++;
        return;
      }
      if (row.pass !== pass) {
        row.pass = pass;
        row.index = rows.length;
        row.lastSeenMs = Math.max(row.lastSeenMs, nowMs);
        rows.push({ row, tallies: [] });
      }
      const tallies = rows[row.index]?.tallies ?? [];
      let tally = tallies.find((own) => own.side === side && own.proxy === proxy);
      if (tally === undefined) {
        tally = { side, proxy, sent: 0, received: 0, mutual: 0, plaintext: 0, unknown: 0 };
        tallies.push(tally);
      }
      if (sent) tally.sent += bytes;
      else tally.received += bytes;
      tally[security] += bytes;
    },
  );
  return { rows, dropped };
}

/** Observations by the two workloads between which they run. */
class Pairs {
  readonly #by = new Map<WorkloadRef, Map<WorkloadRef, number[]>>();
  constructor(observations: readonly Observation[]) {
    observations.forEach(({ source, destination }, i) => {
      const own = this.#by.get(source) ?? new Map<WorkloadRef, number[]>();
      this.#by.set(source, own);
      const list = own.get(destination) ?? [];
      own.set(destination, list);
      list.push(i);
    });
  }
  between(source: WorkloadRef, destination: WorkloadRef): readonly number[] {
    return this.#by.get(source)?.get(destination) ?? [];
  }
}

function buildObservation(row: EdgeRow, tallies: readonly Tally[]): Observation | null {
  const side = (['waypoint', 'destination', 'source'] as const).find((each) =>
    tallies.some((tally) => tally.side === each && totalOf(tally) > 0),
  );
  if (side === undefined) return null;
  const own = tallies.filter((tally) => tally.side === side);
  const byZtunnel = sum(
    own.filter((tally) => tally.proxy === 'ztunnel'),
    totalOf,
  );
  const reporter: Reporter = byZtunnel * 2 >= sum(own, totalOf) ? 'ztunnel' : side;
  return {
    key: row.key,
    source: row.source,
    destination: row.destination,
    service: row.service,
    protocol: 'tcp',
    reporter,
    requestsPerSecond: 0,
    responses: [],
    tcpSentBytesPerSecond: sum(own, (tally) => tally.sent),
    tcpReceivedBytesPerSecond: sum(own, (tally) => tally.received),
    mtls: { mutual: sum(own, (t) => t.mutual), plaintext: sum(own, (t) => t.plaintext), unknown: sum(own, (t) => t.unknown) },
    durationMsPerSecond: null,
    durationBuckets: null,
    requestBytesPerSecond: null,
    responseBytesPerSecond: null,
  };
}

/** The security that ztunnel saw, spread over requests of which no proxy knows it. */
function withSecurity(observation: Observation, seen: readonly Tally[]): Observation {
  if (observation.mtls.mutual + observation.mtls.plaintext > 0) return observation;
  const bytes = sum(seen, totalOf);
  if (bytes <= 0) return observation;
  const share = (of: (tally: Tally) => number): number => (observation.requestsPerSecond * sum(seen, of)) / bytes;
  const mtls: MtlsRates = { mutual: share((t) => t.mutual), plaintext: share((t) => t.plaintext), unknown: share((t) => t.unknown) };
  return { ...observation, mtls };
}

/** All observations: the given ones of requests, and those of TCP that are not the same traffic seen one layer below. */
export function mergeLayers(requests: readonly Observation[], rows: readonly TcpRow[]): readonly Observation[] {
  const merged = [...requests];
  const mayShadow =
    rows.some(({ tallies }) => tallies.some(({ proxy }) => proxy === 'ztunnel')) || requests.some((o) => o.reporter === 'waypoint');
  const pairs = mayShadow ? new Pairs(requests) : null;
  const waypointTcp = rows
    .filter(({ tallies }) => tallies.some((tally) => tally.side === 'waypoint' && totalOf(tally) > 0))
    .map(({ row }) => row);
  for (const { row, tallies } of rows) {
    let kept: readonly Tally[] = tallies;
    if (pairs !== null) {
      const sameHost = (host: string): boolean => host === row.service.host || row.service.host === UNKNOWN;
      const above = pairs.between(row.source, row.destination).filter((i) => sameHost(requests[i]?.service.host ?? ''));
      const viaWaypoint =
        above.some((i) => requests[i]?.reporter === 'waypoint') ||
        waypointTcp.some(
          (other) => other !== row && other.source === row.source && other.destination === row.destination && sameHost(other.service.host),
        );
      const shadowed = (tally: Tally): boolean =>
        tally.side !== 'waypoint' &&
        ((tally.proxy === 'ztunnel' && (above.length > 0 || viaWaypoint)) || (tally.proxy === 'unknown' && viaWaypoint));
      const seen = tallies.filter(shadowed);
      if (seen.length > 0) {
        kept = tallies.filter((tally) => !shadowed(tally));
        const best = seen.some((tally) => tally.side === 'destination') ? seen.filter((tally) => tally.side === 'destination') : seen;
        for (const i of above) {
          const own = merged[i];
          if (own !== undefined) merged[i] = withSecurity(own, best);
        }
      }
    }
    const observation = buildObservation(row, kept);
    if (observation !== null) merged.push(observation);
  }
  return merged;
}
