// Bodies of the API server as they come: lines of a watch, pieces of a log, a text up to a limit. In: a body of undici. Out: texts, bytes, Failures.
import type { Dispatcher } from 'undici';
import { Failure } from '../../model/failure';

/** Longest single event of a watch; an etcd object is at most 1.5 MiB. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** A short name of what went wrong on a connection. */
export const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : error instanceof Error
      ? error.name
      : 'unknown';

/** Lines of a body; what stands after the last line break is a line too, so that half an event is seen and not swallowed. */
export async function* readLines(body: Dispatcher.ResponseData['body'], what: string, signal: AbortSignal): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      let from = 0;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', from)) {
        if (end > from) yield rest.slice(from, end);
        from = end + 1;
      }
      rest = rest.slice(from);
      if (rest.length > MAX_LINE_BYTES)
        throw new Failure('clusterMalformed', `a watch event of ${what} is larger than 8 MiB`, 'Heddle lists the resource anew.');
    }
    if (rest.trim() !== '') yield rest;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (signal.aborted) return;
    throw new Failure('clusterUnreachable', `the watch of ${what} broke: ${errnoOf(error)}`, 'Heddle resumes it by itself.');
  } finally {
    body.destroy();
  }
}

/** Pieces of a body as they come. */
export async function* readChunks(body: Dispatcher.ResponseData['body'], path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    if (signal.aborted) return;
    throw new Failure(
      'clusterUnreachable',
      `GET ${path.split('?')[0] ?? path} broke off: ${errnoOf(error)}`,
      'Heddle opens it again by itself.',
    );
  } finally {
    body.destroy();
  }
}

/** Reads a body up to a limit; null when it is longer. */
export async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) return null;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
