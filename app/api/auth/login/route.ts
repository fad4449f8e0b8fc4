// GET /api/auth/login: leaves for the provider. POST: logs in by a pasted token.
import { answerOf, openRoute, readJson } from '../../answer';

export const dynamic = 'force-dynamic';

const MAX_BODY_BYTES = 16 * 1024;

export const GET = openRoute('/api/auth/login', async (request, { login }) => answerOf(await login.begin(request)));

export const POST = openRoute('/api/auth/login', async (request, { login }) =>
  answerOf(await login.loginByToken(request, await readJson(request, MAX_BODY_BYTES))),
);
