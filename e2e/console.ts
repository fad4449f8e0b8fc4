// The production build of the console in a process of its own. In: addresses of the backends. Out: its address and how fast it started.
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch as fetchBy } from 'undici';
import { findFreePort, startNode } from './child';

const ROOT = join(__dirname, '..');
const POLL_MS = 20;

export interface RunningConsole {
  /** Its address, with the base path. */
  readonly url: string;
  /** Tells it to stop; resolves with ms until the process was gone. */
  readonly terminate: () => Promise<number>;
  /** Ends it at once, as a machine that dies does; resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** ms from the start of the process to its first answer. */
  readonly answerMs: number;
  /** ms from the start of the process until it has listed the cluster and can answer everything; null when that was not waited for. */
  readonly readyMs: number | null;
  /** The last lines of its log. */
  readonly output: () => string;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  /** Null: the console looks for it. */
  readonly prometheus: string | null;
  readonly kubeconfig: string;
  /** `answers`: also a console whose cluster is away is started. Default `ready`. */
  readonly until?: 'answers' | 'ready';
  /** Default `/`. */
  readonly basePath?: string;
  /** Serves HTTPS with these files. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly ca: string };
  /** Default: a free one. A login has to know its address before the console starts. */
  readonly port?: number;
  /** Settings beside those of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a console; tests use a short refresh and a short deadline, everything else as delivered. */
export async function startConsole({
  prometheus,
  kubeconfig,
  until = 'ready',
  basePath = '/',
  tls,
  port: wanted,
  environment = {},
}: ConsoleOptions): Promise<RunningConsole> {
  if (!existsSync(join(ROOT, '.next', 'standalone', 'built.json')))
    throw new Error('there is no production build: run `npm run build` first');
  // A directory of its own: a heddle.yaml of the developer must not be read.
  const directory = mkdtempSync(join(tmpdir(), 'heddle-console-'));
  const port = wanted ?? (await findFreePort());
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}${basePath === '/' ? '' : basePath}`;
  const agent = new Agent(tls ? { connect: { ca: tls.ca } } : {});
  const started = performance.now();
  const child = startNode([join(ROOT, 'server', 'start.mjs')], directory, {
    HEDDLE_SERVER_PORT: String(port),
    ...(prometheus === null ? {} : { HEDDLE_PROMETHEUS_URL: prometheus }),
    HEDDLE_KUBERNETES_KUBECONFIG: kubeconfig,
    HEDDLE_GRAPH_REFRESH_SECONDS: '5',
    HEDDLE_PROMETHEUS_TIMEOUT_SECONDS: '5',
    HEDDLE_LOG_LEVEL: 'warn',
    HEDDLE_SERVER_BASE_PATH: basePath,
    ...(tls ? { HEDDLE_SERVER_TLS_CERT_FILE: tls.certFile, HEDDLE_SERVER_TLS_KEY_FILE: tls.keyFile } : {}),
    ...environment,
  });
  const terminate = async (): Promise<number> => {
    const asked = performance.now();
    await child.stop();
    return performance.now() - asked;
  };
  const kill = async (): Promise<void> => {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    const gone = once(child.process, 'exit');
    child.process.kill('SIGKILL');
    await gone;
  };
  const close = async (): Promise<void> => {
    await child.stop();
    await agent.destroy();
    rmSync(directory, { recursive: true, force: true });
  };
  const answered = async (path: string): Promise<number> => {
    for (;;) {
      if (child.process.exitCode !== null) throw new Error(`the console ended with ${child.process.exitCode}:\n${child.output()}`);
      const answer = await fetchBy(`${url}${path}`, { dispatcher: agent }).catch(() => null);
      await answer?.arrayBuffer();
      if (answer?.ok) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  try {
    const answerMs = await answered('/api/health/live');
    const readyMs = until === 'ready' ? await answered('/api/health/ready') : null;
    return { url, answerMs, readyMs, output: child.output, terminate, kill, close };
  } catch (error) {
    await close();
    throw error;
  }
}
