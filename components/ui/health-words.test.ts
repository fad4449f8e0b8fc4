// Tests of the sentences that say why something is not healthy.
import { describe, expect, it } from 'vitest';
import type { HealthReason } from '../../model/health';
import { DEFAULT_TOLERANCES } from '../../model/health-rules';
import { wordHealthReason } from './health-words';

const reasonOf = (code: string, protocol: 'http' | 'grpc' = 'http'): HealthReason => ({
  kind: 'requests',
  direction: 'inbound',
  protocol,
  code,
  errorPercent: 1.5,
  degradedPercent: 0,
  failurePercent: 10,
  status: 'degraded',
});

describe('wordHealthReason', () => {
  it('says the codes of the default tolerances in words, never as patterns', () => {
    expect(wordHealthReason(reasonOf('5XX'))).toBe('1.5\u00a0% of inbound HTTP requests ended with a 5xx code (any is too many).');
    expect(wordHealthReason(reasonOf('^-$'))).toContain('requests ended without a response');
    for (const { code } of DEFAULT_TOLERANCES) expect(wordHealthReason(reasonOf(code, 'grpc'))).not.toMatch(/[$^|[\]]/);
  });

  it("shows a pattern of one's own as it was written", () => {
    expect(wordHealthReason(reasonOf('40[14]'))).toContain('ended with code 40[14]');
    expect(wordHealthReason({ ...reasonOf('5XX'), status: 'failure' })).toContain('(10\u00a0% or more is too many)');
  });

  it('counts pods', () => {
    expect(wordHealthReason({ kind: 'pods', workload: 'reviews-v1', available: 1, desired: 2, status: 'degraded' })).toBe(
      'reviews-v1: 1 of 2 pods available.',
    );
  });
});
