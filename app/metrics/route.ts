// GET /metrics: the console's own metrics for Prometheus.
import { route } from '../api/answer';

export const dynamic = 'force-dynamic';

export const GET = route('/metrics', async (_request, { engine, http }) => {
  const text = (await engine.fetchMetrics()) + http.encode();
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' } });
});
