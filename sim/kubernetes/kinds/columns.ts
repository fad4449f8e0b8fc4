// Printer columns of the other built-in kinds (kubernetes/pkg/printers/internalversion/printers.go).
import { isRecord, listOf, recordOf, textOf, textsOf, valueAt } from '../json';
import type { KubeObject } from '../object';
import { ageColumn, ageOf, type Cell, type Column, column } from './column';

const NONE = '<none>';
const UNSET = '<unset>';
const wide = { wide: true } as const;
const count = { type: 'integer' } as const;

const at =
  (...path: readonly string[]) =>
  (object: KubeObject): Cell => {
    const value = valueAt(object, ...path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : NONE;
  };
const numberAt = (object: KubeObject, ...path: readonly string[]): number => {
  const value = valueAt(object, ...path);
  return typeof value === 'number' ? value : 0;
};
const joined = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join(','));
const labelsText = (value: unknown): string => joined(Object.entries(recordOf(value)).map(([key, item]) => `${key}=${String(item)}`));
const containersOf = (object: KubeObject): readonly Readonly<Record<string, unknown>>[] =>
  listOf(valueAt(object, 'spec', 'template', 'spec', 'containers')).filter(isRecord);

const workloadWide: readonly Column[] = [
  column('Containers', (object) => joined(containersOf(object).map((container) => String(container['name']))), wide),
  column('Images', (object) => joined(containersOf(object).map((container) => textOf(container['image']) ?? '')), wide),
];
const selectorColumn = column('Selector', (object) => labelsText(valueAt(object, 'spec', 'selector', 'matchLabels')), wide);

function externalIp(service: KubeObject): string {
  const addresses = listOf(valueAt(service, 'status', 'loadBalancer', 'ingress')).map(
    (item) => textOf(recordOf(item)['ip']) ?? textOf(recordOf(item)['hostname']) ?? '',
  );
  switch (valueAt(service, 'spec', 'type')) {
    case 'LoadBalancer':
      return addresses.length === 0 ? '<pending>' : addresses.join(',');
    case 'ExternalName':
      return textOf(valueAt(service, 'spec', 'externalName')) ?? '';
    default:
      return joined(textsOf(valueAt(service, 'spec', 'externalIPs')));
  }
}

function servicePorts(service: KubeObject): string {
  return joined(
    listOf(valueAt(service, 'spec', 'ports')).map((item) => {
      const port = recordOf(item);
      const node = typeof port['nodePort'] === 'number' && port['nodePort'] > 0 ? `:${port['nodePort']}` : '';
      return `${String(port['port'])}${node}/${textOf(port['protocol']) ?? 'TCP'}`;
    }),
  );
}

export const serviceColumns: readonly Column[] = [
  column('Type', at('spec', 'type')),
  column('Cluster-IP', at('spec', 'clusterIP')),
  column('External-IP', externalIp),
  column('Port(s)', servicePorts),
  ageColumn,
  column('Selector', (service) => labelsText(valueAt(service, 'spec', 'selector')), wide),
];

export const deploymentColumns: readonly Column[] = [
  column('Ready', (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`),
  column('Up-to-date', (object) => numberAt(object, 'status', 'updatedReplicas'), count),
  column('Available', (object) => numberAt(object, 'status', 'availableReplicas'), count),
  ageColumn,
  ...workloadWide,
  selectorColumn,
];

export const replicaSetColumns: readonly Column[] = [
  column('Desired', (object) => numberAt(object, 'spec', 'replicas'), count),
  column('Current', (object) => numberAt(object, 'status', 'replicas'), count),
  column('Ready', (object) => numberAt(object, 'status', 'readyReplicas'), count),
  ageColumn,
  ...workloadWide,
  selectorColumn,
];

export const statefulSetColumns: readonly Column[] = [
  column('Ready', (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`),
  ageColumn,
  ...workloadWide,
];

export const daemonSetColumns: readonly Column[] = [
  column('Desired', (object) => numberAt(object, 'status', 'desiredNumberScheduled'), count),
  column('Current', (object) => numberAt(object, 'status', 'currentNumberScheduled'), count),
  column('Ready', (object) => numberAt(object, 'status', 'numberReady'), count),
  column('Up-to-date', (object) => numberAt(object, 'status', 'updatedNumberScheduled'), count),
  column('Available', (object) => numberAt(object, 'status', 'numberAvailable'), count),
  column('Node Selector', (object) => labelsText(valueAt(object, 'spec', 'template', 'spec', 'nodeSelector'))),
  ageColumn,
  ...workloadWide,
  selectorColumn,
];

export const jobColumns: readonly Column[] = [
  column('Status', (job) => {
    const done = listOf(valueAt(job, 'status', 'conditions'))
      .map(recordOf)
      .find((item) => item['status'] === 'True');
    return textOf(done?.['type']) ?? 'Running';
  }),
  column('Completions', (job) => `${numberAt(job, 'status', 'succeeded')}/${numberAt(job, 'spec', 'completions')}`),
  ageColumn,
  ...workloadWide,
];

export const cronJobColumns: readonly Column[] = [
  column('Schedule', at('spec', 'schedule')),
  column('Timezone', at('spec', 'timeZone')),
  column('Suspend', (job) => (valueAt(job, 'spec', 'suspend') === true ? 'True' : 'False')),
  column('Active', (job) => listOf(valueAt(job, 'status', 'active')).length, count),
  column('Last Schedule', (job, nowMs) => {
    const last = textOf(valueAt(job, 'status', 'lastScheduleTime'));
    return last === undefined ? NONE : ageOf(last, nowMs);
  }),
  ageColumn,
];

export const namespaceColumns: readonly Column[] = [column('Status', at('status', 'phase')), ageColumn];

const rolePrefix = 'node-role.kubernetes.io/';
const addressOf = (node: KubeObject, type: string): string => {
  const found = listOf(valueAt(node, 'status', 'addresses'))
    .map(recordOf)
    .find((item) => item['type'] === type);
  return textOf(found?.['address']) ?? NONE;
};

export const nodeColumns: readonly Column[] = [
  column('Status', (node) => {
    const ready = listOf(valueAt(node, 'status', 'conditions'))
      .map(recordOf)
      .find((item) => item['type'] === 'Ready');
    const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
    return valueAt(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
  }),
  column('Roles', (node) =>
    joined(
      Object.keys(node.metadata.labels ?? {})
        .filter((label) => label.startsWith(rolePrefix))
        .map((label) => label.slice(rolePrefix.length)),
    ),
  ),
  ageColumn,
  column('Version', at('status', 'nodeInfo', 'kubeletVersion')),
  column('Internal-IP', (node) => addressOf(node, 'InternalIP'), wide),
  column('External-IP', (node) => addressOf(node, 'ExternalIP'), wide),
  column('OS-Image', at('status', 'nodeInfo', 'osImage'), wide),
  column('Kernel-Version', at('status', 'nodeInfo', 'kernelVersion'), wide),
  column('Container-Runtime', at('status', 'nodeInfo', 'containerRuntimeVersion'), wide),
];

const dataCount = (object: KubeObject): number =>
  Object.keys(recordOf(object['data'])).length + Object.keys(recordOf(object['binaryData'])).length;
export const configMapColumns: readonly Column[] = [column('Data', dataCount, count), ageColumn];
export const secretColumns: readonly Column[] = [column('Type', at('type')), column('Data', dataCount, count), ageColumn];
export const serviceAccountColumns: readonly Column[] = [column('Secrets', (object) => listOf(object['secrets']).length, count), ageColumn];

export const eventColumns: readonly Column[] = [
  column('Last Seen', (event, nowMs) =>
    ageOf(textOf(event['lastTimestamp']) ?? textOf(event['eventTime']) ?? textOf(event['firstTimestamp']), nowMs),
  ),
  column('Type', at('type')),
  column('Reason', at('reason')),
  column(
    'Object',
    (event) => `${String(valueAt(event, 'involvedObject', 'kind')).toLowerCase()}/${String(valueAt(event, 'involvedObject', 'name'))}`,
  ),
  column('Subobject', at('involvedObject', 'fieldPath'), wide),
  column('Source', at('source', 'component'), wide),
  column('Message', (event) => (textOf(event['message']) ?? '').trim()),
];

export const endpointsColumns: readonly Column[] = [
  column('Endpoints', (object) => {
    const pairs = listOf(object['subsets'])
      .map(recordOf)
      .flatMap((subset) =>
        listOf(subset['ports']).flatMap((port) =>
          listOf(subset['addresses']).map((address) => `${String(recordOf(address)['ip'])}:${String(recordOf(port)['port'])}`),
        ),
      );
    return pairs.length > 3 ? `${pairs.slice(0, 3).join(',')} + ${pairs.length - 3} more...` : joined(pairs);
  }),
  ageColumn,
];

export const endpointSliceColumns: readonly Column[] = [
  column('AddressType', at('addressType')),
  column('Ports', (slice) => {
    const ports = listOf(slice['ports']).map((port) => String(recordOf(port)['port']));
    return ports.length === 0 ? UNSET : ports.join(',');
  }),
  column('Endpoints', (slice) => joined(listOf(slice['endpoints']).flatMap((endpoint) => textsOf(recordOf(endpoint)['addresses'])))),
  ageColumn,
];

export const createdAtColumns: readonly Column[] = [column('Created At', (object) => object.metadata.creationTimestamp ?? '<unknown>')];
export const ageOnly: readonly Column[] = [ageColumn];

export const bindingColumns: readonly Column[] = [
  column('Role', (binding) => `${String(valueAt(binding, 'roleRef', 'kind'))}/${String(valueAt(binding, 'roleRef', 'name'))}`),
  ageColumn,
  ...(['User', 'Group', 'ServiceAccount'] as const).map((kind) =>
    column(
      kind === 'ServiceAccount' ? 'ServiceAccounts' : `${kind}s`,
      (binding) => {
        const subjects = listOf(binding['subjects'])
          .map(recordOf)
          .filter((subject) => subject['kind'] === kind);
        return subjects
          .map((subject) => (kind === 'ServiceAccount' ? `${String(subject['namespace'])}/` : '') + String(subject['name']))
          .join(', ');
      },
      wide,
    ),
  ),
];

export const webhookColumns: readonly Column[] = [column('Webhooks', (object) => listOf(object['webhooks']).length, count), ageColumn];

const intOrStringAt = (object: KubeObject, field: string): string => {
  const value = valueAt(object, 'spec', field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'N/A';
};

export const budgetColumns: readonly Column[] = [
  column('Min Available', (object) => intOrStringAt(object, 'minAvailable')),
  column('Max Unavailable', (object) => intOrStringAt(object, 'maxUnavailable')),
  column('Allowed Disruptions', (object) => numberAt(object, 'status', 'disruptionsAllowed'), count),
  ageColumn,
];

export const autoscalerColumns: readonly Column[] = [
  column(
    'Reference',
    (object) => `${String(valueAt(object, 'spec', 'scaleTargetRef', 'kind'))}/${String(valueAt(object, 'spec', 'scaleTargetRef', 'name'))}`,
  ),
  column('Targets', (object) => {
    const metrics = listOf(valueAt(object, 'spec', 'metrics')).map(recordOf);
    const texts = metrics.map((metric) => {
      const name = textOf(valueAt(metric, 'resource', 'name')) ?? textOf(metric['type']) ?? '';
      const wanted = valueAt(metric, 'resource', 'target', 'averageUtilization');
      const current = listOf(valueAt(object, 'status', 'currentMetrics')).find((item) => valueAt(item, 'resource', 'name') === name);
      const actual = valueAt(current, 'resource', 'current', 'averageUtilization');
      return `${name}: ${typeof actual === 'number' ? `${actual}%` : '<unknown>'}/${typeof wanted === 'number' ? `${wanted}%` : '<auto>'}`;
    });
    return texts.length === 0 ? NONE : texts.join(', ');
  }),
  column('MinPods', at('spec', 'minReplicas')),
  column('MaxPods', at('spec', 'maxReplicas')),
  column('Replicas', (object) => numberAt(object, 'status', 'currentReplicas'), count),
  ageColumn,
];

export const ingressColumns: readonly Column[] = [
  column('Class', at('spec', 'ingressClassName')),
  column('Hosts', (ingress) => {
    const hosts = listOf(valueAt(ingress, 'spec', 'rules')).map((rule) => textOf(recordOf(rule)['host']) ?? '*');
    return hosts.length === 0 ? '*' : hosts.join(',');
  }),
  column('Address', (ingress) => {
    const addresses = listOf(valueAt(ingress, 'status', 'loadBalancer', 'ingress')).map(recordOf);
    return addresses.map((address) => textOf(address['ip']) ?? textOf(address['hostname']) ?? '').join(',');
  }),
  column('Ports', (ingress) => (listOf(valueAt(ingress, 'spec', 'tls')).length > 0 ? '80, 443' : '80')),
  ageColumn,
];
