// POST /api/explain {question, edits}: what happens to a request, now and under open edits. Changes nothing.
import { decodeEdits, decodeQuestion, MAX_EDITS_BYTES } from '../../../model/edit-schema';
import { json, memberOf, readJson, route } from '../answer';

export const dynamic = 'force-dynamic';

export const POST = route('/api/explain', async (request, { engine, access: desk }, { caller, access }) => {
  const body = await readJson(request, MAX_EDITS_BYTES);
  const question = decodeQuestion(memberOf(body, 'question'));
  desk.noteHidden(caller, access, [question.source.namespace], 'steering');
  return json(await engine.explain(question, decodeEdits(memberOf(body, 'edits') ?? []), access.sight));
});
