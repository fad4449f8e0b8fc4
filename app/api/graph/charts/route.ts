// GET /api/graph/charts: history of one node, box or edge.
import { decodeView } from '../../../../model/wire';
import { elementId, json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/charts', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  return json(await engine.fetchCharts(elementId(query), decodeView(query), access.sight));
});
