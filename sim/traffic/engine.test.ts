// The traffic of the default world: its edges, what each reporter says of them, and what counters may do.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SeenSeries } from './test-mesh';
import { TestMesh } from './test-mesh';

let mesh: TestMesh;

describe('reporters', () => {
  beforeAll(() => {
    mesh = new TestMesh();
    mesh.advance(120);
  });
  afterAll(() => {
    mesh.close();
  });

  it('agree on every edge between two proxies', () => {
    const by = new Map<string, { source: number; destination: number }>();
    for (const { metric, labels, value } of mesh.series()) {
      if (metric !== 'istio_requests_total' || labels['connection_security_policy'] === 'none') continue;
      if (!(labels['destination_principal'] ?? '').startsWith('spiffe')) continue;
      const key = ['source_workload', 'destination_workload', 'response_code', 'grpc_response_status']
        .map((l) => labels[l] ?? '')
        .join('>');
      const pair = by.get(key) ?? { source: 0, destination: 0 };
      pair[labels['reporter'] === 'source' ? 'source' : 'destination'] += value;
      by.set(key, pair);
    }
    expect(by.size).toBeGreaterThan(30);
    for (const [key, { source, destination }] of by) expect([key, source]).toEqual([key, destination]);
  });

  it('carry the labels of Istio: source never knows the policy, gateways report as sources only', () => {
    const all = [...mesh.series()].filter((s) => s.metric === 'istio_requests_total');
    expect(new Set(all.filter((s) => s.labels['reporter'] === 'source').map((s) => s.labels['connection_security_policy']))).toEqual(
      new Set(['unknown']),
    );
    expect(new Set(all.filter((s) => s.labels['reporter'] === 'destination').map((s) => s.labels['connection_security_policy']))).toEqual(
      new Set(['mutual_tls', 'none']),
    );
    expect(new Set(all.filter((s) => s.targetLabels['app'] === 'istio-ingressgateway').map((s) => s.labels['reporter']))).toEqual(
      new Set(['source']),
    );
    for (const s of all) expect('grpc_response_status' in s.labels).toBe(s.labels['request_protocol'] === 'grpc');
    const boutique = all.find((s) => s.labels['destination_workload'] === 'adservice');
    expect(boutique?.labels).toMatchObject({
      destination_version: 'unknown',
      destination_canonical_revision: 'latest',
      destination_app: 'adservice',
    });
  });

  it('name callers without a sidecar unknown and see them in plaintext', () => {
    const seen = [...mesh.series()].filter((s) => s.metric === 'istio_requests_total' && s.labels['source_workload'] === 'unknown');
    expect(seen.length).toBeGreaterThan(0);
    for (const { labels } of seen)
      expect(labels).toMatchObject({
        reporter: 'destination',
        source_principal: 'unknown',
        source_canonical_revision: 'latest',
        source_workload_namespace: 'unknown',
        connection_security_policy: 'none',
      });
  });

  it('leave code, flags, policy and protocol off the gRPC message counters', () => {
    const messages = [...mesh.series()].filter((s) => s.metric === 'istio_request_messages_total');
    expect(messages.length).toBeGreaterThan(10);
    for (const { labels } of messages)
      for (const name of ['response_code', 'grpc_response_status', 'response_flags', 'connection_security_policy', 'request_protocol'])
        expect(labels).not.toHaveProperty(name);
  });

  it('know an endpoint without a proxy by its workload only', () => {
    const ledger = [...mesh.series()].filter(
      (s) => s.metric === 'istio_requests_total' && s.labels['destination_service_name'] === 'ledger',
    );
    expect(new Set(ledger.map((s) => s.labels['reporter']))).toEqual(new Set(['source']));
    expect(ledger[0]?.labels).toMatchObject({
      destination_workload: 'ledger',
      destination_workload_namespace: 'legacy',
      destination_canonical_service: 'ledger',
      destination_app: 'unknown',
      destination_principal: 'unknown',
    });
  });
});

describe('counters', () => {
  beforeEach(() => {
    mesh = new TestMesh();
  });
  afterEach(() => {
    mesh.close();
  });

  it('are whole, monotone, and consistent within their histograms', () => {
    const seen = new Map<string, number>();
    const faults: string[] = [];
    const key = (s: SeenSeries): string => [s.metric, s.le, ...Object.values(s.labels), ...Object.values(s.targetLabels)].join('|');
    for (let i = 0; i < 3; i++) {
      mesh.advance(10);
      const counts = new Map<string, number>();
      const bounds = new Map<string, number[]>();
      for (const s of mesh.series()) {
        if (!/^istio_/.test(s.metric) || s.metric.endsWith('_sum') || s.metric === 'istio_build') continue;
        const series = key(s);
        if (!Number.isInteger(s.value) || s.value < (seen.get(series) ?? 0))
          faults.push(`${series} = ${s.value} after ${seen.get(series) ?? 0}`);
        seen.set(series, s.value);
        const id = [s.metric.replace(/_(?:bucket|count)$/, ''), ...Object.values(s.labels), ...Object.values(s.targetLabels)].join('|');
        if (s.metric.endsWith('_count')) counts.set(id, s.value);
        if (s.le !== null) bounds.set(id, [...(bounds.get(id) ?? []), s.value]);
      }
      for (const [id, values] of bounds) {
        if (values.some((v, k) => v < (values[k - 1] ?? 0)) || values[values.length - 1] !== counts.get(id))
          faults.push(`${id}: ${values.join(',')}`);
      }
    }
    expect(faults).toEqual([]);
    expect(seen.size).toBeGreaterThan(5000);
  });

  it('begin at zero in a new pod', () => {
    mesh.advance(60);
    const pod = mesh.store.list('pods', 'bookinfo').find((p) => p.metadata.labels?.['app'] === 'details');
    const old = mesh.total('istio_requests_total', { pod: pod?.metadata.name ?? '' });
    expect(old).toBeGreaterThan(500);
    mesh.store.remove('pods', 'bookinfo', pod?.metadata.name ?? '');
    mesh.advance(15);
    expect(mesh.total('istio_requests_total', { pod: pod?.metadata.name ?? '' })).toBe(0);
    const fresh = mesh.store.list('pods', 'bookinfo').find((p) => p.metadata.labels?.['app'] === 'details');
    expect(fresh?.metadata.name).not.toBe(pod?.metadata.name);
    const counted = mesh.total('istio_requests_total', { pod: fresh?.metadata.name ?? '', reporter: 'destination' });
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThan(old / 2);
  });

  it('do not depend on how time is cut into ticks, beyond the load of the moment', () => {
    const other = new TestMesh();
    mesh.advance(60);
    for (let i = 0; i < 60; i++) {
      other.nowMs += 1000;
      other.engine.tick(other.nowMs);
    }
    const a = mesh.total('istio_requests_total', { reporter: 'source' });
    const b = other.total('istio_requests_total', { reporter: 'source' });
    expect(Math.abs(a - b) / a).toBeLessThan(0.01);
    other.close();
  });
});
