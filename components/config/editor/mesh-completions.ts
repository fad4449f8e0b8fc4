// What is offered for a name that is wanted. In: Wanted, the names of the mesh, what is typed. Out: completions. Pure.
import type { Completion } from '@codemirror/autocomplete';
import type { ConfigNamesDocument } from '../../../model/steering';
import { readService } from '../object-words';
import type { Wanted } from './mesh-words';

type NamedHost = ConfigNamesDocument['hosts'][number];

/** The host that a text means in an object of a namespace: whole, or a service by its short name. */
export function findHost({ hosts }: ConfigNamesDocument, text: string, namespace: string): NamedHost | null {
  const whole = hosts.find(({ host }) => host === text);
  const service = readService(text, namespace);
  if (whole !== undefined || service === null) return whole ?? null;
  return hosts.find((one) => one.kind === 'Service' && one.namespace === service.namespace && one.name === service.name) ?? null;
}

/** Of one's own namespace by their short names, first; whole ones of everywhere once the text has a dot or is not known here. */
function listHosts({ hosts }: ConfigNamesDocument, namespace: string, typed: string): readonly Completion[] {
  return hosts.map(({ host, namespace: of, name, kind }) =>
    kind === 'Service' && of === namespace && !typed.includes('.')
      ? { label: name, type: 'variable', detail: host, boost: 50 }
      : { label: host, type: 'variable', detail: kind === 'Service' ? `in ${of}` : 'ServiceEntry' },
  );
}

const plain = (labels: readonly string[], detail: string): readonly Completion[] =>
  labels.map((label) => ({ label, type: 'variable', detail }));

export function listCompletions(wanted: Wanted, names: ConfigNamesDocument, namespace: string, typed: string): readonly Completion[] {
  switch (wanted.type) {
    case 'host':
      return listHosts(names, namespace, typed);
    case 'service':
      return names.hosts
        .filter((one) => one.kind === 'Service' && one.namespace === (wanted.namespace ?? namespace))
        .map(({ name, host }) => ({ label: name, type: 'variable', detail: host }));
    case 'subset':
      return plain(findHost(names, wanted.host, namespace)?.subsets ?? [], `subset of ${wanted.host}`);
    case 'port':
      return (findHost(names, wanted.host, namespace)?.ports ?? []).map(({ number, name, protocol }) => ({
        label: String(number),
        type: 'enum',
        detail: `${name} ${protocol}`.trim(),
      }));
    case 'gateway':
      return [
        { label: 'mesh', type: 'keyword', detail: 'all sidecars and waypoints' },
        ...plain(
          names.gateways.filter(({ kind }) => kind === 'Gateway').map((one) => `${one.namespace}/${one.name}`),
          'Gateway',
        ),
      ];
    case 'parent':
      return plain(
        names.gateways
          .filter((one) => one.kind === 'K8sGateway' && one.namespace === (wanted.namespace ?? namespace))
          .map(({ name }) => name),
        'Gateway',
      );
    case 'listener': {
      const gateway = names.gateways.find(
        (one) => one.kind === 'K8sGateway' && one.namespace === (wanted.namespace ?? namespace) && one.name === wanted.gateway,
      );
      return plain(gateway?.listeners ?? [], `listener of ${wanted.gateway}`);
    }
    case 'namespace':
      return plain(names.namespaces, 'namespace');
    case 'gatewayClass':
      return plain(names.gatewayClasses, 'GatewayClass');
    case 'principal':
      return plain(
        names.serviceAccounts.map((one) => `cluster.local/ns/${one.namespace}/sa/${one.name}`),
        'service account',
      );
    case 'labelName':
      return names.labels.map(({ name, values }) => ({
        label: name,
        type: 'property',
        detail: values.slice(0, 3).join(', '),
        apply: `${name}: `,
      }));
    case 'labelValue':
      return plain(names.labels.find(({ name }) => name === wanted.name)?.values ?? [], wanted.name);
  }
}
