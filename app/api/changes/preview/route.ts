// POST /api/changes/preview {edits}: everything that is shown before anything is changed. Changes nothing.
import { decodeEdits, MAX_EDITS_BYTES } from '../../../../model/edit-schema';
import { asCaller, memberOf, readJson, route } from '../../answer';
import { answerChange } from '../answer-change';

export const dynamic = 'force-dynamic';

export const POST = route('/api/changes/preview', async (request, { changes }, seat) => {
  const edits = decodeEdits(memberOf(await readJson(request, MAX_EDITS_BYTES), 'edits'));
  return answerChange(await asCaller(seat, (as) => changes.preview(edits, as, request.signal)));
});
