// Tests of charts/heddle: what it renders is valid for its schema, for Kubernetes and for the console itself, and its rights are exactly
// those that the console needs. The rights' files are written by `npx vitest run server/testing/chart -u`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { startTestCluster, type TestCluster } from '../../../sim/kubernetes/fixtures/small-cluster';
import { ConfigError, decodeConfig } from '../../config';
import { buildEditRules, buildJournalRules, buildRootNamespaceRules, buildViewRules, type PolicyRule } from '../../kubernetes/rbac';
import { CONFIG_RESOURCES } from '../../kubernetes/resources';
import { checkValues, type RenderedChart, renderChart } from './render-chart';

type Values = Readonly<Record<string, unknown>>;
const ROOT = join(import.meta.dirname, '../../..');
const CHART = join(ROOT, 'charts/heddle');

const isRecord = (x: unknown): x is Values => typeof x === 'object' && x !== null && !Array.isArray(x);
const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (of, key) => (isRecord(of) ? of[key] : Array.isArray(of) ? (of as readonly unknown[])[Number(key)] : undefined),
    value,
  );
const readExample = (name: string): Values => {
  const values: unknown = parse(readFileSync(join(CHART, 'examples', name), 'utf8'));
  if (!isRecord(values)) throw new Error(`${name} is no map`);
  return values;
};
const EXAMPLES: readonly (readonly [string, Values])[] = [
  ['default', {}],
  ...readdirSync(join(CHART, 'examples')).map((name) => [name, readExample(name)] as const),
];
const find = (chart: RenderedChart, kind: string): Values => {
  const found = chart.objects.find((object) => object['kind'] === kind);
  if (!found) throw new Error(`the chart renders no ${kind}`);
  return found;
};
const container = (chart: RenderedChart): unknown => at(find(chart, 'Deployment'), 'spec', 'template', 'spec', 'containers', 0);
const environment = (chart: RenderedChart): Readonly<Record<string, string>> => {
  const list = at(container(chart), 'env');
  return Object.fromEntries(
    (Array.isArray(list) ? list : []).map((each: unknown) => [
      String(at(each, 'name')),
      // Long enough for a session key.
      at(each, 'valueFrom') === undefined ? String(at(each, 'value')) : 'a-secret-of-thirty-two-characters-or-more',
    ]),
  );
};

describe.each(EXAMPLES)('the chart with values %s', (_name, values) => {
  const chart = renderChart(CHART, values);

  it('gives the console a configuration that it takes', () => {
    const file = at(find(chart, 'ConfigMap'), 'data', 'heddle.yaml');
    let faults: readonly string[] = [];
    try {
      decodeConfig(String(file), environment(chart), '/');
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // The files are mounted in the pod only.
      faults = error.faults.filter((fault) => !fault.includes('expected a file that exists'));
    }
    expect(faults).toEqual([]);
  });

  it('probes, scrapes and routes below the base path, with the scheme of the pod', () => {
    const base = String(chart.values['basePath']);
    const prefix = base === '/' ? '' : base;
    const scheme = at(chart.values, 'tls', 'secretName') === '' ? 'HTTP' : 'HTTPS';
    for (const [probe, path] of [
      ['startupProbe', 'live'],
      ['livenessProbe', 'live'],
      ['readinessProbe', 'ready'],
    ] as const)
      expect(at(container(chart), probe, 'httpGet')).toEqual({ path: `${prefix}/api/health/${path}`, port: 'web', scheme });
    expect(environment(chart)).toMatchObject({ HEDDLE_SERVER_BASE_PATH: base, HEDDLE_SERVER_HOST: '0.0.0.0' });
    expect(at(find(chart, 'Service'), 'spec', 'ports', 0)).toMatchObject({ name: scheme.toLowerCase(), targetPort: 'web' });
    const ingress = chart.objects.find((object) => object['kind'] === 'Ingress');
    if (ingress) {
      const path = at(ingress, 'spec', 'rules', 0, 'http', 'paths', 0);
      expect(path).toMatchObject({ path: base, backend: { service: { name: 'heddle', port: { name: scheme.toLowerCase() } } } });
      expect(environment(chart)['HEDDLE_SERVER_PUBLIC_URLS']).toBe(`https://${String(at(ingress, 'spec', 'rules', 0, 'host'))}${prefix}`);
    }
    const monitor = chart.objects.find((object) => object['kind'] === 'ServiceMonitor');
    if (monitor) expect(at(monitor, 'spec', 'endpoints', 0, 'path')).toBe(`${prefix}/metrics`);
  });

  it('runs without rights on its node', () => {
    expect(at(container(chart), 'securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const pod = at(find(chart, 'Deployment'), 'spec', 'template', 'spec');
    expect(at(pod, 'securityContext')).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } });
    expect(at(pod, 'enableServiceLinks')).toBe(false);
    expect(at(container(chart), 'volumeMounts')).toEqual(expect.arrayContaining([{ name: 'tmp', mountPath: '/tmp' }]));
    // No secret is ever written out.
    expect(chart.objects.map((object) => object['kind'])).not.toContain('Secret');
  });

  it('mounts only what it declares, and spreads its pods by their labels', () => {
    const pod = at(find(chart, 'Deployment'), 'spec', 'template', 'spec');
    const names = (list: unknown): string[] => (Array.isArray(list) ? list.map((each: unknown) => String(at(each, 'name'))).sort() : []);
    expect(names(at(container(chart), 'volumeMounts'))).toEqual(names(at(pod, 'volumes')));
    const labels = at(find(chart, 'Deployment'), 'spec', 'template', 'metadata', 'labels');
    for (const selector of [
      at(find(chart, 'Deployment'), 'spec', 'selector', 'matchLabels'),
      at(find(chart, 'Service'), 'spec', 'selector'),
      at(find(chart, 'NetworkPolicy'), 'spec', 'podSelector', 'matchLabels'),
      at(pod, 'topologySpreadConstraints', 0, 'labelSelector', 'matchLabels'),
    ])
      expect(labels).toMatchObject(selector as object);
  });
});

describe('recording rules', () => {
  it('are installed where they are wanted, as they are shipped', () => {
    expect(renderChart(CHART, {}).objects.map((object) => object['kind'])).not.toContain('PrometheusRule');
    const chart = renderChart(CHART, { recordingRules: { enabled: true, labels: { release: 'prometheus' } } });
    const object = find(chart, 'PrometheusRule');
    expect(at(object, 'spec')).toEqual(parse(readFileSync(join(CHART, 'files/recording-rules.yaml'), 'utf8')));
    expect(at(object, 'metadata', 'labels', 'release')).toBe('prometheus');
  });
});

describe('values', () => {
  it.each<readonly [string, Values, RegExp]>([
    ['an unknown name', { replica: 2 }, /replica/],
    ['a base path that is none', { basePath: 'console' }, /basePath/],
    ['a setting of no group', { config: { promtheus: {} } }, /config/],
    ['a secret in clear', { secrets: { HEDDLE_AUTH_SESSION_KEYS: 'abc' } }, /secrets/],
    ['a port that is none', { service: { port: 0 } }, /port/],
  ])('refuse %s', (_name, values, why) => {
    expect(() => renderChart(CHART, values)).toThrow(why);
  });

  it('hold their own schema, with nothing in it that values.yaml does not explain', () => {
    const values: unknown = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
    expect(checkValues(CHART, values)).toEqual([]);
    const schema: unknown = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
    const missing = (properties: unknown, known: unknown, path: string): string[] =>
      Object.entries(isRecord(properties) ? properties : {}).flatMap(([name, property]) =>
        !isRecord(known) || !(name in known)
          ? [path + name]
          : path + name === 'config'
            ? []
            : missing(at(property, 'properties'), known[name], `${path}${name}.`),
      );
    expect(missing(at(schema, 'properties'), values, '')).toEqual(['global']);
  });

  it('of two replicas with a login demand common session keys', () => {
    const login = { replicas: 2, config: { auth: { strategy: 'token' } } };
    expect(() => renderChart(CHART, login)).toThrow(/HEDDLE_AUTH_SESSION_KEYS/);
    expect(() => renderChart(CHART, { ...login, secrets: { HEDDLE_AUTH_SESSION_KEYS: { secret: 'a', key: 'b' } } })).not.toThrow();
    expect(find(renderChart(CHART, { replicas: 2 }), 'PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1 } });
    expect(() => find(renderChart(CHART), 'PodDisruptionBudget')).toThrow();
  });

  it('that change make new pods', () => {
    const mark = (values: Values): unknown =>
      at(find(renderChart(CHART, values), 'Deployment'), 'spec', 'template', 'metadata', 'annotations', 'heddle/config');
    expect(mark({})).toBe(mark({}));
    expect(mark({})).not.toBe(mark({ config: { log: { level: 'debug' } } }));
  });
});

describe('rights', () => {
  const written = (rules: readonly PolicyRule[]): string =>
    `# Written from server/kubernetes/rbac.ts: npx vitest run server/testing/chart -u\n${stringify(rules, { aliasDuplicateObjects: false })}`;

  it.each([
    ['view-rules.yaml', buildViewRules()],
    ['edit-rules.yaml', buildEditRules()],
    ['root-namespace-rules.yaml', buildRootNamespaceRules()],
    ['journal-rules.yaml', buildJournalRules()],
  ])('%s is what the console needs', async (name, rules) => {
    await expect(written(rules)).toMatchFileSnapshot(join(CHART, 'files', name));
  });

  it('cover every watched kind, for reading only unless editing is asked for', () => {
    const rulesOf = (values: Values): readonly Values[] => {
      const rules = at(find(renderChart(CHART, values), 'ClusterRole'), 'rules');
      return Array.isArray(rules) ? rules.filter(isRecord) : [];
    };
    const may = (rules: readonly Values[], verb: string, group: string, resource: string): boolean =>
      rules.some((rule) =>
        [
          ['verbs', verb],
          ['apiGroups', group],
          ['resources', resource],
        ].every(([field = '', value]) => {
          const list = rule[field];
          return Array.isArray(list) && list.includes(value);
        }),
      );
    const [view, edit] = [rulesOf({}), rulesOf({ rbac: { edit: true } })];
    for (const { group, plural } of CONFIG_RESOURCES) {
      for (const verb of ['get', 'list', 'watch']) expect(may(view, verb, group, plural), `${verb} ${plural}.${group}`).toBe(true);
      for (const verb of ['create', 'update', 'patch', 'delete']) {
        expect(may(view, verb, group, plural), `${verb} ${plural}.${group}`).toBe(false);
        expect(may(edit, verb, group, plural), `${verb} ${plural}.${group}`).toBe(plural !== 'gatewayclasses');
      }
    }
    const everything = [...view, ...edit].flatMap((rule) => Object.values(rule).flat());
    expect(everything).not.toContain('*');
    expect(everything).not.toContain('secrets');
    const names = rulesOf({ rbac: { secretNames: true } });
    expect(['list', 'watch', 'get', 'update'].map((verb) => may(names, verb, '', 'secrets'))).toEqual([true, true, false, false]);
  });
});

describe('against an API server', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await startTestCluster();
  });
  afterEach(() => cluster.server.close());

  /** Applies every object as `kubectl apply --server-side` does; returns the kinds that this server does not know. */
  async function apply(chart: RenderedChart): Promise<readonly string[]> {
    for (const name of ['heddle', 'istio-system'])
      await cluster.send('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
    const unknown: string[] = [];
    for (const object of chart.objects) {
      const [apiVersion, kind] = [String(object['apiVersion']), String(object['kind'])];
      const namespace = at(object, 'metadata', 'namespace') as string | undefined;
      const plural = `${kind.toLowerCase().replace(/y$/, 'ie')}${kind.endsWith('s') ? 'es' : 's'}`;
      const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
      const reply = await cluster.send(
        'PATCH',
        `${root}${place}/${plural}/${String(at(object, 'metadata', 'name'))}?fieldManager=helm&fieldValidation=Strict`,
        { body: object, type: 'application/apply-patch+yaml' },
      );
      if (reply.code === 404 && reply.text.includes('could not find the requested resource')) unknown.push(kind);
      else expect(reply.code, `${kind}: ${reply.text.slice(0, 300)}`).toBe(201);
    }
    return unknown;
  }

  it.each(EXAMPLES)('values %s give objects that it takes', async (_name, values) => {
    const unknown = await apply(renderChart(CHART, values));
    // The simulated API server has neither.
    expect(unknown.filter((kind) => !['NetworkPolicy', 'ServiceMonitor'].includes(kind))).toEqual([]);
  });

  const asConsole = (method: string, path: string, body?: unknown) =>
    cluster.send(method, path, { token: 'heddle-token', ...(body === undefined ? {} : { body }) });
  const service = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec: { hosts: ['a'] } };

  it('let the service account read the mesh, and nothing else', async () => {
    await apply(renderChart(CHART));
    for (const path of [
      '/api/v1/namespaces',
      '/api/v1/pods',
      '/api/v1/services',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/statefulsets',
      '/apis/apps/v1/daemonsets',
      '/apis/networking.istio.io/v1/virtualservices',
      '/apis/security.istio.io/v1/authorizationpolicies',
      '/apis/gateway.networking.k8s.io/v1/httproutes',
      '/api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio',
    ])
      expect((await asConsole('GET', path)).code, path).toBe(200);
    for (const path of ['/api/v1/secrets', '/api/v1/configmaps', '/api/v1/namespaces/istio-system/configmaps', '/apis/batch/v1/jobs'])
      expect((await asConsole('GET', path)).code, path).toBe(403);
    expect((await asConsole('POST', '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices', service)).code).toBe(403);
  });

  it('let it change the mesh where editing is asked for', async () => {
    await apply(renderChart(CHART, { rbac: { edit: true } }));
    expect((await asConsole('POST', '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices', service)).code).toBe(201);
    expect((await asConsole('DELETE', '/api/v1/namespaces/bookinfo/pods/reviews-v1-abc')).code).toBe(403);
  });

  it.each([
    ['its own', {}, 'heddle'],
    ['another one', { config: { changes: { namespace: 'bookinfo' } } }, 'bookinfo'],
    ['none where it changes nothing', { config: { changes: { enabled: false } } }, null],
  ])('let it keep its journal in %s', async (_name, values: Values, namespace) => {
    const chart = renderChart(CHART, values);
    await apply(chart);
    for (const each of ['heddle', 'bookinfo']) {
      const code = (await asConsole('GET', `/api/v1/namespaces/${each}/configmaps`)).code;
      expect(code, each).toBe(each === namespace ? 200 : 403);
    }
    if (namespace === null) return;
    expect(environment(chart)['HEDDLE_CHANGES_NAMESPACE']).toBe(namespace);
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a' }, spec: { holderIdentity: 'b' } };
    expect((await asConsole('POST', `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, lease)).code).toBe(201);
  });

  it('let it impersonate whom the values name, and nobody else', async () => {
    const impersonate = async (group: string): Promise<number> =>
      (
        await cluster.send('GET', '/api/v1/namespaces', {
          token: 'heddle-token',
          headers: { 'impersonate-user': 'ann', 'impersonate-group': group },
        })
      ).code;
    await apply(renderChart(CHART, readExample('impersonation.yaml')));
    const refused = await cluster.send('GET', '/api/v1/namespaces', {
      token: 'heddle-token',
      headers: { 'impersonate-user': 'ann', 'impersonate-group': 'system:masters' },
    });
    expect(refused.code).toBe(403);
    expect(refused.text).toContain('impersonate');
    // Ann herself may not list namespaces: the refusal is about her, not about the impersonation.
    expect(await impersonate('mesh-viewers')).toBe(403);
  });
});
