// GET /api/me: who is asking. Answers everybody, and keeps a session alive.
import { json, openRoute } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = openRoute('/api/me', async (request, { login, access }) => {
  const identified = await login.identify(request);
  const mine = identified.kind === 'caller' ? await access.accessOf(identified.caller, request.signal) : null;
  const response = json(login.describe(identified, mine));
  for (const line of identified.setCookies) response.headers.append('set-cookie', line);
  return response;
});
