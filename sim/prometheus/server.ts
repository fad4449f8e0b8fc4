// Serves the HTTP API on 127.0.0.1: reads the request, compresses the answer, and misbehaves on demand for tests.
// In: a store, a port (0 = any), a clock. Out: the URL, a close function, and the switch for faults.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ApiAnswer, type ApiContext, answerRequest } from './api';
import type { TargetStatus } from './scrape';
import type { SeriesStore } from './store';

/**
 * none: answers properly. 503: refuses. html: a login page instead of JSON. nothing: never answers.
 * half: half of the answer, then the connection breaks. slow: the proper answer after slowMs.
 */
export type FaultMode = 'none' | '503' | 'html' | 'nothing' | 'half' | 'slow';

export interface Faults {
  mode: FaultMode;
  slowMs: number;
}

export interface PrometheusOptions {
  readonly store: SeriesStore;
  /** 0 picks a free port. */
  readonly port: number;
  /** Milliseconds since 1970: the default evaluation time. */
  readonly now: () => number;
  readonly targets?: () => readonly TargetStatus[];
  /** Shown by buildinfo; from 3 on, ranges are left-open unless leftOpenRanges says otherwise. Default 2.42.0. */
  readonly version?: string;
  readonly leftOpenRanges?: boolean;
  /** Default 2 minutes, as --query.timeout. */
  readonly queryTimeoutMs?: number;
}

export interface RunningPrometheus {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly close: () => Promise<void>;
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MIN_GZIP_CHARS = 1024;
const LOGIN_PAGE = '<!doctype html><html><head><title>Sign in</title></head><body><form action="/login"></form></body></html>';

const compress = promisify(gzip);

class BodyTooLargeError extends Error {}

async function readForm(request: IncomingMessage): Promise<string> {
  const type = request.headers['content-type'] ?? '';
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw new BodyTooLargeError(`the form is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(bytes);
  }
  return type.startsWith('application/x-www-form-urlencoded') ? Buffer.concat(chunks).toString('utf8') : '';
}

async function answer(context: ApiContext, request: IncomingMessage): Promise<ApiAnswer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const params = new URLSearchParams(request.method === 'POST' ? await readForm(request) : '');
  for (const [name, value] of url.searchParams) params.append(name, value);
  return answerRequest(context, { method: request.method ?? 'GET', path: url.pathname, params });
}

function waitMs(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, body }: ApiAnswer,
  half: boolean,
): Promise<void> {
  const wantsGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const isCompressed = wantsGzip && body.length >= MIN_GZIP_CHARS;
  const bytes = isCompressed ? await compress(body) : Buffer.from(body, 'utf8');
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': bytes.length,
    vary: 'Accept-Encoding',
    ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
  });
  if (!half) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Starts the server; rejects when the port is taken. */
export async function startPrometheus(options: PrometheusOptions): Promise<RunningPrometheus> {
  const version = options.version ?? '2.42.0';
  const faults: Faults = { mode: 'none', slowMs: 5000 };
  const closing = new AbortController();
  const context: ApiContext = {
    store: options.store,
    now: options.now,
    targets: options.targets ?? (() => []),
    version,
    leftOpenRanges: options.leftOpenRanges ?? Number(version.split('.')[0]) >= 3,
    startMs: options.now(),
    monotonicMs: () => performance.now(),
    queryTimeoutMs: options.queryTimeoutMs ?? 120_000,
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { mode, slowMs } = faults;
    switch (mode) {
      case 'nothing':
        request.resume();
        return;
      case '503':
        request.resume();
        await send(request, response, { status: 503, contentType: 'text/plain; charset=utf-8', body: 'Service Unavailable\n' }, false);
        return;
      case 'html':
        request.resume();
        await send(request, response, { status: 200, contentType: 'text/html; charset=utf-8', body: LOGIN_PAGE }, false);
        return;
      case 'slow':
        await waitMs(slowMs, closing.signal);
        await send(request, response, await answer(context, request), false);
        return;
      case 'half':
      case 'none':
        await send(request, response, await answer(context, request), mode === 'half');
        return;
    }
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const status = error instanceof BodyTooLargeError ? 413 : 500;
      response
        .writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
        .end(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    faults,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
