// Istio Workload Dashboard: one workload, what it is asked and what it asks. Pure.
import type { Dashboard } from '../../../model/dashboard';
import { BY_PRINCIPAL, durationQuantile, irate, labelVariable, lines, Q3, round, stat, wordQuantile } from '../define';
import { clientPanels, peerPanels } from './by-peer';
import { REPORTER } from './service';

const V = 'reporter=~"$qrep", destination_workload_namespace=~"$namespace", destination_workload=~"$workload"';
const FROM = 'source_workload_namespace=~"$namespace", source_workload=~"$workload"';
const O = `reporter="source", ${FROM}, destination_service=~"$dstsvc"`;
const tcp = (matchers: string): string =>
  `sum(${irate(`istio_tcp_sent_bytes_total{${matchers}}`)}) + sum(${irate(`istio_tcp_received_bytes_total{${matchers}}`)})`;

export const WORKLOAD: Dashboard = {
  id: 'istio-workload',
  title: 'Istio Workload',
  about: 'Requests, success, duration, sizes and TCP bytes of one workload: what reaches it by client, what it sends by service.',
  scope: 'namespace',
  origin: 'builtIn',
  uid: null,
  probe: null,
  variables: [
    labelVariable('namespace', 'Namespace', 'istio_requests_total or istio_tcp_sent_bytes_total', 'destination_workload_namespace', {
      several: false,
    }),
    labelVariable(
      'workload',
      'Workload',
      'istio_requests_total{destination_workload_namespace=~"$namespace"} or istio_tcp_sent_bytes_total{destination_workload_namespace=~"$namespace"}',
      'destination_workload',
      { several: false },
    ),
    REPORTER,
    labelVariable('srcns', 'Client namespace', `istio_requests_total{${V}}`, 'source_workload_namespace'),
    labelVariable('srcwl', 'Client workload', `istio_requests_total{${V}, source_workload_namespace=~"$srcns"}`, 'source_workload'),
    labelVariable(
      'dstsvc',
      'Destination service',
      `istio_requests_total{reporter="source", ${FROM}} or istio_tcp_sent_bytes_total{reporter="source", ${FROM}}`,
      'destination_service',
    ),
  ],
  notes: [],
  rows: [
    {
      title: 'General',
      panels: [
        stat('Incoming Request Volume', 'ops', round(`sum(${irate(`istio_requests_total{${V}}`)})`)),
        stat(
          'Incoming Success Rate (non-5xx responses)',
          'percentunit',
          `sum(${irate(`istio_requests_total{${V}, response_code!~"5.*"}`)}) / sum(${irate(`istio_requests_total{${V}}`)})`,
        ),
        lines(
          'Request Duration',
          's',
          Q3.map((q) => [wordQuantile(q), durationQuantile(q, V, [])]),
        ),
        stat('TCP Server Traffic', 'Bps', tcp(V), { width: 6 }),
        stat('TCP Client Traffic', 'Bps', tcp(`reporter=~"$qrep", ${FROM}`), { width: 6 }),
      ],
    },
    {
      title: 'Inbound workloads',
      panels: clientPanels(V),
    },
    {
      title: 'Outbound services',
      panels: peerPanels({
        matchers: O,
        labels: ['destination_service'],
        legend: '{{destination_service}}',
        halves: BY_PRINCIPAL,
        about:
          "Mutual TLS is told by the destination's principal: a source reports connection_security_policy as unknown, so that the split of Istio's own dashboard is always empty here.",
        titles: {
          requests: 'Outgoing Requests By Destination And Response Code',
          success: 'Outgoing Success Rate (non-5xx responses) By Destination',
          duration: 'Outgoing Request Duration By Destination',
          requestSize: 'Outgoing Request Size By Destination',
          responseSize: 'Response Size By Destination',
          tcpFirst: 'Bytes Sent on Outgoing TCP Connection',
          tcpSecond: 'Bytes Received from Outgoing TCP Connection',
        },
        // Seen from the destination, as Istio counts them: what it received was sent here.
        tcp: ['istio_tcp_received_bytes_total', 'istio_tcp_sent_bytes_total'],
      }),
    },
  ],
};
