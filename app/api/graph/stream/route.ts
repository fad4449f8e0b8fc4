// GET /api/graph/stream: a view's graph and its changes as server-sent events.
import { decodeView, REOPEN_EVENT } from '../../../../model/wire';
import { admit } from '../../answer';

export const dynamic = 'force-dynamic';

/** Chunks that may wait in the response before the engine is told to hold back. */
const WAITING_CHUNKS = 4;
const REOPEN = new TextEncoder().encode(`event: ${REOPEN_EVENT}\ndata: {}\n\n`);

export function GET(request: Request): Promise<Response> {
  return admit('/api/graph/stream', request, async ({ engine, http, login, access: desk }, { caller, access, identified }) => {
    const view = decodeView(new URL(request.url).searchParams);
    await engine.admitWindow(view.windowSeconds);
    desk.noteHidden(caller, access, view.namespaces);
    const lastEventId = request.headers.get('last-event-id');
    let end = (): void => {};
    let drained = (): void => {};
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          let open = true;
          http.openStream();
          const handle = engine.subscribe(view, access.sight, lastEventId, {
            write: (chunk) => {
              if (!open) return false;
              controller.enqueue(chunk);
              return (controller.desiredSize ?? 0) > 0;
            },
            close: () => end(),
          });
          drained = () => handle.drained();
          // Whoever logs out, is logged out, or loses a right sees nothing more.
          const unwatchEnd = login.watchEnd(identified, (why) => {
            if (open && why === 'recheck') controller.enqueue(REOPEN);
            end();
          });
          const unwatchSight = desk.watchSight(caller, access, () => end());
          // Abort arrives on the request's signal, cancel from the stream: whichever comes first.
          end = () => {
            if (!open) return;
            open = false;
            unwatchEnd();
            unwatchSight();
            handle.cancel();
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
