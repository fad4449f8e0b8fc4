// What the badges of a node mean, in words. In: Badge. Out: a short name and a sentence. Pure.
import type { Badge } from '../../model/graph';

export const BADGE_WORDS: Readonly<Record<Badge, readonly [name: string, sentence: string]>> = {
  gateway: ['Gateway', 'An ingress or egress gateway: traffic enters or leaves the mesh here.'],
  virtualService: ['VirtualService', 'A VirtualService shapes the traffic to it.'],
  trafficShifting: ['Traffic shifting', 'HTTP traffic is split between versions by weight.'],
  tcpTrafficShifting: ['TCP traffic shifting', 'TCP connections are split between versions by weight.'],
  requestRouting: ['Request routing', 'Requests are routed by their path, headers or other properties.'],
  requestTimeout: ['Request timeout', 'A route has a timeout.'],
  faultInjection: ['Fault injection', 'A route delays or aborts requests on purpose.'],
  mirroring: ['Mirroring', 'A copy of the traffic goes to another destination.'],
  circuitBreaker: ['Circuit breaker', 'A DestinationRule limits connections or ejects failing endpoints.'],
  noSidecar: ['No sidecar', 'At least one of its pods has no proxy, so that neither policy nor telemetry of the mesh applies to it.'],
  ambient: ['Ambient', 'ztunnel carries its traffic.'],
  waypoint: ['Waypoint', 'A waypoint proxy handles its HTTP traffic.'],
  workloadEntry: ['WorkloadEntry', 'It runs outside of Kubernetes and is registered by a WorkloadEntry.'],
  trafficSource: ['Traffic source', 'Nothing in the graph calls it.'],
  dead: ['Gone', 'It had traffic in the window but does not exist any more.'],
  idle: ['Idle', 'It had no traffic in the window.'],
  external: ['External', 'It is outside of the mesh.'],
};
