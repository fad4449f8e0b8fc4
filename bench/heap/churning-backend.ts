// A backend as bad days make them: each poll one edge in twenty is new, and now and then the answer is a 503, a page of HTML or half of one.
// In: edges, churn, a seed. Out: an HTTP server on 127.0.0.1 that speaks enough of the Prometheus API for a whole collection.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createRandom } from '../data/random';

export interface ChurningBackend {
  readonly url: string;
  /** Goes on to the next poll: new edges, new values, the next way to fail. */
  advance(): void;
  /** Edges that existed so far. */
  edges(): number;
  close(): Promise<void>;
}

interface LiveEdge {
  readonly number: number;
  readonly metric: string;
}

/** Of a run of polls: how the requests of each are answered. */
const MOODS = ['well', 'well', 'well', 'unavailable', 'well', 'html', 'well', 'half', 'well', 'well'] as const;
type Mood = (typeof MOODS)[number];

const quoted = (labels: Readonly<Record<string, string>>): string => JSON.stringify(labels);

function edgeMetric(number: number): string {
  const caller = `caller-${number % 97}`;
  const callee = `callee-${number}`;
  return quoted({
    connection_security_policy: 'mutual_tls',
    destination_service: `${callee}.shop-${number % 20}.svc.cluster.local`,
    destination_service_name: callee,
    destination_service_namespace: `shop-${number % 20}`,
    destination_workload: `${callee}-v1`,
    destination_workload_namespace: `shop-${number % 20}`,
    request_protocol: 'http',
    source_workload: caller,
    source_workload_namespace: `shop-${number % 13}`,
  }).slice(0, -1);
}

/** Starts the backend with `edges` edges of which `churn` (0..1) are replaced at each step. */
export async function startChurningBackend(edges: number, churn: number): Promise<ChurningBackend> {
  const random = createRandom(11);
  let next = 0;
  const born = (): LiveEdge => {
    const number = next++;
    return { number, metric: edgeMetric(number) };
  };
  const live = Array.from({ length: edges }, born);
  let step = 0;
  let body = Buffer.alloc(0);
  const render = (): void => {
    const at = 1_700_000_000 + step;
    const parts = live.flatMap(({ metric, number }) => {
      const rate = (1 + ((number * 7 + step * 3) % 50) / 10).toFixed(3);
      const side = (reporter: string, code: string): string =>
        `{"metric":${metric},"reporter":"${reporter}","response_code":"${code}","response_flags":"-"},"value":[${at},"${rate}"]}`;
      return [side('destination', '200'), side('destination', '503'), side('source', '200')];
    });
    body = Buffer.from(`{"status":"success","data":{"resultType":"vector","result":[${parts.join(',')}]}}`);
  };
  render();
  const empty = '{"status":"success","data":{"resultType":"vector","result":[]}}';
  const answer = (mood: Mood, promql: string, response: ServerResponse): void => {
    const text = promql.includes('istio_requests_total') && promql.includes('response_flags') ? body : empty;
    const json = { 'content-type': 'application/json' };
    switch (mood) {
      case 'well':
        response.writeHead(200, json).end(text);
        return;
      case 'unavailable':
        response.writeHead(503, json).end('{"status":"error","errorType":"unavailable","error":"compacting"}');
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${'<p>Sign in</p>'.repeat(500)}</html>`);
        return;
      case 'half':
        response.writeHead(200, { ...json, 'content-length': String(text.length) });
        response.write(text.slice(0, text.length >> 1), () => response.destroy());
        return;
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const path = new URL(request.url ?? '/', 'http://backend').pathname;
      if (path === '/api/v1/query' && form.has('query')) answer(MOODS[step % MOODS.length] ?? 'well', form.get('query') ?? '', response);
      else
        response
          .writeHead(404, { 'content-type': 'application/json' })
          .end('{"status":"error","errorType":"not_found","error":"not here"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port on 127.0.0.1');
  return {
    url: `http://127.0.0.1:${address.port}`,
    advance: () => {
      step++;
      for (let i = 0; i < edges * churn; i++) live[Math.floor(random.next() * live.length)] = born();
      render();
    },
    edges: () => next,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
