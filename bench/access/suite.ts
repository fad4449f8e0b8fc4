// Suite `access`: what it takes to find out what somebody may see by Kubernetes RBAC, and what that adds to a graph that is at hand.
// In: repeats. Out: wall and requests for 2,000 namespaces; ms for each request of a graph.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sight } from '../../model/account';
import { DEFAULT_VIEW } from '../../model/wire';
import { type ConsoleAccess, createAccessDesk } from '../../server/access/create-access-desk';
import { systemClock } from '../../server/clock';
import { inventoryOf } from '../../server/graph/testing/mesh-fixture';
import { type ApiClient, createApiClient } from '../../server/kubernetes/client';
import { readConnection } from '../../server/kubernetes/connection';
import { createLiveEngine } from '../../server/live/create-live-engine';
import type { LiveEngine } from '../../server/live/engine';
import { DEFAULT_LIVE_SETTINGS } from '../../server/live/settings';
import { ScriptedCluster } from '../../server/live/testing/engine-rig';
import { requestRow, ScriptedMetrics } from '../../server/live/testing/scripted-metrics';
import type { Caller } from '../../server/ports';
import { Secret } from '../../server/secret';
import type { Measurement } from '../report';
import { median, spread } from '../statistics';
import type { BenchOptions, Suite } from '../suite';

const ROOT = join(import.meta.dirname, '..', '..');
const NAMESPACES = 2000;
const VISIBLE = 1500;
const REQUESTS = 400;
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const FOREVER = new AbortController().signal;
const NAMES = Array.from({ length: NAMESPACES }, (_, i) => `team-${i}`);
const DEVELOPER: Caller = {
  user: { strategy: 'openid', subject: 'dev', name: 'dev@example.com', groups: Array.from({ length: 300 }, (_, i) => `group-number-${i}`) },
  credential: { kind: 'token', token: new Secret('developer') },
  address: '127.0.0.1',
  sessionId: null,
};

async function startServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const args = ['--import', 'tsx', join(ROOT, 'bench', 'access', 'api-server.ts'), String(NAMESPACES), String(VISIBLE)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const [line] = (await once(child.stdout, 'data')) as readonly Buffer[];
  const told: unknown = JSON.parse(line?.toString('utf8') ?? '{}');
  const url = typeof told === 'object' && told !== null && 'url' in told ? String(told.url) : '';
  return {
    url,
    close: async () => {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function connect(url: string, scratch: string): ApiClient {
  const kubeconfig = join(scratch, 'access-kubeconfig.json');
  const cluster = { name: 'sim', cluster: { server: url } };
  const context = { name: 'sim', context: { cluster: 'sim', user: 'sim' } };
  const users = [{ name: 'sim', user: {} }];
  writeFileSync(
    kubeconfig,
    JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'sim', clusters: [cluster], users, contexts: [context] }),
  );
  return createApiClient(readConnection({ kubeconfig, context: undefined, kubeconfigList: undefined }), systemClock);
}

const deskOn = (reviews: ApiClient): ConsoleAccess =>
  createAccessDesk({
    settings: { strategy: 'openid', mode: 'userToken', anonymousRole: 'viewer', roles: [] },
    reviews,
    fetchNamespaces: () => Promise.resolve(NAMES),
    clock: systemClock,
    log: SILENT,
  });

/** An engine with a small graph at hand: what authorization adds does not depend on its size. */
function startEngine(): LiveEngine {
  const metrics = new ScriptedMetrics();
  metrics.rows = NAMES.slice(0, 50).map((name, i) => requestRow(`${name}/web-v1`, `${NAMES[(i + 1) % 50] ?? name}/api-v1`, i + 1));
  const cluster = new ScriptedCluster();
  const engine = createLiveEngine({
    metrics,
    cluster,
    clock: systemClock,
    settings: { ...DEFAULT_LIVE_SETTINGS, refreshSeconds: 600 },
    queryDeadlineMs: 5000,
    slowQueryDeadlineMs: 5000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  engine.start();
  cluster.change(inventoryOf({ workloads: Object.fromEntries(NAMES.slice(0, 50).map((name) => [`${name}/web-v1`, {}] as const)) }));
  return engine;
}

/** Times of one request each: with authorization, and the way of the sight to the engine's thread and back into names; and without. */
async function timeRequests(desk: ConsoleAccess, engine: LiveEngine): Promise<{ readonly added: number; readonly plain: number }> {
  const guarded: number[] = [];
  const plain: number[] = [];
  for (let i = 0; i < REQUESTS * 2; i++) {
    const startedMs = performance.now();
    if (i % 2 === 0) {
      const { sight } = await desk.accessOf(DEVELOPER, FOREVER);
      const arrived: Sight = structuredClone(sight);
      await engine.fetchGraph(DEFAULT_VIEW, arrived);
      guarded.push(performance.now() - startedMs);
    } else {
      await engine.fetchGraph(DEFAULT_VIEW, null);
      plain.push(performance.now() - startedMs);
    }
  }
  // The first ones make the graphs.
  const [withIt, without] = [median(guarded.slice(REQUESTS / 4)), median(plain.slice(REQUESTS / 4))];
  return { added: withIt - without, plain: without };
}

async function run({ repeats, scratch, say }: BenchOptions) {
  const server = await startServer();
  const client = connect(server.url, scratch);
  const engine = startEngine();
  try {
    const walls: number[] = [];
    let desk = deskOn(client);
    for (let i = 0; i < repeats; i++) {
      desk = deskOn(client);
      const startedMs = performance.now();
      const { sight } = await desk.accessOf(DEVELOPER, FOREVER);
      walls.push(performance.now() - startedMs);
      if (sight?.length !== VISIBLE) throw new Error(`${sight?.length ?? 'all'} namespaces are seen instead of ${VISIBLE}`);
    }
    const reviews = Number(/^heddle_access_reviews_total (\d+)$/m.exec(desk.encodeMetrics())?.[1]);
    say(`access: ${walls.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    const { added, plain } = await timeRequests(desk, engine);
    const measurements: Measurement[] = [
      {
        name: `what is seen of ${NAMESPACES} namespaces`,
        value: median(walls),
        unit: 'ms',
        budget: { atMost: 2000 },
        note: `${spread(walls)}; the simulated API server is on the same machine`,
      },
      { name: '  reviews', value: reviews, unit: 'count', budget: { atMost: NAMESPACES * 2 }, note: '' },
      {
        name: 'added to a request of a graph at hand',
        value: added,
        unit: 'ms',
        budget: { atMost: 1 },
        note: `a user of 300 groups who sees ${VISIBLE} namespaces; without ${plain.toFixed(3)} ms`,
      },
    ];
    return { measurements, raw: { walls, added, plain } };
  } finally {
    await engine.close();
    await client.close();
    await server.close();
  }
}

export const accessSuite: Suite = { name: 'access', about: 'what users may see, by RBAC, and what that costs', run };
