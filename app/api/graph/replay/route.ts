// GET /api/graph/replay: reads a range of the past, so that its frames are at hand.
import { readReplayRange } from '../../../../model/replay';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/replay', async (request, { engine, access: desk }, { caller, access }) => {
  const query = new URL(request.url).searchParams;
  const view = decodeView(query);
  desk.noteHidden(caller, access, view.namespaces);
  return json(await engine.fetchReplay(view, readReplayRange(query), access.sight));
});
