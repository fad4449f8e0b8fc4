// GET /api/health/ready: the console can answer. A backend that is down is told in words, not by being unready: the last good graph still helps.
import { json, openRoute } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/api/health/ready', async (_request, { engine, login }) => {
  // Nobody is asked who he is here: what only those may read who see everything is for nobody, unless nobody logs in anyway.
  const { started, freshness } = await engine.fetchHealth(login.strategy === 'anonymous' ? null : []);
  const current = freshness.metrics.state === 'live' || freshness.metrics.state === 'waiting';
  return json(
    { status: started ? (current && freshness.cluster.state === 'live' ? 'ok' : 'degraded') : 'starting', freshness },
    started ? 200 : 503,
  );
});
