// Istio Ztunnel Dashboard: the node proxies of the ambient mode. Pure.
import type { Dashboard, Panel } from '../../../model/dashboard';
import { irate, lines, rate } from '../define';
import { CADVISOR } from './control-plane';

const POD = 'pod=~"ztunnel-.*"';
const CONTAINER = `container="istio-proxy", ${POD}`;
const fix = 'Needs ztunnel, which runs where the mesh has the ambient mode, and Prometheus to scrape its pods at port 15020.';
const byPod = (promql: string): string => `sum by (pod) (${promql})`;
const of = (metric: string): string => byPod(rate(`${metric}{${POD}}`));
const drawn = (title: string, unit: Panel['unit'], asked: Parameters<typeof lines>[2]): Panel => lines(title, unit, asked, { fix });

export const ZTUNNEL: Dashboard = {
  id: 'istio-ztunnel',
  title: 'Istio Ztunnel',
  about: "Resources, connections, DNS and configuration of ambient's node proxies.",
  scope: 'mesh',
  origin: 'builtIn',
  uid: '12c58766acc81a1c835dd5059eaf2741',
  probe: null,
  variables: [],
  notes: [],
  rows: [
    {
      title: 'Process',
      panels: [
        lines('Ztunnel Versions', 'short', [['Version ({{tag}})', 'sum by (tag) (istio_build{component="ztunnel"})']], { fix, width: 4 }),
        lines('Memory Usage', 'bytes', [['{{pod}}', byPod(`container_memory_working_set_bytes{${CONTAINER}}`)]], {
          fix: `${fix} ${CADVISOR}`,
          width: 4,
        }),
        lines('CPU Usage', 'cores', [['{{pod}}', byPod(irate(`container_cpu_usage_seconds_total{${CONTAINER}}`))]], {
          fix: `${fix} ${CADVISOR}`,
          width: 4,
        }),
      ],
    },
    {
      title: 'Network',
      panels: [
        drawn('Connections', 'short', [
          ['Opened ({{pod}})', of('istio_tcp_connections_opened_total')],
          ['Closed ({{pod}})', `-${of('istio_tcp_connections_closed_total')}`],
        ]),
        drawn('Bytes Transmitted', 'Bps', [
          ['Sent ({{pod}})', of('istio_tcp_sent_bytes_total')],
          ['Received ({{pod}})', of('istio_tcp_received_bytes_total')],
        ]),
        drawn('DNS Request', 'ops', [['Requests ({{pod}})', of('istio_dns_requests_total')]]),
      ],
    },
    {
      title: 'Operations',
      panels: [
        drawn('XDS Connections', 'short', [['Terminations ({{pod}})', of('istio_xds_connection_terminations_total')]]),
        drawn('XDS Pushes', 'ops', [['{{url}}', `sum by (url) (${irate(`istio_xds_message_total{${POD}}`)})`]]),
        drawn('Workload Manager', 'short', [
          ['Active proxies ({{pod}})', byPod(`workload_manager_active_proxy_count{${POD}}`)],
          ['Pending proxies ({{pod}})', byPod(`workload_manager_pending_proxy_count{${POD}}`)],
        ]),
        drawn('Resource Usage', 'short', [
          [
            'Open connections ({{pod}})',
            `${byPod('istio_tcp_connections_opened_total{app="ztunnel"}')} - ${byPod('istio_tcp_connections_closed_total{app="ztunnel"}')}`,
          ],
          ['Open files ({{pod}})', byPod('process_open_fds{app="ztunnel"}')],
          ['Open sockets ({{pod}})', byPod('istio_tcp_sockets_open{app="ztunnel"}')],
        ]),
      ],
    },
  ],
};
