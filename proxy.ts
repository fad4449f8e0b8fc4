// The Content-Security-Policy of every page, with a nonce of its own per request: nothing runs, and nothing is asked, that is not ours.
// In: a page request. Out: the request with x-nonce (app/layout.tsx, Next's own scripts) and the policy on the answer.
import { type NextRequest, NextResponse } from 'next/server';

// cytoscape 3.34.4 injects one <style> (`position: relative` for its container), allowed by its hash.
const CYTOSCAPE_STYLE = "'sha256-pgvDUBa4IjFA2yuSJ2cqcyxmNYJMborsd0ORcRv9vw8='";

/** The policy for one nonce; `development` lets React rebuild stacks with eval. */
export function buildPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Development injects its styles without a nonce.
    development ? "style-src-elem 'self' 'unsafe-inline'" : `style-src-elem 'self' 'nonce-${nonce}' ${CYTOSCAPE_STYLE}`,
    "style-src-attr 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    // Layout runs in a worker of our own origin.
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  // eslint-disable-next-line no-restricted-syntax -- a constant of the build (next dev or next build), not configuration
  const policy = buildPolicy(nonce, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
}

export const config = {
  // With a base path '/' must be named besides. The API answers JSON, assets are immutable: neither needs a nonce.
  matcher: ['/', '/((?!api/|_next/static|_next/image|icon.svg|heddle.svg).*)'],
};
