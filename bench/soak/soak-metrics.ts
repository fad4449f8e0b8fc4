// A Prometheus that has bad days: it refuses connections, answers 503, HTML or half of an answer, and comes back at the same address.
// In: what it answers. Out: SoakMetrics over HTTP on 127.0.0.1.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';

export const MOODS = ['well', 'refused', 'unavailable', 'html', 'half'] as const;
export type Mood = (typeof MOODS)[number];

const EMPTY = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const JSON_HEADERS = { 'content-type': 'application/json' };

function answer(mood: Exclude<Mood, 'refused'>, text: string, response: ServerResponse): void {
  switch (mood) {
    case 'well':
      response.writeHead(200, JSON_HEADERS).end(text);
      return;
    case 'unavailable':
      response.writeHead(503, JSON_HEADERS).end('{"status":"error","errorType":"unavailable","error":"replaying the WAL"}');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${'<p>Sign in</p>'.repeat(500)}</html>`);
      return;
    case 'half':
      response.writeHead(200, { ...JSON_HEADERS, 'content-length': String(text.length) });
      response.write(text.slice(0, text.length >> 1), () => response.destroy());
      return;
  }
}

export class SoakMetrics {
  readonly #answer: () => string;
  readonly #listener: RequestListener;
  #server: Server | null = null;
  #port = 0;
  #mood: Mood = 'well';
  pending = 0;
  queries = 0;

  constructor(answerRequests: () => string) {
    this.#answer = answerRequests;
    this.#listener = (request, response) => {
      this.pending++;
      response.once('close', () => {
        this.pending--;
      });
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const url = new URL(request.url ?? '/', 'http://backend');
        const promql = form.get('query') ?? url.searchParams.get('query') ?? '';
        if (url.pathname !== '/api/v1/query') {
          response.writeHead(404, JSON_HEADERS).end('{"status":"error","errorType":"not_found","error":"not here"}');
          return;
        }
        this.queries++;
        const isRequests = promql.includes('istio_requests_total') && promql.includes('response_flags');
        if (this.#mood !== 'refused') answer(this.#mood, isRequests ? this.#answer() : EMPTY, response);
      });
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async become(mood: Mood): Promise<void> {
    if (mood === 'refused') await this.close();
    else if (this.#server === null) await this.#listen();
    this.#mood = mood;
  }

  async #listen(): Promise<void> {
    const server = createServer(this.#listener);
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port on 127.0.0.1');
    this.#port = address.port;
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
}
