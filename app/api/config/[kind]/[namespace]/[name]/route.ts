// GET /api/config/{kind}/{namespace}/{name}: one object to edit, as the API server holds it now. Namespace `-`: the kind has none.
import { asCaller, json, pathName, route } from '../../../../answer';
import { kindName } from '../../../kind-name';

export const dynamic = 'force-dynamic';

export const GET = route('/api/config/[kind]/[namespace]/[name]', async (request, { changes, access: desk }, seat, names) => {
  const namespace = names['namespace'] === '-' ? '' : pathName(names, 'namespace');
  const ref = { kind: kindName(names), namespace, name: pathName(names, 'name') };
  desk.noteHidden(seat.caller, seat.access, [namespace]);
  return json(await asCaller(seat, (as) => changes.readObject(ref, as, request.signal)));
});
