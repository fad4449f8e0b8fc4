// Bookinfo as its telemetry and its cluster show it, with one slow and one erring version. In: nothing. Out: observations, inventory.
import type { InventorySpec, ObservationSpec } from './mesh-fixture';

/** 10 requests per second from the gateway; reviews v1, v2, v3 share them; ratings v1 serves v2 and v3 and reads from mongodb (TCP). */
export const BOOKINFO_TRAFFIC: readonly ObservationSpec[] = [
  {
    from: 'istio-system/istio-ingressgateway',
    to: 'bookinfo/productpage-v1',
    service: 'bookinfo/productpage',
    codes: { '200': 9.5, '503 UH': 0.5 },
    averageMs: 40,
  },
  { from: 'bookinfo/productpage-v1', to: 'bookinfo/details-v1', service: 'bookinfo/details', codes: { '200': 10 }, averageMs: 4 },
  { from: 'bookinfo/productpage-v1', to: 'bookinfo/reviews-v1', service: 'bookinfo/reviews', codes: { '200': 4 }, averageMs: 10 },
  { from: 'bookinfo/productpage-v1', to: 'bookinfo/reviews-v2', service: 'bookinfo/reviews', codes: { '200': 3 }, averageMs: 20 },
  {
    from: 'bookinfo/productpage-v1',
    to: 'bookinfo/reviews-v3',
    service: 'bookinfo/reviews',
    codes: { '200': 2, '500': 1 },
    averageMs: 30,
  },
  { from: 'bookinfo/reviews-v2', to: 'bookinfo/ratings-v1', service: 'bookinfo/ratings', codes: { '200': 3 }, averageMs: 2 },
  { from: 'bookinfo/reviews-v3', to: 'bookinfo/ratings-v1', service: 'bookinfo/ratings', codes: { '200': 3 }, averageMs: 4 },
  { from: 'bookinfo/ratings-v1', to: 'bookinfo/mongodb-v1', service: 'bookinfo/mongodb', protocol: 'tcp', tcp: [100, 900] },
];

const workloads = ['productpage-v1', 'details-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1', 'mongodb-v1'];
const services = ['productpage', 'details', 'reviews', 'ratings', 'mongodb'];

export const BOOKINFO_CLUSTER: InventorySpec = {
  workloads: {
    ...Object.fromEntries(workloads.map((name) => [`bookinfo/${name}`, {}])),
    'istio-system/istio-ingressgateway': { mode: 'gateway' },
  },
  services: {
    ...Object.fromEntries(services.map((name) => [`bookinfo/${name}`, {}])),
    'istio-system/istio-ingressgateway': {},
  },
};
