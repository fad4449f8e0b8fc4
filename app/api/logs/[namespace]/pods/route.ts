// GET /api/logs/{namespace}/pods: the pods behind a workload, an application or a service, with their containers.
import { ENTITY_KINDS } from '../../../../../model/entity';
import { Failure } from '../../../../../model/failure';
import type { LogPodsDocument } from '../../../../../model/log';
import { json, pathName, route } from '../../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/logs/{namespace}/pods', async (request, { engine, logs, access: desk }, { caller, access }, names) => {
  const namespace = pathName(names, 'namespace');
  const query = new URL(request.url).searchParams;
  const kind = ENTITY_KINDS.find((each) => each === query.get('kind'));
  if (kind === undefined) throw new Failure('badRequest', 'the parameter kind names none', `Give one of ${ENTITY_KINDS.join(', ')}.`);
  const name = kind === 'namespace' ? namespace : pathName({ name: query.get('name') ?? '' }, 'name');
  desk.noteHidden(caller, access, [namespace], 'logs');
  const pods = await engine.fetchLogPods({ kind, namespace, name }, access.sight);
  const document: LogPodsDocument = { ...pods, allowed: logs.mayRead({ caller, access }, namespace) };
  return json(document);
});
