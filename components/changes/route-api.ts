// Which API keeps the rules of a service, and whether the first rule may choose it. In: the document. Out: choices with reasons, words. Pure.
import { type ConfigRef, type RuleRef, refText } from '../../model/edit';
import type { ServiceRoutingDocument } from '../../model/steering';
import { listFor } from './prediction';

/** Kind of the object that a first rule makes. */
export type RouteApi = NonNullable<RuleRef['as']>;

export interface ApiChoice {
  readonly api: RouteApi;
  readonly label: string;
  /** What it can do that the other cannot. */
  readonly hint: string;
  /** Why it cannot keep rules of this service; null: it can. */
  readonly refusal: string | null;
}

const isClusterService = (host: string): boolean => /^[^.]+\.[^.]+\.svc(?:\.|$)/.test(host);

function refuseHttpRoute(document: Pick<ServiceRoutingDocument, 'host' | 'ports'>): string | null {
  if (!isClusterService(document.host)) return 'an HTTPRoute is bound to a Service of Kubernetes, and this host is none';
  return portsOfHttp(document).length === 0 ? 'the service speaks no HTTP' : null;
}

/** Ports that a route for HTTP can be for. */
export const portsOfHttp = ({ ports }: Pick<ServiceRoutingDocument, 'ports'>): readonly number[] =>
  ports.filter((port) => listFor({ ports: [port] }) === 'http').map(({ port }) => port);

export const listApiChoices = (document: Pick<ServiceRoutingDocument, 'host' | 'ports'>): readonly ApiChoice[] => [
  {
    api: 'VirtualService',
    label: 'VirtualService (Istio)',
    hint: 'Splits by version with subsets; faults, mirrors, retries, matching on who calls.',
    refusal: null,
  },
  {
    api: 'HTTPRoute',
    label: 'HTTPRoute (Gateway API)',
    hint: 'For calls within the mesh; splits between services, each version behind a service of its own.',
    refusal: refuseHttpRoute(document),
  },
];

/** "Istio" or "Gateway API". */
export const wordApi = ({ kind }: ConfigRef): string => (kind === 'VirtualService' ? 'Istio' : 'Gateway API');

const isOfMesh = ({ object }: RuleRef, gateways: readonly string[]): boolean => object !== null && gateways.includes('mesh');

/** Why rules of the other API do not go beside those that the service has in the mesh; null where it has none. */
export function wordNoMixing({ rules }: Pick<ServiceRoutingDocument, 'rules'>): string | null {
  const own = rules.find(({ rule, gateways }) => isOfMesh(rule, gateways))?.rule.object;
  if (own === null || own === undefined) return null;
  const other = own.kind === 'VirtualService' ? 'an HTTPRoute' : 'a VirtualService';
  return (
    `The rules of this service in the mesh are kept in the ${wordApi(own) === 'Istio' ? 'API of Istio' : 'Gateway API'} (${refText(own)}). ` +
    `A proxy follows the objects of one API for a host and passes over the other's without a word, so ${other} beside it is not offered. ` +
    `To change over, delete ${refText(own)} first.`
  );
}
