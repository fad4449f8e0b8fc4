// GET /api/config/names?namespaces=: what configuration may mention, for completion.
import { decodeConfigFilter } from '../../../../model/edit-schema';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/config/names', async (request, { engine, access: desk }, { caller, access }) => {
  const { namespaces } = decodeConfigFilter(new URL(request.url).searchParams);
  desk.noteHidden(caller, access, namespaces ?? [], 'steering');
  return json(await engine.fetchConfigNames(namespaces, access.sight));
});
