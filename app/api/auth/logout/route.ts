// POST /api/auth/logout: ends the session, and tells where the browser goes to end it at the provider.
import { answerOf, openRoute } from '../../answer';

export const dynamic = 'force-dynamic';

export const POST = openRoute('/api/auth/logout', async (request, { login }) => answerOf(await login.logout(request)));
