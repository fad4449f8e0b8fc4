// From series to observations: identities, repairs, refusals, overlays, layers, and independence of order and memory.
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/traffic';
import { attachBuckets, BucketMemory, buildBucketBook } from './buckets';
import { EdgeRegistry } from './edge-registry';
import { type ObserveInput, ObserveMemory, observe } from './observe';
import { buildBucketQueries, buildBytesQuery, buildDestinationQuery, buildDurationQuery, buildSourceQuery } from './queries';
import { answerOf, edge, type Row, vectorOf } from './testing/answers';

const plan = { windowSeconds: 60, namespaces: null, severalClusters: false, stream: null };
const many = { ...plan, severalClusters: true };
const LABELS = {
  source: buildSourceQuery(plan).labels,
  destination: buildDestinationQuery(plan).labels,
  duration: buildDurationQuery(plan, []).labels,
  bytes: buildBytesQuery(plan, ['request', 'response'], []).labels,
  buckets: buildBucketQueries(plan, [])[0]?.labels ?? [],
};
const input = (requests: readonly Row[], tcp: readonly Row[] = [], more: Partial<ObserveInput> = {}): ObserveInput => ({
  nowMs: 1000,
  source: answerOf(LABELS.source, []),
  destination: answerOf(LABELS.destination, [...requests, ...tcp]),
  duration: null,
  bytes: null,
  homeCluster: 'home',
  ...more,
});
const run = (own: ObserveInput): readonly Observation[] => observe(own, new EdgeRegistry(), new ObserveMemory()).observations;
const only = (observations: readonly Observation[]): Observation => {
  const [first] = observations;
  if (first === undefined || observations.length !== 1) throw new Error(`expected one observation, got ${observations.length}`);
  return first;
};

describe('observe: requests', () => {
  it('makes one observation of an edge from all its series', () => {
    const own = only(
      run(
        input([
          [edge('a', 'b'), 9],
          [edge('a', 'b', { connection_security_policy: 'none' }), 1],
          [edge('a', 'b', { response_code: '503', response_flags: 'UH', reporter: 'source', connection_security_policy: 'unknown' }), 2],
          [edge('a', 'b', { reporter: 'source', connection_security_policy: 'unknown' }), 10],
          [edge('a', 'b', { response_code: '0', response_flags: 'DC' }), 1],
        ]),
      ),
    );
    expect(own).toMatchObject({
      source: { cluster: 'home', namespace: 'shop', workload: 'a' },
      destination: { cluster: 'home', namespace: 'shop', workload: 'b' },
      service: { cluster: 'home', namespace: 'shop', name: 'b', host: 'b.shop.svc.cluster.local' },
      protocol: 'http',
      reporter: 'destination',
      requestsPerSecond: 13,
      mtls: { mutual: 10, plaintext: 1, unknown: 2 },
      durationMsPerSecond: null,
      durationBuckets: null,
    });
    expect(own.responses.map((r) => [r.code, r.flags, r.requestsPerSecond])).toEqual([
      ['0', 'DC', 1],
      ['200', '-', 10],
      ['503', 'UH', 2],
    ]);
  });

  it.each<[string, Record<string, string>, Partial<Observation>]>([
    ['gRPC by its protocol', { request_protocol: 'grpc', grpc_response_status: '14' }, { protocol: 'grpc' }],
    ['gRPC by its status where the protocol was removed', { request_protocol: '', grpc_response_status: '0' }, { protocol: 'grpc' }],
    ['HTTP of any other name', { request_protocol: 'http2' }, { protocol: 'http' }],
    [
      'a service by its host where its labels were removed',
      { destination_service_name: '', destination_service_namespace: '' },
      { service: { cluster: 'home', namespace: 'shop', name: 'b', host: 'b.shop.svc.cluster.local' } },
    ],
    [
      'a host outside the mesh',
      {
        destination_service: 'api.example.com',
        destination_service_name: 'api.example.com',
        destination_service_namespace: 'unknown',
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
      },
      {
        service: { cluster: 'home', namespace: 'unknown', name: 'api.example.com', host: 'api.example.com' },
        destination: { cluster: 'home', namespace: 'unknown', workload: 'unknown' },
      },
    ],
    [
      'PassthroughCluster by its name',
      {
        destination_service: '10.0.0.1',
        destination_service_name: 'PassthroughCluster',
        destination_service_namespace: 'unknown',
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
      },
      { service: { cluster: 'home', namespace: 'unknown', name: 'PassthroughCluster', host: '10.0.0.1' } },
    ],
    [
      'a caller outside the mesh',
      { source_workload: 'unknown', source_workload_namespace: 'unknown' },
      { source: { cluster: 'home', namespace: 'unknown', workload: 'unknown' } },
    ],
    [
      'the egress gateway, where only its host is known',
      {
        destination_service: 'istio-egressgateway.istio-system.svc.cluster.local',
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
      },
      { destination: { cluster: 'home', namespace: 'istio-system', workload: 'istio-egressgateway' } },
    ],
    [
      'nothing but a code',
      {
        source_workload: '',
        source_workload_namespace: '',
        destination_workload: '',
        destination_workload_namespace: '',
        destination_service: '',
        destination_service_name: '',
        destination_service_namespace: '',
        reporter: '',
        connection_security_policy: '',
      },
      { reporter: 'source', service: { cluster: 'home', namespace: 'unknown', name: 'unknown', host: 'unknown' } },
    ],
  ])('knows %s', (_, labels, expected) => {
    expect(only(run(input([[edge('a', 'b', labels), 1]])))).toMatchObject(expected);
  });

  it.each<[string, Record<string, string>]>([
    ['a source with a namespace but no workload', { source_workload: 'unknown' }],
    [
      'a bare address that no workload answers for',
      {
        destination_service: '10.1.2.3',
        destination_service_name: '10.1.2.3',
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
      },
    ],
    [
      'a bare IPv6 address',
      { destination_service: 'fd00::1', destination_service_name: 'fd00::1', destination_workload: '', destination_workload_namespace: '' },
    ],
  ])('leaves out %s', (_, labels) => {
    const result = observe(input([[edge('a', 'b', labels), 1]]), new EdgeRegistry(), new ObserveMemory());
    expect([result.observations, result.droppedSeries]).toEqual([[], 1]);
  });

  it('tells clusters apart, and gives a callee of unknown cluster its caller’s', () => {
    const labels = buildSourceQuery(many).labels;
    const clusters = (source: string, destination: string): Row => [
      edge('a', 'b', { source_cluster: source, destination_cluster: destination }),
      1,
    ];
    const source = answerOf(labels, [
      clusters('west', 'east'),
      clusters('west', 'west'),
      clusters('east', 'unknown'),
      clusters('east', ''),
      clusters('unknown', 'east'),
    ]);
    const own = observe({ ...input([]), source, homeCluster: null }, new EdgeRegistry(), new ObserveMemory());
    expect(own.observations.map((o) => `${o.source.cluster}>${o.destination.cluster}: ${o.requestsPerSecond}`)).toEqual([
      'west>east: 1',
      'west>west: 1',
      'east>east: 2',
    ]);
    expect(own.droppedSeries).toBe(1);
  });

  it('joins reporters that differ in what they know of the service, but not two catch-all clusters', () => {
    const none = {
      destination_workload: 'unknown',
      destination_workload_namespace: 'unknown',
      destination_service: 'unknown',
      destination_service_namespace: 'unknown',
    };
    const own = run(
      input([
        [
          edge('a', 'b', {
            reporter: 'source',
            destination_service_name: '',
            destination_service_namespace: 'unknown',
            destination_service: 'b.mesh',
          }),
          5,
        ],
        [edge('a', 'b', { destination_service: 'b.mesh' }), 4],
        [edge('a', 'unknown', { ...none, destination_service_name: 'PassthroughCluster', reporter: 'source' }), 1],
        [edge('a', 'unknown', { ...none, destination_service_name: 'BlackHoleCluster', reporter: 'source' }), 2],
      ]),
    );
    expect(own.map((o) => [o.service.name, o.service.namespace, o.requestsPerSecond])).toEqual([
      ['b', 'shop', 4],
      ['PassthroughCluster', 'unknown', 1],
      ['BlackHoleCluster', 'unknown', 2],
    ]);
  });

  it('gives the same result for any order of the series and with a memory of other series', () => {
    const rows: Row[] = Array.from({ length: 60 }, (_, i) => [
      edge(`w${i % 7}`, `w${(i * 3) % 5}`, {
        response_code: i % 4 === 0 ? '503' : '200',
        response_flags: i % 8 === 0 ? 'UH' : '-',
        reporter: i % 3 === 0 ? 'source' : 'destination',
        grpc_response_status: String(i),
      }),
      1 + i / 10,
    ]);
    // Keys are numbered by first sight, sums differ in the last digits by order: neither is compared.
    const told = (list: readonly Observation[]): readonly string[] => list.map((own) => JSON.stringify({ ...own, key: 0 }, rounded)).sort();
    const expected = told(run(input(rows)));
    expect(expected.length).toBeGreaterThan(20);
    expect(told(run(input([...rows].reverse())))).toEqual(expected);
    // Slots that meant something else a poll ago are decoded anew.
    const registry = new EdgeRegistry();
    const memory = new ObserveMemory();
    observe(input(rows.map(([labels, value]) => [{ ...labels, source_workload: 'other' }, value])), registry, memory);
    expect(told(observe(input(rows), registry, memory).observations)).toEqual(expected);
  });

  it('keeps keys while edges live, gives them to no other edge, and forgets', () => {
    const registry = new EdgeRegistry();
    const memory = new ObserveMemory();
    const arrays = new Map();
    const poll = (names: readonly string[], nowMs: number): number[] => {
      const columns = vectorOf(
        LABELS.source,
        names.map((name): Row => [edge(name, 'b'), 1]),
        arrays,
      );
      return observe({ ...input([]), nowMs, source: { labels: LABELS.source, columns } }, registry, memory).observations.map((o) => o.key);
    };
    expect(poll(['a', 'c'], 1000)).toEqual([0, 1]);
    expect(poll(['c', 'd', 'a'], 2000)).toEqual([0, 1, 2]);
    expect(poll(['c'], 9000)).toEqual([1]);
    registry.forgetUnseen(5000);
    expect(registry.size).toBe(1);
    expect(poll(['a', 'c', 'd'], 9500)).toEqual([1, 3, 4]);
  });
});
const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(12)) : value);

describe('observe: overlays', () => {
  const requests: readonly Row[] = [
    [edge('a', 'b'), 8],
    [edge('a', 'b', { reporter: 'source', connection_security_policy: 'unknown' }), 8],
    [edge('a', 'b', { reporter: 'source', response_code: '503', response_flags: 'UH' }), 2],
    [edge('a', 'x', { reporter: 'source', destination_workload: 'unknown', destination_workload_namespace: 'unknown' }), 4],
  ];
  it('takes the primary’s average for all requests of the edge, and the caller’s where nobody else reports', () => {
    const duration = answerOf(LABELS.duration, [
      [edge('a', 'b'), 80],
      [edge('a', 'b', { reporter: 'source' }), 900],
      [edge('a', 'x', { reporter: 'source', destination_workload: 'unknown', destination_workload_namespace: 'unknown' }), 200],
      [edge('a', 'gone'), 5],
    ]);
    const bytes = answerOf(LABELS.bytes, [
      [edge('a', 'b', { direction: 'request' }), 800],
      [edge('a', 'b', { direction: 'response' }), 1600],
    ]);
    const own = observe(input(requests, [], { duration, bytes }), new EdgeRegistry(), new ObserveMemory());
    expect(
      own.observations.map((o) => [o.requestsPerSecond, o.durationMsPerSecond, o.requestBytesPerSecond, o.responseBytesPerSecond]),
    ).toEqual([
      [10, 100, 1000, 2000],
      [4, 200, null, null],
    ]);
    expect(own.sourceOnlyHosts).toEqual(['x.shop.svc.cluster.local']);
  });

  it('attaches buckets: empty below the first, not there above it, the callee’s before the caller’s', () => {
    const registry = new EdgeRegistry();
    const { observations } = observe(input(requests), registry, new ObserveMemory());
    const bucket = (labels: Record<string, string>, le: string, rate: number): Row => [{ ...labels, le }, rate];
    const served = answerOf(LABELS.buckets, [
      bucket(edge('a', 'b'), '10', 3),
      bucket(edge('a', 'b'), '+Inf', 8),
      bucket(edge('a', 'b'), '1000', 8),
      bucket(edge('a', 'b'), 'soon', 8),
    ]);
    const unknown = { destination_workload: 'unknown', destination_workload_namespace: 'unknown' };
    const called = answerOf(LABELS.buckets, [
      bucket(edge('a', 'b'), '5', 7),
      bucket(edge('a', 'x', unknown), '0.5', 1),
      bucket(edge('a', 'x', unknown), '10', 2),
      bucket(edge('a', 'x', unknown), '+Inf', 4),
    ]);
    const book = buildBucketBook([served, called], { atMs: 7, nowMs: 7 }, 'home', registry, new BucketMemory());
    expect(book.boundsMs).toEqual([0.5, 10, 1000, Number.POSITIVE_INFINITY]);
    const withBuckets = attachBuckets(observations, book);
    expect(withBuckets.map((o) => [...(o.durationBuckets ?? [])])).toEqual([
      [0, 3, 8, 8],
      [1, 2, Number.NaN, 4],
    ]);
  });
});
