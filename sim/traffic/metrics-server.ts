// What a Prometheus scrapes: every target on one page, each target on its own page, and HTTP service discovery for the latter.
// In: TrafficEngine. Out: HTTP on 127.0.0.1. GET /metrics, /metrics/<namespace>/<pod>, /metrics/node/<node>, /sd.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { TrafficEngine } from './engine';
import { renderExposition } from './exposition';
import type { Target } from './target';

export interface MetricsServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Path of a target's own page. */
export const targetPath = (target: Target): string =>
  target.pod ? `/metrics/${target.pod.namespace}/${target.pod.name}` : `/metrics/node/${target.labels['instance'] ?? ''}`;

/** Targets with their labels as Istio's sample configuration gives them: every pod label is mapped (istio.md 1.2, "Scrape-added labels"). */
export function discover(
  targets: readonly Target[],
  address: string,
): readonly { readonly targets: readonly string[]; readonly labels: Record<string, string> }[] {
  return targets.map((target) => ({
    targets: [address],
    labels: {
      ...Object.fromEntries(Object.entries(target.pod?.labels ?? {}).map(([name, value]) => [name.replace(/[^a-zA-Z0-9_]/g, '_'), value])),
      ...target.labels,
      __metrics_path__: targetPath(target),
    },
  }));
}

/** Starts the endpoint; `advance` brings the engine to the present before each page. Rejects where the port cannot be taken. */
export async function startMetricsServer(options: {
  readonly engine: TrafficEngine;
  readonly advance: () => void;
  readonly port: number;
}): Promise<MetricsServer> {
  const { engine, advance } = options;
  let address = '';
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET', 'content-type': 'text/plain' }).end('only GET is answered here\n');
      return;
    }
    if (path === '/sd') {
      advance();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(discover(engine.targets(), address)));
      return;
    }
    if (path === '/metrics') {
      advance();
      sendPages(response, renderExposition(engine.targets(), true));
      return;
    }
    const target = path.startsWith('/metrics/') ? engine.targets().find((t) => targetPath(t) === path) : undefined;
    if (!target) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end(`no target at ${path}; /sd lists them\n`);
      return;
    }
    advance();
    sendPages(response, renderExposition([target], false));
  };
  const server = createServer(answer);
  const port = await listen(server, options.port);
  address = `127.0.0.1:${port}`;
  return {
    url: `http://${address}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function sendPages(response: ServerResponse, pages: readonly Buffer[]): void {
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'content-length': pages.reduce((sum, p) => sum + p.length, 0) });
  for (const page of pages) response.write(page);
  response.end();
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const bound = server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('no port was taken for the metrics endpoint'));
      else resolve(bound.port);
    });
  });
}
