// GET /api/health/ready: the console can answer. A backend that is down is told in words, not by being unready: the last good graph still helps.
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/health/ready', async (_request, { engine }) => {
  const { started, freshness } = await engine.fetchHealth();
  const current = freshness.metrics.state === 'live' || freshness.metrics.state === 'waiting';
  return json(
    { status: started ? (current && freshness.cluster.state === 'live' ? 'ok' : 'degraded') : 'starting', freshness },
    started ? 200 : 503,
  );
});
