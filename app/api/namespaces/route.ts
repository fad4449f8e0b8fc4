// GET /api/namespaces: the overview.
import { decodeView } from '../../../model/wire';
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/namespaces', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  const duration = query.get('duration');
  const { windowSeconds } = decodeView(new URLSearchParams(duration === null ? {} : { duration }));
  return json(await engine.fetchNamespaces(windowSeconds, access.sight));
});
