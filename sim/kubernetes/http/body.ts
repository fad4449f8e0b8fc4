// Request bodies: read under a size limit and decoded from JSON or YAML.
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { badRequest, requestTooLarge, unsupportedMediaType } from '../status-error';

/** apiserver's MaxRequestBodyBytes. */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** Reads a whole body. Throws 413 above the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? '0');
  if (announced > BODY_LIMIT_BYTES) throw requestTooLarge(BODY_LIMIT_BYTES);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += piece.length;
    if (size > BODY_LIMIT_BYTES) throw requestTooLarge(BODY_LIMIT_BYTES);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

export const objectTypes: readonly string[] = ['application/json', 'application/yaml'];

/** The media type of a body, without parameters; JSON where none is given. */
export function mediaTypeOf(contentType: string | undefined): string {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' ? 'application/json' : type;
}

/** Decodes an object's body. Throws 415 for a type outside `accepted`, 400 for text that is not of its type. */
export function decodeBody(body: Buffer, mediaType: string, accepted: readonly string[]): unknown {
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  const text = body.toString('utf8');
  // An apply patch is YAML, and JSON (what most clients send) is YAML too, read faster.
  const isYaml = mediaType.endsWith('yaml') && !text.trimStart().startsWith('{');
  try {
    return isYaml ? parse(text) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(isYaml ? `error decoding YAML: ${why}` : `couldn't get version/kind; json parse error: ${why}`);
  }
}
