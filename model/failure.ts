// The closed list of things that can go wrong, each with its HTTP status. What a user did wrong in configuration is a finding, not a failure.
// In: nothing. Out: Failure (throwable), FAILURES (code -> status, title), Problem (what the API returns: RFC 9457 plus `code` and `next`).

export const FAILURES = {
  badRequest: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Not logged in' },
  forbidden: { status: 403, title: 'Not allowed' },
  notFound: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Somebody else changed it' },
  tooLarge: { status: 413, title: 'The request is too large' },
  tooManyRequests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'A defect in Heddle' },
  metricsUnreachable: { status: 502, title: 'Prometheus cannot be reached' },
  metricsRejected: { status: 502, title: 'Prometheus refused the query' },
  metricsUnauthorized: { status: 502, title: 'Prometheus refused our credentials' },
  metricsMalformed: { status: 502, title: 'Prometheus answered something that is not a Prometheus answer' },
  metricsTooLarge: { status: 502, title: 'Prometheus refused the query for its size' },
  metricsTimeout: { status: 504, title: 'Prometheus did not answer in time' },
  clusterUnreachable: { status: 502, title: 'The Kubernetes API cannot be reached' },
  clusterUnauthorized: { status: 502, title: 'The Kubernetes API refused our credentials' },
  clusterMalformed: { status: 502, title: 'The Kubernetes API answered something that is not a Kubernetes answer' },
  clusterTimeout: { status: 504, title: 'The Kubernetes API did not answer in time' },
  starting: { status: 503, title: 'Heddle is still starting' },
} as const satisfies Record<string, { status: number; title: string }>;

export type FailureCode = keyof typeof FAILURES;

/** Anything that failed outside the program, with what failed (`detail`) and what to do next (`next`), both free of secrets. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly detail: string;
  readonly next: string;
  constructor(code: FailureCode, detail: string, next: string, options?: { readonly cause?: unknown }) {
    super(`${FAILURES[code].title}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
    this.next = next;
  }
}

/** Body of every error answer (application/problem+json). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: FailureCode;
  readonly detail: string;
  readonly next: string;
}

/** The Problem of whatever was thrown; a thing that is no Failure tells nothing of itself. */
export function problemOf(error: unknown): Problem {
  const f =
    error instanceof Failure ? error : new Failure('internal', 'an unexpected error', 'Look in the log of the console for the request.');
  const { status, title } = FAILURES[f.code];
  return { type: `/problems/${f.code}`, title, status, code: f.code, detail: f.detail, next: f.next };
}
