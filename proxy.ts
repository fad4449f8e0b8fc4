// What every page tells the browser to refuse. The Content-Security-Policy has a nonce of its own per request: nothing runs, and nothing is
// asked, that is not ours. In: a page request. Out: the request with x-nonce (app/layout.tsx, Next's own scripts), the headers on the answer.
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

/** What does not change from page to page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  // For what does not know frame-ancestors.
  'x-frame-options': 'DENY',
};
const YEAR_SECONDS = 31_536_000;

/**
 * Strict-Transport-Security where the browser came by HTTPS, null otherwise (RFC 6797, 7.2). Next writes x-forwarded-proto for a connection
 * of our own, a proxy for its own; who forges it changes only what he himself is told. Not for localhost: it would hold for every port there.
 */
export function buildTransportSecurity(forwardedProto: string | null, host: string | null): string | null {
  const secure = forwardedProto?.split(',')[0]?.trim().toLowerCase() === 'https';
  return secure && !/^localhost(?::\d+)?$/i.test(host ?? '') ? `max-age=${YEAR_SECONDS}` : null;
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
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  const transport = buildTransportSecurity(headers.get('x-forwarded-proto'), headers.get('host'));
  if (transport !== null) response.headers.set('strict-transport-security', transport);
  return response;
}

export const config = {
  // With a base path '/' must be named besides. The API answers JSON, assets are immutable: neither needs a nonce.
  matcher: ['/', '/((?!api/|_next/static|_next/image|icon.svg|heddle.svg).*)'],
};
