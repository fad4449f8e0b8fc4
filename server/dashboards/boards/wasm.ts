// Istio Wasm Extension Dashboard: WebAssembly in the proxies. Pure.
import type { Dashboard, Panel } from '../../../model/dashboard';
import { type Asked, irate, lines } from '../define';
import { CADVISOR } from './control-plane';

const fix =
  "Needs a WasmPlugin, and the proxies' own statistics: annotate pods with sidecar.istio.io/statsInclusionPrefixes: wasm or set it in the mesh's proxyStatsMatcher.";
const runtime = (what: 'active' | 'created'): readonly Asked[] =>
  (['null', 'v8'] as const).map((vm) => [vm === 'v8' ? 'V8' : 'native', `avg(envoy_wasm_envoy_wasm_runtime_${vm}_${what})`]);
const load = (...names: readonly string[]): readonly Asked[] =>
  names.map((name) => [name.replaceAll('_', ' '), `avg(envoy_wasm_remote_load_${name})`]);
const drawn = (title: string, asked: readonly Asked[], width = 6): Panel => lines(title, 'short', asked, { fix, width });

export const WASM: Dashboard = {
  id: 'istio-wasm',
  title: 'Istio Wasm Extension',
  about: 'WebAssembly plugins in the proxies: virtual machines, the cache of their code, what they cost.',
  scope: 'mesh',
  origin: 'builtIn',
  uid: null,
  probe: null,
  variables: [],
  notes: [],
  rows: [
    { title: 'Wasm VMs', panels: [drawn('Active', runtime('active')), drawn('Created', runtime('created'))] },
    {
      title: 'Wasm module remote load',
      panels: [
        drawn('Cache Entry', load('cache_entries'), 4),
        drawn('Cache Visit', load('cache_hits', 'cache_misses', 'cache_negative_hits'), 4),
        drawn('Remote Fetch', load('fetch_failures', 'fetch_successes'), 4),
      ],
    },
    {
      title: 'Proxy resource usage',
      panels: [
        lines('Memory', 'bytes', [['Total', 'sum(container_memory_working_set_bytes{container="istio-proxy"})']], { fix: CADVISOR }),
        lines('vCPU', 'cores', [['Total', `sum(${irate('container_cpu_usage_seconds_total{container="istio-proxy"}')})`]], {
          fix: CADVISOR,
        }),
      ],
    },
  ],
};
