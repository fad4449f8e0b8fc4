// A real nginx before the console, configured as README says. In: where to listen, locations. Out: its address. Null where it is not installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findFreePort } from './child';

const POLL_MS = 20;
const STARTS_WITHIN_MS = 10_000;

export interface RunningNginx {
  /** Origin that it serves. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Path of nginx; Debian keeps it in /usr/sbin, which is not on everybody's PATH. */
export function findNginx(): string | null {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
    const path = join(directory, 'nginx');
    if (existsSync(path)) return path;
  }
  return null;
}

/** As README's section about nginx: the path is passed on as it is. */
export const passOn = (basePath: string, target: string): string => `
    location ${basePath} {
      proxy_pass ${target};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_read_timeout 1h;
    }`;

/** Starts nginx with the text of its locations; `wanted`: its port, default a free one. @throws Error with its own words when it does not start */
export async function startNginx(path: string, locations: string, wanted?: number): Promise<RunningNginx> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-nginx-'));
  const port = wanted ?? (await findFreePort());
  const origin = `http://127.0.0.1:${port}`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`);
  // Started by root it would give its workers away to a user who may not read the directory.
  writeFileSync(
    join(directory, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    ${locations}
  }
}
`,
  );
  const check = spawnSync(path, ['-t', '-p', directory, '-c', join(directory, 'nginx.conf')], { encoding: 'utf8' });
  if (check.status !== 0) throw new Error(`nginx refuses its configuration:\n${check.stderr}`);
  const child = spawn(path, ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const close = async (): Promise<void> => {
    process.off('exit', onExit);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = performance.now() + STARTS_WITHIN_MS;
  for (;;) {
    if (
      await fetch(origin).then(
        (answer) => answer.arrayBuffer().then(() => true),
        () => false,
      )
    )
      return { origin, close };
    if (child.exitCode !== null || performance.now() > deadline) {
      await close();
      throw new Error(`nginx did not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
