// Words and addresses of pages: kinds and tabs, which tab an address opens, the graph around one. In: entities, texts of addresses. Out: words. Pure.
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

/** The graph around it, it being chosen; of a namespace, or what has no node, its namespace. */
export function graphHrefOf({ kind, namespace }: EntityRef, node: string | null, windowSeconds: number): string {
  const view = { ...DEFAULT_VIEW, windowSeconds };
  const query =
    node === null
      ? encodeView({ ...view, namespaces: [namespace] })
      : encodeView({ ...view, graphType: kind === 'app' ? 'app' : kind === 'workload' ? 'workload' : DEFAULT_VIEW.graphType, focus: node });
  if (node !== null) query.set('select', node);
  return `/graph?${query.toString()}`;
}
