// POST /api/changes/{id}/undo: applies the previewed way back of an ended change, as a change of its own.
import { decodeApply } from '../../../../../server/runtime';
import { asCaller, pathName, readJson, route } from '../../../answer';
import { answerChange } from '../../answer-change';

export const dynamic = 'force-dynamic';

const MAX_BYTES = 16_384;

export const POST = route('/api/changes/[id]/undo', async (request, { changes }, seat, names) => {
  const asked = decodeApply(await readJson(request, MAX_BYTES));
  return answerChange(await asCaller(seat, (as) => changes.undo(pathName(names, 'id'), asked, as, request.signal)));
});
