// One request to the backend: line, deadline, credentials, compression, size; every way in which it can fail, as a Failure.
// In: path and form. Out: the body in pieces, as text or to a sink. Knows HTTP, not PromQL.
import { setMaxListeners } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import { Failure } from '../../model/failure';
import type { QueryOptions } from '../ports';
import { type Admission, createAdmission } from './admission';
import { createCredentials } from './credentials';
import { decodeError, failureOf } from './decode';
import { excerptOf, malformed } from './malformed';
import { describeNetworkError, isStaleConnection } from './network-error';
import { BACKEND_PARAMETERS, type PrometheusOptions } from './options';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** After the prefix: `/api/v1/query`. */
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
}

export interface Transport {
  /** Sends and feeds the body of a 200 answer to `take`, piece by piece; returns its bytes after decompression. */
  fetchInto(request: ApiRequest, take: (chunk: Buffer) => void, options: QueryOptions): Promise<number>;
  /** Requests under way and in line. */
  line(): { readonly underWay: number; readonly waiting: number };
  close(): Promise<void>;
}

const MAX_ERROR_BYTES = 64 * 1024;
const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

function buildForm(parameters: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return form.toString();
}

/** Why a request was given up, if it was. */
interface Deadline {
  readonly signal: AbortSignal;
  cause(): 'deadline' | 'caller' | null;
  release(): void;
}

function startDeadline({ signal, deadlineMs }: QueryOptions): Deadline {
  const controller = new AbortController();
  let cause: 'deadline' | 'caller' | null = null;
  const give = (why: 'deadline' | 'caller'): void => {
    cause ??= why;
    controller.abort();
  };
  const byCaller = (): void => give('caller');
  const timer = setTimeout(() => give('deadline'), deadlineMs);
  timer.unref();
  // One signal ends all that a snapshot asks, side by side: many listeners are no leak.
  setMaxListeners(0, signal);
  if (signal.aborted) byCaller();
  else signal.addEventListener('abort', byCaller, { once: true });
  return {
    signal: controller.signal,
    cause: () => cause,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', byCaller);
    },
  };
}

/** A pool of connections to one backend. */
export function createTransport(options: PrometheusOptions): Transport {
  const url = new URL(options.url);
  if (url.username !== '' || url.password !== '')
    throw new Failure('badRequest', 'the address of Prometheus holds credentials', 'Move them to the settings for user and password.');
  const prefix = url.pathname.replace(/\/+$/, '');
  const shown = `${url.origin}${prefix}`;
  const gzip = options.gzip === 'auto' ? !isLoopback(url.hostname) : options.gzip;
  const admission: Admission = createAdmission(options.concurrency);
  const credentials = createCredentials(options.auth, () => options.clock.now());
  const pool = new Pool(url.origin, {
    connections: options.concurrency,
    keepAliveTimeout: 30_000,
    // The deadline of the query is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      rejectUnauthorized: !options.insecureSkipVerify,
      ...(options.caPem === null ? {} : { ca: options.caPem }),
      ...(options.certPem === null ? {} : { cert: options.certPem }),
      ...(options.keyPem === null ? {} : { key: options.keyPem }),
    },
  });

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    const more = { ...BACKEND_PARAMETERS[options.backend], ...options.parameters };
    const form = buildForm([...request.parameters, ...Object.entries(more)]);
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': gzip ? 'gzip' : 'identity',
      'user-agent': 'heddle',
      ...options.headers,
    };
    const contentType = request.method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const path = `${prefix}${request.path}`;
    const query = request.method === 'GET' ? form : '';
    const body = request.method === 'POST' ? form : '';
    const proof = await credentials.readHeaders({ method: request.method, host: url.host, path, query, headers: contentType, body });
    Object.assign(headers, contentType, proof);
    return pool.request({
      method: request.method,
      path: query === '' ? path : `${path}?${query}`,
      headers,
      ...(request.method === 'POST' ? { body } : {}),
      signal,
    });
  };

  /** Sends; once more if a kept connection was closed under it, or if a token file may hold a newer token. Queries change nothing. */
  const sendTwice = async (request: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    let answer: Dispatcher.ResponseData;
    try {
      answer = await send(request, signal);
    } catch (error) {
      if (signal.aborted || !isStaleConnection(error)) throw error;
      return send(request, signal);
    }
    if ((answer.statusCode !== 401 && answer.statusCode !== 403) || !credentials.forget()) return answer;
    await answer.body.dump();
    return send(request, signal);
  };

  const giveUp = (deadline: Deadline, milliseconds: number): Failure | null => {
    switch (deadline.cause()) {
      case 'deadline':
        return new Failure(
          'metricsTimeout',
          `no complete answer from ${shown} within ${milliseconds} ms`,
          'Shorten the window, watch fewer namespaces, or look at the load of Prometheus.',
        );
      case 'caller':
        return new Failure(
          'metricsTimeout',
          'the query was given up before Prometheus had answered',
          'Nothing: nobody waits for it any more.',
        );
      case null:
        return null;
    }
  };

  return {
    fetchInto: async (request, take, queryOptions) => {
      const deadline = startDeadline(queryOptions);
      let release: (() => void) | null = null;
      let received = 0;
      let answered = false;
      try {
        release = await admission.acquire(deadline.signal);
        const answer = await sendTwice(request, deadline.signal);
        answered = true;
        if (answer.statusCode !== 200) throw await refusalOf(answer, shown);
        const taken = (chunk: Buffer): void => {
          received += chunk.length;
          if (received > options.maxResponseBytes)
            throw new Failure(
              'metricsTooLarge',
              `the answer of ${shown} is longer than ${options.maxResponseBytes} bytes`,
              'Watch fewer namespaces, or raise prometheus.maxResponseMb.',
            );
          take(chunk);
        };
        await readBody(answer, taken);
        return received;
      } catch (error) {
        if (error instanceof Failure) throw error;
        const given = giveUp(deadline, queryOptions.deadlineMs);
        if (given !== null) throw given;
        if (answered) throw malformed(`the answer of ${shown} breaks off after ${received} bytes`, '', error);
        throw new Failure(
          'metricsUnreachable',
          `${shown}: ${describeNetworkError(error)}`,
          'Check the address, the network policy and that Prometheus runs.',
          { cause: error },
        );
      } finally {
        release?.();
        deadline.release();
      }
    },
    line: () => ({ underWay: admission.active(), waiting: admission.waiting() }),
    close: () => pool.destroy(),
  };
}

async function readBody(answer: Dispatcher.ResponseData, take: (chunk: Buffer) => void): Promise<void> {
  // Giving up a body before its end is an error event of its own, which nobody else needs to hear.
  answer.body.on('error', () => undefined);
  const encoding = answer.headers['content-encoding'];
  let body: Readable = answer.body;
  if (encoding === 'gzip') {
    const gunzip = createGunzip({ chunkSize: 128 * 1024 });
    // Its error reaches the reader of gunzip.
    pipeline(answer.body, gunzip, () => undefined);
    body = gunzip;
  } else if (encoding !== undefined && encoding !== 'identity') {
    answer.body.destroy();
    throw malformed(`the answer is compressed by ${String(encoding).slice(0, 40)}, which was not asked for`);
  }
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw malformed('the answer is not bytes');
    take(chunk);
  }
}

/** First bytes of the body of a refused request, for its words; the rest is not waited for. */
async function readSome(answer: Dispatcher.ResponseData): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await readBody(answer, (chunk) => {
    if (size < MAX_ERROR_BYTES) chunks.push(chunk);
    size += chunk.length;
    if (size > 4 * MAX_ERROR_BYTES) answer.body.destroy();
  }).catch(() => undefined);
  return Buffer.concat(chunks);
}

/** What a status other than 200 means; statuses and words of https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview */
async function refusalOf(answer: Dispatcher.ResponseData, shown: string): Promise<Failure> {
  const status = answer.statusCode;
  const body = await readSome(answer);
  const said = decodeError(body.toString('utf8'));
  if (status === 401 || status === 403)
    return new Failure(
      'metricsUnauthorized',
      `${shown} answered ${status}${said === null ? '' : `: ${said.message}`}`,
      'Check the token, user and password, and what they may read.',
    );
  if (said !== null) return failureOf(said);
  if (status >= 300 && status < 400) {
    const location = answer.headers['location'];
    const to = typeof location === 'string' && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
    return malformed(`${shown} sends elsewhere (${status}${to}) instead of answering`);
  }
  if (status === 413)
    return new Failure('metricsTooLarge', `${shown} answered 413`, 'Watch fewer namespaces, or raise the limit of the proxy.');
  if (status === 429)
    return new Failure('metricsRejected', `${shown} answered 429: too many queries`, 'Raise the rate limit, or refresh less often.');
  if (status === 504)
    return new Failure('metricsTimeout', `a proxy before ${shown} gave up (504)`, 'Raise its timeout, or shorten the window.');
  if (status >= 500)
    return new Failure(
      'metricsUnreachable',
      `${shown} answered ${status}`,
      'Prometheus or a proxy before it is down or overloaded: look at its log.',
    );
  return malformed(`${shown} answered ${status}`, excerptOf(body));
}
