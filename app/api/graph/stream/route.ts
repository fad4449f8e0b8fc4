// GET /api/graph/stream: a view's graph and its changes as server-sent events.
import { decodeView } from '../../../../model/wire';
import { runtime } from '../../../../server/runtime';
import { failed } from '../../answer';

export const dynamic = 'force-dynamic';

/** Chunks that may wait in the response before the engine is told to hold back. */
const WAITING_CHUNKS = 4;

export function GET(request: Request): Response {
  try {
    const { engine, http } = runtime();
    const view = decodeView(new URL(request.url).searchParams);
    const lastEventId = request.headers.get('last-event-id');
    let end = (): void => {};
    let drained = (): void => {};
    const body = new ReadableStream<Uint8Array>(
      {
        start(controller) {
          let open = true;
          http.openStream();
          const handle = engine.subscribe(view, lastEventId, {
            write: (chunk) => {
              if (!open) return false;
              controller.enqueue(chunk);
              return (controller.desiredSize ?? 0) > 0;
            },
            close: () => end(),
          });
          drained = () => handle.drained();
          // Abort arrives on the request's signal, cancel from the stream: whichever comes first.
          end = () => {
            if (!open) return;
            open = false;
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
  } catch (error) {
    return failed(error, '/api/graph/stream');
  }
}
