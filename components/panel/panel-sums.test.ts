// Tests of panel-sums: each request counts once, whatever stands on its way; directions by protocol; what is of the mesh.
import { describe, expect, it } from 'vitest';
import { NO_TRAFFIC } from '../../model/graph';
import { sampleEdge, sampleNode } from '../graph/sample-graph';
import { isOfMesh, sumBorder, totalOf } from './panel-sums';

const nodes = [
  sampleNode('gateway', { outside: true }),
  sampleNode('web-svc', { kind: 'service', service: 'web' }),
  sampleNode('web'),
  sampleNode('api-svc', { kind: 'service', service: 'api' }),
  sampleNode('api'),
  sampleNode('bank', { kind: 'serviceEntry' }),
];
const edges = [
  sampleEdge('gateway', 'web-svc', { requestsPerSecond: 10, errorsPerSecond: 1 }),
  sampleEdge('web-svc', 'web', { requestsPerSecond: 10, errorsPerSecond: 1 }),
  sampleEdge('web', 'api-svc', { protocol: 'grpc', requestsPerSecond: 20, errorsPerSecond: 2 }),
  sampleEdge('api-svc', 'api', { protocol: 'grpc', requestsPerSecond: 20, errorsPerSecond: 2 }),
  sampleEdge('api', 'bank', { requestsPerSecond: 4 }),
  sampleEdge('api', 'gateway', { protocol: 'tcp', sentBytesPerSecond: 100, receivedBytesPerSecond: 50 }),
];
const inside = new Set<string>(nodes.filter(isOfMesh).map(({ id }) => id));
const sums = sumBorder({ nodes, edges }, (id) => inside.has(id));

describe('sumBorder', () => {
  it('counts what passes a service once', () => {
    expect(sums.into).toEqual({ ...NO_TRAFFIC, http: 10, httpErrors: 1 });
    expect(sums.within).toEqual({ ...NO_TRAFFIC, grpc: 20, grpcErrors: 2 });
    expect(sums.outOf).toEqual({ ...NO_TRAFFIC, http: 4, tcpBytes: 150 });
    expect(totalOf(sums)).toEqual({ http: 14, httpErrors: 1, grpc: 20, grpcErrors: 2, tcpBytes: 150 });
  });

  it('counts calls between services, where only they are drawn', () => {
    const services = nodes.filter(({ kind }) => kind === 'service');
    const between = sumBorder({ nodes: services, edges: [sampleEdge('web-svc', 'api-svc')] }, () => true);
    expect(between.within).toEqual({ ...NO_TRAFFIC, http: 10 });
  });
});
