// TCP and TLS routes.
import { describe, expect, it } from 'vitest';
import type { RouteDecision, RouteRequest } from '../../model/routing';
import { evaluateRoute } from './route';
import { callerOf, meshOf, requestOf } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: mongo}
spec: {ports: {mongo: 27017}, clusterIp: 10.9.0.1}
---
kind: Service
metadata: {name: mongo2}
spec: {ports: {tcp: 27018}}
---
kind: Service
metadata: {name: web}
spec: {ports: {http: 80, any: 81}}
---
kind: ServiceEntry
metadata: {name: google}
spec:
  hosts: ["*.googleapis.com", api.example.com]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: NONE
---
kind: Pod
metadata: {name: mongo-1, labels: {app: mongo}}
---
kind: Pod
metadata: {name: mongo2-1, labels: {app: mongo2}}
`;

const route = (yaml: string, host: string, parts: Partial<RouteRequest>): RouteDecision =>
  evaluateRoute(meshOf(`${WORLD}---\n${yaml}`), requestOf(host, parts));
const hosts = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map((d) => `${d.clusterName}=${d.share}`).join(' ')
    : 'status' in decision
      ? `${decision.outcome} ${decision.status}`
      : decision.outcome;
const tcpVs = (tcp: string): string => `kind: VirtualService\nmetadata: {name: x}\nspec:\n  hosts: [mongo]\n  tcp: ${tcp}\n`;

describe('TCP', () => {
  const ask = (tcp: string): string => hosts(route(tcp === '' ? '' : tcpVs(tcp), 'mongo', { port: 27017, protocol: 'tcp' }));
  const own = 'outbound|27017||mongo.default.svc.cluster.local=1';
  const second = 'outbound|27018||mongo2.default.svc.cluster.local';

  it.each([
    ['', own],
    ['[{route: [{destination: {host: mongo2}}]}]', `${second}=1`],
    [
      '[{route: [{destination: {host: mongo}, weight: 20}, {destination: {host: mongo2}, weight: 80}]}]',
      `${own.replace('=1', '=0.2')} ${second}=0.8`,
    ],
    ['[{match: [{port: 1}], route: [{destination: {host: mongo2}}]}]', own],
    ['[{match: [{sourceLabels: {app: client}}], route: [{destination: {host: mongo2}}]}]', `${second}=1`],
    // Unlike HTTP, `gateways` and the source are both asked.
    ['[{match: [{gateways: [mesh], sourceLabels: {app: x}}], route: [{destination: {host: mongo2}}]}]', own],
    ['[{match: [{destinationSubnets: [10.9.0.0/24]}], route: [{destination: {host: mongo2}}]}]', `${second}=1`],
    ['[{match: [{destinationSubnets: [10.8.0.0/24]}], route: [{destination: {host: mongo2}}]}]', own],
  ])('%s', (tcp, expected) => expect(ask(tcp)).toBe(expected));

  it('takes the only port of a destination, and has no retries', () =>
    expect(route(tcpVs('[{route: [{destination: {host: mongo2}}]}]'), 'mongo', { port: 27017, protocol: 'tcp' })).toMatchObject({
      retries: { attempts: 0 },
      rule: { path: 'spec.tcp[0]' },
    }));

  it('is refused by the HTTP codec of an HTTP port, taken by a port of unknown protocol', () => {
    expect(hosts(route('', 'web', { port: 80, protocol: 'tcp' }))).toBe('noRoute 400');
    expect(hosts(route('', 'web', { port: 81, protocol: 'tcp' }))).toBe('outbound|81||web.default.svc.cluster.local=1');
    expect(hosts(route('', 'web', { port: 81 }))).toBe('outbound|81||web.default.svc.cluster.local=1');
  });

  it('carries HTTP through a TCP port as bytes', () =>
    expect(route(tcpVs('[{route: [{destination: {host: mongo2}}]}]'), 'mongo', { port: 27017 })).toMatchObject({
      rule: { path: 'spec.tcp[0]' },
    }));
});

describe('opaque TLS', () => {
  const ask = (yaml: string, host: string): string => hosts(route(yaml, host, { port: 443, protocol: 'tls', scheme: 'https' }));
  const rules = `
kind: VirtualService
metadata: {name: x}
spec:
  hosts: ["*.googleapis.com"]
  tls:
  - {match: [{sniHosts: ["*.googleapis.com"]}], route: [{destination: {host: mongo2, port: {number: 27018}}}]}
  - {match: [{sniHosts: [storage.googleapis.com]}], route: [{destination: {host: api.example.com}}]}
`;

  it('goes to the host of its server name', () => {
    expect(ask('', 'api.example.com')).toBe('outbound|443||api.example.com=1');
    expect(ask('', 'maps.googleapis.com')).toBe('outbound|443||*.googleapis.com=1');
    expect(ask('', 'other.com')).toBe('passthrough');
  });

  it('takes the rule with the most specific server name, not the first', () => {
    expect(ask(rules, 'maps.googleapis.com')).toContain('mongo2');
    expect(ask(rules, 'storage.googleapis.com')).toBe('outbound|443||api.example.com=1');
  });

  it('is what a sidecar sees of https', () =>
    expect(hosts(route('', 'api.example.com', { port: 443, scheme: 'https' }))).toBe('outbound|443||api.example.com=1'));

  it('that no tls rule names is unknown where tls rules exist', () => {
    const narrow = rules.replace('"*.googleapis.com"]}]', 'a.googleapis.com]}]');
    expect(ask(narrow, 'maps.googleapis.com')).toBe('passthrough');
  });
});

describe('ServiceEntry, ExternalName, headless', () => {
  it('an external host has no pods', () =>
    expect(route('', 'api.example.com', { port: 443, protocol: 'tls' })).toMatchObject({
      destinations: [{ endpoints: null, state: 'ok' }],
    }));

  it('STATIC without endpoints is empty; with a workloadSelector it has the pods', () => {
    const entry = (spec: string): string =>
      `kind: ServiceEntry\nmetadata: {name: s}\nspec: {hosts: [s.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, ${spec}}`;
    const ask = (spec: string): RouteDecision => route(entry(spec), 's.com', {});
    expect(ask('endpoints: []')).toMatchObject({ destinations: [{ state: 'empty', endpoints: null }] });
    expect(ask('endpoints: [{address: 1.2.3.4}]')).toMatchObject({ destinations: [{ state: 'ok', endpoints: null }] });
    expect(ask('workloadSelector: {labels: {app: mongo}}')).toMatchObject({ destinations: [{ endpoints: ['default/mongo-1'] }] });
  });

  it('is seen only where it is exported', () => {
    const entry =
      'kind: ServiceEntry\nmetadata: {name: s, namespace: far}\nspec: {hosts: [s.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS, exportTo: ["."]}';
    expect(route(entry, 's.com', {}).outcome).toBe('passthrough');
    expect(route(entry, 's.com', { caller: callerOf({ namespace: 'far' }) }).outcome).toBe('route');
  });

  it('ExternalName stands for the host of another service, or for none', () => {
    const alias = (target: string): string => `kind: Service\nmetadata: {name: alias}\nspec: {externalName: ${target}, ports: {http: 80}}`;
    expect(hosts(route(alias('web.default.svc.cluster.local'), 'alias', {}))).toBe('outbound|80||web.default.svc.cluster.local=1');
    expect(route(alias('nowhere.org'), 'alias', {}).outcome).toBe('passthrough');
  });

  it('headless services answer to the names of their pods', () => {
    const yaml = 'kind: Service\nmetadata: {name: db}\nspec: {headless: true, ports: {http: 80}, selector: {app: mongo}}';
    expect(route(yaml, 'db-0.db.default.svc.cluster.local', {})).toMatchObject({ virtualHost: '*.db.default.svc.cluster.local' });
    expect(hosts(route(yaml, 'db-0.db', {}))).toBe('outbound|80||db.default.svc.cluster.local=1');
  });
});
