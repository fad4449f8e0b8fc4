// GET /api/graph/search: nodes of the whole mesh by name, whatever the view folds or leaves out.
import { Failure } from '../../../../model/failure';
import { MAX_SEARCH_TEXT } from '../../../../model/search';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/search', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  const text = query.get('q') ?? '';
  if (text.trim() === '' || text.length > MAX_SEARCH_TEXT)
    throw new Failure('badRequest', `q has ${text.length} characters`, `Ask for words of a name, at most ${MAX_SEARCH_TEXT} characters.`);
  return json(await engine.fetchSearch(text, decodeView(query), access.sight));
});
