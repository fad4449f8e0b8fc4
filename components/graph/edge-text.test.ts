// What stands on an edge, for every choice of parts.
import { describe, expect, it } from 'vitest';
import { EDGE_LABELS } from '../live/screen-url';
import { buildEdgeText, narrowEdgeText, sumBySource, wordEdgeText } from './edge-text';
import { sampleEdge } from './sample-graph';

const text = (...args: Parameters<typeof buildEdgeText>): string => wordEdgeText(buildEdgeText(...args)).replaceAll('\u00a0', ' ');
const latency = { averageMs: 41, p50Ms: 12, p95Ms: 120, p99Ms: 10_000 };

describe('buildEdgeText', () => {
  const edge = sampleEdge('a', 'b', { requestsPerSecond: 12.3, errorsPerSecond: 0.5166, latency, mtlsShare: 1 });

  it('shows rate, errors, quantiles and mTLS together; a quantile in the last bucket is a lower bound', () => {
    expect(text(edge, ['rate', 'errors', 'p95', 'mtls'])).toBe('12.3 rps · 4.2 % err · p95 120 ms · mTLS');
    expect(text(edge, ['avg', 'p50', 'p99'])).toBe('avg 41 ms · p50 12 ms · p99 ≥ 10 s');
  });

  it('is empty without parts, silent about errors that do not exist and latency that is not collected', () => {
    expect(buildEdgeText(edge, [])).toEqual({ lines: [], lock: null });
    expect(text(sampleEdge('a', 'b'), ['rate', 'errors', 'p95', 'throughput'])).toBe('10 rps');
    expect(text(sampleEdge('a', 'b', { requestsPerSecond: 0 }), ['errors'])).toBe('');
  });

  it('marks errors as such', () => {
    expect(buildEdgeText(edge, ['errors']).lines).toEqual([[{ text: '4.2\u00a0% err', tone: 'error' }]]);
  });

  it('counts bytes for TCP and has no request parts', () => {
    const tcp = sampleEdge('a', 'b', { protocol: 'tcp', sentBytesPerSecond: 1024, receivedBytesPerSecond: 2048, latency, mtlsShare: 0 });
    expect(text(tcp, EDGE_LABELS)).toBe('3 KiB/s · not all mTLS');
  });

  it('draws an open lock with the percentage for partial mTLS, nothing where the policy is unknown', () => {
    const partial = buildEdgeText({ ...edge, mtlsShare: 0.68 }, ['mtls']);
    expect(partial).toEqual({ lines: [[{ text: '68\u00a0%', tone: 'plain' }]], lock: 'open' });
    expect(buildEdgeText({ ...edge, mtlsShare: 0 }, ['mtls'])).toEqual({ lines: [], lock: 'open' });
    expect(buildEdgeText({ ...edge, mtlsShare: null }, ['mtls']).lock).toBeNull();
    expect(buildEdgeText({ ...edge, mtlsShare: 0.9999 }, ['mtls']).lock).toBe('open');
  });

  it('shows the share of what the source sends, except where it is all', () => {
    const edges = [edge, sampleEdge('a', 'c', { requestsPerSecond: 36.9 })];
    const sum = sumBySource(edges).get(`${edge.source}|http`) ?? null;
    expect(text(edge, ['share'], sum)).toBe('25 % of it');
    expect(text(edge, ['share'], edge.requestsPerSecond)).toBe('');
    expect(text(edge, ['share'], null)).toBe('');
  });

  it('shows payload both ways', () => {
    const sized = { ...edge, requestBytesPerSecond: 2048, responseBytesPerSecond: 4096 };
    expect(text(sized, ['throughput'])).toBe('4 KiB/s out');
    expect(text(sized, ['requestThroughput', 'throughput'])).toBe('2 KiB/s in · 4 KiB/s out');
    expect(text({ ...sized, responseBytesPerSecond: null }, ['throughput'])).toBe('');
  });

  it('has a narrow form with one part per line', () => {
    const narrow = narrowEdgeText(buildEdgeText(edge, ['rate', 'errors', 'p95']));
    expect(
      narrow.lines.map((line) =>
        line
          .map((run) => run.text)
          .join('')
          .replaceAll('\u00a0', ' '),
      ),
    ).toEqual(['12.3 rps', '4.2 % err', 'p95 120 ms']);
  });
});
