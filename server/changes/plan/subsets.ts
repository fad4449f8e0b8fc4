// Subsets: adding or relabelling them, and making those that a route names from the version labels that pods carry.
// In: Draft, host, names. Out: the DestinationRule in the draft, or why not.
import type { ConfigRef, Intent } from '../../../model/edit';
import type { ConfigObject, Json, JsonObject } from '../../../model/inventory';
import { memoByObject } from '../../istio/memo';
import { isHostWithin } from '../../istio/names';
import type { Draft, Named } from './draft';
import { hostsOf } from './draft';
import { ownerOf, versionLabels } from './host-owner';
import { inOrderOf, isObject, listAt, textAt, withField, withItem } from './json-edit';
import { newManifest, withSpec } from './manifest-of';
import { Refusal } from './refusal';

/** Names of the subsets of a DestinationRule's spec. */
export const subsetNames = (spec: JsonObject): readonly string[] =>
  listAt(spec, 'subsets').flatMap((subset) => (isObject(subset) ? (textAt(subset, 'name') ?? []) : []));

const subsetPlace = (spec: JsonObject, name: string): number =>
  listAt(spec, 'subsets').findIndex((subset) => isObject(subset) && textAt(subset, 'name') === name);

/** DestinationRules for exactly this host, those of the given namespaces first and in their order. */
function rulesFor(draft: Draft, host: string, namespaces: readonly string[]): readonly Named[] {
  const all = draft.ofHost('DestinationRule', host).filter(({ manifest }) => !isObject(manifest.spec['workloadSelector']));
  return namespaces.flatMap((namespace) => all.filter(({ ref }) => ref.namespace === namespace));
}

/** Where a subset or policy of the host is kept or may be put: its rule in the namespace, in that of the service, or none yet. */
export function ruleOfHost(draft: Draft, host: string, namespace: string, subset: string | null): Named | null {
  const own = ownerOf(draft, host)?.namespace;
  const namespaces = [...new Set([namespace, ...(own === undefined ? [] : [own]), draft.inventory.mesh.rootNamespace])];
  const rules = rulesFor(draft, host, namespaces);
  if (subset !== null) return rules.find(({ manifest }) => subsetPlace(manifest.spec, subset) >= 0) ?? null;
  const first = rules[0];
  if (first === undefined) return null;
  // Rules of one namespace and host are merged; of their policies the oldest counts.
  const twins = rules.filter(({ ref }) => ref.namespace === first.ref.namespace);
  return twins.find(({ manifest }) => isObject(manifest.spec['trafficPolicy'])) ?? first;
}

/** The rule of the host in a namespace, made in the draft where there is none. */
export function ruleToWrite(draft: Draft, host: string, namespace: string): Named {
  const known = rulesFor(draft, host, [namespace])[0];
  if (known !== undefined) return known;
  const base = ownerOf(draft, host)?.name ?? host.replace(/^\*\./, '');
  const ref: ConfigRef = { kind: 'DestinationRule', namespace, name: draft.freeName('DestinationRule', namespace, base) };
  return { ref, manifest: newManifest(draft.inventory, ref, { host }) };
}

/** Puts a subset with its labels into a spec; other fields of a subset that exists are kept. */
function putSubset(spec: JsonObject, name: string, labels: Readonly<Record<string, string>>): JsonObject {
  const subsets = listAt(spec, 'subsets');
  const at = subsetPlace(spec, name);
  const old = subsets[at];
  if (!isObject(old)) return withField(spec, 'subsets', [...subsets, { name, labels }]);
  return withField(spec, 'subsets', withItem<Json>(subsets, at, withField(old, 'labels', inOrderOf(old['labels'], labels))));
}

export function planSubsets(draft: Draft, intent: Extract<Intent, { type: 'subsets' }>): Refusal | null {
  for (const { name, labels } of intent.subsets) {
    const { ref, manifest } = ruleOfHost(draft, intent.host, intent.namespace, name) ?? ruleToWrite(draft, intent.host, intent.namespace);
    draft.write(ref, withSpec(manifest, putSubset(manifest.spec, name, labels)));
  }
  return null;
}

const NONE: readonly ConfigObject[] = [];

const wildcardRules = memoByObject((rules: readonly ConfigObject[]): readonly ConfigObject[] =>
  rules.filter(({ spec }) => textAt(spec, 'host')?.startsWith('*')),
);

/** True when a DestinationRule that clients can see under this host defines the subset, exactly or by a wildcard. */
function isDefined(draft: Draft, host: string, namespace: string, subset: string): boolean {
  if (ruleOfHost(draft, host, namespace, subset) !== null) return true;
  const wildcards = wildcardRules(draft.inventory.config.get('DestinationRule') ?? NONE);
  return wildcards.some(({ namespace: own, name }) => {
    const manifest = draft.read({ kind: 'DestinationRule', namespace: own, name });
    if (manifest === null || subsetPlace(manifest.spec, subset) < 0) return false;
    return hostsOf('DestinationRule', manifest, draft.domain).some((pattern) => isHostWithin(host, pattern));
  });
}

/**
 * Makes the subset that a route is about to name, where nobody defines it and pods carry the version. Otherwise it is left to the analysis,
 * which says that the subset is missing.
 */
export function ensureSubset(draft: Draft, host: string, namespace: string, subset: string): void {
  if (isDefined(draft, host, namespace, subset)) return;
  const owner = ownerOf(draft, host);
  const labels = versionLabels(draft, host, subset);
  if (owner === null || labels === null) return;
  const { ref, manifest } = ruleToWrite(draft, host, owner.namespace);
  draft.write(ref, withSpec(manifest, putSubset(manifest.spec, subset, labels)));
}

/** The rule with the subset, made from version labels if it must be. */
export function ruleWithSubset(draft: Draft, host: string, namespace: string, subset: string): Named | Refusal {
  ensureSubset(draft, host, namespace, subset);
  return (
    ruleOfHost(draft, host, namespace, subset) ??
    new Refusal(
      'spec.subsets',
      `no DestinationRule of ${host} defines the subset ${subset}, and no pod carries such a version`,
      'Define the subset with its labels first.',
    )
  );
}
