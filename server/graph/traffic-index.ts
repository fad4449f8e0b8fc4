// One snapshot made ready for every view of it: flows interned, numbers in rows, codes in columns. Built once per snapshot.
// In: TrafficSnapshot, inventory index, long-lived tables. Out: TrafficIndex. Immutable but for what it computes once on demand.
import type { Observation, TrafficSnapshot } from '../../model/traffic';
import type { CodeBook } from './codes';
import * as column from './columns';
import type { InventoryIndex } from './inventory-index';
import type { Topology } from './topology';

export interface TrafficIndex {
  readonly snapshot: TrafficSnapshot;
  readonly inventory: InventoryIndex;
  readonly topology: Topology;
  readonly codes: CodeBook;
  /** Flow.index of each observation. */
  readonly flows: Int32Array;
  /** Rows of columns.ts, one per observation. */
  readonly rows: Float64Array;
  /** Codes of observation i: indexes codeStart[i] to codeStart[i + 1]. */
  readonly codeStart: Int32Array;
  readonly codeIndex: Uint16Array;
  readonly codeRate: Float64Array;
  readonly marks: Uint8Array;
  readonly reporters: Uint8Array;
  /** Flow.index of each of the snapshot's extras. */
  readonly extraFlows: Int32Array;
}

/** Lays out a snapshot; `topology` must be resolved against `inventory` before a view is made of it (see GraphMemory). */
export function indexTraffic(snapshot: TrafficSnapshot, inventory: InventoryIndex, topology: Topology, codes: CodeBook): TrafficIndex {
  const { observations } = snapshot;
  const count = observations.length;
  let responses = 0;
  for (const observation of observations) responses += observation.responses.length;
  const index = {
    snapshot,
    inventory,
    topology,
    codes,
    flows: new Int32Array(count),
    rows: new Float64Array(count * column.ROW),
    codeStart: new Int32Array(count + 1),
    codeIndex: new Uint16Array(responses),
    codeRate: new Float64Array(responses),
    marks: new Uint8Array(count),
    reporters: new Uint8Array(count),
    extraFlows: Int32Array.from(snapshot.extras ?? [], (extra) => topology.identities.flowOf(extra).index),
  };
  let next = 0;
  for (let i = 0; i < count; i++) {
    const observation = observations[i];
    if (observation === undefined) continue;
    index.flows[i] = topology.identities.flowOf(observation).index;
    index.reporters[i] = column.REPORTER_BIT[observation.reporter];
    next = writeCodes(index, observation, i, next);
    writeRow(index.rows, observation, i * column.ROW);
  }
  return index;
}

type Writable = Pick<TrafficIndex, 'codes' | 'codeIndex' | 'codeRate' | 'codeStart' | 'marks' | 'rows'>;

/** Writes the codes and the error rate of an observation; returns where the next one begins. */
function writeCodes(index: Writable, observation: Observation, i: number, start: number): number {
  let next = start;
  let errors = 0;
  let marks = 0;
  const { protocol } = observation;
  if (protocol !== 'tcp')
    for (const response of observation.responses) {
      const code = index.codes.codeOf(protocol, response.code, response.grpcStatus);
      index.codeIndex[next] = code.index;
      index.codeRate[next] = response.requestsPerSecond;
      next++;
      if (code.error) errors += response.requestsPerSecond;
      if (response.flags.length > 1) marks |= marksOf(response.flags);
    }
  index.codeStart[i + 1] = next;
  index.marks[i] = marks;
  index.rows[i * column.ROW + column.ERRORS] = errors;
  return next;
}

/** Envoy's response flags that mean something on the graph; the field may hold several, separated by commas. */
function marksOf(flags: string): number {
  let marks = 0;
  for (const flag of flags.split(',', 20)) {
    if (flag === 'UO') marks |= column.MARK_OVERFLOW;
    else if (flag === 'UH') marks |= column.MARK_NO_HEALTHY;
    else if (flag === 'DI' || flag === 'FI') marks |= column.MARK_FAULT;
    else if (flag === 'NR' || flag === 'NC') marks |= column.MARK_NO_ROUTE;
  }
  return marks;
}

function writeRow(rows: Float64Array, observation: Observation, row: number): void {
  rows[row + column.REQUESTS] = observation.requestsPerSecond;
  rows[row + column.SENT] = observation.tcpSentBytesPerSecond;
  rows[row + column.RECEIVED] = observation.tcpReceivedBytesPerSecond;
  rows[row + column.MUTUAL] = observation.mtls.mutual;
  rows[row + column.PLAINTEXT] = observation.mtls.plaintext;
  if (observation.durationMsPerSecond !== null) {
    rows[row + column.DURATION_MS] = observation.durationMsPerSecond;
    rows[row + column.TIMED_REQUESTS] = observation.requestsPerSecond;
  }
  if (observation.requestBytesPerSecond !== null) {
    rows[row + column.REQUEST_BYTES] = observation.requestBytesPerSecond;
    rows[row + column.REQUEST_BYTES_KNOWN] = 1;
  }
  if (observation.responseBytesPerSecond !== null) {
    rows[row + column.RESPONSE_BYTES] = observation.responseBytesPerSecond;
    rows[row + column.RESPONSE_BYTES_KNOWN] = 1;
  }
}
