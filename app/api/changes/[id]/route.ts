// GET /api/changes/{id}: one entry of the journal.
import { json, pathName, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/changes/[id]', async (request, { changes }, seat, names) =>
  json(await changes.read(pathName(names, 'id'), seat, request.signal)),
);
