// Istio Performance Dashboard: what the mesh itself costs, per request and in all. Pure.
import type { Dashboard } from '../../../model/dashboard';
import { type Asked, irate, lines, panel, rate } from '../define';
import { CADVISOR } from './control-plane';

const P = 'container="istio-proxy"';
const INGRESS = `pod=~"istio-ingressgateway-.*", ${P}`;
const PROXIES = `namespace!="istio-system", ${P}`;
const cpu = (matchers: string): string => `container_cpu_usage_seconds_total{${matchers}}`;
const memory = (matchers: string): string => `container_memory_working_set_bytes{${matchers}}`;
const FROM_INGRESS = 'source_workload="istio-ingressgateway", reporter="source"';
const FROM_MESH = 'source_workload_namespace!="istio-system", reporter="source"';
const ISTIOD = '{app="istiod"}';
const CONTAINERS = 'container=~"discovery|istio-proxy", pod=~"istiod-.*"';
const fix = CADVISOR;

const thousands = (promql: string): string => `(round(sum(${promql}), 0.001) / 1000)`;
const perPod = (matchers: string): string => `sum(${memory(matchers)}) / count(${memory(matchers)})`;
const own = (metric: string, word: string): Asked => [`${word} ({{pod}})`, `${metric}${ISTIOD}`];

export const PERFORMANCE: Dashboard = {
  id: 'istio-performance',
  title: 'Istio Performance',
  about: 'CPU, memory and bytes of the proxies and of istiod, per thousand requests a second where that says more.',
  scope: 'mesh',
  origin: 'builtIn',
  uid: null,
  probe: null,
  variables: [],
  notes: [],
  rows: [
    {
      title: 'Performance dashboard',
      panels: [
        {
          ...panel('text', 'Readme', 'short', [], { width: 12 }),
          text: 'A cost per request is only worth reading while there is load: vCPU per 1k rps of the proxies is drawn once the ingress gateway sends more than 10 requests a second. Memory and CPU are those of containers, as the kubelet measures them.',
        },
      ],
    },
    {
      title: 'vCPU usage',
      panels: [
        lines(
          'vCPU / 1k rps',
          'cores',
          [
            ['istio-ingressgateway', `sum(${irate(cpu(INGRESS))}) / ${thousands(irate(`istio_requests_total{${FROM_INGRESS}}`))}`],
            [
              'istio-proxy',
              `(sum(${irate(cpu(PROXIES))}) / ${thousands(irate('istio_requests_total'))}) / (sum(${irate('istio_requests_total{source_workload="istio-ingressgateway"}')}) > bool 10)`,
            ],
          ],
          { fix },
        ),
        lines(
          'vCPU',
          'cores',
          [
            ['istio-ingressgateway', `sum(${rate(cpu(INGRESS))})`],
            ['istio-proxy', `sum(${rate(cpu(PROXIES))})`],
          ],
          { fix },
        ),
      ],
    },
    {
      title: 'Memory and data rates',
      panels: [
        lines(
          'Memory Usage',
          'bytes',
          [
            ['per istio-ingressgateway', perPod(INGRESS)],
            ['per istio proxy', perPod(PROXIES)],
          ],
          { fix },
        ),
        lines('Bytes transferred / sec', 'Bps', [
          ['istio-ingressgateway', `sum(${irate(`istio_response_bytes_sum{${FROM_INGRESS}}`)})`],
          [
            'istio-proxy',
            `sum(${irate(`istio_response_bytes_sum{${FROM_MESH}}`)}) + sum(${irate(`istio_request_bytes_sum{${FROM_MESH}}`)})`,
          ],
        ]),
      ],
    },
    {
      title: 'Istio component versions',
      panels: [
        lines('Istio Components by Version', 'short', [['{{component}}: {{tag}}', 'sum(istio_build) by (component, tag)']], { width: 12 }),
      ],
    },
    {
      title: 'Proxy resource usage',
      panels: [
        lines('Proxy Memory', 'bytes', [['Total', `sum(${memory(P)})`]], { fix, width: 4 }),
        lines('Proxy vCPU', 'cores', [['Total', `sum(${rate(cpu(P))})`]], { fix, width: 4 }),
        lines('Proxy Disk', 'bytes', [['Total', `sum(container_fs_usage_bytes{${P}})`]], { fix, width: 4 }),
      ],
    },
    {
      title: 'Istiod resource usage',
      panels: [
        lines('Istiod Memory', 'bytes', [
          own('process_virtual_memory_bytes', 'Virtual'),
          own('process_resident_memory_bytes', 'Resident'),
          own('go_memstats_heap_sys_bytes', 'Heap from the system'),
          own('go_memstats_heap_alloc_bytes', 'Heap, allocated'),
          own('go_memstats_alloc_bytes', 'Allocated'),
          own('go_memstats_heap_inuse_bytes', 'Heap, in use'),
          own('go_memstats_stack_inuse_bytes', 'Stack'),
          ['Containers, total', `sum(${memory(CONTAINERS)})`],
          ['{{container}}', `sum by (container) (${memory(CONTAINERS)})`],
        ]),
        lines('Istiod vCPU', 'cores', [
          ['Containers, total', `sum(${rate(cpu(CONTAINERS))})`],
          ['{{container}}', `sum by (container) (${rate(cpu(CONTAINERS))})`],
          ['Process ({{pod}})', irate('process_cpu_seconds_total{app="istiod"}')],
        ]),
        lines('Istiod Disk', 'short', [
          own('process_open_fds', 'Open files'),
          ['{{container}} (bytes)', `container_fs_usage_bytes{${CONTAINERS}}`],
        ]),
        lines('Istiod Goroutines', 'short', [own('go_goroutines', 'Goroutines')]),
      ],
    },
  ],
};
