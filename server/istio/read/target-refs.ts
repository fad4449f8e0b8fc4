// Reads targetRefs of policies: which Gateways and services a policy is attached to. In: Fields of a spec. Out: TargetRefs.
import type { Fields } from './fields';

export interface TargetRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
}

/** The list, else the old single `targetRef`. */
export function readTargetRefs(spec: Fields): readonly TargetRef[] {
  const single = spec.object('targetRef');
  const refs = spec.objects('targetRefs');
  return (refs.length === 0 && single !== null ? [single] : refs).map((ref) => ({
    group: ref.text('group') ?? '',
    kind: ref.text('kind') ?? '',
    name: ref.text('name') ?? '',
    namespace: ref.text('namespace') || null,
  }));
}
