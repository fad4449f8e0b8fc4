// Which events of a namespace are about an entity. In: events, EntityRef, its workloads and pods. Out: EventsDocument. Pure.
import type { DetailEvent, EventsDocument } from '../../model/detail';
import type { EntityRef } from '../../model/entity';

const MAX_EVENTS = 200;

/** An event as the API server tells it. */
export interface NamedEvent extends Omit<DetailEvent, 'about'> {
  readonly about: { readonly kind: string; readonly name: string };
}

/** ReplicaSets and pods are named after their workload: `reviews-v1-6d8f7c9b5`, `reviews-v1-6d8f7c9b5-x2x4z`, `db-0`, `job-28412345-abcde`. */
const OF_WORKLOAD = /^-(?:[a-z0-9]{5,10}(?:-[a-z0-9]{5})?|\d+)$/;

const isOf = (name: string, workload: string): boolean =>
  name === workload || (name.startsWith(workload) && OF_WORKLOAD.test(name.slice(workload.length)));

/** Those about it, its workloads and their pods (gone ones too), newest first. */
export function selectEvents(
  events: readonly NamedEvent[],
  entity: EntityRef,
  members: { readonly workloads: readonly string[]; readonly pods: readonly string[] },
): EventsDocument {
  const pods = new Set(members.pods);
  const isAbout = ({ about: { kind, name } }: NamedEvent): boolean => {
    if (entity.kind === 'namespace') return true;
    if (pods.has(name) && kind === 'Pod') return true;
    if (entity.kind === 'service' && name === entity.name && (kind === 'Service' || kind === 'Endpoints')) return true;
    return kind !== 'Service' && kind !== 'Endpoints' && members.workloads.some((workload) => isOf(name, workload));
  };
  const found = events.filter(isAbout).sort((a, b) => b.lastAtMs - a.lastAtMs || (a.about.name < b.about.name ? -1 : 1));
  return {
    events: found.slice(0, MAX_EVENTS).map(({ about, ...event }) => ({ ...event, about: `${about.kind} ${about.name}` })),
    more: Math.max(0, found.length - MAX_EVENTS),
  };
}
