// GET /api/openapi.json: the description of this API.
import { apiDescription } from '../../../server/runtime';
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/openapi.json', () => json(apiDescription));
