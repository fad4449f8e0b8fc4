// Steps: the hosts by which nodes are called; badges that come of what the reader may not see, taken off; routing badges of the nodes that
// stand for a service when services are not drawn.
// In: flows of the view, routing of the inventory. Out: DraftNode.hosts, DraftNode.badges.
import type { Badge } from '../../../model/graph';
import { UNKNOWN } from '../../../model/traffic';
import * as column from '../columns';
import type { Draft, DraftNode, StepContext } from '../draft';
import { badgesOf } from '../facts';

const MAX_HOSTS = 20;

/** Hosts of every destination, at most 20 each, in alphabetical order. */
export function collectHosts(draft: Draft, context: StepContext): void {
  const { index } = context.traffic;
  const { flows } = context.topology.identities;
  const hosts: (string[] | undefined)[] = [];
  const note = (edge: number, host: string): void => {
    if (edge < 0 || host === UNKNOWN) return;
    const node = column.at(draft.edges.target, edge);
    const list = hosts[node];
    if (list === undefined) hosts[node] = [host];
    else if (list.length < MAX_HOSTS && !list.includes(host)) list.push(host);
  };
  for (let c = 0; c < draft.chosen.length; c++) {
    const flow = flows[column.at(index.flows, column.at(draft.chosen, c))];
    if (flow === undefined) continue;
    note(column.at(draft.first, c), flow.service.host);
    note(column.at(draft.second, c), flow.service.host);
  }
  draft.nodes.forEach((node, i) => {
    if (node.identity.kind === 'hidden') return;
    const own = node.identity.entry?.hosts ?? (node.facts.service === null ? [] : [node.facts.service.host]);
    const seen = hosts[i];
    node.hosts = seen === undefined && own.length === 0 ? NONE : merge(seen ?? [], own);
  });
}

const NONE: readonly string[] = [];
const merge = (seen: string[], own: readonly string[]): readonly string[] => {
  for (const host of own) if (seen.length < MAX_HOSTS && !seen.includes(host)) seen.push(host);
  return seen.length > 1 ? seen.sort() : seen;
};

/** Takes off what only an object in a hidden namespace put on. */
export function cutBadges(draft: Draft, context: StepContext): void {
  const { mask } = context.traffic;
  if (mask === null) return;
  const sources = mask.badgeSources();
  for (const node of draft.nodes) {
    const { badges, workloads, service } = node.facts;
    if (badges.length === 0) continue;
    const visible = badgesOf(node.identity, workloads, service, sources);
    if (visible.length < badges.length) node.badges = node.badges.filter((b) => visible.includes(b) || !badges.includes(b));
  }
}

/** Without service nodes, what the configuration does to a host shows on the workloads and apps that are called by it. */
export function addRoutingBadges(draft: Draft, context: StepContext): void {
  const { view, traffic } = context;
  if (view.serviceNodes || view.graphType === 'service') return;
  const { routing } = traffic.mask?.badgeSources() ?? traffic.index.inventory;
  if (routing.size === 0) return;
  for (const node of draft.nodes) {
    if (node.identity.kind !== 'workload' && node.identity.kind !== 'app') continue;
    const found = new Set<Badge>();
    for (const host of node.hosts) for (const badge of routing.get(host)?.badges ?? []) found.add(badge);
    addBadges(node, [...found]);
  }
}

/** Adds badges that the node does not have yet. */
export function addBadges(node: DraftNode, badges: readonly Badge[]): void {
  const fresh = badges.filter((b) => !node.badges.includes(b));
  if (fresh.length > 0) node.badges = [...node.badges, ...fresh];
}
