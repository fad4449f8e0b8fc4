// Dashboards of what runs in the pods: Go, JVM (Micrometer), Node.js, and the proxies' own Envoy. Shown where their metrics exist. Pure.
import type { Dashboard, DashboardRow } from '../../../model/dashboard';
import { type Asked, labelVariable, lines, rate } from '../define';

const POD = 'namespace=~"$namespace", pod=~"$pod"';
const each = (word: string, promql: string): Asked => [`${word} ({{pod}})`, promql];
const sum = (metric: string, more = ''): string => `sum by (pod) (${metric}{${POD}${more}})`;
const sumRate = (metric: string, more = ''): string => `sum by (pod) (${rate(`${metric}{${POD}${more}}`)})`;

/** A dashboard over the pods that emit `probe`. */
const runtime = (id: string, title: string, about: string, probe: string, rows: readonly DashboardRow[]): Dashboard => ({
  id,
  title,
  about,
  scope: 'namespace',
  origin: 'builtIn',
  uid: null,
  probe,
  variables: [
    labelVariable('namespace', 'Namespace', probe, 'namespace', { several: false }),
    labelVariable('pod', 'Pod', `${probe}{namespace=~"$namespace"}`, 'pod'),
  ],
  rows,
  notes: [],
});

const GO = runtime('go', 'Go runtime', 'Memory, goroutines, garbage collection and threads of programs in Go.', 'go_goroutines', [
  {
    title: 'Go',
    panels: [
      lines('Heap', 'bytes', [each('In use', sum('go_memstats_heap_inuse_bytes')), each('Allocated', sum('go_memstats_heap_alloc_bytes'))]),
      lines('Allocation rate', 'Bps', [each('Allocated', sumRate('go_memstats_alloc_bytes_total'))]),
      lines('Goroutines', 'short', [each('Goroutines', sum('go_goroutines'))]),
      lines('CPU', 'cores', [each('CPU', sumRate('process_cpu_seconds_total'))]),
      lines('Resident memory', 'bytes', [each('Resident', sum('process_resident_memory_bytes'))]),
      lines('Open files', 'short', [each('Open files', sum('process_open_fds'))]),
      lines('Time in garbage collection', 'percentunit', [each('Paused', sumRate('go_gc_duration_seconds_sum'))]),
    ],
  },
]);

const JVM = runtime(
  'jvm',
  'JVM (Micrometer)',
  'Heap, garbage collection, threads and classes of programs on the JVM.',
  'jvm_threads_live_threads',
  [
    {
      title: 'JVM',
      panels: [
        lines('Heap used', 'bytes', [
          each('Used', sum('jvm_memory_used_bytes', ', area="heap"')),
          each('Limit', sum('jvm_memory_max_bytes', ', area="heap"')),
        ]),
        lines('Memory outside of the heap', 'bytes', [each('Used', sum('jvm_memory_used_bytes', ', area="nonheap"'))]),
        lines('Time in garbage collection', 'percentunit', [each('Paused', sumRate('jvm_gc_pause_seconds_sum'))]),
        lines('Threads', 'short', [each('Live', sum('jvm_threads_live_threads')), each('Daemon', sum('jvm_threads_daemon_threads'))]),
        lines('CPU', 'percentunit', [each('Process', sum('process_cpu_usage')), each('System', sum('system_cpu_usage'))]),
        lines('Loaded classes', 'short', [each('Loaded', sum('jvm_classes_loaded_classes'))]),
      ],
    },
  ],
);

const NODE = runtime(
  'nodejs',
  'Node.js',
  'Event loop, heap and handles of programs in Node.js (prom-client).',
  'nodejs_eventloop_lag_seconds',
  [
    {
      title: 'Node.js',
      panels: [
        lines('Event loop lag', 's', [
          each('Mean', sum('nodejs_eventloop_lag_mean_seconds')),
          each('P99', sum('nodejs_eventloop_lag_p99_seconds')),
        ]),
        lines('Heap', 'bytes', [each('Used', sum('nodejs_heap_size_used_bytes')), each('Total', sum('nodejs_heap_size_total_bytes'))]),
        lines('Active handles', 'short', [each('Handles', sum('nodejs_active_handles_total'))]),
        lines('Time in garbage collection', 'percentunit', [each('Paused', sumRate('nodejs_gc_duration_seconds_sum'))]),
        lines('CPU', 'cores', [each('CPU', sumRate('process_cpu_seconds_total'))]),
      ],
    },
  ],
);

const ENVOY = runtime(
  'envoy',
  'Envoy proxies',
  'Uptime, memory, connections and clusters of the proxies themselves.',
  'envoy_server_uptime',
  [
    {
      title: 'Envoy',
      panels: [
        lines('Memory', 'bytes', [
          each('Allocated', sum('envoy_server_memory_allocated')),
          each('Heap', sum('envoy_server_memory_heap_size')),
        ]),
        lines('Uptime', 's', [each('Uptime', sum('envoy_server_uptime'))]),
        lines('Connections to istiod', 'short', [each('Active', sum('envoy_cluster_upstream_cx_active', ', cluster_name="xds-grpc"'))]),
        lines('Clusters', 'short', [each('Active', sum('envoy_cluster_manager_active_clusters'))]),
        lines('Listeners', 'short', [each('Active', sum('envoy_listener_manager_total_listeners_active'))]),
      ],
    },
  ],
);

export const RUNTIMES: readonly Dashboard[] = [GO, JVM, NODE, ENVOY];
