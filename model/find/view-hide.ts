// The hide text of a view as the server takes it. In: ViewSpec as decoded. Out: the same with the canonical text and the overlays that it reads.
import { Failure } from '../failure';
import type { ViewSpec } from '../wire';
import { listNeeds } from './needs';
import { canonicalQuery, parseQuery } from './query';

/** @throws Failure badRequest in the words of the parser */
export function completeHide(view: ViewSpec): ViewSpec {
  if (view.hide === '') return view;
  const query = parseQuery(view.hide);
  if (query.kind === 'error') {
    const { message, at, hint } = query.error;
    throw new Failure('badRequest', `hide: ${message}, at character ${at + 1}`, hint === '' ? 'Correct the expression.' : hint);
  }
  const { overlays } = listNeeds(query, view.overlays);
  return {
    ...view,
    hide: canonicalQuery(query) ?? '',
    overlays: overlays.length === 0 ? view.overlays : [...view.overlays, ...overlays].sort(),
  };
}
