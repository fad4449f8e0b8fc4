// GET /api/lists/{namespaces|applications|workloads|services}?duration=&namespaces=&quantiles=: rows of whatever has a page.
import { ENTITY_PATHS, readEntityPath } from '../../../../model/entity';
import { Failure } from '../../../../model/failure';
import { decodeView } from '../../../../model/wire';
import { json, route } from '../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/lists/{kind}', async (request, { engine, access: desk }, { caller, access }, names) => {
  const kind = readEntityPath(names['kind'] ?? '');
  if (kind === null)
    throw new Failure(
      'badRequest',
      `there is no list of ${JSON.stringify((names['kind'] ?? '').slice(0, 80))}`,
      `Ask for one of ${Object.values(ENTITY_PATHS).join(', ')}.`,
    );
  const query = new URL(request.url).searchParams;
  const asked = new URLSearchParams();
  for (const name of ['duration', 'namespaces']) asked.set(name, query.get(name) ?? '');
  const { windowSeconds, namespaces } = decodeView(asked);
  const quantiles = query.get('quantiles') ?? 'false';
  if (quantiles !== 'true' && quantiles !== 'false')
    throw new Failure(
      'badRequest',
      `quantiles=${JSON.stringify(quantiles.slice(0, 80))} (expected true or false)`,
      'Correct the parameter.',
    );
  desk.noteHidden(caller, access, namespaces);
  const known = /^(?:W\/)?"([^"]*)"$/.exec(request.headers.get('if-none-match') ?? '')?.[1] ?? null;
  const { tag, bytes } = await engine.fetchList({ kind, windowSeconds, namespaces, quantiles: quantiles === 'true' }, access.sight, known);
  const headers = { etag: `"${tag}"` };
  return bytes === null
    ? new Response(null, { status: 304, headers: { ...headers, 'cache-control': 'no-store' } })
    : json(bytes, 200, headers);
});
