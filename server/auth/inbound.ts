// A request as logging in sees it. In: nothing. Out: InboundRequest.

/** A request as far as logging in goes; a web Request is one. */
export interface InboundRequest {
  readonly method: string;
  /** Only its query is used: Next tells neither the host nor the base path there. */
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}
