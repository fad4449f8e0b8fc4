// Step: remarks about the whole graph that its reader must know. In: draft, snapshot, hints. Out: Draft.notes.
import { encodeDuration, SCRAPES_PER_WINDOW } from '../../../model/wire';
import type { Draft, StepContext } from '../draft';

const MAX_NAMED = 5;
const PARTIAL = 'The graph may be incomplete: the metrics backend says so, in words that only those who see the whole mesh may read.';

export function writeNotes(draft: Draft, context: StepContext): void {
  const { view, hints, traffic } = context;
  const { snapshot, inventory } = traffic.index;
  const { mask } = traffic;
  const { notes } = draft;
  if (draft.folded)
    notes.push({
      code: 'folded',
      text: wordShown(draft),
    });
  if (draft.edges.count === 0)
    notes.push({
      code: 'noTraffic',
      text: `No traffic in the last ${encodeDuration(view.windowSeconds)}${view.namespaces.length > 0 ? ` in ${named(view.namespaces)}` : ''}. Try a longer window, or show idle nodes.`,
    });
  const exists = (namespace: string): boolean =>
    inventory.inventory?.namespaces.has(namespace) !== false && (mask === null || mask.namespaces.has(namespace));
  const unknown = view.namespaces.filter((n) => !exists(n) && !hasTrafficIn(draft, n));
  // Whether a namespace exists that somebody may not see is not his to know: one sentence for both.
  if (unknown.length > 0)
    notes.push({
      code: 'unknownNamespace',
      text:
        mask === null
          ? `The cluster has no namespace ${named(unknown)}.`
          : `The cluster has no namespace ${named(unknown)}, or you may not see ${unknown.length === 1 ? 'it' : 'them'}.`,
    });
  if (view.overlays.includes('quantiles') && snapshot.quantilesAtMs === null && draft.edges.count > 0)
    notes.push({ code: 'quantilesPending', text: 'Latency quantiles are being collected and follow in a moment.' });
  const { scrapeIntervalSeconds } = hints;
  if (scrapeIntervalSeconds !== null && view.windowSeconds < scrapeIntervalSeconds * SCRAPES_PER_WINDOW)
    notes.push({
      code: 'windowTooShort',
      text: `The window of ${encodeDuration(view.windowSeconds)} is short for a scrape interval of ${scrapeIntervalSeconds} s: rates may be missing or jump. Choose at least ${encodeDuration(Math.ceil((scrapeIntervalSeconds * SCRAPES_PER_WINDOW) / 60) * 60)}.`,
    });
  if (snapshot.warnings.length > 0)
    notes.push({
      code: 'partialMetrics',
      // The backend's own words may name series of any namespace.
      text: mask === null ? `The graph may be incomplete: ${snapshot.warnings.slice(0, MAX_NAMED).join('; ')}` : PARTIAL,
    });
  for (const missing of hints.missing) notes.push({ code: 'missingMetric', text: missing });
}

function wordShown({ nodes, fullNodes, edges, fullEdges, totals }: Draft): string {
  const drawn = totals.shown?.requestsPerSecond.drawn ?? 0;
  const share = totals.requestsPerSecond > 0 ? `, ${Math.round((drawn / totals.requestsPerSecond) * 100)} % of the requests` : '';
  return `Showing ${count(nodes.length)} of ${count(fullNodes)} nodes and ${count(edges.count)} of ${count(fullEdges)} edges${share}. Open a namespace or an app to see inside.`;
}

const hasTrafficIn = (draft: Draft, namespace: string): boolean => draft.nodes.some((n) => n.identity.namespace === namespace);
const count = (n: number): string => n.toLocaleString('en-US');
const named = (names: readonly string[]): string =>
  names.length <= MAX_NAMED ? names.join(', ') : `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`;
