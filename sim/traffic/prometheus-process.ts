// A real Prometheus beside the simulation: found on the PATH, configured for the combined target, started, awaited, stopped.
// In: directory, ports, scrape interval. Out: its URL. The child never outlives `close`.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface PrometheusOptions {
  /** Scratch directory for configuration and storage. */
  readonly directory: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly scrapeSeconds: number;
  /** `host:port` of the metrics endpoint. */
  readonly target: string;
}

export interface PrometheusProcess {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5_000;

/** Version text of the `prometheus` on the PATH, null where there is none. */
export function findPrometheus(): string | null {
  const found = spawnSync('prometheus', ['--version'], { encoding: 'utf8', timeout: 10_000 });
  if (found.error || found.status !== 0) return null;
  return (found.stdout || found.stderr).split('\n')[0] ?? '';
}

/** Storage directory within the scratch directory; its `wal` may be filled before the start. */
export const storagePath = (directory: string): string => join(directory, 'prometheus');

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address !== 'string' ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

const configuration = (options: PrometheusOptions): string =>
  stringify({
    global: { scrape_interval: `${options.scrapeSeconds}s`, evaluation_interval: '30s' },
    scrape_configs: [
      {
        job_name: 'mesh',
        honor_labels: true,
        metrics_path: '/metrics',
        scrape_timeout: `${Math.min(options.scrapeSeconds, 10)}s`,
        static_configs: [{ targets: [options.target] }],
      },
    ],
  });

/** Starts Prometheus and waits until it is ready. @throws with its last words when it exits or is not ready in time. */
export async function startPrometheusProcess(options: PrometheusOptions): Promise<PrometheusProcess> {
  mkdirSync(storagePath(options.directory), { recursive: true });
  const config = join(options.directory, 'prometheus.yaml');
  writeFileSync(config, configuration(options));
  const port = options.port === 0 ? await freePort() : options.port;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${storagePath(options.directory)}`,
      '--storage.tsdb.retention.time=6h',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Whatever ends this process ends the child: an exit that skips close() must not leave it behind.
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words.push(text);
    if (words.length > 20) words.shift();
  });
  const close = async (): Promise<void> => {
    process.off('exit', killWithUs);
    await stop(child);
  };
  try {
    await waitUntilReady(child, url, () => words.join('').trim());
  } catch (error) {
    await close();
    throw error;
  }
  return { url, port, close };
}

async function waitUntilReady(child: ChildProcess, url: string, lastWords: () => string): Promise<void> {
  const failures: string[] = [];
  child.once('error', (error) => failures.push(error.message));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (failures.length > 0 || child.exitCode !== null)
      throw new Error(`prometheus ended at its start: ${failures[0] ?? `exit code ${child.exitCode}`}. It said: ${lastWords()}`);
    const ready = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`prometheus was not ready at ${url} after ${START_DEADLINE_MS / 1000} s. It said: ${lastWords()}`);
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
