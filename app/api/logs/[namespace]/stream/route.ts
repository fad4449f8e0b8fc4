// GET /api/logs/{namespace}/stream: a live tail of containers as server-sent events.
import { decodeLogQuery } from '../../../../../model/log-query';
import { admit, pathName } from '../../../answer';
import { answerStream } from '../../../answer-stream';

export const dynamic = 'force-dynamic';

export function GET(request: Request, context: { readonly params: Promise<Readonly<Record<string, string>>> }): Promise<Response> {
  return admit('/api/logs/{namespace}/stream', request, async (console, seat) => {
    const namespace = pathName(await context.params, 'namespace');
    const query = decodeLogQuery(new URL(request.url).searchParams);
    console.access.noteHidden(seat.caller, seat.access, [namespace], 'logs');
    // Who may go on comes back by himself.
    return answerStream(request, console, seat, {
      waitingChunks: 8,
      reopen: null,
      open: (sink) => console.logs.openTail({ caller: seat.caller, access: seat.access }, namespace, query, sink),
    });
  });
}
