// ListenerSets add listeners to a Gateway that allows them; BackendTLSPolicies set TLS to services. In small meshes of our own.
import { describe, expect, it } from 'vitest';
import type { RouteDecision } from '../../model/routing';
import { effectiveDestinationRule } from './destination-rule';
import { evaluateMtls } from './mtls';
import { evaluateRoute } from './route';
import { callerOf, meshOf, podNamed, requestOf } from './test-mesh';

const SERVICES = ['a', 'b']
  .map((name) => `kind: Service\nmetadata: {name: ${name}}\nspec: {ports: {http: 80, tls-web: 443}}\n---\n`)
  .join('');
const brief = (decision: RouteDecision): string =>
  decision.outcome === 'route'
    ? decision.destinations.map(({ host }) => host.split('.')[0] ?? '').join()
    : `${decision.outcome}${'status' in decision ? ` ${decision.status}` : ''}`;

describe('ListenerSets', () => {
  const gateway = (allowed: string): string =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web}\nspec:\n  gatewayClassName: istio\n  ${allowed}\n  listeners: [{name: http, port: 80, protocol: HTTP, hostname: own.org}]\n---\n`;
  const set = `kind: ListenerSet\nmetadata: {name: more}\nspec: {parentRef: {name: web}, listeners: [{name: http, port: 80, protocol: HTTP, hostname: more.org}]}\n---\n`;
  const route = (kind: string, name: string, backend: string): string =>
    `kind: HTTPRoute\nmetadata: {name: ${name}}\nspec: {parentRefs: [{kind: ${kind}, name: ${name}}], rules: [{backendRefs: [{name: ${backend}, port: 80}]}]}\n---\n`;
  const caller = callerOf({ mode: 'gateway', podLabels: { 'gateway.networking.k8s.io/gateway-name': 'web' } });
  const ask = (allowed: string, host: string): string =>
    brief(
      evaluateRoute(
        meshOf(SERVICES + gateway(allowed) + set + route('Gateway', 'web', 'a') + route('ListenerSet', 'more', 'b')),
        requestOf(host, { caller }),
      ),
    );
  const ALLOWED = 'allowedListeners: {namespaces: {from: Same}}';

  it('take the routes that name them, and the Gateway those that name it', () => {
    expect(ask(ALLOWED, 'own.org')).toBe('a');
    expect(ask(ALLOWED, 'more.org')).toBe('b');
  });

  it('are none of a Gateway that does not allow them, which is the default', () => {
    expect(ask('', 'own.org')).toBe('a');
    expect(ask('', 'more.org')).toBe('noRoute 404');
  });
});

describe('BackendTLSPolicies', () => {
  const policy = (refs: string): string =>
    `kind: BackendTLSPolicy\nmetadata: {name: tls, age: 5}\nspec: {targetRefs: [${refs}], validation: {hostname: a.example.com}}\n---\n`;
  const ref = (name: string, section?: string): string =>
    `{group: "", kind: Service, name: ${name}${section === undefined ? '' : `, sectionName: ${section}`}}`;
  const tlsOf = (yaml: string, port: number) =>
    effectiveDestinationRule(meshOf(SERVICES + yaml), 'default', {}, 'a.default.svc.cluster.local')?.policyFor(null, port).tls ?? null;

  it('are TLS settings of a DestinationRule, and name themselves', () => {
    expect(tlsOf(policy(ref('a')), 80)).toMatchObject({ mode: 'SIMPLE', pointer: { kind: 'BackendTLSPolicy', name: 'tls' } });
    expect(tlsOf(policy(ref('b')), 80)).toBeNull();
  });

  it('are for one port where they say its name, and for none of a name that no port has', () => {
    const yaml = policy(`${ref('a', 'tls-web')}, ${ref('a', 'gone')}`);
    expect(tlsOf(yaml, 443)).toMatchObject({ mode: 'SIMPLE' });
    expect(tlsOf(yaml, 80)).toBeNull();
  });

  it('give way to an older DestinationRule with a policy, and add to one without', () => {
    const rule = (spec: string): string => `kind: DestinationRule\nmetadata: {name: a, age: 1}\nspec: {host: a${spec}}\n---\n`;
    expect(tlsOf(rule(', trafficPolicy: {tls: {mode: DISABLE}}') + policy(ref('a')), 80)).toMatchObject({ mode: 'DISABLE' });
    expect(tlsOf(rule(', subsets: [{name: v1}]') + policy(ref('a')), 80)).toMatchObject({ mode: 'SIMPLE' });
  });

  it('decide what the client offers, which STRICT servers refuse', () => {
    const strict = `kind: PeerAuthentication\nmetadata: {name: default}\nspec: {mtls: {mode: STRICT}}\n---\n`;
    const index = meshOf(`${SERVICES}${policy(ref('a'))}${strict}kind: Pod\nmetadata: {name: a, labels: {app: a}}\n`);
    const outcome = evaluateMtls(
      index,
      callerOf(),
      { host: 'a.default.svc.cluster.local', subset: null, port: 443 },
      podNamed(index, 'default/a'),
    );
    expect(outcome).toMatchObject({ clientMode: 'tls', result: 'fails', clientDecidedBy: { kind: 'BackendTLSPolicy' } });
    expect(outcome.why).toContain('BackendTLSPolicy default/tls');
  });
});
