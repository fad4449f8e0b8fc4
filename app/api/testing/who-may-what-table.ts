// Who may what: every request of the API with what each of five people is answered. In: nothing. Out: TABLE, for who-may-what.test.ts.

export const PEOPLE = ['stranger', 'nobody', 'viewer', 'editor', 'admin'] as const;
export type Person = (typeof PEOPLE)[number];
/** Status, then the namespaces that the answer names. */
export type Outcome = `${number}` | `${number} ${string}`;
type Row = readonly [request: string, ...outcomes: readonly [Outcome, Outcome, Outcome, Outcome, Outcome]];

const AN_HOUR_AGO = Math.floor(Date.now() / 1000) - 3600;
const SHOP = 'workload/Kubernetes/shop/web-v1';
export const VAULT = 'workload/Kubernetes/vault/store-v1';
export const view = '?graphType=workload';

const question = (source: string, host: string): string => {
  const [namespace, workload] = source.split('/');
  const request = { port: 80, protocol: 'http', method: 'GET', path: '/', headers: {} };
  return JSON.stringify({ question: { source: { namespace, workload }, host: `${host}.svc.cluster.local`, ...request } });
};
const savedCase = (source: string, host: string): string => {
  const [namespace, workload] = source.split('/');
  const request = { port: 80, protocol: 'http', method: 'GET', path: '/', headers: {} };
  const asked = { source: { namespace, workload }, host: `${host}.svc.cluster.local`, ...request };
  return JSON.stringify({ name: 'a case', question: asked, expected: '' });
};
const UNDO = JSON.stringify({ digest: 'another', reason: '', confirm: { revertAfterSeconds: null, guard: null }, override: null });
const application = (namespace: string): string =>
  JSON.stringify({ edits: [JSON.parse(remove(namespace))], ...(JSON.parse(UNDO) as object) });
const remove = (namespace: string): string => JSON.stringify({ type: 'delete', ref: { kind: 'VirtualService', namespace, name: 'route' } });

// Stranger: not logged in. Nobody: logged in, no role. Viewer and editor: of shop. Admin: of everything.
export const TABLE: readonly Row[] = [
  [`GET /api/graph${view}`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/graph?graphType=workload&namespaces=vault&idle=true', '401', '200 vault', '200 vault', '200 vault', '200 shop vault'],
  [`GET /api/graph/stream${view}`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`GET /api/graph/element${view}&id=${SHOP}`, '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  [`GET /api/graph/element${view}&id=${VAULT}`, '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  [`GET /api/graph/element${view}&id=hidden/callers`, '401', '404', '404', '404', '404'],
  [`GET /api/graph/charts${view}&id=${SHOP}`, '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  [`GET /api/graph/charts${view}&id=${VAULT}`, '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  [`GET /api/graph/compare${view}&with=1h`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`GET /api/graph/compare${view}&with=1h&namespaces=vault`, '401', '200 vault', '200 vault', '200 vault', '200 shop vault'],
  [`GET /api/graph/compare${view}`, '401', '400', '400', '400', '400'],
  // Whoever sees a part is given the rates, and the query, of that part.
  ['GET /api/graph/rates', '401', '200', '200 shop', '200 shop', '200'],
  ['GET /api/graph/rates?namespaces=shop,vault', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/graph/rates?range=1s', '401', '400', '400', '400', '400'],
  // What was searched for is told back; of the mesh only what may be seen.
  [`GET /api/graph/search${view}&q=-v1`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`GET /api/graph/search${view}`, '401', '400', '400', '400', '400'],
  [`GET /api/graph/find${view}&find=name%20contains%20-v1`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`GET /api/graph/find${view}&find=foo%20=`, '401', '400', '400', '400', '400'],
  [`GET /api/graph/find${view}`, '401', '400', '400', '400', '400'],
  [`GET /api/graph/export${view}&format=csv`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`GET /api/graph/export${view}&format=svg`, '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/graph/export?format=exe', '401', '400', '400', '400', '400'],
  [`GET /api/graph/replay${view}&start=${AN_HOUR_AGO}&end=${AN_HOUR_AGO + 60}`, '401', '200', '200', '200', '200'],
  [`GET /api/graph/replay${view}&namespaces=vault&start=${AN_HOUR_AGO}&end=${AN_HOUR_AGO + 60}`, '401', '200', '200', '200', '200'],
  [`GET /api/graph/replay${view}&start=1`, '401', '400', '400', '400', '400'],
  ['GET /api/dashboards', '401', '200', '200', '200', '200'],
  // Every namespace's numbers.
  ['GET /api/dashboards/istio-mesh', '401', '403', '403', '403', '200'],
  ['GET /api/dashboards/istio-service', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/dashboards/none', '401', '404', '404', '404', '404'],
  ['GET /api/dashboards/istio-mesh/panels/traffic-volume', '401', '403', '403', '403', '200 shop vault'],
  [
    'GET /api/dashboards/istio-service/panels/incoming-requests-by-source-and-response-code?var-service=api.shop.svc.cluster.local&var-qrep=source&var-qrep=destination',
    ...(['401', '200', '200 shop', '200 shop', '200 shop vault'] as const),
  ],
  [
    'GET /api/dashboards/istio-service/panels/incoming-requests-by-source-and-response-code?var-service=store.vault.svc.cluster.local',
    ...(['401', '200', '200 shop', '200 shop', '200 shop vault'] as const),
  ],
  ['GET /api/metrics/workloads/shop/api-v1?by=peerWorkload&at=1790000010', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  [
    'GET /api/metrics/workloads/vault/store-v1?by=peerWorkload&at=1790000010',
    '401',
    '404 vault',
    '404 vault',
    '404 vault',
    '200 shop vault',
  ],
  [
    'GET /api/metrics/services/shop/api?direction=outbound&by=service&at=1790000010',
    '401',
    '404 shop',
    '200 shop',
    '200 shop',
    '200 shop vault',
  ],
  ['GET /api/metrics/things/shop/api', '401', '400', '400', '400', '400'],
  ['GET /api/metrics/namespaces/shop', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/metrics/namespaces/vault', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/metrics/namespaces/shop?by=nothing', '401', '400', '400', '400', '400'],
  ['GET /api/details/workloads/shop/api-v1', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/details/services/shop/api', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/details/applications/shop/api', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/details/workloads/vault/store-v1', '401', '404 vault', '404 vault', '404 vault', '200 shop vault'],
  ['GET /api/details/workloads/shop/store-v', '401', '404 shop', '404 shop', '404 shop', '404 shop vault'],
  ['GET /api/details/namespaces/shop', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/details/namespaces/vault', '401', '404 vault', '404 vault', '404 vault', '200 shop vault'],
  ['GET /api/events/workloads/shop/api-v1', '401', '404 shop', '200', '200', '200'],
  ['GET /api/events/workloads/vault/store-v1', '401', '404 vault', '404 vault', '404 vault', '200'],
  ['GET /api/events/namespaces/shop', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/events/namespaces/vault', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/details/things/shop/api', '401', '400', '400', '400', '400'],
  ['GET /api/lists/namespaces', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/lists/applications', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/lists/workloads', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/lists/services', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/lists/services?namespaces=vault', '401', '200', '200', '200', '200 vault'],
  ['GET /api/lists/things', '401', '400', '400', '400', '400'],
  ['GET /api/lists/services?quantiles=perhaps', '401', '400', '400', '400', '400'],
  ['GET /api/query?promql=istio_requests_total', '401', '403', '403', '403', '200 shop vault'],
  ['GET /api/query', '401', '400', '400', '400', '400'],
  ['GET /api/services/shop/api/routing', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/services/vault/store/routing', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/logs/shop/pods?kind=workload&name=web-v1', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/logs/vault/pods?kind=workload&name=store-v1', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/logs/shop/pods', '401', '400', '400', '400', '400'],
  ['GET /api/logs/shop?source=web-v1-0/app', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/logs/vault?source=store-v1-0/app', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/logs/shop', '401', '400', '400', '400', '400'],
  ['GET /api/logs/shop/stream?source=web-v1-0/app', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/logs/vault/stream?source=store-v1-0/app', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/logs/shop/stream', '401', '400', '400', '400', '400'],
  ['GET /api/logs/shop/text?source=web-v1-0/app', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/logs/vault/text?source=store-v1-0/app', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/logs/shop/text', '401', '400', '400', '400', '400'],
  ['GET /api/config', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/config?namespaces=vault', '401', '200', '200', '200', '200 vault'],
  ['GET /api/config/names', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/config/names?namespaces=vault', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`POST /api/explain ${question('shop/web-v1', 'api.shop')}`, '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  [`POST /api/explain ${question('vault/job-v1', 'api.shop')}`, '401', '404 vault', '404 vault', '404 vault', '200 shop'],
  [`POST /api/explain ${question('shop/web-v1', 'store.vault')}`, '401', '404 shop', '404 vault', '404 vault', '200 vault'],
  ['POST /api/explain', '401', '400', '400', '400', '400'],
  [`POST /api/changes/check {"edits":[${remove('shop')}]}`, '401', '403', '200 shop', '200 shop', '200 shop'],
  [`POST /api/changes/check {"edits":[${remove('vault')}]}`, '401', '403', '403', '403', '200 vault'],
  ['POST /api/changes/check', '401', '400', '400', '400', '400'],
  [`POST /api/changes/preview {"edits":[${remove('shop')}]}`, '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  [`POST /api/changes/preview {"edits":[${remove('vault')}]}`, '401', '404 vault', '404 vault', '404 vault', '200 shop vault'],
  ['POST /api/changes/preview', '401', '400', '400', '400', '400'],
  // The preview was of an admin's plan: whoever may not write is refused before it is compared.
  [`POST /api/changes ${application('shop')}`, '401', '404 shop', '403 shop', '409 shop', '409 shop vault'],
  [`POST /api/changes ${application('vault')}`, '401', '404 vault', '404 vault', '404 vault', '409 shop vault'],
  ['POST /api/changes', '401', '400', '400', '400', '400'],
  ['GET /api/changes', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/changes?namespace=vault', '401', '200', '200', '200', '200 shop vault'],
  ['GET /api/changes/of-shop', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/changes/of-vault', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/changes/of-both', '401', '404', '404', '404', '200 shop vault'],
  ['POST /api/changes/of-shop/confirm', '401', '404 shop', '403 shop', '409 shop', '409 shop'],
  ['POST /api/changes/of-vault/confirm', '401', '404 vault', '404 vault', '404 vault', '409 vault'],
  ['POST /api/changes/of-shop/revert', '401', '404 shop', '403 shop', '409 shop', '409 shop'],
  ['POST /api/changes/of-vault/revert', '401', '404 vault', '404 vault', '404 vault', '409 vault'],
  [`POST /api/changes/of-shop/undo ${UNDO}`, '401', '404 shop', '403 shop', '409 shop', '409 shop vault'],
  [`POST /api/changes/of-vault/undo ${UNDO}`, '401', '404 vault', '404 vault', '404 vault', '409 shop vault'],
  ['POST /api/changes/of-shop/undo/preview', '401', '404 shop', '200 shop', '200 shop', '200 shop vault'],
  ['POST /api/changes/of-vault/undo/preview', '401', '404 vault', '404 vault', '404 vault', '200 shop vault'],
  ['GET /api/config/VirtualService/shop/route', '401', '404 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/config/VirtualService/vault/route', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/config/Secret/shop/route', '401', '400', '400', '400', '400'],
  ['GET /api/config/schema/VirtualService', '401', '404', '404', '404', '404'],
  ['GET /api/cases', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  [`PUT /api/cases/one ${savedCase('shop/web-v1', 'api.shop')}`, '401', '404', '403 shop', '200 shop', '200 shop'],
  [`PUT /api/cases/two ${savedCase('vault/job-v1', 'api.shop')}`, '401', '404', '404', '404', '200 shop vault'],
  ['DELETE /api/cases/of-vault', '401', '404 vault', '404 vault', '404 vault', '200 vault'],
  ['GET /api/namespaces', '401', '200', '200 shop', '200 shop', '200 shop vault'],
  ['GET /api/load', '401', '200', '200', '200', '200'],
  ['GET /api/access?namespace=shop', '401', '200 shop', '200 shop', '200 shop', '200 shop'],
  ['GET /api/access', '401', '400', '400', '400', '400'],
  ['GET /api/me', '200', '200', '200', '200', '200'],
  ['GET /api/auth/doctor', '200', '200', '200 shop', '200 shop', '200 shop'],
  ['GET /api/auth/login', '404', '404', '404', '404', '404'],
  ['POST /api/auth/login', '404', '404', '404', '404', '404'],
  ['GET /api/auth/callback', '404', '404', '404', '404', '404'],
  ['POST /api/auth/logout', '200', '200', '200', '200', '200'],
  ['POST /api/auth/backchannel-logout', '404', '404', '404', '404', '404'],
  ['GET /api/health/live', '200', '200', '200', '200', '200'],
  ['GET /api/health/ready', '200', '200', '200', '200', '200'],
  ['GET /api/openapi.json', '200', '200', '200', '200', '200'],
  ['GET /metrics', '200', '200', '200', '200', '200'],
];
