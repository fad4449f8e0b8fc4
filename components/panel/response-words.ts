// What HTTP codes, gRPC codes and Envoy response flags mean, in words. In: a code or flags as telemetry writes them. Out: texts. Pure.
// Sources: Envoy access log "Response flags" (%RESPONSE_FLAGS%), Istio's ztunnel flags, gRPC status codes, RFC 9110.

const HTTP_WORDS: Readonly<Record<string, string>> = {
  '200': 'OK',
  '201': 'Created',
  '202': 'Accepted',
  '204': 'No content',
  '206': 'Partial content',
  '301': 'Moved permanently',
  '302': 'Found',
  '303': 'See other',
  '304': 'Not modified',
  '307': 'Temporary redirect',
  '308': 'Permanent redirect',
  '400': 'Bad request',
  '401': 'Unauthorized',
  '403': 'Forbidden',
  '404': 'Not found',
  '405': 'Method not allowed',
  '408': 'Request timeout',
  '409': 'Conflict',
  '413': 'Content too large',
  '415': 'Unsupported media type',
  '422': 'Unprocessable content',
  '425': 'Too early',
  '426': 'Upgrade required',
  '429': 'Too many requests',
  '431': 'Header fields too large',
  '499': 'Client closed the request',
  '500': 'Internal server error',
  '501': 'Not implemented',
  '502': 'Bad gateway',
  '503': 'Service unavailable',
  '504': 'Gateway timeout',
};

const GRPC_WORDS: readonly string[] = [
  'OK',
  'Cancelled',
  'Unknown',
  'Invalid argument',
  'Deadline exceeded',
  'Not found',
  'Already exists',
  'Permission denied',
  'Resource exhausted',
  'Failed precondition',
  'Aborted',
  'Out of range',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'Data loss',
  'Unauthenticated',
];

/** "Service unavailable", "Deadline exceeded", "no response"; '' for codes without a known meaning. */
export function wordCode(code: string, protocol: 'http' | 'grpc' | 'tcp'): string {
  if (code === '-' || (code === '0' && protocol !== 'grpc')) return 'no response';
  // On a gRPC edge codes over 16 are HTTP statuses: the call failed before gRPC could answer.
  if (protocol === 'grpc' && /^\d{1,2}$/.test(code)) return GRPC_WORDS[Number(code)] ?? '';
  return Object.hasOwn(HTTP_WORDS, code) ? (HTTP_WORDS[code] ?? '') : '';
}

/** Whether a code is an error of the edge: HTTP 4xx and 5xx, no response, gRPC other than 0. */
export function isErrorCode(code: string, protocol: 'http' | 'grpc' | 'tcp'): boolean {
  if (code === '-') return true;
  if (protocol === 'grpc' && /^\d{1,2}$/.test(code)) return code !== '0';
  return code === '0' || /^[45]\d\d$/.test(code);
}

export interface FlagWords {
  readonly flag: string;
  /** A few words. */
  readonly meaning: string;
  /** What usually causes it and where to look; null where the meaning says it all. */
  readonly cause: string | null;
}

const FLAGS: Readonly<Record<string, readonly [meaning: string, cause: string | null]>> = {
  UH: [
    'No healthy upstream',
    'Every endpoint is unready or was ejected by outlier detection. Look at the pods of the target and its DestinationRule.',
  ],
  UF: [
    'Upstream connection failure',
    'The connection to the target could not be opened: wrong port, pod not listening, or TLS on one side only (DestinationRule against PeerAuthentication).',
  ],
  UO: [
    'Upstream overflow (circuit breaker)',
    'A connectionPool limit of the DestinationRule is reached; requests beyond it are refused at once.',
  ],
  NR: [
    'No route',
    'No route matches host, port, path or headers. Look at the hosts and matches of the VirtualService, and at its gateways.',
  ],
  NC: [
    'Upstream cluster not found',
    'A route leads to a host or subset that does not exist. Look for a subset missing in the DestinationRule.',
  ],
  URX: ['Retries or connect attempts used up', 'The last error repeated until the retry limit was reached.'],
  UT: ['Upstream request timeout', 'The target took longer than the timeout of the route.'],
  UC: [
    'Upstream connection terminated',
    'The target closed the connection while a request was in flight: a restart, a crash, or a keep-alive shorter than the proxy expects.',
  ],
  UR: ['Upstream remote reset', 'The target reset the stream.'],
  LR: ['Connection local reset', 'The proxy itself reset the connection.'],
  LH: ['Local health check failed', 'The proxy takes itself for unhealthy.'],
  DC: ['Downstream connection terminated', 'The caller went away before the answer: often a timeout of the caller.'],
  DI: ['Delay injected', 'A fault of the VirtualService delayed the request.'],
  FI: ['Fault injected', 'A fault of the VirtualService aborted the request on purpose.'],
  RL: ['Rate limited', 'A local or global rate limit refused the request.'],
  RLSE: ['Rate limit service error', 'The rate limit service did not answer.'],
  UAEX: ['Denied by an external authorizer', 'An AuthorizationPolicy with action CUSTOM refused the request.'],
  SI: ['Stream idle timeout', 'Nothing was sent on the stream for too long.'],
  IH: ['Invalid value of a strictly checked header', null],
  DPE: ['Downstream protocol error', 'The caller sent what is not valid HTTP: often another protocol on a port that is named http.'],
  UPE: [
    'Upstream protocol error',
    'The target answered what is not valid HTTP: often HTTP/2 or plain TCP behind a port that is named http.',
  ],
  UMSDR: ['Upstream maximum stream duration reached', null],
  DT: ['Duration timeout', 'The longest allowed duration of a connection is over.'],
  OM: ['Overload manager', 'The proxy is short of memory or connections and sheds load.'],
  DF: ['DNS resolution failure', 'The host of a ServiceEntry with resolution DNS cannot be resolved.'],
  DO: ['Drop overload', 'The control plane asked to drop a share of the traffic.'],
  NFCF: ['Filter configuration not found', 'A filter of an EnvoyFilter or WasmPlugin was not delivered in time.'],
  RFCF: ['Response from the cache', null],
  DENY: ['Denied by policy', 'ztunnel refused the connection because of an AuthorizationPolicy.'],
  CONNECT: ['Connection failed', 'ztunnel could not connect to the target.'],
  TLS_FAILURE: ['TLS handshake failed', 'Certificates of the two sides do not fit together.'],
  H2_HANDSHAKE_FAILURE: ['HTTP/2 handshake failed', 'The HBONE tunnel between ztunnels could not be opened.'],
  NETWORK_POLICY: ['Blocked by a network policy', 'A Kubernetes NetworkPolicy may block port 15008, which ztunnel uses.'],
  IDENTITY_ERROR: ['No identity', 'ztunnel has no certificate for the workload yet.'],
  CERT_REVOKED: ['Certificate revoked', null],
};

/** The flags of one row ("UF,URX") in words, in their order; "-" (none) gives an empty list, an unknown flag its own name. */
export function listFlagWords(flags: string): readonly FlagWords[] {
  return flags
    .split(',')
    .map((flag) => flag.trim())
    .filter((flag) => flag !== '' && flag !== '-')
    .map((flag) => {
      const words = Object.hasOwn(FLAGS, flag) ? FLAGS[flag] : undefined;
      return { flag, meaning: words?.[0] ?? 'A flag that this console does not know', cause: words?.[1] ?? null };
    });
}
