// A real Prometheus on a data directory, for measurements and for tests that compare with the real thing.
// In: a directory, a port (0 = any free one). Out: its URL, once it answers, and a close that ends it. The binary comes from the PATH.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface RunningPrometheus {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Whether a `prometheus` can be started on this machine. */
/** A second one, of the 3.x series, where the tests have put it (e2e/test.mjs); null where there is none. */
export function findPrometheus3(): string | null {
  const path = join(import.meta.dirname, '../../.scratch/backends/prometheus-3/usr/bin/prometheus');
  return existsSync(path) ? path : null;
}

export const prometheusInstalled = (): boolean => spawnSync('prometheus', ['--version'], { stdio: 'ignore' }).status === 0;

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

async function waitUntilReady(url: string, child: ChildProcess, deadlineMs: number, log: () => string): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (performance.now() < endMs) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`prometheus ended before it was ready: ${log().slice(-800)}`);
    const ready = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`prometheus was not ready after ${deadlineMs} ms: ${log().slice(-800)}`);
}

export interface StartOptions {
  readonly readyMs?: number;
  readonly ruleFile?: string;
  /** Absent: the one on the PATH. */
  readonly binary?: string;
  /** More of its flags. */
  readonly flags?: readonly string[];
}

/** Starts Prometheus on `dir`; throws if it is missing, dies, or has not replayed the data within `readyMs`. Takes remote writes. */
export async function startPrometheusOn(dir: string, port: number, options: StartOptions = {}): Promise<RunningPrometheus> {
  const { readyMs = 180_000, ruleFile, binary = 'prometheus', flags = [] } = options;
  mkdirSync(dir, { recursive: true });
  const config = `${dir}.yml`;
  writeFileSync(config, `global: {scrape_interval: 1h}\n${ruleFile === undefined ? '' : `rule_files: [${JSON.stringify(ruleFile)}]\n`}`);
  const listen = port === 0 ? await pickFreePort() : port;
  const url = `http://127.0.0.1:${listen}`;
  let log = '';
  const child = spawn(
    binary,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${dir}`,
      '--storage.tsdb.retention.time=365d',
      `--web.listen-address=127.0.0.1:${listen}`,
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-8000);
  });
  const spawned = once(child, 'spawn');
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // The data is scratch: no need to let it write its head to disk.
    child.kill('SIGKILL');
    await ended;
  };
  await spawned;
  try {
    await waitUntilReady(url, child, readyMs, () => log);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, pid: child.pid ?? 0, close };
}
