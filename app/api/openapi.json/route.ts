// GET /api/openapi.json: the description of this API.
import { apiDescription } from '../../../server/runtime';
import { json, openRoute } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/api/openapi.json', () => json(apiDescription));
