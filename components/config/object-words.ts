// What an object's status and text say, for the side of its page: conditions in order, services that it is about. In: JSON of the cluster. Out: rows. Pure.
import type { Json, JsonObject } from '../../model/inventory';
import type { ConfigObjectDocument } from '../../model/steering';

export interface Condition {
  readonly key: string;
  readonly type: string;
  readonly status: string;
  /** Null: neither good nor bad is known of it. */
  readonly good: boolean | null;
  readonly reason: string;
  readonly message: string;
  /** The parent or listener that it is about; '' for the object. */
  readonly about: string;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Conditions whose truth is bad news. */
const BAD_WHEN_TRUE = new Set(['Conflicted', 'Detached', 'OverlappingTLSConfig', 'PartiallyInvalid']);

function judge(type: string, status: string): boolean | null {
  if (status !== 'True' && status !== 'False') return null;
  return BAD_WHEN_TRUE.has(type) ? status === 'False' : status === 'True';
}

const readList = (value: Json | undefined, about: string): readonly Condition[] =>
  listOf(value).map((condition) => {
    const type = textOf(condition['type']);
    const status = textOf(condition['status']);
    return {
      key: `${about} ${type}`,
      type,
      status,
      good: judge(type, status),
      reason: textOf(condition['reason']),
      message: textOf(condition['message']),
      about,
    };
  });

/** Conditions of the object, of its listeners (Gateway) and of its parents (routes); bad ones first. */
export function readConditions(status: JsonObject | null): readonly Condition[] {
  if (status === null) return [];
  const all = [
    ...readList(status['conditions'], ''),
    ...listOf(status['listeners']).flatMap((listener) => readList(listener['conditions'], `Listener ${textOf(listener['name'])}`)),
    ...listOf(status['parents']).flatMap((parent) => {
      const to = isObject(parent['parentRef']) ? parent['parentRef'] : {};
      return readList(parent['conditions'], `Parent ${textOf(to['kind']) || 'Gateway'} ${textOf(to['name'])}`);
    }),
  ];
  return [...all].sort((a, b) => Number(a.good ?? true) - Number(b.good ?? true));
}

export interface NamedService {
  readonly namespace: string;
  readonly name: string;
}

/** `reviews`, `reviews.bookinfo`, `reviews.bookinfo.svc.cluster.local` as a service; null for hosts outside of the cluster and patterns. */
export function readService(host: string, namespace: string): NamedService | null {
  if (host === '' || host.includes('*') || /^[\d.:]+$/.test(host)) return null;
  const parts = host.split('.');
  const [name = '', second] = parts;
  if (second === undefined) return { namespace, name };
  if (parts[2] === 'svc' || parts.length === 2) return { namespace: second, name };
  return null;
}

const HOST = /^\s*(?:-\s+)?host:\s*["']?([\w.-]+)["']?\s*(?:#.*)?$/gm;
const MAX_SERVICES = 12;

/** Services that the object sends traffic to or shapes, as its text names them. */
export function readServices({ ref, yaml }: Pick<ConfigObjectDocument, 'ref' | 'yaml'>): readonly NamedService[] {
  const found = new Map<string, NamedService>();
  const add = (host: string): void => {
    const service = readService(host, ref.namespace);
    if (service !== null && found.size < MAX_SERVICES) found.set(`${service.namespace}/${service.name}`, service);
  };
  if (ref.kind === 'VirtualService' || ref.kind === 'DestinationRule') for (const [, host = ''] of yaml.matchAll(HOST)) add(host);
  if (ref.kind.endsWith('Route'))
    for (const block of yaml.split('backendRefs:').slice(1)) {
      const name = /^\s*(?:-\s+)?name:\s*["']?([\w.-]+)/m.exec(block)?.[1] ?? '';
      add(name);
    }
  return [...found.values()];
}
