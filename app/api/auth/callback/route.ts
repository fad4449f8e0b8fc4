// GET /api/auth/callback: comes back from the provider.
import { answerOf, openRoute } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/api/auth/callback', async (request, { login }) => answerOf(await login.finish(request)));
