// GET /api/auth/doctor: how the login of this browser went, and what to change.
import { json, openRoute } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/api/auth/doctor', async (request, { login }) => json(await login.diagnose(request)));
