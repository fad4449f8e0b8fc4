// GET /api/logs/{namespace}/text: whole logs of containers as a file.
import { decodeLogQuery } from '../../../../../model/log-query';
import { asCaller, pathName, route } from '../../../answer';

export const dynamic = 'force-dynamic';

export const GET = route('/api/logs/{namespace}/text', async (request, { logs, access: desk }, seat, names) => {
  const namespace = pathName(names, 'namespace');
  const query = decodeLogQuery(new URL(request.url).searchParams);
  desk.noteHidden(seat.caller, seat.access, [namespace], 'logs');
  const chunks = await asCaller(seat, (reader) => logs.openText(reader, namespace, query, request.signal));
  const reading = chunks[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next: IteratorResult<Uint8Array, unknown> = await reading.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await reading.return?.();
    },
  });
  const [{ pod, container } = { pod: namespace, container: 'logs' }, more] = query.sources;
  const name = more === undefined ? `${pod}-${container}` : `${namespace}-logs`;
  return new Response(body, {
    headers: {
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${name}${query.previous ? '-previous' : ''}.log"`,
      // A log that somebody opens as a page can do nothing.
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  });
});
