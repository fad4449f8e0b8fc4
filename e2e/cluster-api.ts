// The Kubernetes API of the simulated mesh as its administrator uses it, and kubeconfigs that lead elsewhere. In: a kubeconfig. Out: answers.
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { parse } from 'yaml';

type Json = Readonly<Record<string, unknown>>;
const isRecord = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);

/** The value at a path of names and places; throws naming the first that is not there. */
function read(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step];
    else if (isRecord(at) && typeof step === 'string') at = at[step];
    else throw new Error(`the kubeconfig has no ${path.join('.')}`);
  }
  return at;
}

function readText(value: unknown, ...path: readonly (string | number)[]): string {
  const found = read(value, ...path);
  if (typeof found !== 'string') throw new Error(`${path.join('.')} of the kubeconfig is no text`);
  return found;
}

export interface ClusterApi {
  /** Sends a request as the administrator; answers the parsed body. @throws Error with status and body unless it was accepted. */
  send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens the API that a kubeconfig leads to, as its first user. */
export function openClusterApi(kubeconfig: string): ClusterApi {
  const config: unknown = parse(readFileSync(kubeconfig, 'utf8'));
  const server = readText(config, 'clusters', 0, 'cluster', 'server');
  const ca = Buffer.from(readText(config, 'clusters', 0, 'cluster', 'certificate-authority-data'), 'base64').toString('utf8');
  const token = readText(config, 'users', 0, 'user', 'token');
  const dispatcher = new Agent({ connect: { ca } });
  return {
    send: async (method, path, body) => {
      const answer = await request(`${server}${path}`, {
        method,
        dispatcher,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 400)}`);
      const parsed: unknown = JSON.parse(text);
      return parsed;
    },
    close: () => dispatcher.close(),
  };
}

/** Port of the server of a kubeconfig. */
export const readServerPort = (kubeconfig: string): number =>
  Number(new URL(readText(parse(readFileSync(kubeconfig, 'utf8')), 'clusters', 0, 'cluster', 'server')).port);

/** Writes a copy of a kubeconfig that leads to another port of this machine; returns its path. */
export function writeKubeconfigTo(kubeconfig: string, port: number): string {
  const text = readFileSync(kubeconfig, 'utf8');
  const path = `${kubeconfig}-${port}`;
  writeFileSync(path, text.replace(/(server: https:\/\/127\.0\.0\.1):\d+/, `$1:${port}`), { mode: 0o600 });
  return path;
}
