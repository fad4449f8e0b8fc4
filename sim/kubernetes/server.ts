// The API server of the simulated cluster: listens on HTTP or HTTPS, answers as Kubernetes does, closes with everything it opened.
// In: the object store, tokens, a log reader. Out: an address that kubectl and other clients can use.
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { aggregateRoles } from './access/aggregate-roles';
import type { TokenUsers } from './access/authenticate';
import { type OidcOptions, OidcTokens } from './access/oidc-tokens';
import { bootstrapCluster } from './bootstrap';
import { ApiHandler } from './http/api-handler';
import { type FaultOptions, Faults, playFault } from './http/faults';
import type { LogReader } from './http/pod-logs';
import { sendError } from './http/respond';
import type { ServiceAddress } from './http/service-proxy';
import { internalError, StatusError } from './status-error';
import type { ObjectStore } from './store';

export interface ApiServerOptions {
  readonly store: ObjectStore;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly tokens: TokenUsers;
  /** An OpenID provider whose id tokens are taken, too. */
  readonly oidc?: OidcOptions;
  /** Takes requests without a token as system:anonymous (default false). */
  readonly anonymous?: boolean;
  /** PEM texts; HTTPS where given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly readLogs?: LogReader;
  /** Where a Service really listens, for the API server's proxy to it; absent: no Service has endpoints. */
  readonly serviceAddress?: ServiceAddress;
  readonly faults?: FaultOptions;
  /** How often a watch that asks for bookmarks has one (default 60,000). */
  readonly bookmarkIntervalMs?: number;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Ends every connection and watch; settles when the port is free. */
  close(): Promise<void>;
}

/** Starts the server on 127.0.0.1 unless told otherwise; port 0 takes a free one. Rejects where the port cannot be taken. */
export async function startApiServer(options: ApiServerOptions & { readonly port: number; readonly host?: string }): Promise<ApiServer> {
  const { store, now, tokens, oidc, readLogs, serviceAddress, tls } = options;
  const faults = new Faults(options.faults ?? {}, () => {
    store.compact();
  });
  bootstrapCluster(store, now);
  const stopAggregating = aggregateRoles(store);
  const handler = new ApiHandler({
    store,
    now,
    tokens: { tokens, ...(oidc === undefined ? {} : { oidc: new OidcTokens(oidc, now) }) },
    faults,
    anonymous: options.anonymous ?? false,
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    ...(readLogs === undefined ? {} : { readLogs }),
    ...(serviceAddress === undefined ? {} : { serviceAddress }),
  });
  const listener: RequestListener = (request, response) => {
    void answerRequest(handler, faults, request, response);
  };
  const server: Server = tls === undefined ? createHttpServer(listener) : createHttpsServer({ key: tls.key, cert: tls.cert }, listener);
  server.keepAliveTimeout = 60_000;
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, options.port, host);
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    faults,
    close: () => {
      stopAggregating();
      return close(server);
    },
  };
}

async function answerRequest(handler: ApiHandler, faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => {
    response.destroy();
  });
  try {
    const url = new URL(request.url ?? '/', 'http://cluster.local');
    const fault = faults.take(request.method ?? 'GET', url.pathname, url.searchParams);
    if (fault !== undefined && (await playFault(fault, request, response))) return;
    await handler.answer(request, response, url);
  } catch (error) {
    const known = error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
    await sendError({ request, response }, known).catch(() => response.destroy());
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error(`no port was taken on ${host}`));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });
}

export type { LogReader, LogRequest } from './http/pod-logs';
