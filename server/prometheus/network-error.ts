// Errors of sockets, names and TLS in words. In: whatever undici threw. Out: text without addresses of credentials, and whether to try again.

const codeOf = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? null : codeOf(error.cause);
};

const NO_HTTP = 'what answers there does not speak HTTP';
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the name cannot be resolved',
  EAI_AGAIN: 'the name cannot be resolved now',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'the connection was closed before an answer',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself: give its authority in prometheus.caFile',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority: give it in prometheus.caFile',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority: give it in prometheus.caFile',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority: give it in prometheus.caFile',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** One phrase about an error of the network. */
export function describeNetworkError(error: unknown): string {
  if (error instanceof Error && error.name === 'HTTPParserError') return NO_HTTP;
  const code = codeOf(error);
  if (code === null) return 'the request failed';
  return WORDS[code] ?? `the request failed (${code})`;
}

/** Whether a kept connection was probably closed by the other side just when it was used again. */
export const isStaleConnection = (error: unknown): boolean => ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error) ?? '');
