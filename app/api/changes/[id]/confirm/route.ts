// POST /api/changes/{id}/confirm: keeps a waiting change for good.
import { asCaller, json, pathName, route } from '../../../answer';

export const dynamic = 'force-dynamic';

export const POST = route('/api/changes/[id]/confirm', async (request, { changes }, seat, names) =>
  json(await asCaller(seat, (as) => changes.confirm(pathName(names, 'id'), as, request.signal))),
);
