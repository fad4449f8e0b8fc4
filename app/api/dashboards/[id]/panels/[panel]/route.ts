// GET /api/dashboards/{id}/panels/{panel}: the series of a panel.
import { decodeChoice, decodeRange } from '../../../../../../model/dashboard-query';
import { Failure } from '../../../../../../model/failure';
import { json, pathName, route } from '../../../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/dashboards/{id}/panels/{panel}', async (request, { engine }, { access }, names) => {
  const query = new URL(request.url).searchParams;
  const range = decodeRange(query);
  if (range.rangeSeconds === 0) throw new Failure('badRequest', 'a panel wants a range', 'Give a duration such as 30m.');
  return json(await engine.fetchPanel(pathName(names, 'id'), pathName(names, 'panel'), decodeChoice(query), range, access.sight));
});
