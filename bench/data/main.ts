// Writes a mesh's metrics and, on demand, serves them by a real Prometheus until interrupted.
// In: `tsx bench/data/main.ts <small|medium|large> <dir> [--metrics=requests|sums|all] [--steps=20] [--reqonly] [--start=PORT]`.
import { parseArgs } from 'node:util';
import { MESH_SHAPES } from './mesh';
import { startPrometheusOn } from './prometheus';
import { writeWal } from './write-wal';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    metrics: { type: 'string', default: 'all' },
    reqonly: { type: 'boolean', default: false },
    steps: { type: 'string', default: '20' },
    start: { type: 'string' },
  },
});
const [size, dir] = positionals;
const metrics = values.reqonly ? 'requests' : values.metrics;
if ((size !== 'small' && size !== 'medium' && size !== 'large') || dir === undefined)
  throw new Error('usage: main.ts <small|medium|large> <dir>');
if (metrics !== 'requests' && metrics !== 'sums' && metrics !== 'all') throw new Error('--metrics is one of requests, sums, all');
const endMs = Math.floor(Date.now() / 15_000) * 15_000;
const written = writeWal(dir, MESH_SHAPES[size], { steps: Number(values.steps), stepSeconds: 15, endMs, metrics });
process.stdout.write(
  `${JSON.stringify({ size, endMs, series: written.series, requestSeries: written.requestSeries, edges: written.mesh.edges.length })}\n`,
);
async function serve(dataDir: string, port: number): Promise<void> {
  const running = await startPrometheusOn(dataDir, port);
  process.stdout.write(`${running.url} pid ${running.pid}\n`);
  process.once('SIGINT', () => void running.close());
  process.once('SIGTERM', () => void running.close());
}
if (values.start !== undefined) void serve(dir, Number(values.start));
