// All kinds, found by group + version + plural (requests), by apiVersion + kind (objects) or by store key.
import { joinApiVersion } from '../object';
import { BuiltinSchemas } from '../schemas/builtin';
import { builtinKinds } from './builtin-kinds';
import { completeKind, type Kind } from './kind';
import { meshKinds } from './mesh-kinds';

export interface GroupVersions {
  readonly group: string;
  /** Served versions, preferred first. */
  readonly versions: readonly string[];
}

export class KindRegistry {
  readonly schemas = new BuiltinSchemas();
  readonly kinds: readonly Kind[];
  readonly #byResource: ReadonlyMap<string, Kind>;
  readonly #byKind: ReadonlyMap<string, Kind>;

  constructor() {
    this.kinds = [...builtinKinds(this.schemas), ...meshKinds(this.schemas)].map(completeKind);
    this.#byResource = new Map(this.kinds.map((kind) => [kind.resource, kind]));
    this.#byKind = new Map(
      this.kinds.flatMap((kind) => kind.versions.map((version) => [`${joinApiVersion(kind.group, version)} ${kind.kind}`, kind] as const)),
    );
  }

  /** The kind that a request path names, where that group serves it at that version. */
  findServed(group: string, version: string, plural: string): Kind | undefined {
    const kind = this.#byResource.get(group === '' ? plural : `${plural}.${group}`);
    return kind?.versions.includes(version) === true ? kind : undefined;
  }

  findByKind(apiVersion: string, kind: string): Kind | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }

  /** By store key, "services" or "virtualservices.networking.istio.io". */
  findByResource(resource: string): Kind | undefined {
    return this.#byResource.get(resource);
  }

  /** Every API group with its versions, in the order of the tables. */
  groups(): readonly GroupVersions[] {
    const groups = new Map<string, Set<string>>();
    for (const kind of this.kinds) {
      const versions = groups.get(kind.group) ?? new Set();
      for (const version of kind.versions) versions.add(version);
      groups.set(kind.group, versions);
    }
    return [...groups].map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
  }

  servedAt(group: string, version: string): readonly Kind[] {
    return this.kinds.filter((kind) => kind.group === group && kind.versions.includes(version));
  }
}

/** apimachinery's version priority: GA before beta before alpha, higher before lower. */
export function compareVersions(left: string, right: string): number {
  const rank = (version: string): readonly number[] => {
    const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)];
  };
  const [a, b] = [rank(left), rank(right)];
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : (b[differing] ?? 0) - (a[differing] ?? 0);
}

/** The apiVersion an object is stored with. */
export function storageApiVersion(kind: Kind): string {
  return joinApiVersion(kind.group, kind.storageVersion);
}
