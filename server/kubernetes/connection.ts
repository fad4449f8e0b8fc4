// How to reach a cluster: kubeconfig or the pod's service account, by the official library (exec plugins, token files and auth providers
// included). In: a path and a context, or nothing. Out: Connection. Credentials are asked for again when they may have expired.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { Failure } from '../../model/failure';
import { Secret } from '../secret';

/** TLS material and headers of one moment. */
export interface Credentials {
  readonly authorization: Secret | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized?: boolean;
  };
}

export interface Connection {
  /** Base URL without a trailing slash. */
  readonly server: string;
  /** Where it comes from, in words for logs: `context admin of /home/me/.kube/config`. */
  readonly origin: string;
  /** Whether tokens may travel on it: TLS, or this machine. */
  readonly confidential: boolean;
  readCredentials(): Promise<Credentials>;
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const isPem = (x: unknown): x is string | Buffer => typeof x === 'string' || Buffer.isBuffer(x);

/** ~/.kube/config, null where there is none; a container's user may have no home at all, and asking for it throws. */
function findHomeKubeconfig(): string | null {
  try {
    const path = join(homedir(), '.kube', 'config');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * The connection that a kubeconfig describes. Without a path: the files of `kubeconfigList` (KUBECONFIG), ~/.kube/config, the pod's service account.
 * @throws Failure clusterUnreachable when there is none or it cannot be read
 */
export function readConnection(options: {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly kubeconfigList: string | undefined;
}): Connection {
  const config = new KubeConfig();
  let origin: string;
  try {
    const home = findHomeKubeconfig();
    if (options.kubeconfig !== undefined) {
      config.loadFromFile(options.kubeconfig);
      origin = options.kubeconfig;
    } else if (options.kubeconfigList) {
      config.loadFromDefault();
      origin = 'KUBECONFIG';
    } else if (home !== null) {
      config.loadFromFile(home);
      origin = home;
    } else if (existsSync(SERVICE_ACCOUNT_TOKEN)) {
      config.loadFromCluster();
      origin = 'the service account of the pod';
    } else
      throw new Failure(
        'clusterUnreachable',
        'there is no kubeconfig and no service account',
        'Set kubernetes.kubeconfig (HEDDLE_KUBERNETES_KUBECONFIG), or try `npm run demo` for a simulated mesh.',
      );
  } catch (error) {
    if (error instanceof Failure) throw error;
    // The library's message may quote the file; its first line names the fault.
    throw new Failure(
      'clusterUnreachable',
      `the kubeconfig cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown fault'}`,
      'Check the file with `kubectl config view`.',
      { cause: error },
    );
  }
  if (options.context !== undefined) {
    if (!config.getContexts().some((c) => c.name === options.context))
      throw new Failure(
        'clusterUnreachable',
        `the kubeconfig has no context ${JSON.stringify(options.context)}`,
        `Set kubernetes.context to one of: ${config
          .getContexts()
          .map((c) => c.name)
          .join(', ')}.`,
      );
    config.setCurrentContext(options.context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster?.server)
    throw new Failure(
      'clusterUnreachable',
      `${origin} names no cluster for its current context`,
      'Check it with `kubectl config view --minify`.',
    );
  const server = cluster.server.replace(/\/+$/, '');
  const plain = server.startsWith('http://');
  // The library builds a TLS agent even where there is no TLS, and refuses to; nothing is verified on plain HTTP either way.
  if (plain) config.clusters = config.clusters.map((c) => (c.name === cluster.name ? { ...c, skipTLSVerify: true } : c));
  // As kubectl: a token does not travel in the clear, except on this machine (`kubectl proxy`, a simulated mesh).
  const confidential = !plain || LOOPBACK.test(new URL(server).hostname);
  return {
    server,
    origin: `context ${config.getCurrentContext()} of ${origin}`,
    confidential,
    readCredentials: async () => {
      const out: { headers: Record<string, string>; [key: string]: unknown } = { headers: {} };
      try {
        await config.applyToHTTPSOptions(out);
      } catch (error) {
        throw new Failure(
          'clusterUnauthorized',
          `the credentials of ${origin} cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown fault'}`,
          'Run `kubectl get namespaces` with the same kubeconfig; log in again if it asks for it.',
          { cause: error },
        );
      }
      const headers: Record<string, string> = {};
      let authorization: Secret | null = null;
      for (const [name, value] of Object.entries(out.headers))
        if (name.toLowerCase() === 'authorization') authorization = new Secret(value);
        else headers[name.toLowerCase()] = value;
      if (typeof out['auth'] === 'string') authorization = new Secret(`Basic ${Buffer.from(out['auth']).toString('base64')}`);
      return {
        authorization: confidential ? authorization : null,
        headers,
        tls: {
          ...(isPem(out['ca']) ? { ca: out['ca'] } : {}),
          ...(isPem(out['cert']) ? { cert: out['cert'] } : {}),
          ...(isPem(out['key']) ? { key: out['key'] } : {}),
          ...(typeof out['servername'] === 'string' ? { servername: out['servername'] } : {}),
          ...(typeof out['rejectUnauthorized'] === 'boolean' ? { rejectUnauthorized: out['rejectUnauthorized'] } : {}),
        },
      };
    },
  };
}
