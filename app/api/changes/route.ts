// GET /api/changes?host=&namespace=&limit=: the journal, newest first. POST /api/changes: applies what was previewed.

import { decodeEdits, MAX_EDITS_BYTES } from '../../../model/edit-schema';
import { Failure } from '../../../model/failure';
import { decodeApply } from '../../../server/runtime';
import { asCaller, json, memberOf, readJson, route } from '../answer';
import { answerChange } from './answer-change';

export const dynamic = 'force-dynamic';

const MAX_LISTED = 1000;

function decodeLimit(text: string | null): number {
  const limit = text === null ? 50 : /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LISTED) return limit;
  throw new Failure('badRequest', `limit is no whole number from 1 to ${MAX_LISTED}`, 'Correct the address.');
}

export const GET = route('/api/changes', async (request, { changes, access: desk }, { caller, access }) => {
  const query = new URL(request.url).searchParams;
  const namespace = query.get('namespace');
  if (namespace !== null) desk.noteHidden(caller, access, [namespace]);
  const filter = { host: query.get('host'), namespace, limit: decodeLimit(query.get('limit')) };
  return json({ changes: await changes.list(filter, { caller, access }, request.signal) });
});

export const POST = route('/api/changes', async (request, { changes }, seat) => {
  const body = await readJson(request, MAX_EDITS_BYTES);
  const asked = { ...decodeApply(body), edits: decodeEdits(memberOf(body, 'edits')) };
  return answerChange(await asCaller(seat, (as) => changes.apply(asked, as, request.signal)));
});
