// GET /api/graph/compare: a view compared with itself at another instant (`with`).
import { readBaseline } from '../../../../model/comparison';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/compare', async (request, { engine, access: desk }, { caller, access }) => {
  const query = new URL(request.url).searchParams;
  const view = decodeView(query);
  const baseline = readBaseline(query);
  desk.noteHidden(caller, access, view.namespaces);
  return json(await engine.fetchComparison(view, baseline, access.sight));
});
