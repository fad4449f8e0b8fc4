// A real VictoriaMetrics with a mesh's metrics, for tests that compare with another engine. In: a directory, a MeshShape. Out: its URL, once
// it answers for the data, and a close that ends it. The binary comes from the PATH (Debian's victoria-metrics).
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createCounters } from './counters';
import { buildMesh, type MeshShape } from './mesh';
import { buildStreams, labelsOf, metricsOf } from './streams';

const BINARY = 'victoria-metrics';
const READY_MS = 30_000;
const LINES_IN_A_WRITE = 4000;

/** Whether one can be started on this machine. */
export const victoriaMetricsInstalled = (): boolean => spawnSync(BINARY, ['--version'], { stdio: 'ignore' }).status === 0;

export interface RunningVictoriaMetrics {
  readonly url: string;
  close(): Promise<void>;
}

async function pickFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port on 127.0.0.1');
  return address.port;
}

async function waitUntilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const endMs = performance.now() + READY_MS;
  while (performance.now() < endMs) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${BINARY} ended before it was ready: ${log()}`);
    const ready = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${BINARY} was not ready after ${READY_MS} ms: ${log()}`);
}

/** The same samples that writeWal writes, as lines of https://docs.victoriametrics.com/#how-to-import-data-in-json-line-format. */
async function importMesh(url: string, shape: MeshShape, steps: number, stepSeconds: number, endMs: number): Promise<void> {
  const streams = buildStreams(buildMesh(shape));
  const counters = createCounters(streams, shape.seed, true);
  const series = streams.map((stream) => metricsOf(stream, 'all').map((metric) => ({ metric, values: [] as number[] })));
  for (let step = 0; step < steps; step++) {
    if (step > 0) counters.advance(stepSeconds);
    series.forEach((own, i) => {
      for (const each of own) each.values.push(counters.value(i, each.metric));
    });
  }
  const timesOf = (offsetMs: number): number[] =>
    Array.from({ length: steps }, (_, step) => endMs - (steps - 1 - step) * stepSeconds * 1000 - (offsetMs % (stepSeconds * 1000)));
  const lines = streams.flatMap((stream, i) => {
    const labels = Object.fromEntries(labelsOf(stream));
    const timestamps = timesOf(stream.pod.offsetMs);
    return (series[i] ?? []).map(({ metric, values }) =>
      JSON.stringify({
        metric: { ...labels, __name__: metric.name, ...(metric.kind === 'bucket' ? { le: metric.le } : {}) },
        values,
        timestamps,
      }),
    );
  });
  // What a scraper itself adds for each target.
  for (const { pod, owner } of new Map(streams.map((stream) => [stream.pod, stream])).values()) {
    const metric = { __name__: 'up', instance: `${pod.ip}:15020`, job: 'kubernetes-pods', namespace: owner.namespace, pod: pod.name };
    const timestamps = timesOf(pod.offsetMs);
    lines.push(JSON.stringify({ metric, values: timestamps.map(() => 1), timestamps }));
  }
  for (let from = 0; from < lines.length; from += LINES_IN_A_WRITE) {
    const answer = await fetch(`${url}/api/v1/import`, { method: 'POST', body: lines.slice(from, from + LINES_IN_A_WRITE).join('\n') });
    if (!answer.ok) throw new Error(`import answered ${answer.status}: ${await answer.text()}`);
  }
  await fetch(`${url}/internal/force_flush`);
  // Older releases find what was written only a moment later.
  const wanted = streams.filter((stream) => metricsOf(stream, 'requests').some(({ name }) => name === 'istio_requests_total')).length;
  const query = new URLSearchParams({ query: 'count(last_over_time(istio_requests_total[1h]))', time: String(endMs / 1000), nocache: '1' });
  for (const untilMs = performance.now() + READY_MS; ; ) {
    const answer = (await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json()) as {
      readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
    };
    if (Number(answer.data?.result[0]?.value[1] ?? 0) >= wanted) return;
    if (performance.now() > untilMs) throw new Error(`${BINARY} does not find what was written to it`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts it on an empty directory and loads the mesh. */
export async function startVictoriaMetrics(
  dir: string,
  shape: MeshShape,
  { steps, stepSeconds, endMs }: { readonly steps: number; readonly stepSeconds: number; readonly endMs: number },
): Promise<RunningVictoriaMetrics> {
  const port = await pickFreePort();
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  const child = spawn(
    BINARY,
    [
      `-storageDataPath=${dir}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      '-maxLabelsPerTimeseries=60',
      '-loggerLevel=ERROR',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-4000);
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const close = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await once(child, 'spawn');
    await waitUntilReady(url, child, () => log.slice(-800));
    await importMesh(url, shape, steps, stepSeconds, endMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}
