// Reads networking.istio.io Sidecar (egress half). In: ConfigObject. Out: SidecarView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields } from './fields';

export interface SidecarView {
  readonly object: ConfigObject;
  /** Null = default of its namespace (of the mesh, in the root namespace). */
  readonly workloadSelector: Labels | null;
  /** Null where spec.egress is absent: everything is imported. */
  readonly egress: readonly { readonly port: number | null; readonly hosts: readonly string[] }[] | null;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY' | null;
  readonly notes: readonly string[];
}

export const readSidecar: (object: ConfigObject) => SidecarView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const egress = spec.objects('egress').map((entry) => ({
    port: entry.object('port')?.number('number') ?? null,
    hosts: entry.texts('hosts'),
  }));
  const policy = spec.object('outboundTrafficPolicy');
  return {
    object,
    workloadSelector: spec.object('workloadSelector')?.labels('labels') ?? null,
    egress: egress.length === 0 ? null : egress,
    // The first value of the enum, REGISTRY_ONLY, is the default of a policy without a mode.
    outboundTrafficPolicy: policy === null ? null : policy.text('mode') === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY',
    notes: spec.notes,
  };
});
