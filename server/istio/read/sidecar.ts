// Reads networking.istio.io Sidecar. In: ConfigObject. Out: SidecarView; never throws.
import type { ConfigObject } from '../../../model/inventory';
import type { ConfigPointer } from '../../../model/routing';
import type { DestinationRef } from '../http-rule';
import type { Labels } from '../labels';
import { memoByObject } from '../memo';
import { Fields, pointerTo } from './fields';

/** A port that the sidecar opens in place of those of its services. */
export interface SidecarIngress {
  readonly pointer: ConfigPointer;
  readonly port: number;
  readonly portName: string;
  /** As written, upper case; empty where absent. */
  readonly protocol: string;
  readonly bind: string | null;
  /** `127.0.0.1:8080`, `unix:///path`; null = the pod's own address on the same port. */
  readonly defaultEndpoint: string | null;
  /** TLS that the sidecar ends for clients outside the mesh; acts only where PeerAuthentication disables mutual TLS on the port. */
  readonly tlsMode: string | null;
  readonly captureMode: string | null;
}

export interface SidecarView {
  readonly object: ConfigObject;
  /** Null = default of its namespace (of the mesh, in the root namespace). */
  readonly workloadSelector: Labels | null;
  /** Null where spec.egress is absent: everything is imported. */
  readonly egress: readonly { readonly port: number | null; readonly hosts: readonly string[] }[] | null;
  /** Null where spec.ingress is absent: the ports of the services that select the pod. */
  readonly ingress: readonly SidecarIngress[] | null;
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY' | null;
  /** Where unknown hosts are sent with ALLOW_ANY; null = to the address that was dialled. */
  readonly egressProxy: DestinationRef | null;
  readonly notes: readonly string[];
}

export const readSidecar: (object: ConfigObject) => SidecarView = memoByObject((object) => {
  const spec = Fields.ofSpec(object);
  const egress = spec.objects('egress').map((entry) => ({
    port: entry.object('port')?.number('number') ?? null,
    hosts: entry.texts('hosts'),
  }));
  const ingress = spec.objects('ingress').flatMap((entry) => readIngress(object, entry));
  const policy = spec.object('outboundTrafficPolicy');
  const proxy = policy?.object('egressProxy') ?? null;
  return {
    object,
    workloadSelector: spec.object('workloadSelector')?.labels('labels') ?? null,
    egress: egress.length === 0 ? null : egress,
    // The first value of the enum, REGISTRY_ONLY, is the default of a policy without a mode.
    outboundTrafficPolicy: policy === null ? null : policy.text('mode') === 'ALLOW_ANY' ? 'ALLOW_ANY' : 'REGISTRY_ONLY',
    ingress: ingress.length === 0 ? null : ingress,
    egressProxy:
      proxy === null
        ? null
        : { host: proxy.text('host') ?? '', subset: proxy.text('subset') || null, port: proxy.object('port')?.number('number') ?? null },
    notes: spec.notes,
  };
});

function readIngress(object: ConfigObject, entry: Fields): readonly SidecarIngress[] {
  const port = entry.object('port');
  const number = port?.number('number') ?? null;
  if (port === null || number === null) return [];
  return [
    {
      pointer: pointerTo(object, entry.path),
      port: number,
      portName: port.text('name') ?? '',
      protocol: (port.text('protocol') ?? '').toUpperCase(),
      bind: entry.text('bind') || null,
      defaultEndpoint: entry.text('defaultEndpoint') || null,
      tlsMode: entry.object('tls')?.text('mode') ?? null,
      captureMode: entry.text('captureMode') || null,
    },
  ];
}
