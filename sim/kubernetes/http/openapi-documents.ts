// The OpenAPI v3 documents: an index, and one document for each group version with its schemas and what kubectl reads of its paths
// (which patch types a kind takes, that dryRun and fieldValidation are understood).
import { createHash } from 'node:crypto';
import type { JsonRecord } from '../json';
import type { Kind } from '../kinds/kind';
import type { KindRegistry } from '../kinds/kind-registry';
import { joinApiVersion } from '../object';
import { encodeComponent, type OpenApiSchema } from '../schemas/openapi';

const parameter = (name: string): JsonRecord => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter);

export class OpenApiDocuments {
  readonly #registry: KindRegistry;
  readonly #texts = new Map<string, string>();

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  /** /openapi/v3: the address of every document, with its hash. */
  index(): JsonRecord {
    const paths = this.#registry
      .groups()
      .flatMap(({ group, versions }) => versions.map((version) => `${group === '' ? 'api' : `apis/${group}`}/${version}`));
    const entries = paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#hash(path)}` }] as const);
    return { paths: Object.fromEntries(entries) };
  }

  /** The document of "api/v1" or "apis/<group>/<version>" as JSON; undefined where that is not served. */
  document(path: string): string | undefined {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const [root, first = '', second = ''] = path.split('/');
    const [group, version] = root === 'api' ? ['', first] : [first, second];
    const kinds = this.#registry.servedAt(group, version);
    if (kinds.length === 0) return undefined;
    const text = JSON.stringify(buildDocument(kinds, version));
    this.#texts.set(path, text);
    return text;
  }

  #hash(path: string): string {
    const [root, first = '', second = ''] = path.split('/');
    const kinds = root === 'api' ? this.#registry.servedAt('', first) : this.#registry.servedAt(first, second);
    const names = kinds.map((kind) => `${kind.kind}:${kind.columns.length}:${kind.subresources.join()}`).join();
    return createHash('sha256').update(`${path} ${names}`).digest('hex').toUpperCase();
  }
}

function buildDocument(kinds: readonly Kind[], version: string): JsonRecord {
  const components = new Map<string, OpenApiSchema>();
  const paths: Record<string, JsonRecord> = {};
  for (const kind of kinds) {
    const identity = { group: kind.group, version, kind: kind.kind };
    const component = componentOf(kind, version);
    encodeComponent({ ...kind.schema(), component }, components);
    components.set(component, { ...components.get(component), 'x-kubernetes-group-version-kind': [identity] });
    Object.assign(paths, buildPaths(kind, version, identity, component));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.4' },
    paths,
    components: { schemas: Object.fromEntries(components) },
  };
}

/** "io.istio.networking.v1.VirtualService": the group's labels reversed, as the CRD publisher names them. */
function componentOf(kind: Kind, version: string): string {
  const reversed = kind.group === '' ? 'io.k8s.api.core' : kind.group.split('.').reverse().join('.');
  return `${reversed}.${version}.${kind.kind}`;
}

function buildPaths(kind: Kind, version: string, identity: JsonRecord, component: string): Readonly<Record<string, JsonRecord>> {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${joinApiVersion(kind.group, version)}`;
  const collection = `${root}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${component}` } } };
  const operation = (action: string, parameters: readonly JsonRecord[] = []): JsonRecord => ({
    operationId: `${action}${kind.kind}`,
    parameters,
    responses: { 200: { description: 'OK', content } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': identity,
  });
  if (kind.review) return { [collection]: { post: { ...operation('post', writeParameters), requestBody: { content } } } };
  const patchable = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
  const types = kind.custom ? patchable : [...patchable, 'application/strategic-merge-patch+json'];
  const patchContent = Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }]));
  const one = {
    get: operation('get'),
    put: { ...operation('put', writeParameters), requestBody: { content } },
    patch: { ...operation('patch', [...writeParameters, parameter('force')]), requestBody: { content: patchContent } },
    delete: operation('delete', [parameter('dryRun')]),
  };
  return {
    [collection]: { get: operation('list'), post: { ...operation('post', writeParameters), requestBody: { content } } },
    [`${collection}/{name}`]: one,
  };
}
