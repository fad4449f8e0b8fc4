// exportTo: to which namespaces an object is visible. In: the list as written. Out: yes or no, and the tier of precedence.
import type { MeshSettings } from '../../model/inventory';

const PRIVATE: readonly string[] = ['.'];

/** The list in force: what the mesh says (default…ExportTo) where the object says nothing. */
export const exportToOf = (
  { inventory: { mesh } }: { readonly inventory: { readonly mesh: MeshSettings } },
  kind: keyof MeshSettings['privateByDefault'],
  exportTo: readonly string[],
): readonly string[] => (exportTo.length === 0 && mesh.privateByDefault[kind] ? PRIVATE : exportTo);

/** True when an object of `owner` is exported to `namespace`; an empty list means everywhere, `~` nowhere. */
export function isExportedTo(exportTo: readonly string[], owner: string, namespace: string): boolean {
  if (exportTo.length === 0) return true;
  return exportTo.some((entry) => entry === '*' || entry === namespace || (entry === '.' && owner === namespace));
}

/** Precedence of a VirtualService for a proxy's namespace: private, exported by name, public; null = not visible. */
export function exportTier(exportTo: readonly string[], owner: string, namespace: string): 0 | 1 | 2 | null {
  if (exportTo.length === 0 || exportTo.includes('*')) return 2;
  if (owner === namespace && (exportTo.includes('.') || exportTo.includes(owner))) return 0;
  return exportTo.includes(namespace) ? 1 : null;
}
