// The lanes of one caller that a change can touch, as they are now and as they will be. In: both states, caller, hosts. Out: LanePairs.
import type { Caller } from '../../model/routing';
import type { Protocol } from '../../model/traffic';
import type { MeshIndex } from '../istio/mesh-index';
import { isHostWithin, pickDomain } from '../istio/names';
import type { PortProtocol } from '../istio/port-protocol';
import { serviceOfHost } from './backing';
import { type Lane, laneAtWorkload, lanesAtGateway } from './seen-rules';

export interface LanePair {
  readonly before: Lane;
  /** Lanes in which its requests may find themselves afterwards, the likeliest first. */
  readonly after: readonly Lane[];
}

const FITTING: Readonly<Record<Protocol, readonly PortProtocol[]>> = {
  http: ['http', 'auto'],
  grpc: ['http', 'auto'],
  tcp: ['tcp', 'tls', 'auto'],
};

/** Ports of a host on which telemetry could have seen a protocol; all of them where none fits, 80 for hosts that only routes know. */
function portsOf(index: MeshIndex, host: string, protocol: Protocol): readonly number[] {
  const ports = serviceOfHost(index, host)?.ports ?? [];
  const fitting = ports.filter((port) => FITTING[protocol].includes(port.protocol));
  const chosen = fitting.length > 0 ? fitting : ports;
  return chosen.length > 0 ? chosen.map(({ port }) => port) : [80];
}

/** Lanes of a caller that is no gateway, for the hosts that it may call. */
export function lanesOfWorkload(
  before: MeshIndex,
  after: MeshIndex,
  caller: Caller,
  hosts: Iterable<string>,
  protocol: Protocol,
): readonly LanePair[] {
  return [...hosts].flatMap((host) => {
    const ports = new Set([...portsOf(before, host, protocol), ...portsOf(after, host, protocol)]);
    return [...ports].map((port) => ({
      before: laneAtWorkload(before, caller, host, port, protocol),
      after: [laneAtWorkload(after, caller, host, port, protocol)],
    }));
  });
}

const leadsToAny = (lane: Lane, hosts: ReadonlySet<string>): boolean =>
  lane.rules.some(({ outcome }) => outcome.outcome === 'route' && outcome.destinations.some(({ host }) => hosts.has(host)));

const kindOf = ({ key }: Lane): string => key.slice(0, key.lastIndexOf('|') + 1);

/** Lanes of a gateway that lead to some of the hosts now. */
export function lanesOfGateway(before: MeshIndex, after: MeshIndex, caller: Caller, hosts: ReadonlySet<string>): readonly LanePair[] {
  const [now, then] = [lanesAtGateway(before, caller), lanesAtGateway(after, caller)];
  const added = [...then.values()].filter(({ key }) => !now.has(key));
  return [...now.values()]
    .filter((lane) => leadsToAny(lane, hosts))
    .map((lane) => ({
      before: lane,
      after: [
        then.get(lane.key) ?? heirOf(lane, then),
        // A new domain within this one takes some of its requests.
        ...added.filter((other) => kindOf(other) === kindOf(lane) && isHostWithin(other.host, lane.host)),
      ],
    }));
}

/** Where requests of a domain go that is served no more: to a wider domain of the same port, or nowhere. */
function heirOf(lane: Lane, lanes: ReadonlyMap<string, Lane>): Lane {
  const kind = kindOf(lane);
  const domains = [...lanes.values()].filter((other) => kindOf(other) === kind).map(({ host }) => host);
  const domain = pickDomain(lane.host, domains);
  const heir = domain === null ? undefined : lanes.get(`${kind}${domain}`);
  if (heir !== undefined) return heir;
  return { ...lane, rules: [{ match: null, pointer: null, outcome: { outcome: 'noRoute', status: domains.length > 0 ? 404 : 0 } }] };
}
