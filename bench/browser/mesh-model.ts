// Meshes like those that people run, for drawing: services and versions in apps in namespaces, a few popular callees, a third of the
// calls across namespaces; denser than most, on purpose. In: nodes wanted, a seed. Out: plain apps, externals and calls. Deterministic.
import { createRandom, type Random } from '../data/random';

export interface ModelApp {
  readonly namespace: string;
  readonly name: string;
  /** 0 = called from outside; calls go to higher tiers but for a few. */
  readonly tier: number;
  readonly popularity: number;
  readonly versions: readonly string[];
}

export interface ModelCall {
  /** Ids: `svc:ns/app`, `app:ns/app-v1`, `gateway`, `ext:0`. */
  readonly source: string;
  readonly target: string;
  readonly protocol: 'http' | 'grpc' | 'tcp';
  /** Requests, for TCP kilobytes, per second. */
  readonly rate: number;
  readonly errorShare: number;
  readonly latencyMs: number;
  readonly mutual: boolean;
}

export interface MeshModel {
  readonly apps: readonly ModelApp[];
  readonly externals: number;
  readonly calls: readonly ModelCall[];
}

const NAMES = (
  'cart checkout payment ledger fraud catalog search inventory shipping pricing promo user auth session profile notify email sms report ' +
  'billing invoice tax quote order fulfil stock review rating recommend media image video feed timeline graph geo route driver rider ' +
  'dispatch wallet card bank risk audit export import sync gateway proxy cache queue worker cron config flag metrics trace log alert'
).split(' ');
const NAMESPACES = (
  'payments orders catalog identity shipping platform data ml web mobile risk billing media search messaging partners analytics logistics ' +
  'support edge crm pricing growth content infra'
).split(' ');

const TIERS = 6;
const SAME_NAMESPACE = 0.68;
const ONE_VERSION = 0.72;
const TWO_VERSIONS = 0.93;

function weigh<T>(random: Random, list: readonly T[], weightOf: (x: T) => number): T | null {
  let left = random.next() * list.reduce((total, x) => total + weightOf(x), 0);
  for (const x of list) {
    left -= weightOf(x);
    if (left <= 0) return x;
  }
  return list.at(-1) ?? null;
}

function buildApps(random: Random, leaves: number): ModelApp[] {
  const count = Math.max(3, Math.round(Math.sqrt(leaves) * 0.85));
  const namespaces = Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / NAMESPACES.length);
    return { name: `${NAMESPACES[i % NAMESPACES.length] ?? 'ns'}${round > 0 ? `-${round}` : ''}`, weight: (i + 1) ** -0.75 };
  });
  const used = new Map<string, number>();
  const apps: ModelApp[] = [];
  for (let left = leaves; left > 0; ) {
    const namespace = weigh(random, namespaces, (n) => n.weight)?.name ?? 'default';
    const base = NAMES[Math.floor(random.next() * NAMES.length)] ?? 'app';
    const times = (used.get(`${namespace}/${base}`) ?? 0) + 1;
    used.set(`${namespace}/${base}`, times);
    const p = random.next();
    const wanted = p < ONE_VERSION ? 1 : p < TWO_VERSIONS ? 2 : 3;
    const versions = Math.min(wanted, left - 1);
    apps.push({
      namespace,
      name: times > 1 ? `${base}-${times}` : base,
      tier: Math.min(TIERS - 1, Math.floor(random.next() ** 1.1 * TIERS)),
      popularity: random.next() ** -0.65,
      versions: Array.from({ length: versions }, (_, i) => `v${i + 1}`),
    });
    left -= 1 + versions;
  }
  return apps;
}

export const serviceOf = (app: ModelApp): string => `svc:${app.namespace}/${app.name}`;
export const versionOf = (app: ModelApp, version: string): string => `app:${app.namespace}/${app.name}-${version}`;

/** Calls under construction: no two of the same ends and protocol. */
class Calls {
  readonly list: ModelCall[] = [];
  readonly #seen = new Set<string>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(source: string, target: string, protocol: ModelCall['protocol']): void {
    const key = `${source}>${target}|${protocol}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const r = this.#random;
    const luck = r.next();
    const errors = luck < 0.86 ? 0 : luck < 0.95 ? r.next() * 0.04 : luck < 0.985 ? 0.05 + r.next() * 0.15 : 0.2 + r.next() * 0.7;
    this.list.push({
      source,
      target,
      protocol,
      rate: Math.min(20_000, Math.exp(r.next() * 7 - 1.2) * (1 + r.next())),
      errorShare: protocol === 'tcp' ? 0 : errors,
      latencyMs: 5 + Math.exp(r.next() * 6.5),
      mutual: r.next() < 0.93,
    });
  }
}

const protocolOf = (random: Random): ModelCall['protocol'] => (random.next() < 0.72 ? 'http' : random.next() < 0.6 ? 'grpc' : 'tcp');

function pickCallee(random: Random, apps: readonly ModelApp[], caller: ModelApp): ModelApp | null {
  const same = random.next() < SAME_NAMESPACE;
  const candidates = apps.filter(
    (app) => app !== caller && (app.namespace === caller.namespace) === same && (app.tier > caller.tier || random.next() < 0.05),
  );
  return weigh(random, candidates, (app) => app.popularity);
}

/** A mesh of about `leaves` services and versions and `density` calls for each. */
export function buildMeshModel(leaves: number, seed = 42, density = leaves <= 50 ? 2 : 2.6): MeshModel {
  const random = createRandom(seed + leaves);
  const externals = Math.max(2, Math.round(leaves * 0.01));
  const apps = buildApps(random, leaves - externals - 1);
  const calls = new Calls(random);
  for (const app of apps) for (const version of app.versions) calls.add(serviceOf(app), versionOf(app, version), 'http');
  const entry = apps.filter((app) => app.tier <= 1).sort((a, b) => b.popularity - a.popularity);
  for (const app of entry.slice(0, Math.max(3, Math.round(apps.length * 0.05)))) calls.add('gateway', serviceOf(app), 'http');
  const call = (caller: ModelApp, callee: ModelApp): void => {
    const version = caller.versions[Math.floor(random.next() * caller.versions.length)];
    if (version !== undefined) calls.add(versionOf(caller, version), serviceOf(callee), protocolOf(random));
  };
  // Nobody but entry points stands without a caller.
  for (const callee of apps) {
    if (callee.tier === 0 || (callee.tier === 1 && random.next() < 0.5)) continue;
    const callers = apps.filter((app) => app.tier < callee.tier && (app.namespace === callee.namespace || random.next() < 0.05));
    const caller = callers[Math.floor(random.next() * callers.length)];
    if (caller) call(caller, callee);
  }
  const wanted = Math.round(leaves * density);
  const busy = apps.map((app) => ({ app, weight: random.next() ** -0.45 * (TIERS - app.tier) }));
  for (let tries = 0; calls.list.length < wanted && tries < wanted * 30; tries++) {
    const caller = weigh(random, busy, (b) => b.weight)?.app;
    const callee = caller && pickCallee(random, apps, caller);
    if (caller && callee) call(caller, callee);
  }
  for (let i = 0; i < externals; i++) {
    const callers = 1 + Math.floor(random.next() ** -0.5);
    for (let k = 0; k < callers; k++) {
      const app = apps[Math.floor(random.next() * apps.length)];
      const version = app?.versions[0];
      if (app && version !== undefined) calls.add(versionOf(app, version), `ext:${i}`, 'tcp');
    }
  }
  return { apps, externals, calls: calls.list };
}
