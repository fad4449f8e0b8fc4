// Proxies that can be told to fail, put between the console and a backend: one that knows HTTP (before Prometheus), one that only knows
// bytes (before the Kubernetes API, whose TLS goes through untouched). In: a target. Out: their own address and a switch.
import { createServer as createHttpServer, request as httpRequest, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';

/** `none`: passes everything. */
export type FaultMode = 'none' | '503' | 'html' | 'nothing' | 'half' | 'slow' | 'refuse';

export interface FaultProxy {
  readonly url: string;
  mode: FaultMode;
  close(): Promise<void>;
}

const HTML = '<!doctype html><title>Log in</title><script>alert(1)</script>';

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given out');
  return address.port;
}

/** Starts a proxy before an HTTP server on a free port of 127.0.0.1. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createHttpServer((request, response) => {
    const { mode } = proxy;
    switch (mode) {
      case 'refuse':
        request.socket.destroy();
        return;
      case 'slow':
        // Never answered: whoever asks gives up.
        return;
      case '503':
        response.writeHead(503, { 'content-type': 'text/plain' }).end('upstream connect error');
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
        return;
      case 'nothing':
        response.writeHead(200).end();
        return;
      case 'none':
      case 'half':
        break;
    }
    const url = new URL(request.url ?? '/', target);
    const onward = httpRequest(url, { method: request.method, headers: { ...request.headers, host: url.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (mode === 'half') {
        answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, Math.max(1, chunk.length >> 1)));
          setImmediate(() => response.destroy());
          answer.destroy();
        });
        return;
      }
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${await listen(server)}`,
    mode: 'none',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

export interface CutProxy {
  readonly port: number;
  /** Ends every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Starts a proxy before any TCP server on 127.0.0.1. */
export async function startCutProxy(targetPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const hold = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset is what is simulated here; whoever is on the other side notices.
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const server = createTcpServer((client) => {
    hold(client);
    if (isCut) {
      client.destroy();
      return;
    }
    const backend = hold(connect(targetPort, '127.0.0.1'));
    client.pipe(backend);
    backend.pipe(client);
    client.on('close', () => backend.destroy());
    backend.on('close', () => client.destroy());
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: await listen(server),
    cut: () => {
      isCut = true;
      cutAll();
    },
    mend: () => {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
