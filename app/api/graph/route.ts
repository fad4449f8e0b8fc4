// GET /api/graph: the graph of one view.
import { decodeView } from '../../../model/wire';
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph', async (request, { engine, access: desk }, { caller, access }) => {
  const view = decodeView(new URL(request.url).searchParams);
  desk.noteHidden(caller, access, view.namespaces);
  const { bytes, tag } = await engine.fetchGraph(view, access.sight);
  const etag = `"${tag}"`;
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } });
  return json(bytes, 200, { etag });
});
