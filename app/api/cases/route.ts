// GET /api/cases: saved questions to the evaluator, as far as they are about what the reader may see.
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/cases', async (request, { changes }, seat) =>
  json({ cases: await changes.listCases(seat, request.signal) }),
);
