// A small graph whose names try to break out of every form that the export writes. In: nothing. Out: GraphDocument, for tests.
import type { GraphDocument } from '../../model/wire';
import { sampleBox, sampleDocument, sampleEdge, sampleNode } from '../graph/sample-graph';

export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  ']]> & "quotes" \'single\' \\backslash\\',
  '=HYPERLINK("http://evil","x"),comma',
  'line\nbreak\r\nand\ttab',
  '"]\n  evil --> n0\n%%{init: {"securityLevel":"loose"}}%%',
  '"]; evil [URL="javascript:alert(1)"]; x [label="',
  'null\u0000bell\u0007half\ud800end',
  '`markdown` #quot; #35; --> |pipe| {brace}',
  'end',
  'données-日本語-🚀',
] as const;

export function hostileDocument(): GraphDocument {
  const box = sampleBox(HOSTILE_NAMES[0], { label: HOSTILE_NAMES[4], health: 'failure' });
  const names = HOSTILE_NAMES;
  return sampleDocument({
    boxes: [box],
    nodes: names.map((name, i) =>
      sampleNode(name, {
        parent: i % 2 === 0 ? box.id : null,
        namespace: names[(i + 1) % names.length] ?? '',
        hosts: [name],
        badges: i === 0 ? ['gateway', 'circuitBreaker', 'mirroring', 'ambient', 'requestTimeout', 'faultInjection'] : [],
        health: { status: i % 3 === 0 ? 'failure' : 'healthy', reasons: [] },
        kind: (['workload', 'service', 'app', 'serviceEntry', 'unknown', 'namespace', 'hidden'] as const)[i % 7] ?? 'workload',
        service: i % 7 === 1 ? name : null,
        members: i % 7 === 5 ? 7 : 1,
      }),
    ),
    edges: names.map((name, i) =>
      sampleEdge(name, names[(i + 3) % names.length] ?? '', {
        requestsPerSecond: 12.5 * i,
        errorsPerSecond: i === 3 ? 2 : 0,
        health: i === 3 ? 'failure' : 'healthy',
        mtlsShare: 0.5,
        marks: i === 3 ? ['fault', 'circuitBreaker'] : [],
        latency: { averageMs: 12, p50Ms: 8, p95Ms: 40, p99Ms: 100 },
      }),
    ),
    notes: [{ code: 'partialMetrics', text: names[1] }],
  });
}
