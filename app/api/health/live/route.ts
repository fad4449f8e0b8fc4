// GET /api/health/live: the process answers.
import { json } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = (): Response => json({ status: 'ok', freshness: null });
