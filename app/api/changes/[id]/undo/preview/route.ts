// POST /api/changes/{id}/undo/preview: what the way back of an ended change would do. Changes nothing.
import { asCaller, pathName, route } from '../../../../answer';
import { answerChange } from '../../../answer-change';

export const dynamic = 'force-dynamic';

export const POST = route('/api/changes/[id]/undo/preview', async (request, { changes }, seat, names) =>
  answerChange(await asCaller(seat, (as) => changes.previewUndo(pathName(names, 'id'), as, request.signal))),
);
