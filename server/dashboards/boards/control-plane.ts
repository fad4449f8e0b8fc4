// Istio Control Plane Dashboard: istiod's resources, what it pushes, what goes wrong on the way. Pure.
import type { Dashboard } from '../../../model/dashboard';
import { heatmap, irate, lines, rate } from '../define';

/** Whoever scrapes containers: the kubelet's cAdvisor. */
export const CADVISOR = 'Needs the metrics of containers: have Prometheus scrape the kubelet at /metrics/cadvisor.';

const BY_POD = 'sum by (pod)';
const go = (metric: string): string => `${BY_POD} (${metric}{app="istiod"})`;
const DISCOVERY = 'container="discovery", pod=~"istiod-.*"';

export const CONTROL_PLANE: Dashboard = {
  id: 'istio-control-plane',
  title: 'Istio Control Plane',
  about: 'Memory, CPU, pushes, errors, validation and injection of istiod.',
  scope: 'mesh',
  origin: 'builtIn',
  uid: '1813f692a8e4ac77155348d4c7d2fba8',
  probe: null,
  variables: [],
  notes: [],
  rows: [
    {
      title: 'Deployed versions',
      panels: [lines('Pilot Versions', 'short', [['Version ({{tag}})', 'sum by (tag) (istio_build{component="pilot"})']], { width: 12 })],
    },
    {
      title: 'Resource usage',
      panels: [
        lines('Memory Usage', 'bytes', [
          ['Container ({{pod}})', `${BY_POD} (container_memory_working_set_bytes{${DISCOVERY}})`],
          ['Stack ({{pod}})', go('go_memstats_stack_inuse_bytes')],
          ['Heap, in use ({{pod}})', go('go_memstats_heap_inuse_bytes')],
          ['Heap, allocated ({{pod}})', go('go_memstats_heap_alloc_bytes')],
        ]),
        lines('Memory Allocations', 'Bps', [
          ['Bytes ({{pod}})', `${BY_POD} (${rate('go_memstats_alloc_bytes_total{app="istiod"}')})`],
          ['Objects ({{pod}})', `${BY_POD} (${rate('go_memstats_mallocs_total{app="istiod"}')})`],
        ]),
        lines('CPU Usage', 'cores', [['Container ({{pod}})', `${BY_POD} (${irate(`container_cpu_usage_seconds_total{${DISCOVERY}}`)})`]], {
          fix: CADVISOR,
        }),
        lines('Goroutines', 'short', [['Goroutines ({{pod}})', go('go_goroutines')]]),
      ],
    },
    {
      title: 'Push',
      panels: [
        lines('XDS Pushes', 'ops', [['{{type}}', `sum by (type) (${irate('pilot_xds_pushes')})`]]),
        lines('Events', 'ops', [
          ['{{event}} {{type}}', `sum by (type, event) (${rate('pilot_k8s_reg_events')})`],
          ['{{event}} {{type}}', `sum by (type, event) (${rate('pilot_k8s_cfg_events')})`],
          ['Push {{type}}', `sum by (type) (${rate('pilot_push_triggers')})`],
        ]),
        lines('Connections', 'short', [
          ['Client reported', 'sum(envoy_cluster_upstream_cx_active{cluster_name="xds-grpc"})'],
          ['Server reported', 'sum(pilot_xds)'],
        ]),
        lines('Push Errors', 'short', [
          ['{{type}}', 'sum by (type) (pilot_total_xds_rejects)'],
          ['Internal errors', 'pilot_total_xds_internal_errors'],
        ]),
        heatmap('Push Time', 's', `sum(${rate('pilot_xds_push_time_bucket{}')}) by (le)`, {
          about: 'How many pushes took how long.',
        }),
        heatmap('Push Size', 'bytes', `sum(${rate('pilot_xds_config_size_bytes_bucket{}')}) by (le)`, {
          about: 'How many pushes were how large.',
        }),
      ],
    },
    {
      title: 'Webhooks',
      panels: [
        lines('Validation', 'ops', [
          ['Success', `sum(${rate('galley_validation_passed')})`],
          ['Failure', `sum(${rate('galley_validation_failed')})`],
        ]),
        lines('Injection', 'ops', [
          ['Success', `sum(${rate('sidecar_injection_success_total')})`],
          ['Failure', `sum(${rate('sidecar_injection_failure_total')})`],
        ]),
      ],
    },
  ],
};
