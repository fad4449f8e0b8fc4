// PUT /api/cases/{id}: keeps a question that is asked again at every plan. DELETE removes it.
import { Failure } from '../../../../model/failure';
import { decodeCase } from '../../../../server/runtime';
import { json, pathName, readJson, route } from '../../answer';

export const dynamic = 'force-dynamic';

const MAX_BYTES = 32_768;

export const PUT = route('/api/cases/[id]', async (request, { changes }, seat, names) => {
  const body = await readJson(request, MAX_BYTES);
  const value = decodeCase(typeof body === 'object' && body !== null ? { ...body, id: pathName(names, 'id') } : null);
  if (value === null)
    throw new Failure('badRequest', 'the body is no case', 'Send name, question and expected as /api/openapi.json describes them.');
  await changes.saveCase(value, seat, request.signal);
  return json(value);
});

export const DELETE = route('/api/cases/[id]', async (request, { changes }, seat, names) => {
  await changes.removeCase(pathName(names, 'id'), seat, request.signal);
  return json({ removed: pathName(names, 'id') });
});
