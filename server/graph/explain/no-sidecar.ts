// Why a known workload runs without a proxy, and how to give it one. In: WorkloadInfo, inventory. Out: Explanation.
// Source: Istio's injection rules: the namespace label decides, the pod label sidecar.istio.io/inject overrides, host network is never injected.
import type { Explanation } from '../../../model/graph';
import type { Inventory, WorkloadInfo } from '../../../model/inventory';
import { enrolNamespace, injectionLabel, isSafeName } from './words';

const INJECT = 'sidecar.istio.io/inject';

export function explainNoSidecar(workload: WorkloadInfo, inventory: Inventory): Explanation {
  const { cause, fix } = causeOf(workload, inventory);
  return {
    code: 'noSidecar',
    what: 'A workload without a proxy: it neither encrypts, nor routes, nor reports.',
    cause,
    fix,
  };
}

function causeOf(workload: WorkloadInfo, inventory: Inventory): { readonly cause: string; readonly fix: string } {
  const { name, namespace, kind, pods, meshedPods } = workload;
  const restart =
    isSafeName(namespace) && isSafeName(name)
      ? `kubectl rollout restart ${restartKind(kind)}/${name} -n ${namespace}`
      : 'Restart its pods.';
  const inject = workload.podLabels[INJECT] ?? null;
  const space = inventory.namespaces.get(namespace);
  const mode = space?.injection?.mode ?? null;
  if (workload.mode === 'sidecar' && meshedPods > 0)
    return {
      cause: `Only ${meshedPods} of its ${pods.ready} ready pods have a proxy: the others started before injection was switched on, or while the injector did not answer.`,
      fix: `Restart it:\n${restart}`,
    };
  if (inject === 'false')
    return {
      cause: `Its pod template carries the label ${INJECT}: "false", which switches injection off.`,
      fix: `Take the label out of the pod template of ${kind} ${name}; its pods restart by themselves.`,
    };
  if (mode === 'enabled' || mode === 'revision' || inject === 'true')
    return {
      cause: `Injection is on for ${inject === 'true' ? 'the pod template' : `namespace ${namespace}`}, but its pods have no proxy: they started before, they use the host network, or no control plane answers for the revision${space?.injection?.revision ? ` ${space.injection.revision}` : ''}.`,
      fix: `Restart it:\n${restart}\nIf that changes nothing:\nistioctl experimental check-inject -n ${namespace} ${restartKind(kind)}/${name}`,
    };
  const off =
    mode === 'disabled' ? `Namespace ${namespace} is labelled istio-injection=disabled.` : `Namespace ${namespace} has no injection label.`;
  return {
    cause: off,
    fix: isSafeName(namespace)
      ? `Put the namespace into the mesh:\n${enrolNamespace(namespace, inventory)}`
      : `Label the namespace ${injectionLabel(inventory)} and restart its pods.`,
  };
}

const restartKind = (kind: string): string => (kind === 'StatefulSet' || kind === 'DaemonSet' ? kind.toLowerCase() : 'deployment');
