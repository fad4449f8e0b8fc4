// GET /api/graph/stream: a view's graph and its changes as server-sent events.
import { decodeView, REOPEN_EVENT } from '../../../../model/wire';
import { admit } from '../../answer';
import { answerStream } from '../../answer-stream';

export const dynamic = 'force-dynamic';

const REOPEN = new TextEncoder().encode(`event: ${REOPEN_EVENT}\ndata: {}\n\n`);

export function GET(request: Request): Promise<Response> {
  return admit('/api/graph/stream', request, async (console, seat) => {
    const { engine, access: desk } = console;
    const view = decodeView(new URL(request.url).searchParams);
    await engine.admitWindow(view.windowSeconds);
    desk.noteHidden(seat.caller, seat.access, view.namespaces);
    const lastEventId = request.headers.get('last-event-id');
    return answerStream(request, console, seat, {
      waitingChunks: 4,
      reopen: REOPEN,
      open: (sink) => engine.subscribe(view, seat.access.sight, lastEventId, sink),
    });
  });
}
