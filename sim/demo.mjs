// npm run demo: everything from nothing. Installs npm packages when they are missing, builds when the build is older than the sources,
// starts a simulated mesh and the console on it, and says where to look. Only Node and npm are needed.
//   npm run demo -- [--port 8080] [--auth anonymous|openid] [--world default|large] [--services N] [--seed S] [--prometheus auto|real|embedded] [--scrape 5s]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const say = (text) => console.log(`heddle: ${text}`);
const fail = (text) => {
  console.error(`heddle: ${text}`);
  process.exit(1);
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20)) fail(`Node ${process.versions.node} is too old: install Node 20.20 or newer.`);

const args = process.argv.slice(2);
const option = (name, standard) => {
  const at = args.indexOf(`--${name}`);
  if (at < 0) return standard;
  const [, value] = args.splice(at, 2);
  if (value === undefined) fail(`--${name} needs a value`);
  return value;
};
const port = Number(option('port', process.env.HEDDLE_SERVER_PORT ?? '8080'));
if (!Number.isInteger(port) || port < 1 || port > 65535) fail('--port expects a number from 1 to 65535');

const auth = option('auth', 'openid');
if (auth !== 'anonymous' && auth !== 'openid') fail('--auth expects anonymous or openid');

const run = (what, command, argv, env = {}) => {
  say(what);
  const { status, error } = spawnSync(command, argv, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status !== 0) fail(`${command} ${argv.join(' ')} failed${error ? `: ${error.message}` : ''}; nothing was started.`);
};

/** Newest change below the given paths, ms. */
function newest(paths) {
  let latest = 0;
  const walk = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(path)) walk(join(path, name));
    else if (!/\.test\.tsx?$/.test(path)) latest = Math.max(latest, stat.mtimeMs);
  };
  for (const path of paths) walk(join(root, path));
  return latest;
}

// Not `npm ci`: it refuses a lock file in which optional packages of other platforms are missing; this one takes the versions of the lock, too.
const INSTALL = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'];
const installed = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
const lock = statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false });
if (!installed || (lock && lock.mtimeMs > installed.mtimeMs + 60_000)) run('installing npm packages (about a minute) ...', 'npm', INSTALL);

const built = statSync(join(root, '.next', 'standalone', 'built.json'), { throwIfNoEntry: false });
const sources = newest([
  'app',
  'components',
  'model',
  'server',
  'public',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.js',
  'package-lock.json',
]);
if (!built || built.mtimeMs < sources) run('building (about a minute) ...', 'npm', ['run', 'build'], { NEXT_TELEMETRY_DISABLED: '1' });

const isFree = (wanted) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
if (!(await isFree(port)))
  fail(`port ${port} is in use: stop what listens there, or choose another with: npm run demo -- --port ${port + 1}`);
// A browser must reach the provider, too: beside the console where that port is free, for whoever forwards ports.
const openidPort = port < 65_535 && (await isFree(port + 1)) ? port + 1 : 0;
const loginFlags =
  auth === 'openid'
    ? ['--openid-port', String(openidPort), '--console-url', `http://localhost:${port}`, '--console-url', `http://127.0.0.1:${port}`]
    : [];

const data = mkdtempSync(join(tmpdir(), 'heddle-demo-'));
const children = [];
let stopping = false;
function stop(code) {
  if (stopping) return;
  stopping = true;
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  const deadline = setTimeout(() => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  }, 5000);
  Promise.all(children.map((c) => (c.exitCode === null && c.signalCode === null ? new Promise((r) => c.once('exit', r)) : null))).then(
    () => {
      clearTimeout(deadline);
      rmSync(data, { recursive: true, force: true });
      process.exit(code);
    },
  );
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

function start(name, argv, env, onLine) {
  // A group of its own would outlive us; the children get the signal from stop() only.
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  children.push(child);
  createInterface({ input: child.stdout }).on('line', onLine);
  child.once('exit', (code, signal) => {
    if (!stopping) {
      console.error(`heddle: ${name} ended unexpectedly (${signal ?? code}).`);
      stop(1);
    }
  });
  return child;
}

say('starting the simulated mesh ...');
const simulation = await new Promise((resolve) => {
  start('the simulated mesh', ['--import', 'tsx', join(root, 'sim', 'main.ts'), '--data', data, ...loginFlags, ...args], {}, (line) => {
    try {
      const said = JSON.parse(line);
      if (said.ready) return resolve(said);
    } catch {
      // Not the line of readiness: a log line.
    }
    console.log(line);
  });
});

// With logins the console has a name of its own in the cluster, with the rights it needs. Who may do what can be tried differently by HEDDLE_ACCESS_*.
const settings = simulation.openid
  ? { ...simulation.openid.environment, HEDDLE_KUBERNETES_CONTEXT: 'heddle' }
  : { HEDDLE_AUTH_ANONYMOUS_ROLE: process.env.HEDDLE_AUTH_ANONYMOUS_ROLE ?? 'admin' };
const access = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('HEDDLE_ACCESS_')));

const address = `http://localhost:${port}`;
start(
  'the console',
  [join(root, 'server', 'start.mjs')],
  {
    HEDDLE_SERVER_PORT: String(port),
    HEDDLE_PROMETHEUS_URL: simulation.prometheus,
    HEDDLE_KUBERNETES_KUBECONFIG: simulation.kubeconfig,
    ...settings,
    ...access,
    HEDDLE_LOG_FORMAT: process.env.HEDDLE_LOG_FORMAT ?? 'text',
    HEDDLE_LOG_LEVEL: process.env.HEDDLE_LOG_LEVEL ?? 'warn',
  },
  (line) => console.log(line),
);
const waitFor = async (path) => {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    if (answer?.ok) return;
    if (stopping) return;
    await new Promise((r) => setTimeout(r, 150));
  }
};
await waitFor('/api/health/ready');
if (!stopping) {
  say(`ready: open ${address}`);
  if (simulation.openid)
    say(`log in as admin, editor, viewer or nobody: a click at the simulated OpenID provider (${simulation.openid.issuer}), no password`);
  say(`the simulated Kubernetes API: export KUBECONFIG=${simulation.kubeconfig}   (kubectl get virtualservices -A)`);
  say(`its Prometheus: ${simulation.prometheus}   Ctrl+C stops everything.`);
}
