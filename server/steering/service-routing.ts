// The routing of one service as a document: who owns its host, every rule with its live share, versions, policy, gateways, findings.
// In: MeshIndex, a service, traffic (or none), findings. Out: ServiceRoutingDocument. Seen with the eyes of a client in the service's namespace.
import type { ConfigRef } from '../../model/edit';
import type { Finding } from '../../model/finding';
import type { ServiceInfo } from '../../model/inventory';
import type { ServiceRoutingDocument } from '../../model/steering';
import type { TrafficSnapshot } from '../../model/traffic';
import { effectiveDestinationRule } from '../istio/destination-rule';
import { isEmpty, labelsKey } from '../istio/labels';
import type { MeshIndex } from '../istio/mesh-index';
import { decodeServicePortProtocol } from '../istio/port-protocol';
import { backingOfLabels } from './backing';
import { listDisabledRules } from './disabled-rules';
import { gatewaysOffered, listExposures } from './exposure';
import { rateInto } from './observed';
import { findObject, readObjects, readText, refOf, sameRef } from './raw';
import { listRouteObjects } from './route-objects';
import { listRoutingRules } from './routing-rules';
import { readPolicyEdit } from './rule-form';

export interface RoutingInputs {
  readonly index: MeshIndex;
  readonly service: ServiceInfo;
  /** Null while no traffic is known. */
  readonly snapshot: TrafficSnapshot | null;
  readonly findings: readonly Finding[];
}

/** Everything that the editor of a service's routes shows. */
export function describeServiceRouting({ index, service, snapshot, findings }: RoutingInputs): ServiceRoutingDocument {
  const { host, namespace, name } = service;
  const objects = listRouteObjects(index, service);
  const policy = policyOf(index, service);
  const mine: readonly ConfigRef[] = [...objects.map(({ object }) => refOf(object)), ...policy.refs];
  return {
    namespace,
    name,
    host,
    ports: service.ports.map((port) => ({
      name: port.name,
      port: port.port,
      protocol: decodeServicePortProtocol(port.port, port.name, port.transport, port.appProtocol),
    })),
    objects: objects.map(({ object, effective, why }) => ({ ref: refOf(object), resourceVersion: object.resourceVersion, effective, why })),
    rules: listRoutingRules(index, service, objects, snapshot),
    disabledRules: objects.flatMap(({ object }) => listDisabledRules(object, index.domain)),
    versions: versionsOf(index, service, snapshot),
    policy: policy.document,
    exposedBy: listExposures(index, host),
    gateways: gatewaysOffered(index),
    findings: findings.filter((finding) => mine.some((ref) => sameRef(ref, finding.object))),
    requestsPerSecond: rateInto(snapshot, host, null),
    trafficAtMs: snapshot?.atMs ?? null,
  };
}

type Version = ServiceRoutingDocument['versions'][number];

/** Subsets of the DestinationRule in force, then versions that pods carry and no subset means. */
function versionsOf(index: MeshIndex, { host, namespace }: ServiceInfo, snapshot: TrafficSnapshot | null): readonly Version[] {
  const rule = effectiveDestinationRule(index, namespace, {}, host);
  const version = (subset: string | null, labels: Readonly<Record<string, string>>, definedBy: ConfigRef | null): Version => {
    const { pods, workloads } = backingOfLabels(index, host, labels);
    return {
      subset,
      labels,
      definedBy,
      readyEndpoints: pods?.length ?? 0,
      workloads,
      requestsPerSecond: rateInto(snapshot, host, workloads),
    };
  };
  const subsets = [...(rule?.subsets.values() ?? [])].map(({ name, labels, pointer }) =>
    version(name, labels, { kind: 'DestinationRule', namespace: pointer.namespace, name: pointer.name }),
  );
  const taken = new Set(subsets.filter(({ labels }) => !isEmpty(labels)).map(({ labels }) => labelsKey(labels)));
  const seen = new Set<string>();
  for (const pod of backingOfLabels(index, host, {}).pods ?? []) {
    const label = pod.labels['version'];
    if (label !== undefined) seen.add(label);
  }
  const unclaimed = [...seen].sort().filter((label) => !taken.has(labelsKey({ version: label })));
  return [...subsets, ...unclaimed.map((label) => version(null, { version: label }, null))];
}

interface Policy {
  readonly document: ServiceRoutingDocument['policy'];
  readonly refs: readonly ConfigRef[];
}

function policyOf(index: MeshIndex, { host, namespace }: ServiceInfo): Policy {
  const rule = effectiveDestinationRule(index, namespace, {}, host);
  if (rule === null) return { document: { definedBy: null, whole: {}, bySubset: [] }, refs: [] };
  const refs = rule.sources.map((source): ConfigRef => ({ kind: 'DestinationRule', namespace: source.namespace, name: source.name }));
  const objects = refs.flatMap((ref) => findObject(index.inventory, ref) ?? []);
  // Of several merged rules, the first policy that is written counts, and the first subset of a name.
  const first = objects.find((object) => object.spec['trafficPolicy'] !== undefined) ?? objects[0];
  const known = new Set<string>();
  const bySubset = objects.flatMap((object) =>
    readObjects(object.spec['subsets']).flatMap((subset) => {
      const name = readText(subset['name']);
      if (name === null || known.has(name)) return [];
      known.add(name);
      return [{ subset: name, policy: readPolicyEdit(subset['trafficPolicy']) }];
    }),
  );
  return {
    document: { definedBy: first === undefined ? null : refOf(first), whole: readPolicyEdit(first?.spec['trafficPolicy']), bySubset },
    refs,
  };
}
