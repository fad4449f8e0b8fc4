// A scripted mesh: deterministic expositions of a handful of targets over many scrapes, with everything that upsets a metrics
// store: counter resets, series that come and go, a target that dies and returns, NaN and infinities, odd label values.
// In: target and round. Out: exposition text, or undefined while the target is down.
import type { ScrapeTarget } from '../target-scrape';
import { buildRandom } from './random';

export const FIRST_SCRAPE_MS = 1_700_000_000_000;
export const INTERVAL_MS = 15_000;
export const ROUNDS = 160;

const BOUNDS = ['0.5', '1', '5', '10', '25', '50', '100', '250', '500', '1000', '2500', '10000', '+Inf'];

interface Edge {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'http' | 'grpc' | 'tcp';
  readonly codes: readonly string[];
  readonly flags: string;
  readonly requestsPerScrape: number;
  readonly fromRound: number;
  readonly toRound: number;
}

const EDGES: readonly Edge[] = [
  {
    source: 'istio-ingressgateway',
    destination: 'productpage-v1',
    protocol: 'http',
    codes: ['200', '503'],
    flags: 'UF,URX',
    requestsPerScrape: 60,
    fromRound: 0,
    toRound: ROUNDS,
  },
  {
    source: 'productpage-v1',
    destination: 'reviews-v1',
    protocol: 'http',
    codes: ['200', '404'],
    flags: '-',
    requestsPerScrape: 25,
    fromRound: 0,
    toRound: ROUNDS,
  },
  {
    source: 'productpage-v1',
    destination: 'reviews-v2',
    protocol: 'http',
    codes: ['200', '0'],
    flags: 'DC',
    requestsPerScrape: 18,
    fromRound: 30,
    toRound: 110,
  },
  {
    source: 'reviews-v2',
    destination: 'ratings-v1',
    protocol: 'grpc',
    codes: ['200'],
    flags: '-',
    requestsPerScrape: 9,
    fromRound: 0,
    toRound: ROUNDS,
  },
  {
    source: 'ratings-v1',
    destination: 'mongodb-v1',
    protocol: 'tcp',
    codes: [],
    flags: '-',
    requestsPerScrape: 4,
    fromRound: 10,
    toRound: ROUNDS,
  },
];

export type ScriptedTarget = ScrapeTarget & { readonly reporter: 'source' | 'destination' | 'none' };

export const TARGETS: readonly ScriptedTarget[] = [
  {
    url: 'http://10.0.0.1:15020/stats/prometheus',
    job: 'envoy-stats',
    instance: '10.0.0.1:15020',
    labels: { namespace: 'bookinfo', pod: 'source-0', app: 'mesh' },
    reporter: 'source',
  },
  {
    url: 'http://10.0.0.2:15020/stats/prometheus',
    job: 'envoy-stats',
    instance: '10.0.0.2:15020',
    labels: { namespace: 'bookinfo', pod: 'destination-0', app: 'mesh' },
    reporter: 'destination',
  },
  {
    url: 'http://10.0.0.3:15020/stats/prometheus',
    job: 'envoy-stats',
    instance: '10.0.0.3:15020',
    labels: { namespace: 'bookinfo', pod: 'destination-1', app: 'mesh' },
    reporter: 'destination',
  },
  {
    url: 'http://10.0.0.9:15014/metrics',
    job: 'odd',
    instance: '10.0.0.9:15014',
    labels: { app: 'istiod', pod: 'istiod-7d5' },
    reporter: 'none',
  },
];

/** The time of a target's scrape: regular, but not exactly. */
export function scrapeTimeMs(targetIndex: number, round: number): number {
  return FIRST_SCRAPE_MS + round * INTERVAL_MS + targetIndex * 731 + ((round * 37) % 11) * 3;
}

function isRunning(targetIndex: number, round: number): boolean {
  return !(targetIndex === 2 && round >= 70 && round < 84);
}

// Rounds since the target's last restart: restarts set every counter back.
function uptimeRounds(targetIndex: number, round: number): number {
  if (targetIndex === 1 && round >= 90) return round - 90;
  if (targetIndex === 2 && round >= 84) return round - 84;
  return round + 1;
}

function labelText(edge: Edge, reporter: string): string {
  const service = edge.destination.replace(/-v\d$/, '');
  const pairs: readonly (readonly [string, string])[] = [
    ['reporter', reporter],
    ['source_workload', edge.source],
    ['source_workload_namespace', edge.source.startsWith('istio') ? 'istio-system' : 'bookinfo'],
    ['source_canonical_service', edge.source.replace(/-v\d$/, '')],
    ['source_principal', `spiffe://cluster.local/ns/bookinfo/sa/${edge.source}`],
    ['source_cluster', 'Kubernetes'],
    ['destination_workload', edge.destination],
    ['destination_workload_namespace', 'bookinfo'],
    ['destination_canonical_service', service],
    ['destination_service', `${service}.bookinfo.svc.cluster.local`],
    ['destination_service_name', service],
    ['destination_service_namespace', 'bookinfo'],
    ['destination_principal', `spiffe://cluster.local/ns/bookinfo/sa/${edge.destination}`],
    ['destination_cluster', 'Kubernetes'],
    ['request_protocol', edge.protocol],
    ['connection_security_policy', reporter === 'destination' ? 'mutual_tls' : 'unknown'],
  ];
  return pairs.map(([name, value]) => `${name}="${value}"`).join(',');
}

function writeHistogram(lines: string[], name: string, labels: string, count: number, scale: number): void {
  let cumulative = 0;
  BOUNDS.forEach((bound, i) => {
    cumulative = bound === '+Inf' ? count : Math.min(count, Math.floor((count * (i + 1) * scale) / BOUNDS.length));
    lines.push(`${name}_bucket{${labels},le="${bound}"} ${cumulative}`);
  });
  lines.push(`${name}_sum{${labels}} ${(count * 17.25 * scale).toFixed(2)}`, `${name}_count{${labels}} ${count}`);
}

function writeProxy(target: ScriptedTarget, targetIndex: number, round: number): string {
  const lines: string[] = ['# HELP istio_requests_total requests', '# TYPE istio_requests_total counter'];
  const rounds = uptimeRounds(targetIndex, round);
  EDGES.forEach((edge, edgeIndex) => {
    if (round < edge.fromRound || round >= edge.toRound) return;
    const labels = labelText(edge, target.reporter);
    const noise = buildRandom(targetIndex * 1000 + edgeIndex).below(7);
    const total = Math.floor(
      Math.max(0, rounds - (rounds > 60 ? 0 : edge.fromRound)) * (edge.requestsPerScrape + noise) * (1 + (round % 5) / 40),
    );
    if (edge.protocol === 'tcp') {
      lines.push(`istio_tcp_sent_bytes_total{${labels},response_flags="-"} ${total * 1337}`);
      lines.push(`istio_tcp_received_bytes_total{${labels},response_flags="-"} ${total * 911}`);
      lines.push(`istio_tcp_connections_opened_total{${labels},response_flags="-"} ${total}`);
      return;
    }
    edge.codes.forEach((code, codeIndex) => {
      const flags = codeIndex === 0 ? '-' : edge.flags;
      const grpc = edge.protocol === 'grpc' ? ',grpc_response_status="0"' : '';
      const coded = `${labels},response_code="${code}",response_flags="${flags}"${grpc}`;
      const count = Math.floor(total / (1 + codeIndex * 9));
      lines.push(`istio_requests_total{${coded}} ${count}`);
      writeHistogram(lines, 'istio_request_duration_milliseconds', coded, count, 0.6 + 0.1 * edgeIndex);
      writeHistogram(lines, 'istio_response_bytes', coded, count, 1.1);
    });
    if (edge.protocol === 'grpc') lines.push(`istio_request_messages_total{${labels}} ${total * 3}`);
  });
  lines.push(`istio_build{component="proxy",tag="1.2${targetIndex}.0"} 1`);
  lines.push(`envoy_server_uptime ${rounds * 15}`);
  return `${lines.join('\n')}\n`;
}

const GAUGE_CYCLE = ['1', '-3.5', 'NaN', '2.5e3', '+Inf', '0', '-Inf', '17.125', '-0', '1e-7'] as const;

function writeOddities(round: number): string {
  const random = buildRandom(round);
  const gauge = GAUGE_CYCLE[round % GAUGE_CYCLE.length] ?? '0';
  const lines = [
    '# HELP odd_gauge A gauge with \\\\ and \\n in its help',
    '# TYPE odd_gauge gauge',
    `odd_gauge{case="cycle"} ${gauge}`,
    `odd_gauge{case="nan"} NaN`,
    `odd_gauge{case="inf"} +Inf`,
    `odd_gauge{case="walk"} ${(Math.sin(round / 9) * 50).toFixed(4)}`,
    `odd_gauge{case="random"} ${random.next()}`,
    `odd_label{text="quote \\" backslash \\\\ newline \\n end"} 1`,
    'odd_label{text="ünïcode 日本 🚀"} 2',
    'odd_label{text="a|b.c(d)[e]{f}"} 3',
    'odd_label{text="", empty="yes", } 4',
    `odd_label{text="$1 $\{2}"} 5`,
    `odd_conflict{job="exposed",instance="mine",app="theirs"} ${round}`,
    `odd_spaced{ a="b" , c="d" }   ${round * 2}`,
    `odd_timed{kind="explicit"} ${round} ${FIRST_SCRAPE_MS + round * INTERVAL_MS - 4000}`,
    `odd_counter_total ${round < 50 ? round * 10.5 : (round - 50) * 7.25}`,
    `odd_still_total 42`,
    `temperature{room="a",floor="1"} ${20 + (round % 7)}`,
    `temperature{room="b",floor="1"} ${18.5 + (round % 3)}`,
    `temperature{room="c",floor="2"} ${25 - (round % 4)}`,
    `humidity{room="a",floor="1"} ${40 + (round % 9)}`,
    `humidity{room="b",floor="1"} ${55 - (round % 5)}`,
    `floor_area{floor="1",unit="m2"} 120`,
    `floor_area{floor="2",unit="m2"} 80`,
    `bad_histogram_bucket{le="1"} ${round}`,
    `bad_histogram_bucket{le="2"} ${Math.max(0, round - 2)}`,
    `bad_histogram_bucket{le="4"} ${round + 3}`,
    `bad_histogram_bucket{le="+Inf"} ${round + 3}`,
    `no_inf_bucket{le="1"} ${round}`,
    `no_inf_bucket{le="x"} ${round}`,
    `negative_bucket{le="-5"} ${round}`,
    `negative_bucket{le="0"} ${round * 2}`,
    `negative_bucket{le="+Inf"} ${round * 3}`,
    `pilot_xds{version="1.29"} ${5 + (round % 3)}`,
    `istio_build{component="pilot",tag="1.29.0"} 1`,
    `go_goroutines ${800 + round}`,
    `process_cpu_seconds_total ${(round * 0.37).toFixed(2)}`,
  ];
  // Flapping: present two scrapes in three.
  if (round % 3 !== 0) lines.push(`flapping{n="1"} ${round}`);
  if (round > 40 && round < 60) lines.push(`short_lived ${round}`);
  return lines.join('\n');
}

/** The exposition of a target at a round; undefined while it is down. */
export function writeExposition(targetIndex: number, round: number): string | undefined {
  const target = TARGETS[targetIndex];
  if (target === undefined || !isRunning(targetIndex, round)) return undefined;
  return target.reporter === 'none' ? writeOddities(round) : writeProxy(target, targetIndex, round);
}
