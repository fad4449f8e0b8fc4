// Where a rule can send to: versions with or without a subset, subsets of the draft, the whole service, hosts that rules name. In: document, draft. Out: targets. Pure.
import type { Edit } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { plural } from '../ui/format';
import { type Target, targetKey } from './prediction';
import { shortHost } from './rule-words';
import { draftSubsets } from './subsets-section';

/** Name of the subset that a version has or would have. */
export const versionName = ({ subset, labels }: ServiceRoutingDocument['versions'][number]): string | null =>
  subset ?? labels['version'] ?? null;

export function listTargets(document: ServiceRoutingDocument, edits: readonly Edit[]): readonly Target[] {
  const { host, versions } = document;
  const drafted = draftSubsets(edits, host);
  const home: readonly Target[] = [
    ...versions.flatMap((version) => {
      const subset = versionName(version);
      if (subset === null) return [];
      const defined = version.subset !== null || drafted.some(({ name }) => name === subset);
      return [{ host, subset, label: `${subset} (${plural(version.readyEndpoints, 'endpoint')}${defined ? '' : ', defines the subset'})` }];
    }),
    ...drafted.map(({ name }) => ({ host, subset: name, label: name })),
    { host, subset: null, label: `all of ${shortHost(host)}` },
  ];
  const others = document.rules
    .flatMap((rule) => rule.destinations)
    .map(({ host: other, subset }) => ({ host: other, subset, label: `${other} ${subset ?? ''}`.trim() }));
  const unique = new Map<string, Target>();
  for (const one of [...home, ...others])
    if (!unique.has(targetKey(one.host, one.subset))) unique.set(targetKey(one.host, one.subset), one);
  return [...unique.values()];
}
