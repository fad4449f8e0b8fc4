// The HTTP server of a production build: limits of what a request may be, TLS.
// In: the handler of requests, a certificate or none. Out: a node:http(s) server. Knows nothing of routes.
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Certificate } from './certificate';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Limits {
  /** All headers of a request together; above it Node answers 431. */
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Until all headers are there. */
  readonly headersTimeoutMs: number;
  /** Until the whole request is there; answers (streams) may take as long as they like. */
  readonly requestTimeoutMs: number;
  readonly keepAliveMs: number;
}

/** Sessions with many groups take up to 8 kB of cookies; proxies allow 8 to 32 kB of headers. */
export const LIMITS: Limits = {
  maxHeaderBytes: 32 * 1024,
  maxBodyBytes: 2 * 1024 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  keepAliveMs: 5000,
};

function refuse(request: IncomingMessage, response: ServerResponse, status: number, title: string, next: string): void {
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  const body = JSON.stringify({ type: 'about:blank', title, status, code: 'badRequest', detail: title, next });
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', connection: 'close' });
  // What is still on its way is not waited for; the socket goes once the answer is out.
  response.end(body, () => request.socket.destroySoon());
}

/** Counts what arrives; past the limit the answer is 413 and the connection ends. Returns false when the request is refused already. */
function limitBody(request: IncomingMessage, response: ServerResponse, maxBytes: number): boolean {
  const tooLarge = (): void =>
    refuse(
      request,
      response,
      413,
      `the request is larger than ${Math.floor(maxBytes / 1024)} KiB`,
      'Send less: no request of the console comes near it.',
    );
  if (Number(request.headers['content-length'] ?? '0') > maxBytes) {
    tooLarge();
    return false;
  }
  if (request.headers['transfer-encoding'] === undefined) return true;
  let bytes = 0;
  const push = request.push.bind(request);
  // Node's parser hands over each piece of a body by push: counting there leaves the stream as it is for its reader.
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (Buffer.isBuffer(chunk)) bytes += chunk.length;
    if (bytes <= maxBytes) return push(chunk, encoding);
    tooLarge();
    request.destroy();
    return false;
  };
  return true;
}

/** Creates the server; it does not listen yet. */
export function createListener(options: {
  readonly handler: RequestHandler;
  readonly certificate: Certificate | null;
  readonly limits: Limits;
  readonly onDefect: (error: unknown) => void;
}): Server {
  const { handler, certificate, limits, onDefect } = options;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (!limitBody(request, response, limits.maxBodyBytes)) return;
    handler(request, response).catch((error: unknown) => {
      onDefect(error);
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
  };
  const settings: ServerOptions = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
  if (certificate === null) return createHttpServer(settings, listener);
  const server = createHttpsServer({ ...settings, ...certificate.read(), minVersion: 'TLSv1.2' }, listener);
  const stop = certificate.watch((pem) => server.setSecureContext({ ...pem, minVersion: 'TLSv1.2' }));
  server.once('close', stop);
  return server;
}

/** Listens; resolves with the port that was taken. @throws Error in words when it cannot be taken */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const words: Readonly<Record<string, string>> = {
        EADDRINUSE: `port ${port} of ${host} is in use: stop what listens there, or set server.port (HEDDLE_SERVER_PORT)`,
        EACCES: `port ${port} may not be taken by this user: set server.port (HEDDLE_SERVER_PORT) to 1024 or more`,
        EADDRNOTAVAIL: `${host} is not an address of this machine: set server.host (HEDDLE_SERVER_HOST)`,
      };
      reject(new Error(words[error.code ?? ''] ?? `cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
