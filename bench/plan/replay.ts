// Sends a list of queries one after another over one connection and folds each answer into one graph, as a per-namespace console does.
// In: Prometheus' address, queries, an instant. Out: wall time, bytes, edges found.
import { Pool } from 'undici';

export interface Replay {
  readonly queries: number;
  readonly wallMs: number;
  readonly bytes: number;
  /** `edgeKey` of every (source workload, destination workload, service, protocol) with traffic. */
  readonly edges: ReadonlySet<string>;
}

/** Identity of an edge as both plans can tell it. */
export const edgeKey = (
  source: { readonly namespace: string | undefined; readonly workload: string | undefined },
  destination: { readonly namespace: string | undefined; readonly workload: string | undefined },
  host: string | undefined,
  protocol: string,
): string => `${source.namespace}/${source.workload}>${destination.namespace}/${destination.workload}|${host}|${protocol}`;

interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
}

/** Runs the baseline. gzip as its client asks for it. */
export async function replayQueries(address: string, queries: readonly string[], atMs: number): Promise<Replay> {
  const { gunzipSync } = await import('node:zlib');
  const url = new URL(address);
  const pool = new Pool(url.origin, { connections: 1, pipelining: 1 });
  const edges = new Map<string, number>();
  let bytes = 0;
  const started = performance.now();
  try {
    for (const query of queries) {
      const response = await pool.request({
        method: 'POST',
        path: `${url.pathname.replace(/\/$/, '')}/api/v1/query`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-encoding': 'gzip' },
        body: new URLSearchParams({ query, time: String(atMs / 1000) }).toString(),
      });
      const raw = Buffer.from(await response.body.arrayBuffer());
      const text = response.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      if (response.statusCode !== 200) throw new Error(`Prometheus answered ${response.statusCode}: ${text.toString().slice(0, 300)}`);
      bytes += text.length;
      const answer = JSON.parse(text.toString()) as Answer;
      for (const { metric, value } of answer.data.result) {
        const key = edgeKey(
          { namespace: metric['source_workload_namespace'], workload: metric['source_workload'] },
          { namespace: metric['destination_workload_namespace'], workload: metric['destination_workload'] },
          metric['destination_service'],
          metric['request_protocol'] ?? 'tcp',
        );
        edges.set(key, (edges.get(key) ?? 0) + Number(value[1]));
      }
    }
  } finally {
    await pool.close();
  }
  return { queries: queries.length, wallMs: performance.now() - started, bytes, edges: new Set(edges.keys()) };
}
