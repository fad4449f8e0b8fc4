// HTTP to identity providers: own pool, own authorities, deadlines, answers of limited size, no redirects followed.
// In: PEM of authorities. Out: a fetch for openid-client and jose. Next patches the global fetch to cache, which nothing here may do.
import { rootCertificates } from 'node:tls';
import { Agent, request } from 'undici';

export interface ProviderFetch {
  readonly fetch: (url: string, options: ProviderRequest) => Promise<Response>;
  close(): Promise<void>;
}
export interface ProviderRequest {
  readonly method?: string | undefined;
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const MAX_ANSWER_BYTES = 1024 * 1024;
const DEADLINE_MS = 10_000;
const WITHOUT_BODY = new Set([204, 205, 304]);

const textOf = (body: unknown): string | null => {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a body that is neither text nor a form');
};

/** `caPem` is trusted beside the usual authorities. */
export function createProviderFetch(caPem: string | null): ProviderFetch {
  const agent = new Agent({
    connect: { timeout: 5_000, ...(caPem === null ? {} : { ca: [...rootCertificates, caPem] }) },
    headersTimeout: DEADLINE_MS,
    bodyTimeout: DEADLINE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
    connections: 16,
  });
  return {
    fetch: async (url, { method, headers, body, signal }) => {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const answer = await request(url, {
        dispatcher: agent,
        method: method === 'POST' ? 'POST' : 'GET',
        headers: Object.fromEntries(headers instanceof Headers ? headers : Object.entries(headers ?? {})),
        body: textOf(body),
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
      const bytes = await answer.body.arrayBuffer();
      const kept = new Headers();
      for (const [name, value] of Object.entries(answer.headers))
        for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) kept.append(name, each);
      return new Response(WITHOUT_BODY.has(answer.statusCode) ? null : bytes, { status: answer.statusCode, headers: kept });
    },
    close: () => agent.destroy(),
  };
}
