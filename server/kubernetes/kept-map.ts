// ConfigMaps in the console's namespace, in the console's own name: what the journal and the saved cases are kept in.
// In: ApiClient, a namespace. Out: read, list, create, update guarded by resourceVersion, remove; every refusal is a Failure that names the right.
import { Failure } from '../../model/failure';
import type { ApiAnswer, ApiClient, ApiMessage } from './client';
import { isRaw, type Raw } from './managed-object';

export interface KeptMap {
  readonly name: string;
  readonly version: string;
  /** By the API server's clock. */
  readonly createdAtMs: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData: Readonly<Record<string, string>>;
}
export type MapContent = Pick<KeptMap, 'name' | 'labels'> & Partial<Pick<KeptMap, 'data' | 'binaryData'>>;

const DEADLINE_MS = 10_000;
/** A page is parsed in one go: entries of the journal have up to 1 MiB. */
const PAGE = 50;

const textsOf = (x: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(isRaw(x) ? x : {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

function decodeMap(body: unknown): KeptMap | null {
  const meta = isRaw(body) && isRaw(body['metadata']) ? body['metadata'] : {};
  const { name, resourceVersion, labels, creationTimestamp } = meta;
  if (!isRaw(body) || typeof name !== 'string' || typeof resourceVersion !== 'string') return null;
  const createdAtMs = typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) : Number.NaN;
  return {
    name,
    version: resourceVersion,
    createdAtMs: Number.isNaN(createdAtMs) ? null : createdAtMs,
    labels: textsOf(labels),
    data: textsOf(body['data']),
    binaryData: textsOf(body['binaryData']),
  };
}

/** What the API server said, as a Failure. `resource` is in words of RBAC: `configmaps`, `leases.coordination.k8s.io`. */
export function failureOfKept({ status, body }: ApiAnswer, { method, path }: ApiMessage, resource: string, namespace: string): Failure {
  const message = isRaw(body) && typeof body['message'] === 'string' ? `: ${body['message'].slice(0, 500)}` : '';
  const said = `${method} ${path.split('?')[0] ?? path} answered ${status}${message}`;
  switch (status) {
    case 401:
      return new Failure('clusterUnreachable', said, "Renew the credentials of the console's kubeconfig or service account.");
    case 403:
      return new Failure(
        'forbidden',
        `the console keeps its journal in namespace ${namespace} and may not: ${said}`,
        `Give the console's own account a Role for ${resource} there (the Helm chart does), or set changes.namespace to another one.`,
      );
    case 404:
      return new Failure('notFound', said, `Make the namespace ${namespace}, or set changes.namespace to another one.`);
    case 409:
      return new Failure('conflict', said, 'Read it again.');
    case 413:
    case 422:
      return new Failure('tooLarge', said, 'Make the change in smaller parts.');
    case 429:
      return new Failure('clusterUnreachable', said, 'Try again in a moment.');
    default:
      return new Failure('clusterUnreachable', said, 'Try again in a moment.');
  }
}

export class KeptMaps {
  readonly #open: () => ApiClient;
  readonly #namespace: string;

  constructor(open: () => ApiClient, namespace: string) {
    this.#open = open;
    this.#namespace = namespace;
  }

  /** @throws Failure forbidden, cluster* */
  async list(selector: string, signal: AbortSignal): Promise<readonly KeptMap[]> {
    const found: KeptMap[] = [];
    let token = '';
    do {
      const next = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
      const body: Raw = await this.#ask(
        { method: 'GET', path: this.#path('', `labelSelector=${encodeURIComponent(selector)}&limit=${PAGE}${next}`) },
        signal,
      );
      for (const item of Array.isArray(body['items']) ? (body['items'] as readonly unknown[]) : []) {
        const map = decodeMap(item);
        if (map !== null) found.push(map);
      }
      const meta = body['metadata'];
      token = isRaw(meta) && typeof meta['continue'] === 'string' ? meta['continue'] : '';
    } while (token !== '');
    return found;
  }

  /** Null where there is none. @throws Failure forbidden, cluster* */
  async read(name: string, signal: AbortSignal): Promise<KeptMap | null> {
    try {
      return this.#decode(await this.#ask({ method: 'GET', path: this.#path(name) }, signal));
    } catch (error) {
      if (error instanceof Failure && error.code === 'notFound') return null;
      throw error;
    }
  }

  /** @throws Failure conflict where it exists; forbidden, tooLarge, notFound (the namespace), cluster* */
  async create(content: MapContent, signal: AbortSignal): Promise<KeptMap> {
    return this.#decode(await this.#ask({ method: 'POST', path: this.#path(''), body: this.#body(content) }, signal));
  }

  /** @throws Failure conflict where it has another version; as create */
  async update(content: MapContent, version: string, signal: AbortSignal): Promise<KeptMap> {
    return this.#decode(await this.#ask({ method: 'PUT', path: this.#path(content.name), body: this.#body(content, version) }, signal));
  }

  /** @throws Failure forbidden, cluster* */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#ask({ method: 'DELETE', path: this.#path(name) }, signal);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'notFound') throw error;
    }
  }

  #path(name: string, query = ''): string {
    const path = `/api/v1/namespaces/${this.#namespace}/configmaps${name === '' ? '' : `/${name}`}`;
    return query === '' ? path : `${path}?${query}`;
  }

  #body({ name, labels, data, binaryData }: MapContent, version?: string): Raw {
    const metadata = { name, namespace: this.#namespace, labels, ...(version === undefined ? {} : { resourceVersion: version }) };
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      ...(data === undefined ? {} : { data }),
      ...(binaryData === undefined ? {} : { binaryData }),
    };
  }

  async #ask(message: ApiMessage, signal: AbortSignal): Promise<Raw> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const answer = await this.#open().send(message, { kind: 'console' }, { signal: deadline, deadlineMs: DEADLINE_MS });
    if (answer.status < 200 || answer.status > 299) throw failureOfKept(answer, message, 'configmaps', this.#namespace);
    if (isRaw(answer.body)) return answer.body;
    throw new Failure(
      'clusterMalformed',
      `${message.method} ${message.path.split('?')[0] ?? ''} was answered with something that is no object`,
      'Check that the address is a Kubernetes API server and not a login page or proxy.',
    );
  }

  #decode(body: Raw): KeptMap {
    const map = decodeMap(body);
    if (map !== null) return map;
    throw new Failure('clusterMalformed', 'the API server answered a ConfigMap with something else', 'Try again in a moment.');
  }
}
