// Words and addresses of pages: kinds and tabs, which tab an address opens, the graph around one. In: entities, texts of addresses. Out: words. Pure.
import type { DetailDocument } from '../../model/detail';
import { type DetailTab, ENTITY_PATHS, type EntityKind, type EntityRef, TABS_OF } from '../../model/entity';
import { DEFAULT_VIEW, encodeView } from '../../model/wire';

export const KIND_WORDS: Readonly<Record<EntityKind, string>> = {
  namespace: 'Namespace',
  app: 'Application',
  workload: 'Workload',
  service: 'Service',
};

export const TAB_WORDS: Readonly<Record<DetailTab, string>> = {
  overview: 'Overview',
  traffic: 'Traffic',
  metrics: 'Metrics',
  logs: 'Logs',
  routing: 'Routing',
  configuration: 'Configuration',
};

/** The tab that an address names; the first where it names none that the kind has. */
export function readTab(kind: EntityKind, text: string): DetailTab {
  return TABS_OF[kind].find((tab) => tab === text) ?? 'overview';
}

/** Where the document of a page is asked for. */
export function buildDetailPath({ kind, namespace, name }: EntityRef, query: string): string {
  const names = kind === 'namespace' ? [namespace] : [namespace, name];
  return `/api/details/${[ENTITY_PATHS[kind], ...names.map(encodeURIComponent)].join('/')}${query === '' ? '' : `?${query}`}`;
}

/** Key of an entity, so that nothing of one page is carried to the next. */
export const entityKey = ({ kind, namespace, name }: EntityRef): string => `${kind}/${namespace}/${name}`;

/** The view of the graph one hop around it; of a namespace, or what has no node, its namespace. */
export function graphViewOf({ kind, namespace }: EntityRef, node: string | null, windowSeconds: number): URLSearchParams {
  const view = { ...DEFAULT_VIEW, windowSeconds };
  if (node === null) return encodeView({ ...view, namespaces: [namespace] });
  // Where peers are told on the page, the same edges are drawn: apps to apps, workloads to workloads.
  if (kind === 'service') return encodeView({ ...view, graphType: 'workload', focus: node });
  return encodeView({ ...view, graphType: kind === 'app' ? 'app' : 'workload', serviceNodes: false, focus: node });
}

/** The graph around it, with something chosen: itself without other word. */
export function graphHrefOf(entity: EntityRef, node: string | null, windowSeconds: number, select: string | null = node): string {
  const query = graphViewOf(entity, node, windowSeconds);
  if (select !== null) query.set('select', select);
  return `/graph?${query.toString()}`;
}

/** Other pages about it. */
export function elsewhere(
  { kind, namespace, name }: EntityRef,
  document: DetailDocument | null,
): readonly { readonly href: string; readonly text: string }[] {
  const href = (path: string, query: Readonly<Record<string, string>>): string => `${path}?${new URLSearchParams(query).toString()}`;
  switch (kind) {
    case 'workload':
      return [
        { href: href('/explain', { sourceNamespace: namespace, source: name }), text: 'Explain a request from it' },
        { href: href('/dashboards/istio-workload', { 'var-namespace': namespace, 'var-workload': name }), text: 'Dashboard' },
      ];
    case 'service': {
      const host = document?.facts.host ?? null;
      if (host === null) return [];
      const port = document?.ports[0]?.port;
      return [
        { href: href('/explain', { host, ...(port === undefined ? {} : { port: String(port) }) }), text: 'Explain a request to it' },
        { href: href('/dashboards/istio-service', { 'var-service': host }), text: 'Dashboard' },
      ];
    }
    case 'app':
    case 'namespace':
      return [];
    default:
      return kind satisfies never;
  }
}
