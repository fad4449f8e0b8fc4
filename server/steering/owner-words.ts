// Who else looks after an object, as far as its labels and annotations tell. In: ConfigObject. Out: `Argo CD application shop`, or null.
// Fields' managers are not in the inventory: the plan of a change asks the cluster for them.
import type { ConfigObject } from '../../model/inventory';

/** The tool that will set the object back, in words. */
export function ownerWords({ labels, annotations }: Pick<ConfigObject, 'labels' | 'annotations'>): string | null {
  // `<application>:<group>/<kind>:<namespace>/<name>` (Argo CD, annotation tracking).
  const tracking = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracking ?? labels['argocd.argoproj.io/instance'];
  if (application !== undefined && application !== '') return `Argo CD application ${application}`;
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined) return `Flux Kustomization ${labels['kustomize.toolkit.fluxcd.io/namespace'] ?? ''}/${kustomization}`;
  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (release !== undefined) return `Flux HelmRelease ${labels['helm.toolkit.fluxcd.io/namespace'] ?? ''}/${release}`;
  const helm = annotations['meta.helm.sh/release-name'];
  if (helm !== undefined) return `Helm release ${helm}`;
  const manager = labels['app.kubernetes.io/managed-by'];
  if (manager === undefined || manager === '') return null;
  return manager === 'flagger' ? 'Flagger' : manager === 'Helm' ? 'Helm' : manager;
}
