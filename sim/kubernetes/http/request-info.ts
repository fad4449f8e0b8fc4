// What a request asks for, read from its method and path (apiserver/pkg/endpoints/request/requestinfo.go).

export interface ResourceInfo {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty for cluster-scoped kinds and for lists over all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export type RequestInfo =
  | { readonly isResource: true; readonly resource: ResourceInfo }
  | { readonly isResource: false; readonly path: string; readonly verb: string };

/** Reads a request; a path outside /api/<v>/... and /apis/<g>/<v>/... is a non-resource path. */
export function decodeRequest(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = splitPath(path);
  const core = parts[0] === 'api' && parts.length > 2;
  const grouped = parts[0] === 'apis' && parts.length > 3;
  if (!core && !grouped) return { isResource: false, path, verb: method.toLowerCase() };
  const group = core ? '' : (parts[1] ?? '');
  const version = (core ? parts[1] : parts[2]) ?? '';
  const rest = parts.slice(core ? 2 : 3);
  const { namespace, plural, name, subresource } = decodeResourcePath(rest);
  const single = name !== '';
  return { isResource: true, resource: { verb: verbOf(method, single, query), group, version, plural, namespace, name, subresource } };
}

function splitPath(path: string): readonly string[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}

/** namespaces/<ns>/<plural>/..., where namespaces/<ns> and its own subresources are the namespace itself. */
function decodeResourcePath(parts: readonly string[]): Pick<ResourceInfo, 'namespace' | 'plural' | 'name' | 'subresource'> {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = parts;
  if (first !== 'namespaces' || second === '')
    return { namespace: '', plural: first, name: second, subresource: [third, fourth].filter(Boolean).join('/') };
  if (third === '' || third === 'status' || third === 'finalize')
    return { namespace: second, plural: first, name: second, subresource: third };
  return { namespace: second, plural: third, name: fourth, subresource: fifth };
}

function verbOf(method: string, single: boolean, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
    case 'HEAD': {
      const watch = query.get('watch');
      if (!single && watch !== null && watch !== 'false' && watch !== '0') return 'watch';
      return single ? 'get' : 'list';
    }
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return single ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}
