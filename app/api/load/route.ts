// GET /api/load: what the console asks of the metrics backend, and who causes it. It names no namespace: everybody who is let in may read it.
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/load', async (_request, { engine }) => json(await engine.fetchLoad()));
