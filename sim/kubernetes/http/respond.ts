// Answers: JSON or YAML bodies, compressed where asked for and worth it, and errors as Status objects.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import type { StatusError } from '../status-error';

const compress = promisify(gzip);
/** apiserver's defaultGzipThresholdBytes. */
const GZIP_FROM_BYTES = 128 * 1024;

export interface Answer {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sends a JSON text (or the same as YAML) with a code. */
export async function sendJson(answer: Answer, code: number, json: string, format: 'json' | 'yaml' = 'json'): Promise<void> {
  const text = format === 'yaml' ? stringify(JSON.parse(json)) : json;
  await sendBody(answer, code, Buffer.from(text), format === 'yaml' ? 'application/yaml' : 'application/json');
}

/** Sends a body of any type, compressed where the client takes gzip and it is large. */
export async function sendBody({ request, response }: Answer, code: number, body: Buffer, contentType: string): Promise<void> {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const compressed = takesGzip && body.length > GZIP_FROM_BYTES;
  const payload = compressed ? await compress(body, { level: 1 }) : body;
  if (response.destroyed) return;
  response.writeHead(code, {
    'content-type': contentType,
    'cache-control': 'no-cache, private',
    'content-length': payload.length,
    ...(compressed ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : payload);
}

/** Sends an error as its Status; after the head went out the connection is cut instead. */
export async function sendError(answer: Answer, error: StatusError): Promise<void> {
  const { response } = answer;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retry = error.status.details?.retryAfterSeconds;
  if (retry !== undefined) response.setHeader('retry-after', String(retry));
  // A body that was not read to its end makes the connection useless for another request.
  if (!answer.request.complete) response.setHeader('connection', 'close');
  await sendJson(answer, error.code, JSON.stringify(error.status));
}

/** Adds a Warning header, as kubectl prints them (RFC 7234, code 299). */
export function addWarnings(response: ServerResponse, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  response.setHeader(
    'warning',
    warnings.map((text) => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`),
  );
}
