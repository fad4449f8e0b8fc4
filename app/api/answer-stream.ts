// A long answer of server-sent events, for as long as its reader may read: one way for all streams. In: a request, who asks, what is to be
// sent. Out: Response. Whoever logs out, is logged out, or loses a right reads nothing more.
import type { Runtime } from '../../server/runtime';
import type { Seat } from './answer';

/** Takes chunks; false: full, wait for `drained`. */
interface Sink {
  write(chunk: Uint8Array): boolean;
  close(): void;
}

interface Handle {
  drained(): void;
  cancel(): void;
}

export interface StreamParts {
  /** Chunks that may wait in the response before whoever sends is told to hold back. */
  readonly waitingChunks: number;
  /** Sent before the end where the reader may come back at once; null = nothing. */
  readonly reopen: Uint8Array | null;
  /** Begins to send. @throws Failure, which becomes the answer */
  readonly open: (sink: Sink) => Handle;
}

export function answerStream(
  request: Request,
  { http, login, access: desk }: Runtime,
  { caller, access, identified }: Seat,
  { waitingChunks, reopen, open: begin }: StreamParts,
): Response {
  let end = (): void => {};
  let drained = (): void => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const handle = begin({
          write: (chunk) => {
            if (!open) return false;
            controller.enqueue(chunk);
            return (controller.desiredSize ?? 0) > 0;
          },
          close: () => end(),
        });
        http.openStream();
        drained = () => handle.drained();
        const unwatchEnd = login.watchEnd(identified, (why) => {
          if (open && reopen !== null && why === 'recheck') controller.enqueue(reopen);
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
    { highWaterMark: waitingChunks },
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
}
