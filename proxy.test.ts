// Tests of what pages forbid: a new nonce per request, nothing but our own origin, no eval in production, header by header.
import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { buildPolicy, buildTransportSecurity, PAGE_HEADERS, proxy } from './proxy';

const policyOf = (): string => proxy(new NextRequest('http://127.0.0.1/graph')).headers.get('content-security-policy') ?? '';

describe('proxy', () => {
  it('gives every page another nonce', () => {
    const nonces = [policyOf(), policyOf()].map((policy) => /'nonce-([A-Za-z0-9+/=]{20,})'/.exec(policy)?.[1]);
    expect(nonces[0]).toBeTruthy();
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('lets nothing run, load or frame from elsewhere', () => {
    const policy = buildPolicy('N', false);
    expect(policy).not.toContain('unsafe-eval');
    expect(policy).not.toMatch(/https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'self'");
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self' 'nonce-N' 'strict-dynamic'");
  });

  it('lets no inline script run without the nonce', () => {
    const directives = new Map(
      buildPolicy('N', false)
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive] as const),
    );
    expect(directives.get('script-src')).not.toContain('unsafe-inline');
    expect(directives.get('style-src-elem')).not.toContain('unsafe-inline');
    expect(directives.get('object-src')).toBe("object-src 'none'");
    expect(directives.get('base-uri')).toBe("base-uri 'self'");
    expect(directives.get('form-action')).toBe("form-action 'self'");
    expect(directives.get('connect-src')).toBe("connect-src 'self'");
  });

  it.each([
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'same-origin'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['x-frame-options', 'DENY'],
  ])('sends %s: %s', (name, value) => {
    expect(proxy(new NextRequest('http://127.0.0.1/overview')).headers.get(name)).toBe(value);
    expect(PAGE_HEADERS[name]).toBe(value);
  });

  it('switches devices off that a console never needs, and leaves the clipboard for copying', () => {
    const policy = proxy(new NextRequest('http://127.0.0.1/overview')).headers.get('permissions-policy') ?? '';
    for (const feature of ['camera', 'microphone', 'geolocation', 'payment', 'usb']) expect(policy).toContain(`${feature}=()`);
    expect(policy).not.toContain('clipboard');
  });

  it('asks for HTTPS for ever only where the browser came by HTTPS, and not on localhost', () => {
    expect(buildTransportSecurity('https', 'heddle.example.com')).toBe('max-age=31536000');
    expect(buildTransportSecurity('https, http', 'heddle.example.com')).toBe('max-age=31536000');
    expect(buildTransportSecurity('http', 'heddle.example.com')).toBeNull();
    expect(buildTransportSecurity('http, https', 'heddle.example.com')).toBeNull();
    expect(buildTransportSecurity(null, 'heddle.example.com')).toBeNull();
    expect(buildTransportSecurity('https', 'localhost:8443')).toBeNull();
    const secure = new NextRequest('https://heddle.example.com/graph', {
      headers: { 'x-forwarded-proto': 'https', host: 'heddle.example.com' },
    });
    expect(proxy(secure).headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(proxy(new NextRequest('http://heddle.example.com/graph')).headers.get('strict-transport-security')).toBeNull();
  });
});
