// Reads networking.istio.io DestinationRule. In: ConfigObject. Out: DestinationRuleView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';
import { readTrafficPolicy, type TrafficPolicyView } from './traffic-policy';

export interface SubsetView {
  readonly name: string;
  readonly labels: Labels;
  readonly policy: TrafficPolicyView | null;
  readonly pointer: ConfigPointer;
}

export interface DestinationRuleView {
  readonly object: ConfigObject;
  /** As written. */
  readonly host: string;
  readonly exportTo: readonly string[];
  /** Client pods that it is for; null = all. */
  readonly workloadSelector: Labels | null;
  readonly policy: TrafficPolicyView | null;
  readonly subsets: readonly SubsetView[];
  readonly notes: readonly string[];
}

export const readDestinationRule: (object: ConfigObject) => DestinationRuleView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const policy = spec.object('trafficPolicy');
  return {
    object,
    host: spec.text('host') ?? '',
    exportTo: spec.texts('exportTo'),
    workloadSelector: spec.object('workloadSelector')?.labels('matchLabels') ?? null,
    policy: policy === null ? null : readTrafficPolicy(object, policy),
    subsets: spec.objects('subsets').map((subset): SubsetView => {
      const own = subset.object('trafficPolicy');
      return {
        name: subset.text('name') ?? '',
        labels: subset.labels('labels'),
        policy: own === null ? null : readTrafficPolicy(object, own),
        pointer: pointerTo(object, subset.path),
      };
    }),
    notes: spec.notes,
  };
});
