// The rule by which the reports of several proxies about one edge become one truth. Pure.
//
// The caller's proxy (S), the callee's proxy (D) and a waypoint (W) each count the same requests, split into cells: HTTP code, gRPC status,
// Envoy flags.
//   1. The primary reporter is W if it reports the edge at all, else D, else S. All its cells count.
//   2. A cell of S that the primary has too (same code, status and flags) is the same requests: dropped. (Kiali's rule: first wins.)
//   3. A cell of S whose flags say that the request never reached the callee (UH, UF, UO, NR, NC, FI, RL, UC ...) was counted by nobody
//      else: added.
//   4. A cell of S whose flags say that the request was sent on but its answer was lost (UT, UR, LR, SI, DT, DC ...) was counted by the
//      primary under another cell: as "no response" (code 0) or as the success that the caller never saw. The caller's outcome is kept and
//      as much is taken from those cells, code 0 first.
//   5. Any other cell of S was answered: the primary counted it, maybe with different flags (a 503 UC made by the callee's proxy is a
//      503 without flags to the caller): dropped. Kiali adds such cells and so counts them twice.
// Limits, from what proxies can know: retries - the callee counts every attempt, the caller one request, so the callee's number is larger;
// UC after the callee's proxy had already counted the request is counted twice; where only some pods of the callee have a proxy, the
// requests to the others are not counted; a refused mTLS handshake is seen by S alone (503 UF or UC), which rule 3 keeps; a request whose
// callee is unknown to S and whose caller is unknown to D makes two edges, which no label can join.

import type { MtlsRates, ResponseRate } from '../../model/traffic';

/** HTTP code, gRPC status and flags; one object per combination, so that identity is equality. */
export interface Cell {
  readonly code: string;
  readonly grpcStatus: string | null;
  readonly flags: string;
  readonly fate: CellFate;
  /** Place in a stable order of cells. */
  readonly order: string;
}

/** What the flags of a caller's report say of the request. */
export type CellFate = 'answered' | 'neverReached' | 'answerLost';

// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#config-access-log-format-response-flags
/** Flags of requests that no callee has seen. */
export const NEVER_REACHED: ReadonlySet<string> = new Set(
  'UH UF UO NR NC FI RL RLSE UAEX LH DF DO OM NFCF IH UC CONNECT TLS_FAILURE H2_HANDSHAKE_FAILURE NETWORK_POLICY IDENTITY_ERROR CERT_REVOKED'.split(
    ' ',
  ),
);
const ANSWER_LOST = new Set('UT UR LR SI DT DC UMSDR UPE DPE'.split(' '));

/** The fate that response_flags (comma-separated, "-" for none) tell; `DI`, `URX` and `RFCF` alone say nothing against an answer. */
export function fateOf(flags: string): CellFate {
  if (flags === '-' || flags === '') return 'answered';
  const each = flags.split(',');
  if (each.some((flag) => NEVER_REACHED.has(flag))) return 'neverReached';
  return each.some((flag) => ANSWER_LOST.has(flag)) ? 'answerLost' : 'answered';
}

/** Cells by their three texts; the same texts give the same object. */
export class CellTable {
  readonly #cells = new Map<string, Cell>();
  get size(): number {
    return this.#cells.size;
  }
  cellOf(code: string, grpcStatus: string | null, flags: string): Cell {
    const order = `${code}\u0000${grpcStatus ?? ''}\u0000${flags}\u0000${grpcStatus === null ? '-' : ''}`;
    const found = this.#cells.get(order);
    if (found !== undefined) return found;
    const cell: Cell = { code, grpcStatus, flags, fate: fateOf(flags), order };
    this.#cells.set(order, cell);
    return cell;
  }
}

export type ReporterSide = 'destination' | 'source' | 'waypoint';
export type Security = 'mutual' | 'plaintext' | 'unknown';

/** One series: requests per second of one cell, by one reporter, with one connection security. */
export interface Report {
  readonly side: ReporterSide;
  readonly security: Security;
  readonly cell: Cell;
  readonly perSecond: number;
}

interface CellRate {
  readonly cell: Cell;
  perSecond: number;
}

export interface Reconciled {
  readonly primary: ReporterSide;
  readonly perSecond: number;
  /** In a stable order; their sum is `perSecond`. */
  readonly responses: readonly ResponseRate[];
  readonly mtls: MtlsRates;
}

/** Below this a rate is what rounding leaves of zero. */
const NOTHING = 1e-9;

function addTo(cells: CellRate[], cell: Cell, perSecond: number): void {
  for (const own of cells)
    if (own.cell === cell) {
      own.perSecond += perSecond;
      return;
    }
  cells.push({ cell, perSecond });
}

const isNoResponse = ({ cell }: CellRate): boolean => cell.code === '0';
const isSuccess = ({ cell }: CellRate): boolean => /^[123]/.test(cell.code) && (cell.grpcStatus === null || cell.grpcStatus === '0');

/** Takes up to `amount` from the cells that match, in proportion; returns what was taken. */
function takeFrom(cells: readonly CellRate[], matches: (cell: CellRate) => boolean, amount: number): number {
  const chosen = cells.filter(matches);
  const held = chosen.reduce((sum, own) => sum + own.perSecond, 0);
  if (held <= 0) return 0;
  const taken = Math.min(amount, held);
  for (const own of chosen) own.perSecond -= (taken * own.perSecond) / held;
  return taken;
}

/** One truth of the reports of one edge (at least one), by the rule above. */
export function reconcile(reports: readonly Report[]): Reconciled {
  let served = 0;
  let proxied = 0;
  for (const report of reports) {
    if (report.side === 'destination') served += report.perSecond;
    else if (report.side === 'waypoint') proxied += report.perSecond;
  }
  const primary: ReporterSide = proxied > 0 ? 'waypoint' : served > 0 ? 'destination' : 'source';
  const cells: CellRate[] = [];
  let called: CellRate[] | null = null;
  let mutual = 0;
  let plaintext = 0;
  let unknown = 0;
  let perSecond = 0;
  for (const report of reports) {
    const { side, security, cell } = report;
    if (side === primary) {
      addTo(cells, cell, report.perSecond);
      perSecond += report.perSecond;
      if (security === 'mutual') mutual += report.perSecond;
      else if (security === 'plaintext') plaintext += report.perSecond;
      else unknown += report.perSecond;
    } else if (side === 'source' && cell.fate !== 'answered') {
      called ??= [];
      addTo(called, cell, report.perSecond);
    }
  }
  if (called !== null) {
    const added = addCalled(cells, called);
    perSecond += added;
    unknown += added;
  }
  if (cells.length > 1) cells.sort((a, b) => (a.cell.order < b.cell.order ? -1 : 1));
  const responses: ResponseRate[] = [];
  for (const { cell, perSecond: requestsPerSecond } of cells)
    if (requestsPerSecond > NOTHING) responses.push({ code: cell.code, grpcStatus: cell.grpcStatus, flags: cell.flags, requestsPerSecond });
  return { primary, perSecond, responses, mtls: { mutual, plaintext, unknown } };
}

/** Rules 2 to 4: adds the caller's cells that the primary lacks; returns by how much the total grew. */
function addCalled(cells: CellRate[], called: readonly CellRate[]): number {
  const reported = cells.slice();
  let grown = 0;
  for (const { cell, perSecond } of called) {
    if (reported.some((own) => own.cell === cell)) continue;
    let counted = 0;
    if (cell.fate === 'answerLost') {
      counted = takeFrom(reported, isNoResponse, perSecond);
      counted += takeFrom(reported, isSuccess, perSecond - counted);
    }
    cells.push({ cell, perSecond });
    grown += perSecond - counted;
  }
  return grown;
}
