// GET /metrics: the console's own metrics for Prometheus.
import { openRoute } from '../api/answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/metrics', async (_request, { engine, http, login, access, changes, logs }) => {
  const desks = [http.encode(), login.encodeMetrics(), access.encodeMetrics(), changes.encodeMetrics(), logs.encodeMetrics()];
  const text = (await engine.fetchMetrics()) + desks.join('');
  return new Response(text, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' } });
});
