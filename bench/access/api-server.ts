// A simulated API server with many namespaces and one team that may view a few of them, as a process of its own.
// In: `api-server.ts <namespaces> <visible>`. Out: its address as one line of JSON; runs until it is told to end.
import { startApiServer } from '../../sim/kubernetes/server';
import { ObjectStore } from '../../sim/kubernetes/store';

const RBAC = 'rbac.authorization.k8s.io';
const [namespaces, visible] = process.argv.slice(2).map(Number);
const store = new ObjectStore({ now: () => Date.now() });
for (let i = 0; i < (namespaces ?? 0); i++) {
  const name = `team-${i}`;
  store.write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  if (i >= (visible ?? 0)) continue;
  store.write({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'viewers', namespace: name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'Group', apiGroup: RBAC, name: 'developers' }],
  });
}
const tokens = new Map([['developer', { username: 'dev@example.com', groups: ['developers'] }]]);
startApiServer({ store, now: () => Date.now(), tokens, port: 0 }).then(
  (server) => {
    process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
    process.once('SIGTERM', () => {
      void server.close().then(() => process.exit(0));
    });
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
