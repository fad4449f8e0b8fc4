// GET /api/graph/find: what a find text matches in the whole of a view, folded or not.
import { Failure } from '../../../../model/failure';
import { MAX_FIND_LENGTH } from '../../../../model/find/parse';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/find', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  const find = query.get('find') ?? '';
  if (find.trim() === '' || find.length > MAX_FIND_LENGTH)
    throw new Failure(
      'badRequest',
      `find has ${find.length} characters`,
      `Ask for something to find: words or an expression of at most ${MAX_FIND_LENGTH} characters.`,
    );
  return json(await engine.fetchFind(find, decodeView(query), access.sight));
});
