// GET /api/config/schema/{kind}: JSON schema of a kind, as the cluster publishes it.
import { json, route } from '../../../answer';
import { kindName } from '../../kind-name';

export const dynamic = 'force-dynamic';

export const GET = route('/api/config/schema/[kind]', async (request, { changes }, _seat, names) =>
  json(await changes.fetchSchema(kindName(names), request.signal)),
);
