// GET /api/logs/{namespace}/stream: a live tail of containers as server-sent events.
import { decodeLogQuery } from '../../../../../model/log-query';
import { admit, pathName } from '../../../answer';

export const dynamic = 'force-dynamic';

/** Chunks that may wait in the response before lines begin to be dropped. */
const WAITING_CHUNKS = 8;

export function GET(request: Request, context: { readonly params: Promise<Readonly<Record<string, string>>> }): Promise<Response> {
  return admit('/api/logs/{namespace}/stream', request, async ({ logs, http, login, access: desk }, { caller, access, identified }) => {
    const namespace = pathName(await context.params, 'namespace');
    const query = decodeLogQuery(new URL(request.url).searchParams);
    desk.noteHidden(caller, access, [namespace], 'logs');
    let end = (): void => {};
    let drained = (): void => {};
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          let open = true;
          const tail = logs.openTail({ caller, access }, namespace, query, {
            write: (chunk) => {
              if (!open) return false;
              controller.enqueue(chunk);
              return (controller.desiredSize ?? 0) > 0;
            },
            close: () => end(),
          });
          http.openStream();
          drained = () => tail.drained();
          // Whoever logs out, is logged out, or loses a right reads nothing more; who may go on comes back by himself.
          const unwatchEnd = login.watchEnd(identified, () => end());
          const unwatchSight = desk.watchSight(caller, access, () => end());
          end = () => {
            if (!open) return;
            open = false;
            unwatchEnd();
            unwatchSight();
            tail.cancel();
            http.closeStream();
            try {
              controller.close();
            } catch {
              // Already cancelled by the reader.
            }
          };
          request.signal.addEventListener('abort', () => end(), { once: true });
          if (request.signal.aborted) end();
        },
        pull: () => drained(),
        cancel: () => end(),
      },
      { highWaterMark: WAITING_CHUNKS },
    );
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        // no-transform keeps compression (and its buffering) off; the second header says the same to nginx.
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
