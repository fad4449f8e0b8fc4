// The events of an entity, for both routes that lead to them; asked of the API server in the name of the user. In: a request, its path. Out: Response.
import { Failure } from '../../../model/failure';
import type { Runtime } from '../../../server/runtime';
import { selectEvents } from '../../../server/runtime';
import { asCaller, json, type PathNames, type Seat } from '../answer';
import { entityName } from '../entity-name';

export async function answerEvents(
  request: Request,
  { engine, events, access: desk }: Runtime,
  seat: Seat,
  names: PathNames,
): Promise<Response> {
  const entity = entityName(names);
  const { namespace } = entity;
  desk.noteHidden(seat.caller, seat.access, [namespace]);
  // Also refuses what its reader may not see.
  const { pods } = await engine.fetchLogPods(entity, seat.access.sight);
  const members = {
    workloads: [...new Set([...pods.map(({ workload }) => workload), ...(entity.kind === 'workload' ? [entity.name] : [])])],
    pods: pods.map(({ name }) => name),
  };
  return json(
    await asCaller(seat, async ({ caller, access }) => {
      // In the console's own name roles decide; in the user's, the API server does.
      if (caller.credential.kind === 'console' && !access.allows({ verb: 'list', group: '', resource: 'events', namespace }))
        throw new Failure(
          'forbidden',
          `you may not list events in namespace ${namespace}`,
          'Ask for the right to list events there; /account shows what you have.',
        );
      return selectEvents(await events.listEvents(namespace, caller.credential, request.signal), entity, members);
    }),
  );
}
