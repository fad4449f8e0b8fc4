// GET /api/logs/{namespace}: lines of containers by time: the last ones, or those before an instant.
import { decodeLogQuery } from '../../../../model/log-query';
import { asCaller, json, pathName, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/logs/{namespace}', async (request, { logs, access: desk }, seat, names) => {
  const namespace = pathName(names, 'namespace');
  const query = decodeLogQuery(new URL(request.url).searchParams);
  desk.noteHidden(seat.caller, seat.access, [namespace], 'logs');
  return json(await asCaller(seat, (reader) => logs.fetchPage(reader, namespace, query, request.signal)));
});
