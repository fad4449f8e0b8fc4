// The address of the connection's other end, as a header that nobody can forge: routes are told headers only, and X-Forwarded-For may come from
// anybody. In: requests of this process's HTTP servers. Out: PEER_HEADER, markPeers.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** Set on every request, whatever came in under this name. */
export const PEER_HEADER = 'x-heddle-peer';

/** `::ffff:10.0.0.1` -> `10.0.0.1`: an IPv4 peer of a socket that takes both (RFC 4291, 2.5.5.2). */
export const plainAddress = (address: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;

function writePeer(request: IncomingMessage): void {
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  // Node has counted the raw headers: what came in under this name is written over, never taken out.
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    if (request.rawHeaders[i]?.toLowerCase() === PEER_HEADER) request.rawHeaders[i + 1] = peer;
  // Node has parsed them, too; all forms must agree.
  request.headers[PEER_HEADER] = peer;
  request.headersDistinct[PEER_HEADER] = [peer];
}

/** Writes the header into each request of every HTTP and HTTPS server of this process, before anybody sees it; returns what ends that. */
export function markPeers(): () => void {
  // Published by node:http for each request before the server's own listeners run.
  const mark = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('request' in message) || !(message.request instanceof IncomingMessage)) return;
    writePeer(message.request);
  };
  subscribe('http.server.request.start', mark);
  return () => {
    unsubscribe('http.server.request.start', mark);
  };
}
