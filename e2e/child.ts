// Child processes of the browser tests. In: Node arguments, variables. Out: a child that never outlives the tests, with its output kept for
// the words of a failure.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const KILL_AFTER_MS = 8000;
const KEPT_LINES = 40;

export interface Child {
  readonly process: ChildProcess;
  /** The last lines that it wrote, both streams. */
  readonly output: () => string;
  /** Resolves with the first line of its standard output for which `pick` gives a value; rejects when the process ends before. */
  readonly firstLine: <T>(pick: (line: string) => T | null) => Promise<T>;
  /** Ends it: politely, then not. */
  readonly stop: () => Promise<void>;
}

/** Settings of this machine's user must not reach what is tested. */
const cleanEnvironment = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEDDLE_') && name !== 'KUBECONFIG'));

/** Starts `node` with these arguments in a directory. */
export function startNode(args: readonly string[], directory: string, environment: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_ENV: process.env.NODE_ENV, ...cleanEnvironment(), ...environment },
  });
  const kept: string[] = [];
  const watchers = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      if (stream === child.stdout) for (const watcher of watchers) watcher(line);
    });
  // A worker that is killed in the middle of a test leaves nothing behind.
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  const output = (): string => kept.join('\n');
  return {
    process: child,
    output,
    firstLine: (pick) =>
      new Promise((resolve, reject) => {
        const onEnd = (): void => reject(new Error(`${args.join(' ')} ended too early:\n${output()}`));
        const watcher = (line: string): void => {
          const value = pick(line);
          if (value === null) return;
          watchers.delete(watcher);
          child.off('exit', onEnd);
          resolve(value);
        };
        watchers.add(watcher);
        child.once('exit', onEnd);
      }),
    stop: () => {
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      return new Promise((resolve) => {
        const kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
        child.once('exit', () => {
          clearTimeout(kill);
          resolve();
        });
        child.kill('SIGTERM');
      });
    },
  };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port was given out')),
      );
    });
  });
}
