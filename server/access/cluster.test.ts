// Access asked of a whole API server with RBAC of its own, over HTTPS: by the user's token and by impersonation.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeServerCertificate } from '../../sim/kubernetes/certificate';
import { smallWorld, tokens } from '../../sim/kubernetes/fixtures/small-cluster';
import { type ApiServer, startApiServer } from '../../sim/kubernetes/server';
import { ObjectStore } from '../../sim/kubernetes/store';
import { type ApiClient, createApiClient } from '../kubernetes/client';
import { readConnection } from '../kubernetes/connection';
import type { Caller } from '../ports';
import { FakeClock } from '../testing/fake-clock';
import { type ConsoleAccess, createAccessDesk } from './create-access-desk';
import { callerOf, tokenOf } from './testing/scripted-reviews';

const RBAC = 'rbac.authorization.k8s.io';
const clock = new FakeClock();
const folder = mkdtempSync(join(tmpdir(), 'heddle-access-'));
const FOREVER = new AbortController().signal;
let server: ApiServer;
let client: ApiClient;

/** A client as the console would make it from a kubeconfig with this user. */
function clientOf(url: string, ca: string, user: object): ApiClient {
  const path = join(folder, `config-${Math.abs(url.length)}-${Object.keys(user).join('-')}`);
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  return createApiClient(readConnection({ kubeconfig: path, context: undefined, kubeconfigList: undefined }), clock);
}

beforeAll(async () => {
  const store = new ObjectStore({ now: () => clock.now() });
  const certificate = makeServerCertificate(Date.now());
  const bind = (name: string, rules: readonly unknown[], subject: unknown, namespace?: string): void => {
    store.write({ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
    store.write({
      apiVersion: `${RBAC}/v1`,
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: namespace === undefined ? { name } : { name, namespace },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [subject],
    });
  };
  for (const object of smallWorld()) store.write(object);
  bind('impersonator', [{ apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] }], {
    kind: 'ServiceAccount',
    namespace: 'heddle',
    name: 'heddle',
  });
  bind('seers', [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], { kind: 'Group', name: 'a,b' }, 'empty');
  bind('viewers-of-all', [{ apiGroups: [''], resources: ['services'], verbs: ['get', 'list'] }], { kind: 'Group', name: 'b' });
  server = await startApiServer({ store, now: () => clock.now(), tokens, tls: certificate, port: 0 });
  client = clientOf(server.url, certificate.cert, { token: 'heddle-token' });
});
afterAll(async () => {
  await client.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const deskOf = (mode: 'userToken' | 'impersonation'): ConsoleAccess =>
  createAccessDesk({
    settings: { strategy: 'openid', mode, anonymousRole: 'admin', roles: [] },
    reviews: client,
    fetchNamespaces: () => Promise.resolve(['bookinfo', 'empty']),
    clock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
const sightOf = async (desk: ConsoleAccess, caller: Caller): Promise<unknown> => (await desk.accessOf(caller, FOREVER)).sight;

describe("by the user's token", () => {
  it('sees what RBAC lets him see', async () => {
    const desk = deskOf('userToken');
    expect(await sightOf(desk, callerOf('bob', tokenOf('bob-token')))).toEqual(['bookinfo']);
    expect(await sightOf(desk, callerOf('carol', tokenOf('carol-token')))).toEqual([]);
    expect(await desk.accessOf(callerOf('admin', tokenOf('admin-token')), FOREVER)).toMatchObject({ sight: null, isAdmin: true });
    await expect(desk.accessOf(callerOf('eve', tokenOf('forged')), FOREVER)).rejects.toMatchObject({ code: 'clusterUnauthorized' });
    // Nobody logged in: not even where the configuration is generous to the anonymous.
    const nobody: Caller = { ...callerOf('x', { kind: 'console' }), user: { strategy: 'anonymous', subject: '', name: '', groups: [] } };
    await expect(desk.accessOf(nobody, FOREVER)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is told what to ask for, by the name that Kubernetes knows', async () => {
    const document = await deskOf('userToken').describe(callerOf('Bob B.', tokenOf('bob-token')), 'empty', FOREVER);
    expect(document).toMatchObject({ namespace: 'empty', sees: false, request: { kind: 'kubernetes' } });
    expect(document.request?.yaml).toMatch(/kind: User\n\s+apiGroup: rbac.authorization.k8s.io\n\s+name: bob\n/);
  });
});

describe('by impersonation', () => {
  const as = (user: string, ...groups: string[]): Caller => callerOf(user, { kind: 'impersonate', user, groups }, groups);

  it('sees what RBAC lets the user and each of his groups see', async () => {
    const desk = deskOf('impersonation');
    expect(await sightOf(desk, as('bob'))).toEqual(['bookinfo']);
    expect(await sightOf(desk, as('nobody', 'a'))).toEqual([]);
    // Two groups are two groups, and not one of the name "a,b".
    expect(await sightOf(desk, as('nobody', 'a', 'b'))).toBeNull();
    expect(await sightOf(desk, as('nobody', 'a,b'))).toEqual(['empty']);
  });

  it('is nobody of Kubernetes itself, whatever the identity provider calls him', async () => {
    const desk = deskOf('impersonation');
    expect(await sightOf(desk, as('mallory', 'system:masters'))).toEqual([]);
    for (const name of ['system:admin', 'system:serviceaccount:heddle:heddle', ''])
      await expect(desk.accessOf(as(name), FOREVER)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a token of somebody', () => {
  it('goes without the certificate of the console, which the API server would believe first', async () => {
    const certificate = makeServerCertificate(Date.now());
    const own = makeServerCertificate(Date.now());
    const seen: { readonly authorization: string | undefined; readonly certified: boolean }[] = [];
    const strict = createServer({ ...certificate, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      const peer = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate() : {};
      seen.push({ authorization: request.headers.authorization, certified: Object.keys(peer).length > 0 });
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"status":{"allowed":true}}');
    });
    const port = await new Promise<number>((resolve) => {
      strict.listen(0, '127.0.0.1', () => {
        const address = strict.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const certified = clientOf(`https://127.0.0.1:${port}`, certificate.cert, {
      'client-certificate-data': Buffer.from(own.cert).toString('base64'),
      'client-key-data': Buffer.from(own.key).toString('base64'),
    });
    try {
      const options = { signal: FOREVER, deadlineMs: 5000 };
      await certified.postReview('/x', {}, { kind: 'console' }, options);
      await certified.postReview('/x', {}, tokenOf('bob-token'), options);
      expect(seen).toEqual([
        { authorization: undefined, certified: true },
        { authorization: 'Bearer bob-token', certified: false },
      ]);
    } finally {
      await certified.close();
      await new Promise((resolve) => strict.close(resolve));
    }
  });

  it('does not travel in the clear', async () => {
    const plain = clientOf('http://api.example.com', '', {});
    await expect(plain.postReview('/x', {}, tokenOf('secret'), { signal: FOREVER, deadlineMs: 1000 })).rejects.toMatchObject({
      code: 'clusterUnauthorized',
      detail: expect.not.stringContaining('secret'),
    });
    await plain.close();
  });
});
