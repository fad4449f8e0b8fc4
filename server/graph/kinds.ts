// Which traffic counts in a view, by protocol and layer. In: the view's options. Out: a test for observations, and rows without what does not
// count. Istio's ambient mode reports traffic twice: bytes by the ztunnels, requests by the waypoints.
import type { Protocol } from '../../model/traffic';
import type { ViewOptions } from '../../model/view-options';
import * as column from './columns';

type Kinds = Pick<ViewOptions, 'rateHttp' | 'rateGrpc' | 'rateTcp' | 'ambientTraffic'>;

/** Whether traffic of a protocol and with these reporters (bits) counts. */
export function counts({ rateHttp, rateGrpc, rateTcp, ambientTraffic }: Kinds, protocol: Protocol, reporters: number): boolean {
  switch (ambientTraffic) {
    case 'total':
      break;
    case 'waypoint':
      if (reporters === column.REPORTER_BIT.ztunnel) return false;
      break;
    case 'ztunnel':
      if (reporters === column.REPORTER_BIT.waypoint) return false;
      break;
    case 'none':
      if (reporters === column.REPORTER_BIT.ztunnel || reporters === column.REPORTER_BIT.waypoint) return false;
      break;
    default:
      return ambientTraffic satisfies never;
  }
  switch (protocol) {
    case 'http':
      return rateHttp !== 'none';
    case 'grpc':
      return rateGrpc !== 'none';
    case 'tcp':
      return rateTcp !== 'none';
    default:
      return protocol satisfies never;
  }
}

/** Takes the bytes out of a row that the view does not count. */
export function dropUncounted(rateTcp: Kinds['rateTcp'], rows: Float64Array, row: number): void {
  if (rateTcp === 'sent') rows[row + column.RECEIVED] = 0;
  if (rateTcp === 'received') rows[row + column.SENT] = 0;
}

/** Bytes per second of TCP of a row, as far as they count. */
export const countedBytes = (rateTcp: Kinds['rateTcp'], rows: Float64Array, row: number): number =>
  (rateTcp === 'received' ? 0 : column.at(rows, row + column.SENT)) + (rateTcp === 'sent' ? 0 : column.at(rows, row + column.RECEIVED));
