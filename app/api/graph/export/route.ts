// GET /api/graph/export: the graph of one view as a file: JSON, Mermaid, DOT, CSV or SVG.
import { decodeExport } from '../../../../components/export/export-query';
import { withBase } from '../../../../components/ui/base-path';
import { MEDIA_TYPES } from '../../../../model/export-format';
import { decodeView } from '../../../../model/wire';
import { route } from '../../answer';

export const dynamic = 'force-dynamic';

/** Where browsers reach the console: as configured, else as this request came. It stands in the caller's own file only. */
function addressOf(request: Request, publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl.replace(/\/+$/, '');
  const host = request.headers.get('host') ?? '';
  const proto = request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https' ? 'https' : 'http';
  return /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? `${proto}://${host}${withBase('')}` : '';
}

export const GET = route('/api/graph/export', async (request, { engine, access: desk, drawer, publicUrl }, { caller, access }) => {
  const query = new URL(request.url).searchParams;
  const { format, labels, edges, theme, overlays } = decodeExport(query);
  const view = decodeView(query);
  desk.noteHidden(caller, access, view.namespaces);
  // What the labels need is collected without being asked for.
  const whole = { ...view, overlays: [...new Set([...view.overlays, ...overlays])].sort() };
  const { bytes } = await engine.fetchGraph(whole, access.sight);
  const address = addressOf(request, publicUrl);
  const page = address === '' ? '' : `${address}/graph`;
  const { name, text } = await drawer.draw(bytes, { format, labels, edgeMode: edges, theme, page });
  return new Response(text, {
    headers: {
      'cache-control': 'no-store',
      'content-type': `${MEDIA_TYPES[format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      // A picture that somebody opens as a page can do nothing.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  });
});
