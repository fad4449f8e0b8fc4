// What built-in kinds ask for beyond their types (kubernetes/pkg/apis/*/validation) and what the API server fills in itself on a create.
import { deepEqual, isRecord, listOf, recordOf, textOf, valueAt } from '../json';
import { type KubeObject, withMetadata } from '../object';
import { matchesLabels } from '../selectors';
import type { StatusCause } from '../status-error';
import type { ObjectStore } from '../store';

const required = (field: string, more = ''): StatusCause => ({ reason: 'FieldValueRequired', message: `Required value${more}`, field });
const immutable = (field: string, value: unknown): StatusCause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
  field,
});

/** Field errors of a built-in object that its schema cannot express. */
export function checkBuiltin(kind: string, object: KubeObject): readonly StatusCause[] {
  switch (kind) {
    case 'Service':
      return checkService(object);
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
      return checkWorkload(object);
    case 'Pod':
      return listOf(valueAt(object, 'spec', 'containers')).length === 0 ? [required('spec.containers')] : [];
    default:
      return [];
  }
}

function checkService(service: KubeObject): readonly StatusCause[] {
  const { type, clusterIP, ports } = recordOf(service['spec']);
  const portless = type === 'ExternalName' || clusterIP === 'None';
  const all = listOf(ports).filter(isRecord);
  if (all.length === 0) return portless ? [] : [required('spec.ports')];
  const unnamed =
    all.length > 1 ? all.flatMap((port, index) => (port['name'] === undefined ? [required(`spec.ports[${index}].name`)] : [])) : [];
  const outside = all.flatMap((port, index) => {
    const number = port['port'];
    if (typeof number !== 'number' || (number >= 1 && number <= 65_535)) return [];
    const message = `Invalid value: ${number}: must be between 1 and 65535, inclusive`;
    return [{ reason: 'FieldValueInvalid', message, field: `spec.ports[${index}].port` }];
  });
  return [...unnamed, ...outside];
}

function checkWorkload(workload: KubeObject): readonly StatusCause[] {
  const { selector, template } = recordOf(workload['spec']);
  const labels = recordOf(valueAt(template, 'metadata', 'labels'));
  const asText = Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
  if (template === undefined || matchesLabels(selector, asText)) return [];
  const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
  return [{ reason: 'FieldValueInvalid', message, field: 'spec.template.metadata.labels' }];
}

/** Field errors of a change: what may never change once set. */
export function checkImmutable(kind: string, before: KubeObject, after: KubeObject): readonly StatusCause[] {
  switch (kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet': {
      const selector = valueAt(after, 'spec', 'selector');
      return deepEqual(valueAt(before, 'spec', 'selector'), selector) ? [] : [immutable('spec.selector', selector)];
    }
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return deepEqual(before['roleRef'], after['roleRef'])
        ? []
        : [
            {
              reason: 'FieldValueInvalid',
              message: `Invalid value: ${JSON.stringify(after['roleRef'])}: cannot change roleRef`,
              field: 'roleRef',
            },
          ];
    case 'Service': {
      const [old, next] = [valueAt(before, 'spec', 'clusterIP'), valueAt(after, 'spec', 'clusterIP')];
      const fixed = typeof old === 'string' && old !== '' && valueAt(after, 'spec', 'type') !== 'ExternalName';
      return !fixed || old === next ? [] : [immutable('spec.clusterIP', next ?? null)];
    }
    default:
      return [];
  }
}

/** A replacement with what the server keeps where the client leaves it out (core/service/storage patchAllocatedValues). */
export function keepAllocated(kind: string, before: KubeObject, after: KubeObject): KubeObject {
  const [old, spec] = [recordOf(before['spec']), recordOf(after['spec'])];
  if (kind !== 'Service' || spec['type'] === 'ExternalName' || spec['clusterIP'] !== undefined || old['clusterIP'] === undefined)
    return after;
  const clusterIPs = old['clusterIPs'] === undefined ? {} : { clusterIPs: old['clusterIPs'] };
  return { ...after, spec: { ...spec, clusterIP: old['clusterIP'], ...clusterIPs } };
}

/** A new object with what the server itself decides: cluster IPs, phases, a namespace's own label and finalizer. */
export function completeNew(kind: string, object: KubeObject, store: ObjectStore): KubeObject {
  const spec = recordOf(object['spec']);
  switch (kind) {
    case 'Namespace': {
      const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
      return { ...withMetadata(object, { labels }), spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    }
    case 'Pod':
      return { ...object, status: { phase: 'Pending' } };
    case 'Service': {
      const ports = listOf(spec['ports']).map((port) => ({
        ...recordOf(port),
        targetPort: recordOf(port)['targetPort'] ?? recordOf(port)['port'],
      }));
      const portFields = spec['ports'] === undefined ? {} : { ports };
      if (spec['type'] === 'ExternalName') return { ...object, spec: { ...spec, ...portFields } };
      const clusterIP = textOf(spec['clusterIP']) ?? freeClusterIp(store);
      return { ...object, spec: { ...spec, ...portFields, clusterIP, clusterIPs: [clusterIP] }, status: { loadBalancer: {} } };
    }
    case 'Secret': {
      const { stringData, ...rest } = object;
      const encoded = Object.entries(recordOf(stringData)).map(
        ([key, value]) => [key, Buffer.from(String(value)).toString('base64')] as const,
      );
      const data = { ...recordOf(object['data']), ...Object.fromEntries(encoded) };
      return { ...rest, type: textOf(object['type']) ?? 'Opaque', ...(Object.keys(data).length === 0 ? {} : { data }) };
    }
    default:
      return object;
  }
}

/** The lowest address of 10.96.0.0/16 that no Service has. */
function freeClusterIp(store: ObjectStore): string {
  const used = new Set(store.list('services').map((service) => valueAt(service, 'spec', 'clusterIP')));
  for (let number = 10; number < 65_534; number += 1) {
    const address = `10.96.${number >> 8}.${number & 255}`;
    if (!used.has(address)) return address;
  }
  throw new Error('no free cluster IP is left in 10.96.0.0/16: delete a Service');
}
