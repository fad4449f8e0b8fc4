// Every route of the API, for everybody who might ask: who is let in, and whose names the answer holds. The handlers, the login desk, the
// access desk and the engine are the real ones; only Prometheus, the cluster and the clock are not. A route without a row here fails.
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginStrategy } from '../../model/account';
import type { ChangeRecord, Manifest } from '../../model/change';
import { createAccessDesk } from '../../server/access/create-access-desk';
import { createLoginDesk } from '../../server/auth/create-login-desk';
import { BASE_SETTINGS, ORIGIN } from '../../server/auth/testing/rig';
import { createChangeDesk } from '../../server/changes/create-change-desk';
import { MemoryCluster } from '../../server/changes/testing/memory-cluster';
import { dashboardCallsOf } from '../../server/dashboard-calls';
import { createDrawer } from '../../server/drawing/drawer';
import { inventoryOf } from '../../server/graph/testing/mesh-fixture';
import { HttpMetrics } from '../../server/http-metrics';
import { createLiveEngine } from '../../server/live/create-live-engine';
import { DEFAULT_LIVE_SETTINGS } from '../../server/live/settings';
import { ScriptedCluster } from '../../server/live/testing/engine-rig';
import { type Row as MetricsRow, requestRow, ScriptedMetrics } from '../../server/live/testing/scripted-metrics';
import { logCallsOf } from '../../server/log-calls';
import { createLogDesk } from '../../server/logs/log-desk';
import type { EventSource, LogSourcePort, RangeSeries } from '../../server/ports';
import type { EngineApi, Runtime } from '../../server/runtime';
import { steeringCallsOf } from '../../server/steering-calls';
import { FakeClock } from '../../server/testing/fake-clock';
import { findHandlers, type Handler } from './testing/route-handlers';
import { type Outcome, PEOPLE, type Person, TABLE, VAULT, view } from './testing/who-may-what-table';

/** Rows of the service that PromQL names, with the labels by which it sums; all of both where it says neither. */
function answerRange(rows: readonly MetricsRow[], promql: string): readonly RangeSeries[] {
  const service = /destination_service=~"([^"]+)"/.exec(promql)?.[1]?.replaceAll('\\\\', '\\');
  const by = /by \(([^)]*)\)/.exec(promql)?.[1]?.split(/, */);
  return rows
    .filter(({ labels }) => service === undefined || new RegExp(`^${service}$`).test(labels['destination_service'] ?? ''))
    .map(({ labels }) => ({
      labels: by === undefined ? labels : Object.fromEntries(by.map((label) => [label, labels[label] ?? ''])),
      points: [[1_790_000_000, 1]],
    }));
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const groupsOf: Readonly<Record<Exclude<Person, 'stranger'>, readonly string[]>> = {
  nobody: ['others'],
  viewer: ['some-viewers'],
  editor: ['some-editors'],
  admin: ['mesh-admins'],
};
const RULES = [
  { role: 'viewer', groups: ['some-viewers'], users: [], namespaces: ['shop'] },
  { role: 'editor', groups: ['some-editors'], users: [], namespaces: ['shop'] },
  { role: 'admin', groups: ['mesh-admins'], users: [], namespaces: ['*'] },
] as const;

const KEY = Symbol.for('heddle.runtime');
const held = globalThis as typeof globalThis & { [KEY]?: Runtime };
const lines: string[] = [];

const PORTS = { ports: [{ name: 'http', port: 80, targetPort: 8080, transport: 'TCP', appProtocol: null }] } as const;
const ROUTES = ['shop/api', 'vault/store'].map((service) => {
  const [namespace, host = ''] = service.split('/');
  const spec = { hosts: [host], http: [{ route: [{ destination: { host } }] }] };
  return { kind: 'VirtualService', name: `${namespace}/route`, spec } as const;
});

/** The same routes as the API server has them, a change of each and of both, and a case about each. */
function fillMemory(memory: MemoryCluster): MemoryCluster {
  const steps = ROUTES.map(({ name: place, spec }, i) => {
    const [namespace = '', name = ''] = place.split('/');
    const ref = { kind: 'VirtualService', namespace, name } as const;
    const before: Manifest = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace, name },
      spec: { ...spec, tcp: [] },
    };
    const after = { ...before, spec };
    memory.put(ref, after);
    const plain = { words: [], waitAfter: null, patch: [], resourceVersion: '1', state: 'written', written: null } as const;
    memory.cases.set(`of-${namespace}`, {
      id: `of-${namespace}`,
      name: namespace,
      expected: '',
      question: {
        source: { namespace, workload: 'any' },
        host: `any.${namespace}.svc.cluster.local`,
        port: 80,
        protocol: 'http',
        method: 'GET',
        path: '/',
        headers: {},
      },
    });
    return { id: ['of-shop', 'of-vault'][i] ?? '', step: { ...plain, action: 'update', ref, before, after } as const };
  });
  const record = (id: string, own: readonly ChangeRecord['steps'][number][]): void => {
    const ended = {
      state: 'kept',
      createdAtMs: 1,
      endedAtMs: 2,
      outcome: 'kept',
      confirmedBy: null,
      deadlineMs: null,
      remains: [],
    } as const;
    const plain = {
      by: { name: 'ann', subject: 'ann' },
      reason: '',
      override: null,
      acceptedFindings: [],
      hosts: [],
      revertBy: null,
    } as const;
    const traffic = { before: null, after: null, measures: [], undoes: null, undoneBy: null } as const;
    const confirm = { revertAfterSeconds: null, guard: null };
    memory.entries.set(id, { record: { id, steps: own, confirm, ...ended, ...plain, ...traffic }, version: '1' });
  };
  for (const { id, step } of steps) record(id, [step]);
  record(
    'of-both',
    steps.map(({ step }) => step),
  );
  return memory;
}

const fail = (error: unknown): never => {
  throw new Error('a live tail failed', { cause: error });
};
/** Every container wrote one line, which names its namespace. */
const ONE_EVENT: EventSource = {
  listEvents: (namespace) =>
    Promise.resolve([
      { type: 'Warning', reason: 'BackOff', message: `in ${namespace}`, about: { kind: 'Pod', name: 'api-v1-x' }, count: 1, lastAtMs: 0 },
    ]),
};
const ONE_LINE: LogSourcePort = {
  openLog: ({ namespace }) =>
    Promise.resolve({
      outcome: 'open',
      chunks: (async function* () {
        yield await Promise.resolve(Buffer.from(`2026-11-28T05:00:00.000000000Z hello from ${namespace}\n`));
      })(),
    }),
};

/** A console on a mesh of two namespaces that call each other. */
function startConsole(strategy: LoginStrategy): Runtime {
  const clock = new FakeClock(Date.now());
  const note = (_event: string, fields?: unknown): void => {
    lines.push(JSON.stringify(fields));
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const metrics = new ScriptedMetrics();
  metrics.rangeOf = (promql) => answerRange(metrics.rows, promql);
  metrics.rows = [
    requestRow('shop/web-v1', 'shop/api-v1', 8),
    requestRow('vault/job-v1', 'shop/api-v1', 4),
    requestRow('shop/api-v1', 'vault/store-v1', 2),
  ];
  // Half an hour ago everything was silent: a comparison names all that there is now.
  const startMs = clock.now();
  metrics.rowsAt = (atMs) => (atMs < startMs - 1_800_000 ? [] : null);
  const cluster = new ScriptedCluster();
  const live = createLiveEngine({
    metrics,
    cluster,
    clock,
    settings: DEFAULT_LIVE_SETTINGS,
    queryDeadlineMs: 1000,
    slowQueryDeadlineMs: 1000,
    onDefect: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  live.start();
  const workloads = { 'shop/web-v1': {}, 'shop/api-v1': {}, 'vault/job-v1': {}, 'vault/store-v1': {} };
  cluster.change(inventoryOf({ workloads, services: { 'shop/api': PORTS, 'vault/store': PORTS }, config: ROUTES }));
  const engine: EngineApi = {
    fetchGraph: (spec, sight) => live.fetchGraph(spec, sight),
    fetchSearch: (text, spec, sight) => live.fetchSearch(text, spec, sight),
    fetchFind: (find, spec, sight) => live.fetchFind(find, spec, sight),
    fetchElement: (id, spec, sight) => live.fetchElement(id, spec, sight),
    fetchCharts: (id, spec, sight) => live.fetchCharts(id, spec, sight),
    fetchComparison: (spec, baseline, sight) => live.history.fetchComparison(spec, baseline, sight),
    fetchReplay: (spec, range, sight) => live.history.fetchReplay(spec, range, sight),
    fetchRates: (namespaces, range, sight) => live.history.fetchRates(namespaces, range, sight),
    fetchNamespaces: (seconds, sight) => live.fetchNamespaces(seconds, sight),
    fetchLoad: () => Promise.resolve(live.load()),
    fetchNamespaceNames: () => Promise.resolve(live.namespaceNames()),
    fetchHealth: (sight) => Promise.resolve({ started: live.started, freshness: live.freshness(sight) }),
    fetchMetrics: () => Promise.resolve(live.metricsText()),
    admitWindow: (seconds) => live.admitWindow(seconds),
    subscribe: (spec, sight, id, sink) => live.subscribe(spec, sight, id, sink),
    ...dashboardCallsOf(live, new AbortController().signal),
    ...steeringCallsOf(live),
    ...logCallsOf(cluster),
    fetchDetails: (entity, query, sight) => live.details.fetchDetails(entity, query, sight),
    close: () => live.close(),
  };
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const header = { name: 'authorization', keys: { kind: 'pem', pem }, issuer: 'https://proxy.example.com', audience: 'heddle' } as const;
  const noReviews = { postReview: () => Promise.reject(new Error('no API server here')) };
  const login = createLoginDesk({
    settings: { ...BASE_SETTINGS, strategy, header, roles: RULES },
    clock,
    log,
    reviews: noReviews,
  });
  const access = createAccessDesk({
    settings: { strategy, mode: 'roles', anonymousRole: 'viewer', roles: RULES },
    reviews: noReviews,
    fetchNamespaces: () => engine.fetchNamespaceNames(),
    clock,
    log,
  });
  const memory = fillMemory(new MemoryCluster(() => clock.now()));
  const changes = createChangeDesk({
    writer: memory.writer(),
    journal: memory.journal(),
    leases: memory.leaseStore(),
    cases: memory.caseStore(),
    engine,
    rights: { may: () => Promise.resolve(true) },
    settings: { enabled: true, keep: 100, sampleMs: 15_000 },
    clock,
    log,
    random: () => 'x',
  });
  const logs = createLogDesk({ port: ONE_LINE, clock, limits: { perUser: 10, all: 20 }, onDefect: fail });
  const close = async (): Promise<void> => {
    logs.close();
    await Promise.all([changes.close(), login.close(), engine.close()]);
  };
  return {
    engine,
    log,
    http: new HttpMetrics(),
    login,
    access,
    changes,
    logs,
    events: ONE_EVENT,
    drawer: createDrawer(null, clock),
    publicUrl: null,
    close,
  };
}

const NO_NAMES = { params: Promise.resolve({}) };

async function requestOf(line: string, person: Person): Promise<Request> {
  const [method = '', path = '', ...text] = line.split(' ');
  const headers: Record<string, string> = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', host: new URL(ORIGIN).host };
  if (person !== 'stranger') {
    const claims = { sub: person, email: `${person}@example.com`, groups: groupsOf[person] };
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).setIssuer('https://proxy.example.com').setAudience('heddle');
    headers['authorization'] = `Bearer ${await token.setIssuedAt().setExpirationTime('5m').sign(privateKey)}`;
  }
  const body = method === 'POST' || method === 'PUT' ? { body: text.length === 0 ? '{}' : text.join(' ') } : {};
  return new Request(`${ORIGIN}${path}`, { method, headers: { ...headers, 'content-type': 'application/json' }, ...body });
}

/** The text of an answer; of a stream, what comes at once. */
async function textOf(response: Response): Promise<string> {
  if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream') || response.body === null) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!/event: (?:snapshot|lines)/.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}
const namesIn = (text: string): readonly string[] => ['shop', 'vault'].filter((name) => new RegExp(`\\b${name}\\b`).test(text));

let handlers: ReadonlyMap<string, Handler>;
/** The handler of a line, as Next finds it: `GET /api/services/shop/api/routing` is `GET /api/services/[namespace]/[name]/routing`. */
function find(line: string): { readonly key: string; readonly handler: Handler; readonly names: Readonly<Record<string, string>> } | null {
  const asked = line.split(/\?| \{/)[0] ?? '';
  const exact = handlers.get(asked);
  if (exact !== undefined) return { key: asked, handler: exact, names: {} };
  for (const [key, handler] of handlers) {
    const found = new RegExp(`^${key.replace(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`).exec(asked);
    if (found !== null) return { key, handler, names: { ...found.groups } };
  }
  return null;
}

async function ask(line: string, person: Person): Promise<Outcome> {
  const found = find(line);
  if (found === null) throw new Error(`there is no ${line}`);
  const response = await found.handler(await requestOf(line, person), { params: Promise.resolve(found.names) });
  const names = namesIn(await textOf(response));
  return names.length === 0 ? `${response.status}` : `${response.status} ${names.join(' ')}`;
}

describe('where people log in', () => {
  beforeAll(async () => {
    held[KEY] = startConsole('header');
    handlers = await findHandlers();
  });
  afterAll(async () => {
    await held[KEY]?.close();
    delete held[KEY];
  });

  it('every route has a row, and every row a route', () => {
    const rows = new Set(TABLE.map(([line]) => find(line)?.key ?? line));
    expect([...rows].sort()).toEqual([...handlers.keys()].sort());
    expect(rows.size).toBeGreaterThan(12);
  });

  it.each(TABLE)('%s', async (line, ...expected) => {
    const outcomes: Outcome[] = [];
    for (const person of PEOPLE) outcomes.push(await ask(line, person));
    expect(Object.fromEntries(PEOPLE.map((person, i) => [person, outcomes[i]]))).toEqual(
      Object.fromEntries(PEOPLE.map((person, i) => [person, expected[i]])),
    );
  });

  it('who names a namespace that is not for him is noted, once a minute, and counted', async () => {
    const denied = lines.filter((line) => line.includes('"denied"'));
    expect(denied.filter((line) => line.includes('"viewer@example.com"') && line.includes('"graph"'))).toHaveLength(1);
    expect(denied.filter((line) => line.includes('"nobody@example.com"') && line.includes('"access"'))).toHaveLength(1);
    expect(denied.join()).not.toContain('admin@example.com');
    const metrics = await handlers.get('GET /metrics')?.(await requestOf('GET /metrics', 'stranger'), NO_NAMES);
    const text = (await metrics?.text()) ?? '';
    expect(text).toMatch(/heddle_access_denials_total\{action="graph"\} 50\n/);
    expect(text).toMatch(/heddle_access_denials_total\{action="access"\} 1\n/);
  });

  it('a token that nobody signed is nobody', async () => {
    const request = await requestOf('GET /api/graph', 'admin');
    const forged = new Headers(request.headers);
    forged.set('authorization', `${forged.get('authorization')?.slice(0, -6) ?? ''}AAAAAA`);
    expect((await handlers.get('GET /api/graph')?.(new Request(request.url, { headers: forged }), NO_NAMES))?.status).toBe(401);
  });
});

describe('where nobody logs in', () => {
  beforeAll(() => {
    held[KEY] = startConsole('anonymous');
  });
  afterAll(async () => {
    await held[KEY]?.close();
    delete held[KEY];
  });

  it('everybody sees everything', async () => {
    expect(await ask(`GET /api/graph${view}`, 'stranger')).toBe('200 shop vault');
    expect(await ask('GET /api/namespaces', 'nobody')).toBe('200 shop vault');
    expect(await ask(`GET /api/graph/element${view}&id=${VAULT}`, 'stranger')).toBe('200 vault');
    expect(await ask('GET /api/access?namespace=shop', 'stranger')).toBe('200 shop');
  });
});
