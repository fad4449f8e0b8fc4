// Which boxes and badges are drawn, by the groups that a reader switches. In: kinds, groups. Out: tests and choices. Pure.
import type { Badge, GraphBox } from '../../../model/graph';
import type { GraphDocument } from '../../../model/wire';

export type BoxKind = GraphBox['kind'];
export const BOX_KINDS: readonly BoxKind[] = ['cluster', 'namespace', 'app'];

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

type Shaped = Pick<GraphDocument, 'nodes' | 'boxes'>;

/** The document as it is drawn: boxes of other kinds than the chosen dissolved into what is around them, badges of other groups left out. */
export function shapeDocument<T extends Shaped>(document: T, boxes: readonly BoxKind[] | null, badges: readonly BadgeGroup[] | null): T {
  const all = boxes === null || BOX_KINDS.every((kind) => boxes.includes(kind));
  if (all && badges === null) return document;
  const byId = new Map<string, GraphBox>(document.boxes.map((box) => [box.id, box]));
  const isKept = (box: GraphBox): boolean => all || boxes.includes(box.kind);
  const keptAround = (start: GraphBox['parent']): GraphBox['parent'] => {
    let up = start;
    for (let i = 0; up !== null && i < BOX_KINDS.length + 1; i++) {
      const box = byId.get(up);
      if (!box || isKept(box)) return up;
      up = box.parent;
    }
    return up;
  };
  return {
    ...document,
    boxes: document.boxes.filter(isKept).map((box) => ({ ...box, parent: keptAround(box.parent) })),
    nodes: document.nodes.map((node) => ({ ...node, parent: keptAround(node.parent), badges: chosenBadges(node.badges, badges) })),
  };
}
