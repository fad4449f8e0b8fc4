// What a request for a file asks for beyond the view. In: a query string. Out: ExportQuery, or a Failure that names every fault. Pure.
import * as v from 'valibot';
import { EXPORT_THEMES, type ExportTheme, TEXT_FORMATS, type TextFormat } from '../../model/export-format';
import { Failure } from '../../model/failure';
import type { Overlay } from '../../model/wire';
import { listOverlays } from '../live/label-overlays';
import { EDGE_LABELS, EDGE_MODES, type EdgeLabel, type EdgeMode } from '../live/screen-url';

export interface ExportQuery {
  readonly format: TextFormat;
  readonly labels: readonly EdgeLabel[];
  readonly edges: EdgeMode;
  readonly theme: ExportTheme;
  /** What the labels need. */
  readonly overlays: readonly Overlay[];
}

const STANDARD_LABELS: readonly EdgeLabel[] = ['rate', 'errors'];

const oneOf = <const T extends readonly string[]>(list: T) => v.picklist(list, `expected one of ${list.join(', ')}`);
const schema = v.object({
  format: oneOf(TEXT_FORMATS),
  labels: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(',').filter((label) => label !== '')),
      v.array(v.picklist(EDGE_LABELS, `expected a list of ${EDGE_LABELS.join(', ')}`)),
    ),
  ),
  edges: v.optional(oneOf(EDGE_MODES)),
  theme: v.optional(oneOf(EXPORT_THEMES)),
});
const NAMES = Object.keys(schema.entries);

/** @throws Failure badRequest */
export function decodeExport(query: URLSearchParams): ExportQuery {
  const raw: Record<string, string> = {};
  for (const name of NAMES) {
    const value = query.get(name);
    // An empty list of labels means none; elsewhere nothing is the standard.
    if (value !== null && (value !== '' || name === 'labels')) raw[name] = value;
  }
  const parsed = v.safeParse(schema, { format: 'json', ...raw });
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => {
      const name = v.getDotPath(issue)?.split('.')[0] ?? '?';
      return `${name}=${JSON.stringify((raw[name] ?? '').slice(0, 80))} (${issue.message})`;
    });
    throw new Failure('badRequest', [...new Set(faults)].join('; '), 'Correct the parameters; /api/openapi.json describes them.');
  }
  const { format, labels = STANDARD_LABELS, edges = 'all', theme = 'light' } = parsed.output;
  return { format, labels: [...new Set(labels)], edges, theme, overlays: listOverlays(labels) };
}
