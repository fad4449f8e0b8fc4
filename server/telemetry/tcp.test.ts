// TCP and the layers of an ambient mesh: one logical edge however many proxies saw the same traffic.
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/traffic';
import { EdgeRegistry } from './edge-registry';
import { type ObserveInput, ObserveMemory, observe } from './observe';
import { buildDestinationQuery, buildSourceQuery } from './queries';
import { answerOf, edge, type Row } from './testing/answers';

const plan = { windowSeconds: 60, namespaces: null, severalClusters: false, stream: null };
const input = (requests: readonly Row[], tcp: readonly Row[]): ObserveInput => ({
  nowMs: 1000,
  source: answerOf(buildSourceQuery(plan).labels, []),
  destination: answerOf(buildDestinationQuery(plan).labels, [...requests, ...tcp]),
  duration: null,
  bytes: null,
  homeCluster: 'home',
});
const run = (own: ObserveInput): readonly Observation[] => observe(own, new EdgeRegistry(), new ObserveMemory()).observations;
const only = (observations: readonly Observation[]): Observation => {
  const [first] = observations;
  if (first === undefined || observations.length !== 1) throw new Error(`expected one observation, got ${observations.length}`);
  return first;
};

describe('observe: TCP and ambient', () => {
  const tcp = (reporter: string, app: string, direction: string, bytes: number, more: Record<string, string> = {}): Row => [
    edge('a', 'b', { reporter, app, direction, ...more }),
    bytes,
  ];
  it('counts both directions of the callee’s report, the caller’s where it is alone', () => {
    const own = run(
      input(
        [],
        [
          tcp('destination', 'b', 'sent', 10),
          tcp('destination', 'b', 'received', 30, { connection_security_policy: 'none' }),
          tcp('source', 'a', 'sent', 11),
          tcp('source', 'a', 'sent', 5, { destination_workload: 'unknown', destination_workload_namespace: 'unknown' }),
        ],
      ),
    );
    expect(own).toMatchObject([
      {
        protocol: 'tcp',
        reporter: 'destination',
        requestsPerSecond: 0,
        tcpSentBytesPerSecond: 10,
        tcpReceivedBytesPerSecond: 30,
        mtls: { mutual: 10, plaintext: 30, unknown: 0 },
      },
      { reporter: 'source', tcpSentBytesPerSecond: 5, tcpReceivedBytesPerSecond: 0 },
    ]);
  });

  it('keeps HTTP and TCP of one pair apart where proxies report both', () => {
    expect(run(input([[edge('a', 'b'), 1]], [tcp('destination', 'b', 'sent', 10)])).map((o) => o.protocol)).toEqual(['http', 'tcp']);
  });

  const z = (reporter: string, more: Record<string, string> = {}): readonly Row[] => [
    tcp(reporter, 'ztunnel', 'sent', 10, more),
    tcp(reporter, 'ztunnel', 'received', 30, more),
  ];
  it.each<[string, readonly Row[], readonly Row[], readonly string[]]>([
    ['TCP between ambient workloads is ztunnel’s, once', [], [...z('source'), ...z('destination')], ['tcp ztunnel 40']],
    [
      'requests seen by a waypoint replace ztunnel’s bytes',
      [[edge('a', 'b', { reporter: 'waypoint' }), 3]],
      [...z('source'), ...z('destination')],
      ['http waypoint 3'],
    ],
    [
      'requests seen by a gateway replace them too',
      [[edge('a', 'b', { reporter: 'source', connection_security_policy: 'unknown' }), 3]],
      z('destination'),
      ['http source 3'],
    ],
    [
      'also where ztunnel knows no service',
      [[edge('a', 'b', { reporter: 'waypoint' }), 3]],
      z('destination', { destination_service: 'unknown', destination_service_name: 'unknown' }),
      ['http waypoint 3'],
    ],
    [
      'another service of the same pair is kept',
      [[edge('a', 'b', { reporter: 'waypoint' }), 3]],
      z('destination', { destination_service: 'db.shop.svc.cluster.local', destination_service_name: 'db' }),
      ['http waypoint 3', 'tcp ztunnel 40'],
    ],
    ['another pair is kept', [[edge('a', 'c', { reporter: 'waypoint' }), 3]], z('destination'), ['http waypoint 3', 'tcp ztunnel 40']],
    [
      'a waypoint’s TCP wins over ztunnel’s of the same edge',
      [],
      [...z('destination'), tcp('waypoint', 'wp', 'sent', 7)],
      ['tcp waypoint 7'],
    ],
    [
      'and of the same pair without a host',
      [],
      [...z('destination', { destination_service: 'unknown', destination_service_name: 'unknown' }), tcp('waypoint', 'wp', 'sent', 7)],
      ['tcp waypoint 7'],
    ],
    [
      'without the app label, a waypoint’s report is needed',
      [[edge('a', 'b', { reporter: 'waypoint' }), 3]],
      [tcp('destination', '', 'sent', 10)],
      ['http waypoint 3'],
    ],
    [
      'without the app label and a waypoint, both are kept',
      [[edge('a', 'b'), 3]],
      [tcp('destination', '', 'sent', 10)],
      ['http destination 3', 'tcp destination 10'],
    ],
    [
      'a sidecar’s bytes stay where ztunnel’s go',
      [[edge('a', 'b', { reporter: 'waypoint' }), 3]],
      [...z('destination'), tcp('destination', 'b', 'sent', 5)],
      ['http waypoint 3', 'tcp destination 5'],
    ],
    [
      'gRPC is a layer above like HTTP',
      [[edge('a', 'b', { reporter: 'waypoint', request_protocol: 'grpc', grpc_response_status: '0' }), 3]],
      z('destination'),
      ['grpc waypoint 3'],
    ],
  ])('%s', (_, requests, bytes, expected) => {
    const own = run(input(requests, bytes));
    expect(
      own.map((o) => `${o.protocol} ${o.reporter} ${o.requestsPerSecond + o.tcpSentBytesPerSecond + o.tcpReceivedBytesPerSecond}`).sort(),
    ).toEqual([...expected].sort());
  });

  it('passes on what ztunnel knows of mutual TLS', () => {
    const requests: readonly Row[] = [[edge('a', 'b', { reporter: 'source', connection_security_policy: 'unknown' }), 4]];
    const bytes = [
      tcp('destination', 'ztunnel', 'sent', 30),
      tcp('destination', 'ztunnel', 'received', 10, { connection_security_policy: 'unknown' }),
    ];
    expect(only(run(input(requests, bytes))).mtls).toEqual({ mutual: 3, plaintext: 0, unknown: 1 });
  });
});
