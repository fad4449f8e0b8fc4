// Sidecar resources: what a workload imports and what its routes become.
import { describe, expect, it } from 'vitest';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: a}
spec: {ports: {http: 80}}
---
kind: Service
metadata: {name: b, namespace: far}
spec: {ports: {http: 80, alt: 8080}}
---
kind: Service
metadata: {name: c, namespace: third}
spec: {ports: {http: 80}}
---
`;
const sidecar = (spec: string, meta = '{name: s}'): string => `kind: Sidecar\nmetadata: ${meta}\nspec: ${spec}\n---\n`;
const reach = (yaml: string, host: string, port = 80, labels: Record<string, string> = {}): string =>
  evaluateRoute(meshOf(WORLD + yaml), requestOf(host, { port, caller: callerOf({ podLabels: labels }) })).outcome;

it.each([
  ['./*', 'a', 'route'],
  ['./*', 'b.far', 'passthrough'],
  ['far/*', 'b.far', 'route'],
  ['*/b.far.svc.cluster.local', 'b.far', 'route'],
  ['far/b.far.svc.cluster.local', 'c.third', 'passthrough'],
  ['*/*.svc.cluster.local', 'c.third', 'route'],
  ['~/*', 'a', 'passthrough'],
])('egress %s lets %s be %s', (entry, host, expected) => expect(reach(sidecar(`{egress: [{hosts: ["${entry}"]}]}`), host)).toBe(expected));

it('exclusions win', () => {
  const yaml = sidecar('{egress: [{hosts: ["*/*", "~far/*"]}]}');
  expect(reach(yaml, 'b.far')).toBe('passthrough');
  expect(reach(yaml, 'c.third')).toBe('route');
});

it('a listener with a port is for that port only', () => {
  const yaml = sidecar('{egress: [{port: {number: 8080}, hosts: ["far/*"]}, {hosts: ["./*"]}]}');
  expect(reach(yaml, 'b.far', 8080)).toBe('route');
  expect(reach(yaml, 'b.far', 80)).toBe('passthrough');
  expect(reach(sidecar('{egress: [{port: {number: 8080}, hosts: ["far/*"]}]}'), 'a')).toBe('passthrough');
});

it('is chosen by selector, then namespace, then root namespace', () => {
  const none = '{egress: [{hosts: ["~/*"]}]}';
  const root = sidecar(none, '{name: r, namespace: istio-system}');
  const own = sidecar('{egress: [{hosts: ["./*"]}]}', '{name: n}');
  const mine = sidecar('{workloadSelector: {labels: {app: x}}, egress: [{hosts: ["far/*"]}]}', '{name: w}');
  expect(reach(root, 'a')).toBe('passthrough');
  expect(reach(root + own, 'a')).toBe('route');
  expect(reach(root + own + mine, 'b.far', 80, { app: 'x' })).toBe('route');
  expect(reach(root + own + mine, 'b.far', 80, { app: 'y' })).toBe('passthrough');
});

it('sets the policy for unknown hosts; a policy without a mode is REGISTRY_ONLY', () => {
  expect(reach(sidecar('{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'), 'x.org')).toBe('blackHole');
  expect(reach(sidecar('{outboundTrafficPolicy: {}}'), 'x.org')).toBe('blackHole');
  expect(reach(sidecar('{outboundTrafficPolicy: {mode: ALLOW_ANY}}'), 'x.org')).toBe('passthrough');
});

describe('routes', () => {
  const vs =
    'kind: VirtualService\nmetadata: {name: v, namespace: third}\nspec: {hosts: [b.far.svc.cluster.local], http: [{directResponse: {status: 418}}]}\n---\n';
  it('are imported by the namespace of the VirtualService', () => {
    expect(reach(vs, 'b.far')).toBe('directResponse');
    expect(reach(vs + sidecar('{egress: [{hosts: ["far/*"]}]}'), 'b.far')).toBe('route');
    expect(reach(vs + sidecar('{egress: [{hosts: ["far/*", "third/*"]}]}'), 'b.far')).toBe('directResponse');
  });

  it('reach destinations that are not imported', () => {
    const routed = vs.replace('directResponse: {status: 418}', 'route: [{destination: {host: c}}]');
    const decision = evaluateRoute(
      meshOf(WORLD + routed + sidecar('{egress: [{hosts: ["far/*", "third/b.far.svc.cluster.local"]}]}')),
      requestOf('b.far'),
    );
    expect(decision).toMatchObject({ destinations: [{ host: 'c.third.svc.cluster.local', state: 'empty' }] });
  });
});
