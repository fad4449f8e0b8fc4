// What this folder needs of a request, which the web's Request has, and how the address of the connection's other end gets into it.
// In: requests of Node's HTTP servers. Out: InboundRequest, PEER_HEADER, markPeers.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** A request as far as logging in goes; a web Request is one. */
export interface InboundRequest {
  readonly method: string;
  /** Only its query is used: Next tells neither the host nor the base path there. */
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

/** Set by markPeers on every request, whatever came in under this name. */
export const PEER_HEADER = 'x-heddle-peer';

/**
 * Writes the address of the other end of the connection into each request of this process's HTTP servers, before anybody sees it; returns
 * what ends that. Next's route handlers are told headers only, and `X-Forwarded-For` may come from anybody.
 */
export function markPeers(): () => void {
  // Published by node:http for each request before the server's own listeners run.
  const mark = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('request' in message) || !(message.request instanceof IncomingMessage)) return;
    const { request } = message;
    const address = request.socket.remoteAddress;
    if (address === undefined) delete request.headers[PEER_HEADER];
    else request.headers[PEER_HEADER] = address;
  };
  subscribe('http.server.request.start', mark);
  return () => {
    unsubscribe('http.server.request.start', mark);
  };
}
