// A tiny Prometheus whose mesh is named by somebody with bad intentions: quotes, line breaks, markup, 10 kB, NaN and Inf. In: nothing.
// Out: its address and the names that it uses. It answers the shape of what is asked: the labels that a query groups by, no more.
import { createServer, type IncomingMessage } from 'node:http';

/** Each is the name of a workload. Label values are any UTF-8 (Prometheus data model). */
export const HOSTILE_NAMES: readonly string[] = [
  '"><img src=x onerror="window.__ran=1">',
  '</script><script>window.__ran=1</script>',
  "' onmouseover='window.__ran=1",
  'first line\nsecond line\ttabbed',
  'javascript:window.__ran=1',
  '__proto__',
  'constructor',
  'a/b|c>d%2Fe',
  '{{7*7}}<%= 7*7 %>`',
  '\u202egnp.exe',
  '=HYPERLINK("http://example.invalid","x")',
  '😀 workload',
  `long-${'x'.repeat(10_240)}`,
];

/** Values beside the good one; none of them is a rate. */
const BAD_VALUES = ['NaN', '+Inf', '-Inf'] as const;
export const GOOD_RATE = 12.5;
export const HOSTILE_NAMESPACE = 'ns"><script>window.__ran=1</script>';

export interface HostilePrometheus {
  readonly url: string;
  close(): Promise<void>;
}

type Labels = Readonly<Record<string, string>>;
type Series = readonly [labels: Labels, value: string];

const edgeOf = (source: string, destination: string): Labels => ({
  reporter: 'destination',
  connection_security_policy: 'none<b>',
  request_protocol: 'http',
  response_code: '200',
  grpc_response_status: '',
  response_flags: '-',
  source_workload: source,
  source_workload_namespace: HOSTILE_NAMESPACE,
  source_canonical_service: source,
  source_canonical_revision: 'latest',
  source_cluster: 'Kubernetes',
  source_principal: `spiffe://${source}`,
  destination_workload: destination,
  destination_workload_namespace: HOSTILE_NAMESPACE,
  destination_service: `${destination}.${HOSTILE_NAMESPACE}.svc.cluster.local`,
  destination_service_name: destination,
  destination_service_namespace: HOSTILE_NAMESPACE,
  destination_canonical_service: destination,
  destination_canonical_revision: 'latest',
  destination_cluster: 'Kubernetes',
  destination_principal: `spiffe://${destination}`,
});

/** A chain through all names with a good rate, and calls with values that are no rates. */
function listSeries(): readonly Series[] {
  const chain = HOSTILE_NAMES.slice(1).map((name, i): Series => [edgeOf(HOSTILE_NAMES[i] ?? '', name), String(GOOD_RATE)]);
  const bad = BAD_VALUES.map((value): Series => [edgeOf(`caller-${value}`, 'called-badly'), value]);
  return [...chain, ...bad];
}

/** Series grouped as `sum by (…)` or `group by (…)` of the query says; other metrics than requests do not exist here. */
function answerQuery(promql: string): readonly { readonly metric: Labels; readonly value: string }[] {
  const grouped = /\bby\s*\(([^)]*)\)/.exec(promql)?.[1];
  if (grouped === undefined || !promql.includes('istio_requests_total')) return [];
  const names = grouped.split(',').map((name) => name.trim());
  const found = new Map<string, { readonly metric: Labels; readonly value: string }>();
  for (const [labels, value] of listSeries()) {
    const metric = Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : [])));
    const key = JSON.stringify(metric);
    if (!found.has(key)) found.set(key, { metric, value });
  }
  return [...found.values()];
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** The data of an answer of the API, null for a path that does not exist. */
function answer(path: string, form: URLSearchParams): unknown {
  const atSeconds = Number(form.get('time') ?? form.get('end') ?? Date.now() / 1000);
  const promql = form.get('query') ?? '';
  switch (path) {
    case '/api/v1/query':
      // Scrape intervals are asked for as ranges; nothing is scraped here.
      if (/\[\d+\w(?::\d+\w)?\]$/.test(promql.trim())) return { resultType: 'matrix', result: [] };
      return { resultType: 'vector', result: answerQuery(promql).map(({ metric, value }) => ({ metric, value: [atSeconds, value] })) };
    case '/api/v1/query_range':
      return {
        resultType: 'matrix',
        result: answerQuery(promql).map(({ metric, value }) => ({
          metric,
          values: [60, 30, 0].map((ago) => [atSeconds - ago, ago === 30 ? 'NaN' : value]),
        })),
      };
    case '/api/v1/label/__name__/values':
      return ['istio_requests_total', '<script>window.__ran=1</script>'];
    case '/api/v1/status/buildinfo':
      return { version: '"><script>window.__ran=1</script>' };
    default:
      return path.startsWith('/api/v1/label/') ? ['Kubernetes'] : null;
  }
}

/** Starts it on a free port of 127.0.0.1. */
export async function startHostilePrometheus(): Promise<HostilePrometheus> {
  const server = createServer((request, response) => {
    void readForm(request).then((form) => {
      const url = new URL(request.url ?? '/', 'http://prometheus');
      const data = answer(url.pathname, new URLSearchParams([...url.searchParams, ...form]));
      const body = data === null ? { status: 'error', errorType: 'not_found', error: '<b>not found</b>' } : { status: 'success', data };
      response.writeHead(data === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given out');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
