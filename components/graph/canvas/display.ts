// What of a document is drawn, by what a reader switches: groups of badges, layouts without boxes. In: documents, groups. Out: documents. Pure.
import type { Badge } from '../../../model/graph';
import type { GraphDocument } from '../../../model/wire';
import { wordNode } from '../../ui/node-words';

/** `sidecars`: missing sidecars; `security`: how traffic is protected (ambient, waypoint); `virtualServices`: what rules do to requests. */
export const BADGE_GROUPS = ['sidecars', 'security', 'virtualServices'] as const;
export type BadgeGroup = (typeof BADGE_GROUPS)[number];

const GROUP_OF: Readonly<Partial<Record<Badge, BadgeGroup>>> = {
  noSidecar: 'sidecars',
  ambient: 'security',
  waypoint: 'security',
  virtualService: 'virtualServices',
  trafficShifting: 'virtualServices',
  tcpTrafficShifting: 'virtualServices',
  requestRouting: 'virtualServices',
  requestTimeout: 'virtualServices',
  faultInjection: 'virtualServices',
  mirroring: 'virtualServices',
  circuitBreaker: 'virtualServices',
};

/** The badges whose group is on; those of no group (gateway, traffic source, ...) always are. */
export function chosenBadges(badges: readonly Badge[], groups: readonly BadgeGroup[] | null): readonly Badge[] {
  if (groups === null) return badges;
  return badges.filter((badge) => {
    const group = GROUP_OF[badge];
    return group === undefined || groups.includes(group);
  });
}

/** The document as it is drawn: without boxes where the layout knows none, without the badges of other groups than the chosen (null = all). */
export function shapeDocument<T extends Pick<GraphDocument, 'nodes' | 'boxes'>>(
  document: T,
  { boxes, badges }: { readonly boxes: boolean; readonly badges: readonly BadgeGroup[] | null },
): T {
  if ((boxes || document.boxes.length === 0) && badges === null) return document;
  return {
    ...document,
    boxes: boxes ? document.boxes : [],
    nodes: document.nodes.map((node) => ({
      ...node,
      // A version says nothing without the box of its app.
      ...(boxes ? {} : { parent: null, label: wordNode(node) }),
      badges: chosenBadges(node.badges, badges),
    })),
  };
}
