// What has a page of its own: namespaces, applications, workloads, services; and the addresses of those pages. In: names. Out: EntityRef, paths.

export const ENTITY_KINDS = ['namespace', 'app', 'workload', 'service'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** Names one of them in the console's own cluster. A namespace's name is its namespace. */
export interface EntityRef {
  readonly kind: EntityKind;
  readonly namespace: string;
  readonly name: string;
}

/** The part of a page that is open; which kinds have which is in TABS_OF. */
export const DETAIL_TABS = ['overview', 'traffic', 'metrics', 'logs', 'routing', 'configuration'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** In the order in which they are shown. */
export const TABS_OF: Readonly<Record<EntityKind, readonly DetailTab[]>> = {
  namespace: ['overview', 'traffic', 'metrics', 'configuration'],
  app: ['overview', 'traffic', 'metrics', 'logs', 'configuration'],
  workload: ['overview', 'traffic', 'metrics', 'logs', 'configuration'],
  service: ['overview', 'traffic', 'metrics', 'logs', 'routing', 'configuration'],
};

/** First part of the address of a list and of the pages under it; also the word in `/api/lists/{…}` and `/api/details/{…}`. */
export const ENTITY_PATHS = {
  namespace: 'namespaces',
  app: 'applications',
  workload: 'workloads',
  service: 'services',
} as const satisfies Readonly<Record<EntityKind, string>>;

/** Kind by its word in an address; null where there is none. */
export function readEntityPath(word: string): EntityKind | null {
  return ENTITY_KINDS.find((kind) => ENTITY_PATHS[kind] === word) ?? null;
}

/** Address of an entity's page without base path: `/workloads/bookinfo/reviews-v1?tab=logs`. */
export function buildEntityPath({ kind, namespace, name }: EntityRef, tab?: DetailTab): string {
  const names = kind === 'namespace' ? [namespace] : [namespace, name];
  const path = [ENTITY_PATHS[kind], ...names.map(encodeURIComponent)].join('/');
  return `/${path}${tab === undefined || tab === 'overview' ? '' : `?tab=${tab}`}`;
}
