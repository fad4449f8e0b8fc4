// Services that an object names, for the side of its page. In: an object's text. Out: services. Pure.
import type { ConfigObjectDocument } from '../../model/steering';

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
