// Why a source is unknown: a scraper, a caller without a proxy, or a peer that told nothing of itself.
// In: evidence, inventory. Out: Explanation. Source: Istio's `unknown` = no peer metadata; connection_security_policy none = no mTLS.
import type { Explanation } from '../../../model/graph';
import type { Inventory, WorkloadInfo } from '../../../model/inventory';
import type { Evidence } from './evidence';
import { enrolNamespace, isSafeName, listNames, listPeers } from './words';

/** A scrape is one request per target and scrape interval: between once in five minutes and once every four seconds. */
const SCRAPE_MIN_RPS = 1 / 300;
const SCRAPE_MAX_RPS = 0.25;
const SCRAPE_MIN_TARGETS = 3;

export function explainUnknownSource(evidence: Evidence, inventory: Inventory | null): Explanation {
  if (looksLikeScrape(evidence)) return explainScrape(evidence);
  const targets = listPeers(evidence.peers);
  const gateways = evidence.peers.length > 0 && evidence.peers.every((p) => p.gateway);
  if (evidence.plaintext > 0 && !gateways) return explainPlaintext(evidence, inventory, targets);
  const encrypted = evidence.mutual > 0;
  return {
    code: 'unknownSource',
    what: 'Callers whose proxy told nothing of itself.',
    cause: encrypted
      ? `The calls to ${targets} use mutual TLS, so the callers have a proxy, but no name came with them: connections shorter than the exchange of metadata, a proxy or load balancer in between that strips it, or a mesh that is not configured for metadata exchange.`
      : `No report says whether the calls to ${targets} were encrypted${evidence.protocols.has('tcp') ? '; over plain TCP the name of the caller is exchanged only with mutual TLS' : ''}. The callers are outside the mesh, or only one side of the connection reports.`,
    fix: encrypted
      ? 'Look at the SPIFFE ids of the edge: they name the service account of the caller. If another cluster calls, give both the same trust domain and mesh id.'
      : 'Put the callers into the mesh (a sidecar or ambient mode), or accept them as outside clients and let them come through a gateway.',
  };
}

const looksLikeScrape = (e: Evidence): boolean =>
  e.peers.length >= SCRAPE_MIN_TARGETS &&
  e.flows >= SCRAPE_MIN_TARGETS &&
  e.protocols.size === 1 &&
  e.protocols.has('http') &&
  e.mutual === 0 &&
  e.slowest >= SCRAPE_MIN_RPS &&
  e.busiest <= SCRAPE_MAX_RPS &&
  e.busiest <= e.slowest * 4 &&
  e.serviceless * 2 >= e.flows;

function explainScrape(e: Evidence): Explanation {
  const perMinute = Math.max(1, Math.round((e.requestsPerSecond / e.flows) * 60));
  return {
    code: 'metricsScrape',
    what: 'A client outside the mesh that fetches a little from many pods at a steady pace.',
    cause: `${e.peers.length} workloads (${listPeers(e.peers)}) are each called about ${perMinute} times a minute, straight to the pod and without mutual TLS: the pattern of Prometheus scraping the application's own port, or of a health checker.`,
    fix: 'Scrape the merged metrics of the proxy instead (port 15020, path /stats/prometheus, on by default), which bypasses it, or take the port out of the proxy with an annotation of the pod template:\ntraffic.sidecar.istio.io/excludeInboundPorts: "9090"',
  };
}

function explainPlaintext(e: Evidence, inventory: Inventory | null, targets: string): Explanation {
  const suspects = inventory === null ? [] : workloadsOutside(inventory);
  const namespaces = [...new Set(suspects.map((w) => w.namespace))].filter(isSafeName);
  const permissive = e.mutual > 0 ? ' Some of its calls do use mutual TLS, so it mixes callers with and without a proxy.' : '';
  const what = 'Callers without a proxy: they are not in the mesh.';
  if (inventory === null || namespaces.length === 0)
    return {
      code: 'outOfMeshCaller',
      what,
      cause: `${targets} ${e.peers.length === 1 ? 'is' : 'are'} called in plaintext, and this cluster has no workload without a proxy that could be the caller: it is outside the cluster (a node, a load balancer that reaches pods directly, a virtual machine, another cluster).${permissive}`,
      fix: 'Let outside clients come through an ingress gateway. Before mutual TLS is made STRICT here, find the caller in the access log of the called proxy (downstream address):\nkubectl logs -n <namespace> deploy/<workload> -c istio-proxy',
    };
  return {
    code: 'outOfMeshCaller',
    what,
    cause: `${targets} ${e.peers.length === 1 ? 'is' : 'are'} called in plaintext by something without a proxy. In this cluster ${listNames(suspects.map((w) => `${w.name} (${w.namespace})`))} ${suspects.length === 1 ? 'runs' : 'run'} without one.${permissive}`,
    fix: `If ${namespaces.length === 1 ? 'it belongs' : 'they belong'} to the mesh, enrol ${listNames(namespaces)} and restart what runs there:\n${namespaces
      .slice(0, 2)
      .map((n) => enrolNamespace(n, inventory))
      .join('\n')}\nOtherwise mutual TLS cannot be made STRICT for the workloads above without cutting the caller off.`,
  };
}

const SYSTEM: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Workloads that run without a proxy outside the system namespaces, by namespace and name. */
export const workloadsOutside = (inventory: Inventory): readonly WorkloadInfo[] =>
  [...inventory.workloads.values()]
    .filter((w) => w.mode === 'none' && w.pods.current > 0 && !SYSTEM.has(w.namespace) && w.namespace !== inventory.mesh.rootNamespace)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
