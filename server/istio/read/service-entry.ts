// Reads networking.istio.io ServiceEntry and WorkloadEntry. In: ConfigObject. Out: views; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields } from './fields';

export interface ServiceEntryPort {
  readonly number: number;
  readonly name: string;
  /** As written (HTTP, TLS, ...), empty where absent. */
  readonly protocol: string;
  readonly targetPort: number | null;
}

export interface ServiceEntryView {
  readonly object: ConfigObject;
  readonly hosts: readonly string[];
  /** Addresses and CIDR blocks, those that Istio allocated by itself included. */
  readonly addresses: readonly string[];
  readonly ports: readonly ServiceEntryPort[];
  readonly external: boolean;
  readonly resolution: 'NONE' | 'STATIC' | 'DNS';
  readonly endpoints: readonly { readonly address: string; readonly labels: Labels }[];
  readonly workloadSelector: Labels | null;
  readonly exportTo: readonly string[];
  readonly notes: readonly string[];
}

export const readServiceEntry: (object: ConfigObject) => ServiceEntryView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const resolution = spec.text('resolution') ?? 'NONE';
  const status = new Fields(object.status ?? {}, 'status', spec.notes);
  return {
    object,
    hosts: spec.texts('hosts').map((host) => host.toLowerCase()),
    addresses: [...spec.texts('addresses'), ...status.objects('addresses').flatMap((entry) => entry.text('value') ?? [])],
    ports: spec.objects('ports').flatMap((port) => {
      const number = port.number('number');
      if (number === null) return [];
      const protocol = port.text('protocol') ?? '';
      return [{ number, name: port.text('name') ?? '', protocol, targetPort: port.number('targetPort') || null }];
    }),
    external: spec.text('location') !== 'MESH_INTERNAL',
    resolution: resolution === 'STATIC' ? 'STATIC' : resolution === 'NONE' ? 'NONE' : 'DNS',
    endpoints: spec.objects('endpoints').map((entry) => ({ address: entry.text('address') ?? '', labels: entry.labels('labels') })),
    workloadSelector: spec.object('workloadSelector')?.labels('labels') ?? null,
    exportTo: spec.texts('exportTo'),
    notes: spec.notes,
  };
});

export interface WorkloadEntryView {
  readonly object: ConfigObject;
  readonly address: string;
  readonly labels: Labels;
}

export const readWorkloadEntry: (object: ConfigObject) => WorkloadEntryView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  return { object, address: spec.text('address') ?? '', labels: { ...object.labels, ...spec.labels('labels') } };
});
