// An HTTP(S) server on 127.0.0.1 that closes with its connections. In: a listener. Out: its address, close.
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one; port 0 takes a free one. Rejects where the port cannot be taken. */
export function startLoopbackServer(
  listener: RequestListener,
  port: number,
  tls?: { readonly key: string; readonly cert: string },
): Promise<LoopbackServer> {
  const server: Server = tls === undefined ? createHttpServer(listener) : createHttpsServer({ key: tls.key, cert: tls.cert }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('no port was taken on 127.0.0.1'));
        return;
      }
      resolve({
        url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((closed, failed) => {
            server.close((error) => {
              if (error === undefined) closed();
              else failed(error);
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}
