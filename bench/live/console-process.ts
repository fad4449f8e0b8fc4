// The production build as a process of its own, and the simulated mesh that it looks at as another. In: ports, addresses. Out: both, running.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { readCpuMs } from '../process-usage';

const ROOT = join(import.meta.dirname, '..', '..');
const START_DEADLINE_MS = 180_000;

/** Whether there is a production build to measure. */
export const isBuilt = (): boolean => existsSync(join(ROOT, '.next', 'standalone', 'built.json'));

export interface RunningProcess {
  readonly pid: number;
  close(): Promise<void>;
}

export interface SimulatedMesh extends RunningProcess {
  readonly prometheusUrl: string;
  readonly kubeconfig: string;
}

export interface RunningConsole extends RunningProcess {
  readonly url: string;
  /** From the start of the process to its first answer, ms. */
  readonly startedInMs: number;
  /** CPU of the process until then, ms: what the start takes when nobody else wants the machine. */
  readonly startCpuMs: number;
}

function own(child: ChildProcess): { readonly words: () => string; readonly running: RunningProcess } {
  let words = '';
  const note = (chunk: Buffer): void => {
    words = (words + chunk.toString('utf8')).slice(-4000);
  };
  child.stderr?.on('data', note);
  child.stdout?.on('data', note);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(kill, 15_000);
    await ended;
    clearTimeout(force);
  };
  return { words: () => words, running: { pid: child.pid ?? 0, close } };
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;

/** Starts the large simulated world with a real Prometheus. @throws with its last words when it does not come up */
export const startMesh = (dir: string, services: number): Promise<SimulatedMesh> =>
  startSimulated([
    '--world',
    'large',
    '--services',
    String(services),
    '--prometheus',
    'real',
    '--scrape',
    '15s',
    '--data',
    join(dir, 'sim'),
  ]);

/** Starts a simulated world by its flags. @throws as startMesh */
export async function startSimulated(flags: readonly string[]): Promise<SimulatedMesh> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sim/main.ts', ...flags], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const { words, running } = own(child);
  const endMs = performance.now() + START_DEADLINE_MS;
  while (performance.now() < endMs && child.exitCode === null) {
    const line = words()
      .split('\n')
      .find((text) => text.startsWith('{"ready":true'));
    const ready: unknown = line === undefined || !line.endsWith('}') ? null : JSON.parse(line);
    if (isRecord(ready) && typeof ready['prometheus'] === 'string' && typeof ready['kubeconfig'] === 'string')
      return { ...running, prometheusUrl: ready['prometheus'], kubeconfig: ready['kubeconfig'] };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await running.close();
  throw new Error(`the simulated mesh did not start: ${words()}`);
}

async function pickFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port on 127.0.0.1');
  return address.port;
}

/** Starts the console on a mesh, refreshing every 15 s. @throws with its last words when it does not answer */
export async function startConsole(mesh: SimulatedMesh, settings: Readonly<Record<string, string>> = {}): Promise<RunningConsole> {
  const port = await pickFreePort();
  const url = `http://127.0.0.1:${port}`;
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(environment)) if (name.startsWith('HEDDLE_')) delete environment[name];
  environment['HEDDLE_SERVER_PORT'] = String(port);
  environment['HEDDLE_PROMETHEUS_URL'] = mesh.prometheusUrl;
  environment['HEDDLE_KUBERNETES_KUBECONFIG'] = mesh.kubeconfig;
  environment['HEDDLE_KUBERNETES_CONTEXT'] = 'heddle';
  environment['HEDDLE_GRAPH_REFRESH_SECONDS'] = '15';
  environment['HEDDLE_LOG_LEVEL'] = 'warn';
  Object.assign(environment, settings);
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['server/start.mjs'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const { words, running } = own(child);
  while (performance.now() < startedMs + START_DEADLINE_MS && child.exitCode === null) {
    const answered = await request(`${url}/api/health/live`).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode === 200;
      },
      () => false,
    );
    if (answered) return { ...running, url, startedInMs: performance.now() - startedMs, startCpuMs: readCpuMs(running.pid) };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await running.close();
  throw new Error(`the console did not answer: ${words()}`);
}
