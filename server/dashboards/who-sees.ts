// Whose namespace a label's value belongs to, so that nobody is told names of namespaces that he may not see. Pure.
// In: labels of a series, the reader's sight. Out: whether they may be shown. istio.md 1.2 has the labels.
import type { Sight } from '../../model/account';

/** Label beside a label whose value is a namespace's own business: the namespace that it is of. */
const COMPANIONS: Readonly<Record<string, string>> = {
  source_workload: 'source_workload_namespace',
  source_canonical_service: 'source_workload_namespace',
  source_app: 'source_workload_namespace',
  destination_workload: 'destination_workload_namespace',
  destination_canonical_service: 'destination_workload_namespace',
  destination_app: 'destination_workload_namespace',
  destination_service: 'destination_service_namespace',
  destination_service_name: 'destination_service_namespace',
  pod: 'namespace',
};
const NAMESPACE_LABELS: ReadonlySet<string> = new Set([...Object.values(COMPANIONS), 'namespace']);
const OF_NAMESPACES = new Set([...NAMESPACE_LABELS, ...Object.keys(COMPANIONS)]);

export const companionOf = (label: string): string | null => COMPANIONS[label] ?? null;

const HOST = /^[^.]+\.([^.]+)\.svc(?:\.|$)/;
/** `spiffe://<trust domain>/ns/<namespace>/sa/<account>` */
const PRINCIPAL = /\/ns\/([^/]+)\/sa\//;

/** What stands for "not known" and names nobody. */
const NOBODY: ReadonlySet<string> = new Set(['', 'unknown']);

function namespacesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).flatMap(([name, value]) => {
    if (NAMESPACE_LABELS.has(name)) return [value];
    const found = name === 'destination_service' ? HOST.exec(value) : name.endsWith('_principal') ? PRINCIPAL.exec(value) : null;
    return found?.[1] ?? [];
  });
}

/** Whether all namespaces that the labels name may be seen. A name whose namespace is not told may not. */
export function mayBeNamed(labels: Readonly<Record<string, string>>, sight: Sight): boolean {
  if (sight === null) return true;
  const told = namespacesOf(labels).filter((namespace) => !NOBODY.has(namespace));
  if (!told.every((namespace) => sight.includes(namespace))) return false;
  return Object.entries(labels).every(([name, value]) => {
    if (!OF_NAMESPACES.has(name) || NAMESPACE_LABELS.has(name) || NOBODY.has(value)) return true;
    const companion = companionOf(name);
    // A host tells its namespace itself; one outside of the cluster has none.
    if (name === 'destination_service') return true;
    return companion !== null && sight.includes(labels[companion] ?? '');
  });
}
