// GET /api/graph/rates: requests and errors per second over time.
import { readHistoryRange } from '../../../../model/replay';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/graph/rates', async (request, { engine, access: desk }, { caller, access }) => {
  const query = new URL(request.url).searchParams;
  const { namespaces } = decodeView(query);
  desk.noteHidden(caller, access, namespaces);
  return json(await engine.fetchRates(namespaces, readHistoryRange(query), access.sight));
});
