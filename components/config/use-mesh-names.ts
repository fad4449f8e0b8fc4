'use client';
// Names of the workloads and services of a namespace, to choose from. In: a namespace, the graph's nodes, a service's routing. Out: names, ports.
import { useMemo } from 'react';
import type { ServiceRoutingDocument } from '../../model/steering';
import { DEFAULT_VIEW, encodeView } from '../../model/wire';
import { useJson } from '../ui/use-json';
import { isGraph } from './config-guards';

export interface MeshNames {
  /** Sorted. */
  readonly workloads: readonly string[];
  readonly services: readonly { readonly name: string; readonly host: string }[];
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
    const services = new Map<string, string>();
    for (const node of own)
      if (node.kind === 'service' && node.service !== null && node.service !== '')
        services.set(node.service, node.hosts.find((host) => host.startsWith(`${node.service}.`)) ?? node.hosts[0] ?? node.service);
    return {
      workloads: [...workloads].sort(),
      services: [...services].map(([name, host]) => ({ name, host })).sort((a, b) => a.name.localeCompare(b.name, 'en')),
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
