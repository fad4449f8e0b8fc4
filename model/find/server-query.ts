// Find and hide texts as the server takes them. In: texts, ViewSpec as decoded. Out: queries; views with canonical texts and the data that is read.
import { Failure } from '../failure';
import { RANKINGS } from '../view-options';
import type { ViewSpec } from '../wire';
import type { FindError } from './expression';
import { listNeeds } from './needs';
import { canonicalQuery, type FindQuery, parseQuery } from './query';

/** @throws Failure badRequest in the words of the parser */
export function completeHide(view: ViewSpec): ViewSpec {
  if (view.hide === '') return view;
  const query = parseQuery(view.hide);
  if (query.kind === 'error') throw refusal('hide', query.error);
  const { overlays } = listNeeds(query, view.overlays);
  return {
    ...view,
    hide: canonicalQuery(query) ?? '',
    overlays: overlays.length === 0 ? view.overlays : [...view.overlays, ...overlays].sort(),
  };
}

/** A find text as a query. @throws Failure badRequest in the words of the parser */
export function readFind(text: string): FindQuery {
  const query = parseQuery(text);
  if (query.kind === 'error') throw refusal('find', query.error);
  return query;
}

/** The view in which a query is answered: everything that the view looks at, nothing folded, with what the query reads. */
export function wholeView(view: ViewSpec, query: FindQuery): ViewSpec {
  const { overlays, options } = listNeeds(query, view.overlays);
  return {
    ...view,
    level: 'full',
    open: [],
    fold: [],
    hubs: [],
    overlays: overlays.length === 0 ? view.overlays : [...view.overlays, ...overlays].sort(),
    rank: options.has('rank') && view.rank.length === 0 ? RANKINGS : view.rank,
  };
}

const refusal = (name: string, { message, at, hint }: FindError): Failure =>
  new Failure('badRequest', `${name}: ${message}, at character ${at + 1}`, hint === '' ? 'Correct the expression.' : hint);
