// POST /api/changes/check {edits}: problems and findings of edits, for while somebody types. Changes nothing.
import { decodeEdits, MAX_EDITS_BYTES } from '../../../../model/edit-schema';
import { json, memberOf, readJson, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const POST = route('/api/changes/check', async (request, { engine }, { access }) =>
  json(await engine.checkEdits(decodeEdits(memberOf(await readJson(request, MAX_EDITS_BYTES), 'edits')), access.sight)),
);
