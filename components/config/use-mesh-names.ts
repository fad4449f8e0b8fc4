'use client';
// Names of the workloads and services of a namespace, to choose from. In: a namespace, the graph's nodes, a service's routing. Out: names, ports.
import { useMemo } from 'react';
import type { ServiceRoutingDocument } from '../../model/steering';
import { DEFAULT_VIEW, encodeView } from '../../model/wire';
import { useJson } from '../ui/use-json';
import { isGraph } from './config-guards';
import { listServices, type NamedHost } from './named-services';

export interface MeshNames {
  /** Sorted. */
  readonly workloads: readonly string[];
  readonly services: readonly NamedHost[];
  readonly loading: boolean;
}

const NOTHING: MeshNames = { workloads: [], services: [], loading: false };

/** Those of one namespace, idle ones too; '' asks nothing. */
export function useMeshNames(namespace: string, fetch?: typeof globalThis.fetch): MeshNames {
  const view = encodeView({ ...DEFAULT_VIEW, graphType: 'workload', namespaces: [namespace], idle: true });
  const { data, loading } = useJson(namespace === '' ? null : `/api/graph?${view.toString()}`, {
    guard: isGraph,
    dropOnChange: true,
    ...(fetch === undefined ? {} : { fetch }),
  });
  return useMemo(() => {
    if (data === null) return { ...NOTHING, loading };
    const own = data.nodes.filter((node) => node.namespace === namespace);
    const workloads = new Set(own.flatMap((node) => (node.kind === 'workload' && node.workload !== null ? [node.workload] : [])));
    return {
      workloads: [...workloads].sort(),
      services: listServices(data, namespace),
      loading,
    };
  }, [data, loading, namespace]);
}

type Ports = Pick<ServiceRoutingDocument, 'ports'>;

const isPorts = (body: unknown): body is Ports => typeof body === 'object' && body !== null && 'ports' in body && Array.isArray(body.ports);

/** Ports of a service; none while they are not known. */
export function usePorts(namespace: string, service: string, fetch?: typeof globalThis.fetch): Ports & { readonly loading: boolean } {
  const path =
    namespace === '' || service === '' ? null : `/api/services/${encodeURIComponent(namespace)}/${encodeURIComponent(service)}/routing`;
  const { data, loading } = useJson(path, { guard: isPorts, dropOnChange: true, ...(fetch === undefined ? {} : { fetch }) });
  return useMemo(() => ({ ports: data?.ports ?? [], loading }), [data, loading]);
}
