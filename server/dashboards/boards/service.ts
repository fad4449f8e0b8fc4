// Istio Service Dashboard: one service, as its clients and its workloads report it. Pure.
import type { Dashboard, DashboardVariable, Panel } from '../../../model/dashboard';
import { BY_POLICY, durationQuantile, irate, labelVariable, lines, Q3, round, stat, wordQuantile } from '../define';
import { clientPanels, peerPanels } from './by-peer';

const S = 'destination_service=~"$service"';
const C = `reporter=~"$qrep", ${S}`;
const D = `reporter="destination", ${S}`;

/** Whose reports are read: what the destination says is complete, what the source says includes what never arrived. */
export const REPORTER: DashboardVariable = {
  name: 'qrep',
  title: 'Reporter',
  source: null,
  options: ['source', 'destination', 'waypoint'],
  several: true,
  standard: ['destination'],
};

const side = (name: 'Client' | 'Server', matchers: string): readonly Panel[] => [
  stat(`${name} Request Volume`, 'ops', round(`sum(${irate(`istio_requests_total{${matchers}}`)})`)),
  stat(
    `${name} Success Rate (non-5xx responses)`,
    'percentunit',
    `sum(${irate(`istio_requests_total{${matchers}, response_code!~"5.*"}`)}) / (sum(${irate(`istio_requests_total{${matchers}}`)}) or on () vector(1))`,
  ),
  lines(
    `${name} Request Duration`,
    's',
    Q3.map((q) => [wordQuantile(q), durationQuantile(q, matchers, [])]),
    { width: 3 },
  ),
];

export const SERVICE: Dashboard = {
  id: 'istio-service',
  title: 'Istio Service',
  about: 'Requests, success, duration, sizes and TCP bytes of one service, by client workload and by its own workloads.',
  scope: 'namespace',
  origin: 'builtIn',
  uid: null,
  probe: null,
  variables: [
    labelVariable(
      'service',
      'Service',
      'istio_requests_total{destination_service!="unknown"} or istio_tcp_sent_bytes_total',
      'destination_service',
      {
        several: false,
      },
    ),
    REPORTER,
    labelVariable('srccluster', 'Client cluster', `istio_requests_total{${C}}`, 'source_cluster'),
    labelVariable('srcns', 'Client namespace', `istio_requests_total{${C}, source_cluster=~"$srccluster"}`, 'source_workload_namespace'),
    labelVariable(
      'srcwl',
      'Client workload',
      `istio_requests_total{${C}, source_cluster=~"$srccluster", source_workload_namespace=~"$srcns"}`,
      'source_workload',
    ),
    labelVariable('dstcluster', 'Service cluster', `istio_requests_total{${D}}`, 'destination_cluster'),
    labelVariable(
      'dstns',
      'Service namespace',
      `istio_requests_total{${D}, destination_cluster=~"$dstcluster"}`,
      'destination_workload_namespace',
    ),
    labelVariable(
      'dstwl',
      'Service workload',
      `istio_requests_total{${D}, destination_cluster=~"$dstcluster", destination_workload_namespace=~"$dstns"}`,
      'destination_workload',
    ),
  ],
  notes: [],
  rows: [
    {
      title: 'General',
      panels: [
        ...side('Client', C),
        stat('TCP Received Bytes', 'Bps', `sum(${irate(`istio_tcp_received_bytes_total{${C}}`)})`),
        ...side('Server', D),
        stat('TCP Sent Bytes', 'Bps', `sum(${irate(`istio_tcp_sent_bytes_total{${C}}`)})`),
      ],
    },
    {
      title: 'Client workloads',
      panels: clientPanels(C),
    },
    {
      title: 'Service workloads',
      panels: peerPanels({
        matchers: `${D}, destination_workload=~"$dstwl", destination_workload_namespace=~"$dstns"`,
        labels: ['destination_workload', 'destination_workload_namespace'],
        legend: '{{destination_workload}}.{{destination_workload_namespace}}',
        halves: BY_POLICY,
        titles: {
          requests: 'Incoming Requests By Destination Workload And Response Code',
          success: 'Incoming Success Rate (non-5xx responses) By Destination Workload',
          duration: 'Incoming Request Duration By Service Workload',
          requestSize: 'Incoming Request Size By Service Workload',
          responseSize: 'Response Size By Service Workload',
          tcpFirst: 'Bytes Received from Incoming TCP Connection By Service Workload',
          tcpSecond: 'Bytes Sent to Incoming TCP Connection By Service Workload',
        },
        tcp: ['istio_tcp_received_bytes_total', 'istio_tcp_sent_bytes_total'],
      }),
    },
  ],
};
