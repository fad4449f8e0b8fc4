// GET /api/services/{namespace}/{name}/routing: everything that the route editor of a service shows.
import { json, pathName, route } from '../../../../answer';

export const dynamic = 'force-dynamic';

export const GET = route(
  '/api/services/{namespace}/{name}/routing',
  async (_request, { engine, access: desk }, { caller, access }, names) => {
    const namespace = pathName(names, 'namespace');
    desk.noteHidden(caller, access, [namespace], 'steering');
    return json(await engine.fetchServiceRouting(namespace, pathName(names, 'name'), access.sight));
  },
);
