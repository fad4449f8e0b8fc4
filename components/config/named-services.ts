// The services of a namespace by the nodes of a graph, idle ones too. In: nodes, a namespace. Out: names with hosts, sorted. Pure.
import type { GraphDocument } from '../../model/wire';

export interface NamedHost {
  readonly name: string;
  readonly host: string;
}

export function listServices({ nodes }: Pick<GraphDocument, 'nodes'>, namespace: string): readonly NamedHost[] {
  const found = new Map<string, string>();
  for (const node of nodes)
    if (node.kind === 'service' && node.namespace === namespace && node.service !== null && node.service !== '')
      found.set(node.service, node.hosts.find((host) => host.startsWith(`${node.service}.`)) ?? node.service);
  return [...found].map(([name, host]) => ({ name, host })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
}
