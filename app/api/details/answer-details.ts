// Everything of an entity, for both routes that lead to it. In: a request, its path. Out: Response.
import { decodeView } from '../../../model/wire';
import type { Runtime } from '../../../server/runtime';
import { json, type PathNames, type Seat } from '../answer';
import { entityName } from '../entity-name';

export async function answerDetails(
  request: Request,
  { engine, access: desk }: Runtime,
  { caller, access }: Seat,
  names: PathNames,
): Promise<Response> {
  const entity = entityName(names);
  const { windowSeconds, overlays } = decodeView(new URL(request.url).searchParams);
  desk.noteHidden(caller, access, [entity.namespace]);
  return json(await engine.fetchDetails(entity, { windowSeconds, overlays }, access.sight));
}
