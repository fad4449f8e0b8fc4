// Mutual TLS: what the server demands, what the client sends, what comes of both.
import { describe, expect, it } from 'vitest';
import type { Caller, MtlsOutcome } from '../../model/routing';
import { evaluateMtls, serverMtlsMode } from './mtls';
import { callerOf, meshOf, podNamed } from './test-mesh';

const WORLD = `
kind: Service
metadata: {name: web}
spec: {ports: {http: [80, 8080], raw: [81, 8081]}}
---
kind: Service
metadata: {name: db}
spec: {headless: true, ports: {tcp: 5432}}
---
kind: ServiceEntry
metadata: {name: ext}
spec: {hosts: [ext.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}
---
kind: Pod
metadata: {name: web-1, labels: {app: web}}
---
kind: Pod
metadata: {name: bare, labels: {app: web}}
spec: {mesh: none}
---
kind: Pod
metadata: {name: zt, labels: {app: web}}
spec: {mesh: ambient}
---
kind: Pod
metadata: {name: db-1, labels: {app: db}}
---
`;
const pa = (meta: string, spec: string): string => `kind: PeerAuthentication\nmetadata: ${meta}\nspec: ${spec}\n---\n`;
const dr = (tls: string): string =>
  `kind: DestinationRule\nmetadata: {name: d}\nspec: {host: web, trafficPolicy: {tls: {mode: ${tls}}}}\n---\n`;
const mode = (name: string): string => `{mtls: {mode: ${name}}}`;

describe('what the server demands', () => {
  const demand = (yaml: string, port = 8080): string => {
    const { mode: found, decidedBy } = serverMtlsMode(meshOf(yaml), { namespace: 'default', labels: { app: 'web' } }, port);
    return `${found} ${decidedBy === null ? '-' : `${decidedBy.name} ${decidedBy.path}`}`;
  };
  const mesh = pa('{name: m, namespace: istio-system}', mode('STRICT'));
  const ns = pa('{name: n}', mode('DISABLE'));
  const workload = (spec: string): string => pa('{name: w}', `{selector: {matchLabels: {app: web}}, ${spec}}`);

  it.each([
    ['by default', '', 'PERMISSIVE -'],
    ['mesh', mesh, 'STRICT m spec.mtls'],
    ['namespace over mesh', mesh + ns, 'DISABLE n spec.mtls'],
    ['workload over namespace', mesh + ns + workload('mtls: {mode: PERMISSIVE}'), 'PERMISSIVE w spec.mtls'],
    ['port over workload', workload('mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}'), 'DISABLE w spec.portLevelMtls.8080'],
    ['another port', workload('mtls: {mode: STRICT}, portLevelMtls: {"9": {mode: DISABLE}}'), 'STRICT w spec.mtls'],
    ['UNSET inherits', mesh + pa('{name: n}', mode('UNSET')), 'STRICT m spec.mtls'],
    ['without mtls inherits', mesh + pa('{name: n}', '{}'), 'STRICT m spec.mtls'],
    ['UNSET port inherits the workload', workload('mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: UNSET}}'), 'STRICT w spec.mtls'],
    ['the oldest of a level', pa('{name: z, age: 1}', mode('STRICT')) + pa('{name: a, age: 2}', mode('DISABLE')), 'STRICT z spec.mtls'],
    [
      'a selector in the root namespace is ignored',
      pa('{name: r, namespace: istio-system}', `{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}`),
      'PERMISSIVE -',
    ],
    ['ports without a selector are ignored', pa('{name: n}', '{portLevelMtls: {"8080": {mode: STRICT}}}'), 'PERMISSIVE -'],
    ['another namespace', pa('{name: n, namespace: far}', mode('STRICT')), 'PERMISSIVE -'],
  ])('%s', (_, yaml, expected) => expect(demand(yaml)).toBe(expected));
});

describe('what comes of it', () => {
  const ask = (yaml: string, server: string | null, caller: Partial<Caller> = {}, host = 'web', port = 80, mesh = {}): MtlsOutcome => {
    const index = meshOf(WORLD + yaml, mesh);
    const fqdn = host.includes('.') ? host : `${host}.default.svc.cluster.local`;
    return evaluateMtls(
      index,
      callerOf(caller),
      { host: fqdn, subset: null, port },
      server === null ? null : podNamed(index, `default/${server}`),
    );
  };
  const strict = pa('{name: n}', mode('STRICT'));
  const disable = pa('{name: n}', mode('DISABLE'));

  it.each<[string, MtlsOutcome, string]>([
    ['sidecar to sidecar', ask('', 'web-1'), 'istioMutual mutualTls'],
    ['sidecar to sidecar, STRICT', ask(strict, 'web-1'), 'istioMutual mutualTls'],
    ['sidecar to sidecar, DISABLE', ask(disable, 'web-1'), 'plaintext plaintext'],
    [
      'workload DISABLE is known to the client',
      ask(pa('{name: w}', '{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}'), 'web-1'),
      'plaintext plaintext',
    ],
    [
      'namespace DISABLE, workload STRICT: the client believes the namespace',
      ask(disable + pa('{name: w}', '{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}'), 'web-1'),
      'plaintext fails',
    ],
    ['sidecar to a pod without proxy', ask('', 'bare'), 'plaintext plaintext'],
    ['sidecar to a pod without proxy, STRICT does not matter', ask(strict, 'bare'), 'plaintext plaintext'],
    ['no proxy to sidecar', ask('', 'web-1', { mode: 'none' }), 'plaintext plaintext'],
    ['no proxy to sidecar, STRICT', ask(strict, 'web-1', { mode: 'none' }), 'plaintext fails'],
    ['rule DISABLE to STRICT', ask(strict + dr('DISABLE'), 'web-1'), 'plaintext fails'],
    ['rule ISTIO_MUTUAL to a pod without proxy', ask(dr('ISTIO_MUTUAL'), 'bare'), 'istioMutual fails'],
    ['rule ISTIO_MUTUAL to DISABLE', ask(disable + dr('ISTIO_MUTUAL'), 'web-1'), 'istioMutual fails'],
    ['rule SIMPLE to STRICT', ask(strict + dr('SIMPLE'), 'web-1'), 'tls fails'],
    ['rule SIMPLE to PERMISSIVE', ask(dr('SIMPLE'), 'web-1', {}, 'web', 81), 'tls tls'],
    ['rule SIMPLE to DISABLE', ask(disable + dr('SIMPLE'), 'web-1', {}, 'web', 81), 'tls tls'],
    ['rule SIMPLE to STRICT, whatever the port speaks', ask(strict + dr('SIMPLE'), 'web-1', {}, 'web', 81), 'tls fails'],
    ['rule SIMPLE to a port that is read as HTTP', ask(dr('SIMPLE'), 'web-1'), 'tls fails'],
    ['rule SIMPLE to a pod that ends TLS itself', ask(dr('SIMPLE'), 'bare'), 'tls tls'],
    ['rules of the client do not act without its proxy', ask(dr('ISTIO_MUTUAL'), 'web-1', { mode: 'none' }), 'plaintext plaintext'],
    ['automatic mutual TLS off', ask(strict, 'web-1', {}, 'web', 80, { autoMtls: false }), 'plaintext fails'],
    ['external host', ask('', null, {}, 'ext.com'), 'plaintext plaintext'],
    ['host that nobody knows, to a STRICT pod', ask(strict, 'web-1', {}, 'web-1.pod'), 'plaintext fails'],
    ['headless, all with proxies', ask('', 'db-1', {}, 'db', 5432), 'istioMutual mutualTls'],
    [
      'headless, one without',
      ask('kind: Pod\nmetadata: {name: db-2, labels: {app: db}}\nspec: {mesh: none}\n---\n', 'db-1', {}, 'db', 5432),
      'plaintext plaintext',
    ],
    [
      'the address that was dialled is kept, and one endpoint has no proxy',
      ask(
        'kind: DestinationRule\nmetadata: {name: d}\nspec: {host: web, trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}}\n---\n',
        'web-1',
      ),
      'plaintext plaintext',
    ],
    [
      'port-level mode of the container port',
      ask(pa('{name: w}', '{selector: {matchLabels: {app: web}}, portLevelMtls: {"8080": {mode: STRICT}}}'), 'web-1', { mode: 'none' }),
      'plaintext fails',
    ],
    [
      'not that of the service port',
      ask(pa('{name: w}', '{selector: {matchLabels: {app: web}}, portLevelMtls: {"80": {mode: STRICT}}}'), 'web-1', { mode: 'none' }),
      'plaintext plaintext',
    ],
    [
      'port-level mode of a container port that the service names',
      ask(
        'kind: Service\nmetadata: {name: named}\nspec: {ports: {http: [80, http-web]}, selector: {app: n}}\n---\nkind: Pod\nmetadata: {name: n-1, labels: {app: n}}\nspec: {ports: {http-web: 8081}}\n---\n' +
          pa('{name: w}', '{selector: {matchLabels: {app: n}}, portLevelMtls: {"8081": {mode: STRICT}}}'),
        'n-1',
        { mode: 'none' },
        'named',
      ),
      'plaintext fails',
    ],
    ['ambient to a sidecar that takes no HBONE', ask('', 'web-1', { mode: 'ambient' }), 'plaintext plaintext'],
    ['the same, STRICT', ask(strict, 'web-1', { mode: 'ambient' }), 'plaintext fails'],
    [
      'ambient to a sidecar that takes HBONE',
      ask(`kind: Pod\nmetadata: {name: hbone, labels: {app: web, networking.istio.io/tunnel: http}}\n---\n${strict}`, 'hbone', {
        mode: 'ambient',
      }),
      'istioMutual mutualTls',
    ],
    ['ambient to ambient', ask(strict, 'zt', { mode: 'ambient' }), 'istioMutual mutualTls'],
    [
      'ambient, DISABLE is only "not strict"',
      ask(pa('{name: w}', '{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}'), 'zt', { mode: 'ambient' }),
      'istioMutual mutualTls',
    ],
    ['no proxy to ambient, STRICT', ask(strict, 'zt', { mode: 'none' }), 'plaintext fails'],
  ])('%s', (_, outcome, expected) => expect(`${outcome.clientMode} ${outcome.result}`).toBe(expected));

  it('names both deciders', () => {
    const outcome = ask(strict + dr('DISABLE'), 'web-1');
    expect([outcome.serverDecidedBy?.kind, outcome.clientDecidedBy?.path, outcome.serverMode]).toEqual([
      'PeerAuthentication',
      'spec.trafficPolicy.tls',
      'STRICT',
    ]);
    expect(outcome.why).toContain('STRICT');
  });
});
