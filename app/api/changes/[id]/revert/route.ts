// POST /api/changes/{id}/revert {reason?}: sets a change back that is under way, waits, or is incomplete.
import { asCaller, json, memberOf, pathName, readJson, route } from '../../../answer';

export const dynamic = 'force-dynamic';

const MAX_BYTES = 16_384;

export const POST = route('/api/changes/[id]/revert', async (request, { changes }, seat, names) => {
  const reason = memberOf(await readJson(request, MAX_BYTES), 'reason');
  const why = typeof reason === 'string' ? reason : '';
  return json(await asCaller(seat, (as) => changes.revert(pathName(names, 'id'), why, as, request.signal)));
});
