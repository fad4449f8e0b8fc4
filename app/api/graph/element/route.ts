// GET /api/graph/element: tables of one node, box or edge.
import { decodeView } from '../../../../model/wire';
import { elementId, json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/element', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  return json(await engine.fetchElement(elementId(query), decodeView(query), access.sight));
});
