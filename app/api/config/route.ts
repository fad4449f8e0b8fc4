// GET /api/config?kinds=&namespaces=: the list of configuration.
import { decodeConfigFilter } from '../../../model/edit-schema';
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/config', async (request, { engine, access: desk }, { caller, access }) => {
  const filter = decodeConfigFilter(new URL(request.url).searchParams);
  desk.noteHidden(caller, access, filter.namespaces ?? [], 'steering');
  return json(await engine.fetchConfigList(filter, access.sight));
});
