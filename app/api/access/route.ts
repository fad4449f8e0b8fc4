// GET /api/access?namespace=…: what one may do in a namespace, and what to ask an administrator for.
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/access', async (request, { access }, { caller }) =>
  json(await access.describe(caller, new URL(request.url).searchParams.get('namespace'), request.signal)),
);
