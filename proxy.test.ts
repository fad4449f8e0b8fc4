// Tests of the Content-Security-Policy: a new nonce per request, nothing but our own origin, no eval in production.
import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { buildPolicy, proxy } from './proxy';

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
});
