// POST /api/auth/backchannel-logout: the provider ends sessions by a token that it signed.
import { answerOf, openRoute, readBody } from '../../answer';

export const dynamic = 'force-dynamic';

const MAX_FORM_BYTES = 64 * 1024;

export const POST = openRoute('/api/auth/backchannel-logout', async (request, { login }) =>
  answerOf(await login.logoutByProvider(request, new URLSearchParams(await readBody(request, MAX_FORM_BYTES)))),
);
