// What an object is for, in a few words: "reviews: 2 rules", "bookinfo: STRICT". In: kind, ConfigObject. Out: text.
import type { ConfigKind, ConfigObject, Json } from '../../model/inventory';
import { readMap, readNumber, readObject, readObjects, readText, readTexts } from './raw';

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
const some = (texts: readonly string[]): string =>
  texts.length <= 2 ? texts.join(', ') : `${texts[0] ?? ''} and ${texts.length - 1} more`;
const lengthOf = (json: Json | undefined): number => readObjects(json).length;

function selectorWords(spec: ConfigObject['spec'], everything: string): string {
  const labels = readMap(readObject(spec['selector'])?.['matchLabels']);
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? everything : pairs.join(', ');
}

/** EnvoyFilters select in words of their own. */
function workloadWords(spec: ConfigObject['spec'], everything: string): string {
  const labels = readObject(spec['workloadSelector'])?.['labels'];
  return selectorWords(labels === undefined ? {} : { selector: { matchLabels: labels } }, everything);
}

/** Which parts are set, besides whom it is for. */
const partsOf = (spec: ConfigObject['spec']): string =>
  Object.keys(spec)
    .filter((key) => key !== 'selector' && key !== 'targetRefs')
    .join(', ') || 'nothing';

function routeWords({ spec }: ConfigObject): string {
  const hosts = readTexts(spec['hostnames']);
  const parents = readObjects(spec['parentRefs']).map((parent) => readText(parent['name']) ?? '');
  return `${some(hosts.length > 0 ? hosts : parents)}: ${count(lengthOf(spec['rules']), 'rule')}`;
}

/** The object in a few words. */
export function summarizeConfig(kind: ConfigKind, object: ConfigObject): string {
  const { spec, namespace } = object;
  switch (kind) {
    case 'VirtualService': {
      const rules = lengthOf(spec['http']) + lengthOf(spec['tls']) + lengthOf(spec['tcp']);
      const hosts = readTexts(spec['hosts']);
      return `${hosts.length === 0 ? 'delegate' : some(hosts)}: ${count(rules, 'rule')}`;
    }
    case 'DestinationRule': {
      const subsets = readObjects(spec['subsets']).map((subset) => readText(subset['name']) ?? '');
      const policy = Object.keys(readObject(spec['trafficPolicy']) ?? {});
      const parts = [...(subsets.length === 0 ? [] : [`subsets ${some(subsets)}`]), ...policy];
      return `${readText(spec['host']) ?? ''}: ${parts.length === 0 ? 'no policy' : parts.join(', ')}`;
    }
    case 'Gateway': {
      const servers = readObjects(spec['servers']);
      const ports = servers.map((server) => String(readNumber(readObject(server['port'])?.['number']) ?? '?'));
      return `${some(servers.flatMap((server) => readTexts(server['hosts'])))} on ${some(ports)}`;
    }
    case 'K8sGateway':
      return `${readText(spec['gatewayClassName']) ?? ''}: ${count(lengthOf(spec['listeners']), 'listener')}`;
    case 'ServiceEntry':
      return `${some(readTexts(spec['hosts']))}: ${readText(spec['location']) === 'MESH_INTERNAL' ? 'in the mesh' : 'outside the mesh'}`;
    case 'Sidecar':
      return `imports ${some(readObjects(spec['egress']).flatMap((listener) => readTexts(listener['hosts']))) || 'everything'}`;
    case 'WorkloadEntry':
      return readText(spec['address']) ?? '';
    case 'WorkloadGroup':
      return readText(readObject(spec['template'])?.['serviceAccount']) ?? '';
    case 'PeerAuthentication':
      return `${selectorWords(spec, namespace)}: ${readText(readObject(spec['mtls'])?.['mode']) ?? 'UNSET'}`;
    case 'AuthorizationPolicy':
      return `${selectorWords(spec, namespace)}: ${readText(spec['action']) ?? 'ALLOW'}, ${count(lengthOf(spec['rules']), 'rule')}`;
    case 'RequestAuthentication':
      return `${selectorWords(spec, namespace)}: ${count(lengthOf(spec['jwtRules']), 'issuer')}`;
    case 'Telemetry':
      return `${selectorWords(spec, namespace)}: ${partsOf(spec)}`;
    case 'EnvoyFilter':
      return `${workloadWords(spec, namespace)}: ${count(lengthOf(spec['configPatches']), 'patch', 'patches')}`;
    case 'ProxyConfig':
      return `${selectorWords(spec, namespace)}: ${partsOf(spec)}`;
    case 'WasmPlugin':
      return `${selectorWords(spec, namespace)}: ${readText(spec['url']) ?? ''}`;
    case 'TrafficExtension':
      return `${selectorWords(spec, namespace)}: ${partsOf(spec)}`;
    case 'GatewayClass':
      return readText(spec['controllerName']) ?? '';
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return routeWords(object);
    case 'ListenerSet': {
      const listeners = readObjects(spec['listeners']);
      return `for ${readText(readObject(spec['parentRef'])?.['name']) ?? 'no Gateway'}: ${some(listeners.map((each) => readText(each['hostname']) ?? readText(each['name']) ?? ''))}`;
    }
    case 'BackendTLSPolicy':
      return `${some(readObjects(spec['targetRefs']).map((ref) => readText(ref['name']) ?? ''))}: TLS as ${readText(readObject(spec['validation'])?.['hostname']) ?? 'no name'}`;
    case 'ReferenceGrant':
      return `from ${some(readObjects(spec['from']).map((from) => `${readText(from['kind']) ?? ''} of ${readText(from['namespace']) ?? ''}`))}`;
  }
}
