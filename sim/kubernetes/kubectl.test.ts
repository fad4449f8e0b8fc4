// kubectl itself against the server: what a person types must answer as a real cluster answers.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { makeServerCertificate } from './certificate';
import { buildVirtualService, startTestCluster, type TestCluster } from './fixtures/small-cluster';
import type { LogRequest } from './http/pod-logs';

const installed = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

async function* readLogs(request: LogRequest): AsyncIterable<string> {
  await Promise.resolve();
  yield `started ${request.container}`;
  if (!request.follow) return;
  yield 'followed';
}

let cluster: TestCluster;
let home = '';

async function writeHome(): Promise<void> {
  const tls = makeServerCertificate(Date.now());
  cluster = await startTestCluster({ tls, readLogs });
  home = await mkdtemp(path.join(tmpdir(), 'heddle-kubectl-'));
  const context = (user: string) => ({ name: user, context: { cluster: 'sim', user, namespace: 'bookinfo' } });
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'sim', cluster: { server: cluster.server.url, 'certificate-authority-data': Buffer.from(tls.cert).toString('base64') } },
    ],
    users: ['admin', 'bob'].map((name) => ({ name, user: { token: `${name}-token` } })),
    contexts: [context('admin'), context('bob')],
    'current-context': 'admin',
  };
  await writeFile(path.join(home, 'config'), stringify(config));
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, HOME: home, KUBECONFIG: path.join(home, 'config') });
const withCache = (args: readonly string[]) => ['--cache-dir', path.join(home, 'cache'), ...args];

/** Runs kubectl and returns what it printed, errors included, with its exit code on failure. */
function kubectl(...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('kubectl', withCache(args), { env: environment(), cwd: home }, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`.trim();
      resolve(error === null ? text : `exit ${String(error.code)}: ${text}`);
    });
  });
}

async function file(name: string, content: unknown): Promise<string> {
  const target = path.join(home, name);
  await writeFile(target, typeof content === 'string' ? content : stringify(content));
  return target;
}

it.skipIf(installed)('needs kubectl on the PATH, which is not installed here: the kubectl tests are left out', () => {
  expect(installed).toBe(false);
});

describe.runIf(installed)('kubectl', () => {
  beforeAll(writeHome);
  afterAll(async () => {
    await cluster.server.close();
    await rm(home, { recursive: true, force: true });
  });

  it('gets, wide and as YAML', async () => {
    expect(await kubectl('version')).toContain('Server Version: v1.32.4');
    const pods = await kubectl('get', 'pods', '-o', 'wide');
    expect(pods.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
      ['reviews-v1-abc', '2/2', 'Running', '2', '0s', '10.1.0.1', 'node-1', '<none>', '<none>'],
    ]);
    expect(await kubectl('get', 'svc', 'reviews', '-o', 'yaml')).toContain('apiVersion: v1\nkind: Service');
    expect(await kubectl('get', 'all')).toMatch(/pod\/reviews-v1-abc[\s\S]*service\/reviews[\s\S]*deployment.apps\/reviews-v1 +1\/1/);
    expect(await kubectl('get', 'pods', '-l', 'app in (reviews)', '--field-selector', 'status.phase=Running', '-o', 'name')).toBe(
      'pod/reviews-v1-abc',
    );
    expect(await kubectl('get', 'secret', 'nope')).toBe('exit 1: Error from server (NotFound): secrets "nope" not found');
  });

  it('describes built-in and custom objects', async () => {
    expect(await kubectl('describe', 'pod', 'reviews-v1-abc')).toMatch(/Normal +Started .*Started container reviews/);
    expect(await kubectl('describe', 'service', 'reviews')).toContain('Port:              http  9080/TCP');
    cluster.store.write(buildVirtualService('described'));
    expect(await kubectl('describe', 'vs', 'described')).toMatch(/Destination:\n +Host: +reviews/);
  });

  it('lists kinds and explains their fields', async () => {
    const kinds = await kubectl('api-resources');
    expect(kinds).toMatch(/virtualservices +vs +networking.istio.io\/v1 +true +VirtualService/);
    expect(kinds).toMatch(/httproutes +gateway.networking.k8s.io\/v1 +true +HTTPRoute/);
    expect(await kubectl('explain', 'virtualservice.spec')).toMatch(
      /FIELD: spec <Object>[\s\S]*hosts\s+<\[\]string>\n +The destination hosts/,
    );
    expect(await kubectl('explain', 'deployment.spec.template.spec.containers.ports.containerPort')).toContain(
      'FIELD: containerPort <integer>',
    );
  });

  it('applies on the server, with conflicts and force', async () => {
    const one = await file('one.yaml', buildVirtualService('ssa'));
    const two = await file('two.yaml', buildVirtualService('ssa', [50, 50]));
    expect(await kubectl('apply', '--server-side', '-f', one)).toBe('virtualservice.networking.istio.io/ssa serverside-applied');
    const conflict = await kubectl('apply', '--server-side', '--field-manager', 'other', '-f', two);
    expect(conflict).toContain('exit 1: error: Apply failed with 1 conflict: conflict with "kubectl": .spec.http');
    expect(await kubectl('apply', '--server-side', '--field-manager', 'other', '--force-conflicts', '-f', two)).toContain(
      'serverside-applied',
    );
    const shown = await kubectl('get', 'vs', 'ssa', '-o', 'yaml', '--show-managed-fields');
    expect(shown).toMatch(/f:http: {}\n {4}manager: other\n {4}operation: Apply/);
    expect(await kubectl('apply', '--dry-run=server', '--server-side', '--force-conflicts', '-f', one)).toContain(
      'serverside-applied (server dry run)',
    );
    expect(cluster.store.read('virtualservices.networking.istio.io', 'bookinfo', 'ssa')?.['spec']).toEqual(
      buildVirtualService('ssa', [50, 50])['spec'],
    );
  });

  it('applies from the client, and goes over to the server', async () => {
    const container = (image: string) => ({ name: 'web', image, ports: [{ containerPort: 80 }] });
    const deployment = (...containers: readonly unknown[]) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } } },
    });
    expect(await kubectl('apply', '-f', await file('web.yaml', deployment(container('nginx:1'), { name: 'side', image: 's' })))).toBe(
      'deployment.apps/web created',
    );
    expect(await kubectl('set', 'env', 'deployment/web', '-c', 'web', 'A=b')).toBe('deployment.apps/web env updated');
    expect(await kubectl('apply', '-f', await file('web.yaml', deployment(container('nginx:2'))))).toBe('deployment.apps/web configured');
    const images = await kubectl(
      'get',
      'deployment',
      'web',
      '-o',
      'jsonpath={range .spec.template.spec.containers[*]}{.name}={.image} {.env}{end}',
    );
    expect(images).toBe('web=nginx:2 [{"name":"A","value":"b"}]');
    expect(await kubectl('apply', '-f', path.join(home, 'web.yaml'))).toBe('deployment.apps/web unchanged');
    expect(await kubectl('apply', '--server-side', '-f', await file('web.yaml', deployment(container('nginx:3'))))).toBe(
      'deployment.apps/web serverside-applied',
    );
    expect(await kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')).toBe('nginx:3');
  });

  it('edits, labels, annotates and scales', async () => {
    const editor = await file('editor.sh', '#!/bin/sh\nsed -i s/1.20.3/1.20.4/ "$1"\n');
    await chmod(editor, 0o700);
    const edited = await new Promise<string>((resolve) => {
      const env = { ...environment(), KUBE_EDITOR: editor };
      execFile('kubectl', withCache(['edit', 'deployment', 'reviews-v1']), { env }, (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
    expect(edited).toBe('deployment.apps/reviews-v1 edited\n');
    expect(await kubectl('get', 'deployment', 'reviews-v1', '-o', 'wide')).toContain('istio/reviews:1.20.4');
    expect(await kubectl('label', 'svc', 'reviews', 'team=books')).toBe('service/reviews labeled');
    expect(await kubectl('annotate', 'svc', 'reviews', 'note=hello')).toBe('service/reviews annotated');
    expect(cluster.store.read('services', 'bookinfo', 'reviews')?.metadata).toMatchObject({
      labels: { team: 'books' },
      annotations: { note: 'hello' },
    });
    expect(await kubectl('scale', 'deployment', 'reviews-v1', '--replicas=3')).toBe('deployment.apps/reviews-v1 scaled');
    expect(await kubectl('get', 'deployment', 'reviews-v1')).toMatch(/reviews-v1 +1\/3/);
  });

  it('asks what is allowed', async () => {
    expect(await kubectl('auth', 'can-i', 'delete', 'pods')).toBe('yes');
    expect(await kubectl('auth', 'can-i', 'get', 'pods', '--as', 'bob')).toBe('yes');
    expect(await kubectl('auth', 'can-i', 'delete', 'pods', '--as', 'bob')).toBe('exit 1: no');
    expect(await kubectl('auth', 'can-i', '--list', '--as', 'bob')).toMatch(/pods\/log +\[] +\[] +\[get list watch]/);
    expect(await kubectl('--context', 'bob', 'auth', 'whoami')).toMatch(/Groups +\[developers system:authenticated]/);
    expect(await kubectl('--context', 'bob', 'delete', 'pod', 'reviews-v1-abc')).toContain(
      'Error from server (Forbidden): pods "reviews-v1-abc" is forbidden: User "bob" cannot delete resource "pods" in API group "" in the namespace "bookinfo"',
    );
  });

  it('prints and follows logs', async () => {
    expect(await kubectl('logs', 'reviews-v1-abc', '-c', 'istio-proxy')).toBe('started istio-proxy');
    expect(await kubectl('logs', '-f', 'reviews-v1-abc', '-c', 'reviews')).toBe('started reviews\nfollowed');
  });

  it('creates from files and commands, and says what is wrong', async () => {
    const policy = (mode: string) => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'pa' },
      spec: { mtls: { mode } },
    });
    expect(await kubectl('create', '-f', await file('bad.yaml', policy('LOOSE')))).toBe(
      'exit 1: The PeerAuthentication "pa" is invalid: spec.mtls.mode: Unsupported value: "LOOSE": supported values: "UNSET", "DISABLE", "PERMISSIVE", "STRICT"',
    );
    const misspelt = { ...policy('STRICT'), spec: { mtsl: {} } };
    expect(await kubectl('create', '-f', await file('bad.yaml', misspelt))).toContain('strict decoding error: unknown field "spec.mtsl"');
    expect(await kubectl('create', '-f', await file('good.yaml', policy('STRICT')))).toBe(
      'peerauthentication.security.istio.io/pa created',
    );
    expect(await kubectl('create', 'deployment', 'made', '--image=nginx', '--replicas=0', '--port=80')).toBe(
      'deployment.apps/made created',
    );
    expect(await kubectl('expose', 'deployment', 'made')).toBe('service/made exposed');
    expect(await kubectl('create', 'role', 'r', '--verb=get', '--resource=pods')).toBe('role.rbac.authorization.k8s.io/r created');
    expect(await kubectl('create', 'secret', 'generic', 's', '--from-literal=a=b')).toBe('secret/s created');
    expect(cluster.store.read('secrets', 'bookinfo', 's')).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(cluster.store.read('deployments.apps', 'bookinfo', 'made')).toMatchObject({ spec: { replicas: 0 } });
    expect(await kubectl('delete', 'peerauthentication', 'pa')).toBe('peerauthentication.security.istio.io "pa" deleted');
  });

  it('watches while it deletes', async () => {
    const watching = spawn('kubectl', withCache(['get', 'svc', '-w', '-o', 'name']), { env: environment(), cwd: home });
    const lines: string[] = [];
    watching.stdout.on('data', (data: Buffer) => lines.push(...data.toString().trim().split('\n')));
    await expect.poll(() => lines, { timeout: 15_000 }).toContain('service/reviews');
    expect(await kubectl('create', 'service', 'clusterip', 'shown', '--tcp=80')).toBe('service/shown created');
    await expect.poll(() => lines, { timeout: 15_000 }).toContain('service/shown');
    expect(await kubectl('delete', 'service', 'shown')).toBe('service "shown" deleted');
    await expect.poll(() => lines.filter((line) => line === 'service/shown').length, { timeout: 15_000 }).toBe(2);
    watching.kill();
    expect(await kubectl('create', 'namespace', 'brief')).toBe('namespace/brief created');
    expect(await kubectl('delete', 'namespace', 'brief')).toBe('namespace "brief" deleted');
  });
});
