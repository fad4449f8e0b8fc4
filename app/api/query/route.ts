// GET /api/query: the answer to PromQL of one's own, for those who see everything.
import { decodeRange, MAX_PROMQL_LENGTH } from '../../../model/dashboard-query';
import { Failure } from '../../../model/failure';
import { json, route } from '../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/query', async (request, { engine }, { access }) => {
  const query = new URL(request.url).searchParams;
  const promql = query.get('promql') ?? '';
  if (promql.trim() === '' || promql.length > MAX_PROMQL_LENGTH)
    throw new Failure('badRequest', `promql is missing or longer than ${MAX_PROMQL_LENGTH} characters`, 'Give an expression.');
  return json(await engine.fetchQuery(promql, decodeRange(query), access.sight));
});
