// GET /api/dashboards/{id}: a dashboard, and what its variables offer.
import { decodeChoice } from '../../../../model/dashboard-query';
import { json, pathName, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/dashboards/{id}', async (request, { engine }, { access }, names) => {
  const choice = decodeChoice(new URL(request.url).searchParams);
  return json(await engine.fetchDashboard(pathName(names, 'id'), choice, access.sight));
});
