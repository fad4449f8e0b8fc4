// The charts of an entity, for both routes that lead to them. In: a request, its path. Out: Response.
import { decodeMetricsQuery } from '../../../model/entity-metrics';
import type { Runtime } from '../../../server/runtime';
import { json, type PathNames, type Seat } from '../answer';
import { entityName } from '../entity-name';

export async function answerMetrics(
  request: Request,
  { engine, access: desk }: Runtime,
  { caller, access }: Seat,
  names: PathNames,
): Promise<Response> {
  const entity = entityName(names);
  const query = decodeMetricsQuery(new URL(request.url).searchParams);
  desk.noteHidden(caller, access, [entity.namespace]);
  return json(await engine.fetchEntityMetrics(entity, query, access.sight));
}
