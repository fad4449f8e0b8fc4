// Istio Mesh Dashboard: the traffic of the whole mesh and a row per workload. Pure.
import type { Dashboard } from '../../../model/dashboard';
import { type Asked, rate, stat, table } from '../define';

const W = 'reporter=~"source|waypoint"';
const requests = (more = ''): string => rate(`istio_requests_total{${W}${more}}`);
const WORKLOAD = ['destination_workload', 'destination_workload_namespace'];
const BY_WORKLOAD = WORKLOAD.join(', ');
const BY_SERVICE = `${BY_WORKLOAD}, destination_service`;

const latency = (q: number): Asked => [
  `P${Math.round(q * 100)} latency`,
  `histogram_quantile(${q.toFixed(2)}, sum by (le, ${BY_WORKLOAD}) (${rate(`istio_request_duration_milliseconds_bucket{${W}}`)}))`,
  'ms',
];

export const MESH: Dashboard = {
  id: 'istio-mesh',
  title: 'Istio Mesh',
  about: 'Volume, success and latency of the whole mesh, with a row for each workload.',
  scope: 'mesh',
  origin: 'builtIn',
  uid: '1a9a8ea49444aae205c7737573e894f9',
  probe: null,
  variables: [],
  notes: [],
  rows: [
    {
      title: 'Global traffic',
      panels: [
        stat('Traffic Volume', 'reqps', `round(sum(${requests()}), 0.01)`),
        stat('Success Rate', 'percentunit', `sum(${requests(', response_code!~"5.."')}) / sum(${requests()})`),
        stat('4xxs', 'reqps', `round(sum(${requests(', response_code=~"4.."')}), 0.01) or vector(0)`),
        stat('5xxs', 'reqps', `round(sum(${requests(', response_code=~"5.."')}), 0.01) or vector(0)`),
      ],
    },
    {
      title: 'Workloads',
      panels: [
        table(
          'HTTP/gRPC Workloads',
          [...WORKLOAD, 'destination_service'],
          [
            ['Requests', `sum by (${BY_SERVICE}) (${requests()})`, 'reqps'],
            latency(0.5),
            latency(0.9),
            latency(0.99),
            [
              'Success rate',
              `sum by (${BY_WORKLOAD}) (${requests(', response_code!~"5.."')}) / sum by (${BY_WORKLOAD}) (${requests()})`,
              'percentunit',
            ],
          ],
        ),
        table(
          'TCP Workloads',
          [...WORKLOAD, 'destination_service'],
          [
            ['Bytes received', `sum by (${BY_SERVICE}) (${rate(`istio_tcp_received_bytes_total{${W}}`)})`, 'Bps'],
            ['Bytes sent', `sum by (${BY_SERVICE}) (${rate(`istio_tcp_sent_bytes_total{${W}}`)})`, 'Bps'],
          ],
        ),
      ],
    },
    {
      title: 'Components',
      panels: [table('Istio Component Versions', ['component', 'tag'], [['Instances', 'sum by (component, tag) (istio_build)']])],
    },
  ],
};
