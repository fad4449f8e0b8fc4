// Runs the real Prometheus, if it is on the PATH, on an empty directory and a free local port.
// In: nothing. Out: its URL, and a function that stops it and removes its data.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealPrometheus {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const READY_DEADLINE_MS = 30_000;
const READY_POLL_MS = 50;

/** The version on the PATH such as "2.42.0", or undefined. */
export function findPrometheusVersion(): string | undefined {
  const result = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  return /version (\d+\.\d+\.\d+)/.exec([result.stdout, result.stderr].join('\n'))?.[1];
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

async function waitUntilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadlineMs = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}: ${log()}`);
    const isReady = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  throw new Error(`prometheus was not ready within ${READY_DEADLINE_MS} ms: ${log()}`);
}

/** Starts Prometheus with its remote-write receiver on; rejects when it does not become ready. */
export async function startRealPrometheus(): Promise<RealPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const configFile = join(directory, 'prometheus.yml');
  writeFileSync(configFile, 'global: {}\n');
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${configFile}`, `--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn('prometheus', [...args, '--web.enable-remote-write-receiver', '--log.level=error'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(url, child, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
