// GET /api/dashboards: the dashboards that there are.
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/dashboards', async (_request, { engine }, { access }) => json(await engine.fetchDashboards(access.sight)));
