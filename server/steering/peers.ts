// What two proxies know of each other: principal of a caller, container port of a destination. In: MeshIndex. Out: values of the evaluators.
import type { Caller } from '../../model/routing';
import type { MeshIndex } from '../istio/mesh-index';
import { portOf } from '../istio/services';
import { serviceOfHost } from './backing';

/** SPIFFE identity without the scheme; null for callers without a proxy. */
export const principalOf = (index: MeshIndex, { mode, namespace, serviceAccount }: Caller): string | null =>
  mode === 'none' ? null : `${index.inventory.mesh.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;

/** Container port behind a service port; the service port where the container's has only a name. */
export function containerPortOf(index: MeshIndex, { host, port }: { readonly host: string; readonly port: number }): number {
  const service = serviceOfHost(index, host);
  const target = (service === null ? null : portOf(service, port))?.targetPort ?? port;
  return typeof target === 'number' ? target : port;
}
