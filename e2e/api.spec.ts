// Story: I read the API by a program. Every route answers what its description says, streams resume, and errors tell what to do.
import { applyDelta } from '../model/delta';
import { GRAPH_TYPES } from '../model/graph';
import { DETAIL_LEVELS } from '../model/view-options';
import type { GraphDelta, GraphDocument } from '../model/wire';
import { isGraphAnswer, isRecord } from './answers';
import { type ApiSchemas, readApiSchemas } from './api-schemas';
import { openEventStream, type ServerEvent } from './event-stream';
import { decodeSamples } from './exposition';
import { buildQuery, fetchGraph } from './graph-screen';
import { expect, test } from './mesh';

let schemas: ApiSchemas;
test.beforeAll(async ({ mesh }) => {
  schemas = await readApiSchemas(mesh.url);
});

/** What every graph keeps, beyond the shape of its parts. */
function expectWhole(graph: GraphDocument): void {
  const nodes = new Set<string>(graph.nodes.map((node) => node.id));
  const boxes = new Set<string>(graph.boxes.map((box) => box.id));
  expect(nodes.size).toBe(graph.nodes.length);
  expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
  for (const { source, target } of graph.edges) expect([nodes.has(source), nodes.has(target)]).toEqual([true, true]);
  for (const { id, parent } of [...graph.nodes, ...graph.boxes])
    if (parent !== null) expect(boxes, `the box around ${id}`).toContain(parent);
  for (const edge of graph.edges) expect(edge.errorsPerSecond).toBeLessThanOrEqual(edge.requestsPerSecond + 1e-9);
}

const graphOf = (body: unknown): GraphDocument => {
  if (!isGraphAnswer(body)) throw new Error('not a graph');
  return body;
};

test('answers a graph of every type, with and without service nodes, at every level', async () => {
  for (const graphType of GRAPH_TYPES)
    for (const serviceNodes of ['true', 'false'])
      for (const level of DETAIL_LEVELS) {
        const graph = graphOf(await schemas.expectAnswer('/api/graph', { graphType, serviceNodes, level }, 200));
        expect(graph.view).toMatchObject({ graphType, serviceNodes: serviceNodes === 'true', level });
        expect(graph.nodes.length).toBeGreaterThan(3);
        expect(graph.edges.length).toBeGreaterThan(3);
        if (level === 'namespaces') expect(graph.nodes.some((node) => node.kind === 'namespace' && node.members > 1)).toBe(true);
        if (level === 'apps') expect(graph.nodes.some((node) => node.members > 1)).toBe(graph.folded);
        else expect(graph.folded).toBe(level === 'namespaces');
        expectWhole(graph);
      }
});

test('answers overlays, idle nodes, opened namespaces and windows', async () => {
  // Hosts of which callers alone report are known after the first read; their averages follow.
  await expect(async () => {
    const slow = graphOf(
      await schemas.expectAnswer('/api/graph', { namespaces: 'bookinfo', overlays: 'latency,requestThroughput,throughput' }, 200),
    );
    const http = slow.edges.filter((edge) => edge.protocol === 'http' && edge.requestsPerSecond > 1);
    expect(http.length).toBeGreaterThan(3);
    for (const edge of http) {
      expect(edge.latency?.averageMs, edge.id).toBeGreaterThan(0);
      expect(edge.requestBytesPerSecond, edge.id).toBeGreaterThan(0);
      expect(edge.responseBytesPerSecond, edge.id).toBeGreaterThan(0);
    }
  }).toPass({ timeout: 30_000 });
  // Quantiles do not hold up the first answer; they follow.
  await expect(async () => {
    const graph = graphOf(await schemas.expectAnswer('/api/graph', { namespaces: 'bookinfo', overlays: 'quantiles' }, 200));
    const busy = graph.edges.find((edge) => edge.protocol === 'http' && edge.requestsPerSecond > 1 && edge.target.includes('reviews'));
    expect(busy?.latency?.p50Ms).toBeGreaterThan(0);
    expect(busy?.latency?.p95Ms).toBeGreaterThanOrEqual(busy?.latency?.p50Ms ?? Number.POSITIVE_INFINITY);
    expect(busy?.latency?.p99Ms).toBeGreaterThanOrEqual(busy?.latency?.p95Ms ?? Number.POSITIVE_INFINITY);
  }).toPass({ timeout: 30_000 });
  const idle = graphOf(await schemas.expectAnswer('/api/graph', { namespaces: 'clients', idle: 'true' }, 200));
  expect(idle.nodes.find((node) => node.app === 'archive' || node.workload === 'archive')?.badges).toContain('idle');
  const opened = graphOf(await schemas.expectAnswer('/api/graph', { level: 'namespaces', open: 'bookinfo' }, 200));
  expect(opened.nodes.some((node) => node.app === 'reviews')).toBe(true);
  expect(opened.nodes.some((node) => node.kind === 'namespace' && node.namespace === 'boutique')).toBe(true);
  for (const duration of ['60', '90s', '30m', '30d']) expectWhole(graphOf(await schemas.expectAnswer('/api/graph', { duration }, 200)));
});

test('answers instants of the past, the same each time', async () => {
  const at = Math.floor(Date.now() / 1000) - 600;
  const first = graphOf(await schemas.expectAnswer('/api/graph', { at: String(at), overlays: 'quantiles', duration: '5m' }, 200));
  expect(first.atMs).toBe(at * 1000);
  expect(first.edges.length).toBeGreaterThan(20);
  expect(first.edges.some((edge) => (edge.latency?.p95Ms ?? 0) > 0)).toBe(true);
  expectWhole(first);
  const again = graphOf(await schemas.expectAnswer('/api/graph', { at: String(at), overlays: 'quantiles', duration: '5m' }, 200));
  expect(again.edges).toEqual(first.edges);
  // Long before there was anything: an empty graph with the reason.
  const empty = graphOf(await schemas.expectAnswer('/api/graph', { at: String(at - 86_400 * 30) }, 200));
  expect(empty.edges).toEqual([]);
  expect(empty.notes.map(({ code }) => code)).toContain('noTraffic');
});

test('answers nothing new with 304', async ({ mesh }) => {
  const url = `${mesh.url}/api/graph?at=${Math.floor(Date.now() / 1000) - 300}`;
  const first = await fetch(url);
  await first.arrayBuffer();
  const etag = first.headers.get('etag') ?? '';
  expect(etag).not.toBe('');
  const second = await fetch(url, { headers: { 'if-none-match': etag } });
  expect(second.status).toBe(304);
  expect(await second.text()).toBe('');
});

test('answers the tables and charts of a node, a box and an edge of each protocol', async ({ mesh }) => {
  const graph = await fetchGraph(mesh.url);
  const ids = [
    graph.nodes.find((node) => node.kind === 'service' && node.service === 'reviews')?.id,
    graph.nodes.find((node) => node.kind === 'app' && node.app === 'frontend')?.id,
    graph.nodes.find((node) => node.explanation !== null)?.id,
    graph.boxes.find((box) => box.kind === 'namespace')?.id,
    graph.boxes.find((box) => box.kind === 'app')?.id,
    ...(['http', 'grpc', 'tcp'] as const).map(
      (protocol) => graph.edges.find((edge) => edge.protocol === protocol && edge.mtlsShare === 1)?.id,
    ),
  ];
  for (const id of ids) {
    expect(id).toBeDefined();
    const element = await schemas.expectAnswer('/api/graph/element', { id: id ?? '' }, 200);
    expect(isRecord(element) ? element['id'] : null).toBe(id);
    const charts = await schemas.expectAnswer('/api/graph/charts', { id: id ?? '' }, 200);
    const list = isRecord(charts) && Array.isArray(charts['charts']) ? charts['charts'] : [];
    expect(list.length, `charts of ${id}`).toBeGreaterThan(0);
    if (!id?.includes('>')) continue;
    const principals = isRecord(element) ? element['principals'] : null;
    expect(JSON.stringify(principals)).toContain('spiffe://cluster.local/ns/');
  }
});

test('answers the namespaces', async () => {
  for (const query of [{}, { duration: '10m' }]) {
    const body = await schemas.expectAnswer('/api/namespaces', query, 200);
    const list = isRecord(body) && Array.isArray(body['namespaces']) ? body['namespaces'].filter(isRecord) : [];
    const bookinfo = list.find((one) => one['name'] === 'bookinfo');
    expect(bookinfo).toMatchObject({ mode: 'sidecar', labels: { 'istio-injection': 'enabled' } });
    const inbound = bookinfo?.['inbound'];
    expect(isRecord(inbound) ? inbound['requestsPerSecond'] : 0).toBeGreaterThan(1);
  }
});

test('answers its health', async () => {
  expect(await schemas.expectAnswer('/api/health/live', {}, 200)).toMatchObject({ status: 'ok' });
  await expect(async () => {
    expect(await schemas.expectAnswer('/api/health/ready', {}, 200)).toMatchObject({ status: 'ok' });
  }).toPass({ timeout: 20_000 });
});

test('tells of itself in the format of Prometheus', async ({ mesh }) => {
  const stream = await openEventStream(`${mesh.url}/api/graph/stream?namespaces=bookinfo`);
  await stream.next(['snapshot']);
  const answer = await fetch(`${mesh.url}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = decodeSamples(await answer.text());
  stream.close();
  for (const { name, value, type } of samples) {
    expect(name).toMatch(/^(heddle|process|nodejs)_/);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    expect(Number.isNaN(value), name).toBe(false);
    if (type !== 'gauge') expect(value, name).toBeGreaterThanOrEqual(0);
  }
  const sum = (name: RegExp): number => samples.filter((one) => name.test(one.name)).reduce((total, { value }) => total + value, 0);
  expect(sum(/^heddle_metrics_queries_total$/)).toBeGreaterThan(3);
  expect(sum(/^heddle_metrics_query_seconds_total$/)).toBeGreaterThan(0);
  expect(sum(/^heddle_metrics_query_bytes_total$/)).toBeGreaterThan(1000);
  expect(sum(/^heddle_live_readers$/)).toBeGreaterThanOrEqual(1);
  expect(sum(/^heddle_http_streams$/)).toBeGreaterThanOrEqual(1);
  const snapshot = samples.find((one) => one.name === 'heddle_live_snapshot_timestamp_seconds' && one.labels['window'] === '60s');
  expect(Math.abs((snapshot?.value ?? 0) - Date.now() / 1000)).toBeLessThan(30);
  expect(
    samples.some(({ name }) => /(build|projection).*_seconds/.test(name)),
    'time to build a graph',
  ).toBe(true);
  expect(
    samples.some(({ name }) => /watch/.test(name)),
    'state of the watches',
  ).toBe(true);
  // Buckets grow with their bound.
  const buckets = samples.filter(({ name }) => name === 'heddle_http_request_duration_seconds_bucket');
  expect(buckets.length).toBeGreaterThan(10);
  const last = new Map<string, number>();
  for (const { labels, value } of buckets) {
    const key = `${labels['route']} ${labels['status']}`;
    expect(value, key).toBeGreaterThanOrEqual(last.get(key) ?? 0);
    last.set(key, value);
  }
});

/** A delta of the stream; the same build wrote it. */
const deltaOf = ({ data }: ServerEvent): GraphDelta => data as GraphDelta;

test('streams a snapshot, then what changes, and both make the graph of the API', async ({ mesh }) => {
  const query = { namespaces: 'bookinfo', graphType: 'workload' };
  const stream = await openEventStream(`${mesh.url}/api/graph/stream${buildQuery(query)}`);
  expect(stream.status).toBe(200);
  expect(stream.contentType).toMatch(/^text\/event-stream/);
  const snapshot = await stream.next(['snapshot']);
  schemas.expectValid('Graph', snapshot.data, 'the snapshot');
  expect(stream.retryMs()).toBeGreaterThan(0);
  schemas.expectValid('Freshness', (await stream.next(['status'])).data, 'the status');
  let document = graphOf(snapshot.data);
  expect(document.edges.every((edge) => edge.responses === null)).toBe(true);
  const known = new Map<number, GraphDocument>([[document.revision, document]]);
  for (let i = 0; i < 2; i++) {
    const event = await stream.next(['delta', 'snapshot']);
    expect(event.event).toBe('delta');
    const delta = deltaOf(event);
    expect(delta.from).toBe(document.revision);
    document = applyDelta(document, delta);
    expect(event.id).toMatch(new RegExp(`-${delta.to}$`));
    known.set(document.revision, document);
  }
  schemas.expectValid('Graph', document, 'the snapshot with its deltas');
  // The same revision by a plain question, but for the code tables that streams leave out.
  await expect(async () => {
    const asked = await fetchGraph(mesh.url, query);
    const built = known.get(asked.revision);
    if (built === undefined) {
      document = applyDelta(document, deltaOf(await stream.next(['delta'])));
      known.set(document.revision, document);
    }
    expect(built).toBeDefined();
    expect(built?.nodes).toEqual(asked.nodes);
    expect(built?.boxes).toEqual(asked.boxes);
    expect(built?.edges).toEqual(asked.edges.map((edge) => ({ ...edge, responses: null })));
    expect(built?.totals).toEqual(asked.totals);
  }).toPass({ timeout: 40_000 });
  stream.close();
});

test('goes on where a stream broke off', async ({ mesh }) => {
  const url = `${mesh.url}/api/graph/stream${buildQuery({ namespaces: 'boutique' })}`;
  const stream = await openEventStream(url);
  const { id, data } = await stream.next(['snapshot']);
  stream.close();
  expect(id).toMatch(/^.+-\d+$/);
  const before = graphOf(data).revision;
  // Somebody else keeps the view going meanwhile.
  await expect.poll(async () => (await fetchGraph(mesh.url, { namespaces: 'boutique' })).revision, { timeout: 30_000 }).not.toBe(before);
  const resumed = await openEventStream(url, id);
  const first = await resumed.next(['snapshot', 'delta']);
  expect(first.event).toBe('delta');
  expect(deltaOf(first).from).toBe(before);
  resumed.close();
  // An id of another life of the console is of no use: a snapshot.
  const stranger = await openEventStream(url, 'another-epoch-7');
  expect((await stranger.next(['snapshot', 'delta'])).event).toBe('snapshot');
  stranger.close();
});

test('refuses what it cannot read, and says what it expected', async () => {
  const bad: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ graphType: 'pie' }, /graphType="pie" \(expected one of versionedApp, app, service, workload\)/],
    [{ duration: '1s' }, /expected at least 15s/],
    [{ duration: '31d' }, /expected at most 30d/],
    [{ duration: '-5m' }, /expected a duration/],
    [{ duration: '999999999d' }, /expected at most 30d/],
    [{ duration: '1e9' }, /expected a duration/],
    [{ duration: 'banana' }, /expected a duration/],
    [{ at: 'yesterday' }, /expected an instant in unix seconds/],
    [{ at: '99999999999' }, /future/],
    [{ serviceNodes: 'maybe' }, /expected true or false/],
    [{ overlays: 'latency,magic' }, /expected a list of/],
    [{ level: '<script>' }, /expected one of/],
    [{ namespaces: 'Not_A_Name' }, /expected names of namespaces/],
    [{ namespaces: '"} or vector(1) #' }, /expected names of namespaces/],
    [{ namespaces: Array.from({ length: 501 }, (_, i) => `n${i}`).join(',') }, /at most 500/],
    [{ graphType: 'x'.repeat(10_240) }, /expected one of/],
    [{ namespaces: 'x'.repeat(10_240) }, /expected names of namespaces/],
  ];
  for (const path of ['/api/graph', '/api/graph/stream'])
    for (const [query, words] of bad) {
      if (path === '/api/graph/stream' && 'at' in query) continue;
      const body = await schemas.expectAnswer(path, query, 400);
      expect(body).toMatchObject({ status: 400, code: 'badRequest' });
      expect(String(isRecord(body) ? body['detail'] : '')).toMatch(words);
      expect(JSON.stringify(body).length).toBeLessThan(1500);
    }
  expect(await schemas.expectAnswer('/api/namespaces', { duration: '5w' }, 400)).toMatchObject({ code: 'badRequest' });
  // Several faults are told at once.
  const several = await schemas.expectAnswer('/api/graph', { graphType: 'pie', duration: 'banana' }, 400);
  expect(JSON.stringify(several)).toMatch(/graphType.*duration/);
});

test('says that an element or a namespace is not there', async () => {
  for (const path of ['/api/graph/element', '/api/graph/charts']) {
    expect(await schemas.expectAnswer(path, { id: 'workload/Kubernetes/bookinfo/nobody' }, 404)).toMatchObject({ code: 'notFound' });
    expect(await schemas.expectAnswer(path, {}, 400)).toMatchObject({ code: 'badRequest' });
    expect(await schemas.expectAnswer(path, { id: 'x'.repeat(10_240) }, 400)).toMatchObject({ code: 'badRequest' });
  }
  const graph = graphOf(await schemas.expectAnswer('/api/graph', { namespaces: 'no-such-namespace' }, 200));
  expect(graph.nodes).toEqual([]);
  expect(graph.notes).toEqual(
    expect.arrayContaining([{ code: 'unknownNamespace', text: 'The cluster has no namespace no-such-namespace.' }]),
  );
});

test('takes many names and ignores parameters that it does not know', async ({ mesh }) => {
  const many = Array.from({ length: 499 }, (_, i) => `namespace-${i}`);
  const graph = graphOf(
    await schemas.expectAnswer('/api/graph', { namespaces: [...many, 'bookinfo'].join(','), select: 'x', theme: 'dark' }, 200),
  );
  expect(graph.view.namespaces).toHaveLength(500);
  expect(graph.nodes.some((node) => node.namespace === 'bookinfo')).toBe(true);
  // Only GET is known.
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect((await fetch(`${mesh.url}/api/graph`, { method })).status).toBe(405);
});
