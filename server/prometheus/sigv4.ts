// AWS Signature Version 4 of one request, as Amazon Managed Prometheus wants it (service `aps`).
// In: request, credentials, instant. Out: headers to add. Pure.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Null for long-lived keys. */
  readonly sessionToken: string | null;
}

export interface SignableRequest {
  readonly method: string;
  /** Host with port, as it is sent. */
  readonly host: string;
  /** Path as it is sent, percent-encoded. */
  readonly path: string;
  /** Query as it is sent, without `?`. */
  readonly query: string;
  /** Headers to sign beside host and date, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

/** RFC 3986: everything but unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
/** Services other than S3 encode what is sent once more. */
const canonicalPath = (path: string): string => path.split('/').map(encode).join('/') || '/';
const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .join('&');

/** The headers that sign a request: `authorization`, `x-amz-date` and, for temporary keys, `x-amz-security-token`. */
export function signRequest(
  request: SignableRequest,
  { region, service }: SigningScope,
  credentials: AwsCredentials,
  nowMs: number,
): Readonly<Record<string, string>> {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const added = {
    'x-amz-date': stamp,
    ...(credentials.sessionToken === null ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const signed: Readonly<Record<string, string>> = { ...request.headers, host: request.host, ...added };
  const names = Object.keys(signed).sort();
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${(signed[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    hash(request.body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, stamp, scope, hash(canonical)].join('\n')).toString('hex');
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...added, authorization };
}
