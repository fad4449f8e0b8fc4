// GET /api/changes: the journal, newest first, filtered and in pages. POST /api/changes: applies what was previewed.

import { decodeEdits, MAX_EDITS_BYTES } from '../../../model/edit-schema';
import { decodeApply, decodeChangeFilter, encodeChangeList } from '../../../server/runtime';
import { asCaller, json, memberOf, readJson, route } from '../answer';
import { answerChange } from './answer-change';

export const dynamic = 'force-dynamic';

export const GET = route('/api/changes', async (request, { changes, access: desk }, { caller, access }) => {
  const filter = decodeChangeFilter(new URL(request.url).searchParams);
  if (filter.namespace !== null) desk.noteHidden(caller, access, [filter.namespace]);
  return json(await encodeChangeList(await changes.list(filter, { caller, access })));
});

export const POST = route('/api/changes', async (request, { changes }, seat) => {
  const body = await readJson(request, MAX_EDITS_BYTES);
  const asked = { ...decodeApply(body), edits: decodeEdits(memberOf(body, 'edits')) };
  return answerChange(await asCaller(seat, (as) => changes.apply(asked, as, request.signal)));
});
